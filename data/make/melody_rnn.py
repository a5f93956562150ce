"""Make the shipped MelodyRNNs: train both variants on folk tunes, then export them.

    python data/make/melody_rnn.py train attention runs/melody-rnn-attention
    python data/make/melody_rnn.py train lookback runs/melody-rnn-lookback
    python data/make/melody_rnn.py export attention runs/melody-rnn-attention
    python data/make/melody_rnn.py export lookback runs/melody-rnn-lookback

The logs of the shipped runs say 60 minutes (attention) and 46 minutes (lookback), on
one busy core. `train` may be stopped at any time and goes on where it was. `export`
writes data/weights/melody-rnn-VARIANT.safetensors, .json and .log.jsonl: the averaged
network in half precision, its settings, and the log.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from deepcomposer_edu.corpora.melodies import expected_digest, load_melodies
from deepcomposer_edu.models.melody_network import VARIANTS, MelodyRNNConfig
from deepcomposer_edu.training.melody_rnn import KIND, train_melody_rnn
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.predictor import TrainingSettings
from deepcomposer_edu.training.shipping import ship

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
        on_step=told_every(50),
    )


def export(variant: str, run: Path, remark: str) -> None:
    more = {"data_sha256": expected_digest()}
    print(
        ship(
            run,
            f"melody-rnn-{variant}",
            KIND,
            data="the melodies of O'Neill's, Ryan's and Aird's tune books as they "
            "install with music21: train tunes",
            made_by="python data/make/melody_rnn.py",
            more=more | ({"remark": remark} if remark else {}),
        )
    )


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
