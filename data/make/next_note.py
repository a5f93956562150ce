"""Make the shipped next-note network: train it on all genres, then export it.

    python data/make/next_note.py train runs/next-note     # log: 6 minutes, one core
    python data/make/next_note.py export runs/next-note    # seconds

`train` may be stopped at any time and goes on where it was. `export` writes
data/weights/next-note.safetensors (half precision), .json and .log.jsonl.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from deepcomposer_edu.corpora.genres import load_genre
from deepcomposer_edu.models.next_note import GENRES
from deepcomposer_edu.training.next_note import KIND, USUAL, train_next_note
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.shipping import ship

MADE_BY = "python data/make/next_note.py"
DATA = (
    "chorales, masses, quartets, a rag and fiddle tunes as they install with music21: "
    "train pieces"
)
NAME = "next-note"
N_STEPS = 12_000


def train(run: Path) -> None:
    train_next_note(
        run,
        settings=replace(USUAL, cosine_steps=N_STEPS),
        train={genre: load_genre(genre, "train") for genre in GENRES},
        valid={genre: load_genre(genre, "valid") for genre in GENRES},
        n_steps=N_STEPS,
        resume=(run / "config.json").exists(),
        on_step=told_every(500),
    )


def export(run: Path) -> None:
    print(ship(run, NAME, KIND, data=DATA, made_by=MADE_BY, logged=100))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    {"train": train, "export": export}[options.job](options.run)


if __name__ == "__main__":
    main()
