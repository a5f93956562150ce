"""Make the shipped next-note network: train it on all genres, then export it.

    python data/make/next_note.py train runs/next-note     # 6 minutes of one core
    python data/make/next_note.py export runs/next-note    # seconds

`train` may be stopped at any time and goes on where it was. `export` writes
data/weights/next-note.safetensors (half precision), .json and .log.jsonl.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from deepcomposer_edu.corpora.genres import load_genre
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.next_note import GENRES, NextNote, NextNoteConfig
from deepcomposer_edu.models.weights import save_weights
from deepcomposer_edu.paths import data_dir
from deepcomposer_edu.training.checkpoint import latest_checkpoint, restore
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.next_note import KIND, USUAL, train_next_note
from deepcomposer_edu.training.predictor import TrainingSettings, read_settings

NAME = "next-note"
N_STEPS = 12_000


def train(run: Path) -> None:
    settings = TrainingSettings(
        learning_rate=USUAL.learning_rate,
        warm_up=USUAL.warm_up,
        weight_decay=USUAL.weight_decay,
        cosine_steps=N_STEPS,
    )
    train_next_note(
        run,
        settings=settings,
        train={genre: load_genre(genre, "train") for genre in GENRES},
        valid={genre: load_genre(genre, "valid") for genre in GENRES},
        n_steps=N_STEPS,
        resume=(run / "config.json").exists(),
        on_step=lambda row: print(row, flush=True) if row["step"] % 500 == 0 else None,
    )


def export(run: Path) -> None:
    config, _, seed = read_settings(run, KIND)
    network = NextNote(NextNoteConfig(**config))
    state = latest_checkpoint(run)
    restore(state, {"network": network}, {}, torch.Generator())
    rows = [
        {key: round(value, 5) for key, value in row.items()}
        for row in read_history(run)
        if row["step"] % 100 == 0
    ]
    with atomic_path(data_dir() / "weights" / f"{NAME}.log.jsonl") as temporary:
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        temporary.write_text(lines, encoding="utf-8")
    tensors = {k: v.to(torch.float16) for k, v in network.state_dict().items()}
    info = {
        "config": config,
        "made_by": "python data/make/next_note.py",
        "data": "chorales, masses, quartets, a rag and fiddle tunes as they install "
        "with music21: train pieces",
        "seed": seed,
        "steps": state.step,
        "metrics": rows[-1],
    }
    print(save_weights(NAME, tensors, info))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    {"train": train, "export": export}[options.job](options.run)


if __name__ == "__main__":
    main()
