"""Make the shipped orderless AR-CNN: hide cells of chorales, learn to fill them.

    python data/make/ar_cnn.py train runs/ar-cnn     # 100 minutes of one core
    python data/make/ar_cnn.py export runs/ar-cnn    # seconds

Besides Bach's chorales (train and extra pieces, all keys) it learns from pieces that
the shipped Transformer makes up, of which there are as many as one likes: a few hundred
chorales are soon known by heart. `train` may be stopped at any time and goes on where
it was. `export` writes data/weights/ar-cnn-orderless.safetensors, .json and .log.jsonl:
the averaged network in half precision, its settings, the losses of the run.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.chorale_writer import load_transformer
from deepcomposer_edu.models.frames import N_PITCHES
from deepcomposer_edu.models.orderless import OrderlessConfig
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.training.distil import MadeUp, make_up
from deepcomposer_edu.training.orderless import KIND, SETTINGS, train_orderless
from deepcomposer_edu.training.pieces import PieceFrames, piece_frames
from deepcomposer_edu.training.shipping import ship

NAME = "ar-cnn-orderless"
MADE_BY = "python data/make/ar_cnn.py"
DATA = (
    "Bach's chorales as they install with music21 (train and extra pieces), and pieces "
    "that the shipped Transformer made up"
)
N_STEPS = 14_000
N_MADE_UP, MADE_UP_STEPS, MADE_UP_SEED = 2400, 192, 11
CONFIG = OrderlessConfig(dropout=0.0)


def train(run: Path) -> None:
    settings = replace(SETTINGS, cosine_steps=N_STEPS, precision="bfloat16")
    train_orderless(
        run,
        CONFIG,
        settings,
        n_steps=N_STEPS,
        made_up=made_up(run),
        resume=(run / "config.json").exists(),
        on_step=lambda row: print(row, flush=True) if row["step"] % 100 == 0 else None,
        sample_every=500,
        checkpoint_every=500,
    )


def made_up(run: Path) -> list[PieceFrames]:
    """Return pieces that the Transformer made up; they are kept beside the run."""
    kept = run.with_name(f"{run.name}-made-up.safetensors")
    if not kept.exists():
        pieces = make_up(
            load_transformer().network,
            N_MADE_UP,
            MADE_UP_STEPS,
            seed=MADE_UP_SEED,
            batch_size=64,
            on_progress=lambda done, n: print(f"{done} of {n} made up", flush=True),
        )
        with atomic_path(kept) as temporary:
            pitches, onsets = (
                torch.stack([torch.tensor(getattr(p.grid, name)) for p in pieces])
                for name in ("pitches", "onsets")
            )
            pickups = torch.tensor([p.pickup for p in pieces])
            parts = {"pitches": pitches, "onsets": onsets, "pickups": pickups}
            save_file(parts, temporary)
    parts = load_file(kept)
    rows = zip(parts["pitches"], parts["onsets"], parts["pickups"], strict=True)
    found = [
        piece_frames(MadeUp(Grid(pitches.numpy(), onsets.numpy()), int(pickup)))
        for pitches, onsets, pickup in rows
    ]
    return [piece for piece in found if (piece.classes < N_PITCHES).any()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    parser.add_argument("--step", type=int, help="export this checkpoint")
    options = parser.parse_args()
    if options.job == "export":
        print(
            ship(options.run, NAME, KIND, data=DATA, made_by=MADE_BY, step=options.step)
        )
        return
    torch.set_num_threads(1)
    train(options.run)


if __name__ == "__main__":
    main()
