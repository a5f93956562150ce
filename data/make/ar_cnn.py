"""Make the shipped orderless AR-CNN: hide cells of chorales, learn to fill them.

    python data/make/ar_cnn.py train runs/ar-cnn
    python data/make/ar_cnn.py export runs/ar-cnn    # seconds

The log of the last of its three rounds says 73 minutes, on one busy core.

Besides Bach's chorales (train and extra pieces, all keys) it learns from pieces that
the shipped Transformer makes up, of which there are as many as one likes: a few hundred
chorales are soon known by heart. It learns in three rounds: RUN-early, quickly;
RUN-late, from there on, with more pieces made up and some dropout, for by the end of
the first it did better on the chorales that it had seen than on others (0.48 nats
against 0.54 in definition B); and RUN, in which it also learns to doubt what it sees.
`train` may be stopped at any time and goes on where it was.

`export` writes data/weights/ar-cnn-orderless.safetensors, .json and .log.jsonl: the
averaged network in half precision, its settings, the losses of the last round.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.chorale_writer import load_transformer
from deepcomposer_edu.models.frames import N_PITCHES
from deepcomposer_edu.models.orderless import OrderlessConfig, OrderlessNet
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.training.checkpoint import checkpoint_path, load_checkpoint
from deepcomposer_edu.training.distil import MadeUp, make_up
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.orderless import KIND, SETTINGS, train_orderless
from deepcomposer_edu.training.pieces import PieceFrames, piece_frames
from deepcomposer_edu.training.shipping import ship

NAME = "ar-cnn-orderless"
MADE_BY = "python data/make/ar_cnn.py"
DATA = (
    "Bach's chorales as they install with music21 (train and extra pieces), and pieces "
    "that the shipped Transformer made up"
)
MADE_UP_STEPS = 192
MADE_UP = ((11, 2400), (12, 3600))  # seeds, and how many pieces each makes up


@dataclass(frozen=True)
class Round:
    """How the network learns for a while.

    `n_made_up` says how many of MADE_UP's lists it learns from, `share` how many of the
    excerpts are of those; the cosine may be longer than the round.
    """

    name: str
    n_steps: int
    cosine_steps: int
    dropout: float
    n_made_up: int
    share: float
    doubts: bool = False
    learning_rate: float = SETTINGS.learning_rate


ROUNDS = (
    Round("-early", 5_500, 14_000, 0.0, 1, 0.5),
    Round("-late", 9_000, 9_000, 0.1, 2, 0.7),
    Round("", 10_000, 10_000, 0.05, 2, 0.75, doubts=True, learning_rate=1e-3),
)


def train(run: Path) -> None:
    begin = None
    for how in ROUNDS:
        folder = run.with_name(run.name + how.name)
        if not checkpoint_path(folder, how.n_steps).exists():
            _learn(folder, how, _made_up(run)[: how.n_made_up], begin)
        begin = load_checkpoint(checkpoint_path(folder, how.n_steps)).part("average")


def _learn(
    run: Path, how: Round, made_up: list[list[PieceFrames]], begin: dict | None
) -> None:
    config = OrderlessConfig(dropout=how.dropout, doubts=how.doubts)
    settings = replace(
        SETTINGS,
        learning_rate=how.learning_rate,
        cosine_steps=how.cosine_steps,
        precision="bfloat16",
    )
    if begin is not None:
        begin = OrderlessNet(config).state_dict() | begin  # new parts begin at zero
    train_orderless(
        run,
        config,
        settings,
        n_steps=how.n_steps,
        made_up=[piece for part in made_up for piece in part],
        made_up_share=how.share,
        begin_from=begin,
        resume=(run / "config.json").exists(),
        on_step=told_every(100),
        sample_every=500,
        checkpoint_every=500,
    )


def _made_up(run: Path) -> list[list[PieceFrames]]:
    """Return the pieces that the Transformer made up; they are kept beside the run."""
    found = []
    for seed, n in MADE_UP:
        kept = run.with_name(f"{run.name}-made-up-{seed}.safetensors")
        if not kept.exists():
            pieces = make_up(
                load_transformer().network,
                n,
                MADE_UP_STEPS,
                seed=seed,
                batch_size=64,
                on_progress=lambda done, n: print(f"{done} of {n} made up", flush=True),
            )
            _keep(pieces, kept)
        parts = load_file(kept)
        rows = zip(parts["pitches"], parts["onsets"], parts["pickups"], strict=True)
        frames = (
            piece_frames(MadeUp(Grid(pitches.numpy(), onsets.numpy()), int(pickup)))
            for pitches, onsets, pickup in rows
        )
        found.append([piece for piece in frames if (piece.classes < N_PITCHES).any()])
    return found


def _keep(pieces: list[MadeUp], path: Path) -> None:
    pitches, onsets = (
        torch.stack([torch.tensor(getattr(piece.grid, name)) for piece in pieces])
        for name in ("pitches", "onsets")
    )
    pickups = torch.tensor([piece.pickup for piece in pieces])
    with atomic_path(path) as temporary:
        parts = {"pitches": pitches, "onsets": onsets, "pickups": pickups}
        save_file(parts, temporary)


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
