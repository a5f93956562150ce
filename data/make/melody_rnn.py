"""Make the shipped MelodyRNNs: train both variants on folk tunes, then export them.

    python data/make/melody_rnn.py train attention runs/melody-rnn-attention
    python data/make/melody_rnn.py train lookback runs/melody-rnn-lookback
    python data/make/melody_rnn.py export attention runs/melody-rnn-attention
    python data/make/melody_rnn.py export lookback runs/melody-rnn-lookback

`train` takes about a quarter of an hour of one core, may be stopped at any time and
goes on where it was. `export` writes data/weights/melody-rnn-VARIANT.safetensors, .json
and .log.jsonl: the averaged network in half precision, its settings, and the log.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from deepcomposer_edu.corpora.melodies import expected_digest, load_melodies
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.melody_rnn import VARIANTS, MelodyRNNConfig
from deepcomposer_edu.models.weights import save_weights
from deepcomposer_edu.paths import data_dir
from deepcomposer_edu.training.checkpoint import latest_checkpoint
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.melody_rnn import KIND, train_melody_rnn
from deepcomposer_edu.training.predictor import TrainingSettings, read_settings

N_STEPS = 1800
SETTINGS = TrainingSettings(
    learning_rate=3e-3,
    warm_up=100,
    cosine_steps=N_STEPS,
    average=0.998,
    precision="bfloat16",
)
EVERY = 200  # steps between metrics and samples


def train(variant: str, run: Path, n_steps: int) -> None:
    train_melody_rnn(
        run,
        MelodyRNNConfig(variant),
        load_melodies("train"),
        load_melodies("valid"),
        n_steps,
        settings=SETTINGS,
        resume=(run / "config.json").exists(),
        sample_every=EVERY,
        checkpoint_every=50,
        on_step=lambda row: print(row, flush=True) if row["step"] % 50 == 0 else None,
    )


def export(variant: str, run: Path, remark: str) -> None:
    config, settings, seed = read_settings(run, KIND)
    state = latest_checkpoint(run)
    tensors = state.part("average")
    rows = [row for row in read_history(run) if row["step"] <= state.step]
    # every step is too much for a repository: every tenth, and all measured ones
    kept = [row for row in rows if row["step"] % 10 == 0 or "valid_loss" in row]
    rounded = [
        {k: round(v, 5) if isinstance(v, float) else v for k, v in row.items()}
        for row in kept
    ]
    name = f"melody-rnn-{variant}"
    with atomic_path(data_dir() / "weights" / f"{name}.log.jsonl") as temporary:
        lines = "".join(json.dumps(row) + "\n" for row in rounded)
        temporary.write_text(lines, encoding="utf-8")
    info = {
        "config": config,
        "made_by": "python data/make/melody_rnn.py",
        "data": "the melodies of O'Neill's, Ryan's and Aird's tune books as they "
        "install with music21: train tunes",
        "data_sha256": expected_digest(),
        "seed": seed,
        "precision": settings.precision,
        "steps": state.step,
        "metrics": next(row for row in reversed(rounded) if "valid_loss" in row),
        **({"remark": remark} if remark else {}),
    }
    half = {key: tensor.to(torch.float16) for key, tensor in tensors.items()}
    print(save_weights(name, half, info))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("run", type=Path)
    parser.add_argument("--steps", type=int, default=N_STEPS)
    parser.add_argument("--remark", default="", help="what to say of the run")
    options = parser.parse_args()
    if options.job == "train":
        torch.set_num_threads(1)
        train(options.variant, options.run, options.steps)
    else:
        export(options.variant, options.run, options.remark)


if __name__ == "__main__":
    main()
