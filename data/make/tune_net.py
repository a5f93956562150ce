"""Make the two small tune networks of lesson 05: overfit, and regularised.

    python data/make/tune_net.py     # about a minute of one core

Both see the same 24 melodies, begin with the same weights (seed 0) and learn from as
many batches. The first has no help; the second has LayerNorm, dropout, an L2 penalty
and the melodies in twelve keys. Written are data/weights/tune-net-overfit.* and
tune-net-regularised.*: the last step's weights in half precision, settings, history.
"""

from __future__ import annotations

import torch

from deepcomposer_edu.models.tune_net import HIGH, LOW, TuneNetConfig
from deepcomposer_edu.models.weights import save_weights
from deepcomposer_edu.music.augment import transpositions
from deepcomposer_edu.training.shipping import write_log
from deepcomposer_edu.training.tune_net import (
    TuneRun,
    chorale_melodies,
    train_tune_net,
)

N_STEPS = 2000
REGULARISED = TuneRun(TuneNetConfig(norm="layer", dropout=0.3), l2=1e-4)


def make(name: str, run: TuneRun, train: list, valid: list) -> None:
    """Train one network and write its three files."""
    network, rows = train_tune_net(run, train, valid, N_STEPS, seed=0, on_step=print)
    tensors = {k: v.to(torch.float16) for k, v in network.state_dict().items()}
    info = {
        "config": run.network.to_dict(),
        "made_by": "python data/make/tune_net.py",
        "data": f"{len(train)} melodies of Bach's chorales (train), copies in other "
        "keys included",
        "l1": run.l1,
        "l2": run.l2,
        "steps": N_STEPS,
        "seed": 0,
        "losses": rows[-1],
    }
    path = save_weights(f"tune-net-{name}", tensors, info)
    write_log(path.with_name(f"{path.stem}.log.jsonl"), rows)


if __name__ == "__main__":
    torch.set_num_threads(1)
    melodies, others = chorale_melodies()
    in_all_keys = [copy for m in melodies for copy in transpositions(m, LOW, HIGH)]
    make("overfit", TuneRun(), melodies, others)
    make("regularised", REGULARISED, in_all_keys, others)
