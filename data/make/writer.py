"""Make the shipped writer: train it on the tune books, then export weights and log.

    python data/make/writer.py train runs/writer-abc
    python data/make/writer.py export runs/writer-abc    # seconds

The log of the shipped run says 52 minutes, on one busy core. `train` may be stopped at
any time and goes on where it was. The learning rate falls along a cosine until step
COSINE_STEPS; the shipped weights are those of step N_STEPS, where it has come down to a
fifth. `export` writes data/weights/writer-abc.safetensors, .json and .log.jsonl: the
weights in half precision, their settings, and the losses of the run.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from deepcomposer_edu.corpora.tune_books import expected_digest, tune_book_text
from deepcomposer_edu.models.char_lstm import CARRIED
from deepcomposer_edu.models.writer import KIND, SHIPPED, WriterConfig, load_writer
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.predictor import TrainingSettings
from deepcomposer_edu.training.shipping import ship
from deepcomposer_edu.training.writer import train_writer

COSINE_STEPS = 1500
N_STEPS = 1100
CONFIG = WriterConfig(
    embedding_size=64, n_units=384, n_layers=2, dropout=0.3, is_stateful=True
)
SETTINGS = TrainingSettings(
    learning_rate=3e-3, warm_up=100, cosine_steps=COSINE_STEPS, precision="bfloat16"
)


def train(run: Path) -> None:
    train_writer(
        run,
        CONFIG,
        SETTINGS,
        n_steps=N_STEPS,
        resume=(run / "config.json").exists(),
        on_step=told_every(100),
    )


def export(run: Path) -> None:
    path = ship(
        run,
        SHIPPED,
        KIND,
        data="the tune books as they install with music21: train split",
        made_by="python data/make/writer.py",
        more={"data_sha256": expected_digest()},
        without=CARRIED,
    )
    print(path)
    valid = load_writer().bits_per_character(tune_book_text("valid"))
    print(f"{valid:.4f} bits, valid")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    options = parser.parse_args()
    if options.job == "train":
        torch.set_num_threads(1)
        train(options.run)
    else:
        export(options.run)


if __name__ == "__main__":
    main()
