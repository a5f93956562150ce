"""Make the shipped edit-event model: train it, then export its weights and log.

    python data/make/ar_cnn_events.py train runs/ar-cnn-events
    python data/make/ar_cnn_events.py export runs/ar-cnn-events  # seconds

The log of the shipped run says 45 minutes, on one busy core.
`train` may be stopped at any time and goes on where it was. `export` writes
data/weights/ar-cnn-events.safetensors, .json and .log.jsonl: the averaged network in
half precision, its settings, and the losses of the run.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from deepcomposer_edu.training.edit_events import KIND, SETTINGS, train_edit_events
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.shipping import ship

NAME = "ar-cnn-events"
N_STEPS = 4500
CHORALES = "Bach's chorales as they install with music21: train and extra pieces"


def train(run: Path) -> None:
    train_edit_events(
        run,
        settings=replace(SETTINGS, cosine_steps=N_STEPS, precision="bfloat16"),
        n_steps=N_STEPS,
        resume=(run / "config.json").exists(),
        on_step=told_every(100),
        sample_every=100,
        checkpoint_every=100,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    parser.add_argument("--step", type=int, help="export this checkpoint")
    options = parser.parse_args()
    if options.job == "export":
        ship(
            options.run,
            NAME,
            KIND,
            data=CHORALES,
            made_by="python data/make/ar_cnn_events.py",
            step=options.step,
        )
        return
    torch.set_num_threads(1)
    train(options.run)


if __name__ == "__main__":
    main()
