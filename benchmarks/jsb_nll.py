"""How well is a chorale predicted? Exact nats per note, beside the published figures.

    python benchmarks/jsb_nll.py                      # music21's chorales, 2 minutes
    python benchmarks/jsb_nll.py --jsb jsb16.json     # and the canonical arrays

Definition A: sixteenth grid, four voices; the sum of -ln p(note | everything earlier)
over all 4 x T cells, divided by their number, pooled over the split. It is a joint
likelihood: only such figures stand here side by side. `--jsb` takes a JSON file with
"train", "valid" and perhaps "test": pieces of steps of [S, A, T, B] MIDI numbers, -1 a
rest, as in czhuang/JSB-Chorales-dataset; it is only measured, never trained on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import torch

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.chorale_writer import load_transformer
from deepcomposer_edu.models.ladder import ladder
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.training.pieces import PieceFrames, moved, piece_frames
from deepcomposer_edu.training.transformer import (
    nats_of_cells,
    nats_per_note,
    pooled,
)

PUBLISHED = """\
published, definition A, canonical valid split (Music Transformer, Huang et al. 2018):
  Transformer baseline 0.417; with relative positions 0.357; and relative pitch 0.335
  Coconet, chronological order 0.436"""
KEYS = (-2, -1, 0, 1, 2)  # of the ensemble
Pieces = list[np.ndarray]
Measure = Callable[[Pieces], float]


class Bare:
    """A piece of which nothing is known but its pitches."""

    steps_per_bar, pickup = 16, 0

    def __init__(self, pitches: np.ndarray) -> None:
        self.grid = Grid(pitches)


def counting(model) -> Measure:
    def measure(pieces: Pieces) -> float:
        return sum(model.nats(p) for p in pieces) / sum(p.size for p in pieces)

    return measure


def network_of(name: str) -> Measure:
    network = load_transformer(name).network

    def measure(pieces: Pieces) -> float:
        return pooled(nats_per_note(network, [piece_frames(Bare(p)) for p in pieces]))

    return measure


def in_five_keys(name: str) -> Measure:
    """The mean of the probabilities that one network gives in five keys."""
    network = load_transformer(name).network

    def nats(piece: PieceFrames) -> tuple[float, int]:
        rows = [
            nats_of_cells(network, replace(piece, classes=moved(piece.classes, key)))
            for key in KEYS
        ]
        together = torch.logsumexp(-torch.stack(rows), 0) - np.log(len(KEYS))
        return -together.sum().item(), together.numel()

    return lambda pieces: pooled([nats(piece_frames(Bare(p))) for p in pieces])


def four_voices(step: list[float], before: list[int]) -> list[int]:
    """Return a step of the canonical arrays as four voices.

    Where a voice rests, the arrays leave it out and do not say which one it was: it is
    the one whose absence lets the others move least.
    """
    given = [int(p) for p in step]
    if len(given) == 4:
        return given

    def distance(voices: tuple[int, ...]) -> int:
        return sum(
            abs(pitch - before[voice]) if before[voice] >= 0 else 12
            for voice, pitch in zip(voices, given, strict=True)
        )

    found = [-1] * 4
    chosen = min(combinations(range(4), len(given)), key=distance)
    for voice, pitch in zip(chosen, given, strict=True):
        found[voice] = pitch
    return found


def read_jsb(path: Path) -> dict[str, Pieces]:
    """Return the canonical splits that are not for training, each piece (4, T)."""
    content = json.loads(path.read_text(encoding="utf-8"))
    splits = {}
    for split in ("valid", "test"):
        pieces = []
        for piece in content.get(split, []):
            rows, before = [], [70, 65, 60, 51]  # where Bach's voices lie on average
            for step in piece:
                row = four_voices(step, before)
                before = [
                    now if now >= 0 else then
                    for now, then in zip(row, before, strict=True)
                ]
                rows.append(row)
            pieces.append(np.array(rows, dtype=np.int16).T)
        if pieces:
            splits[f"canonical {split}"] = pieces
    return splits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jsb", type=Path, help="the canonical arrays")
    options = parser.parse_args()
    torch.set_num_threads(1)
    test = load_chorales("test")
    splits: dict[str, Pieces] = {
        "valid": [p.grid.pitches for p in load_chorales("valid")],
        "test": [p.grid.pitches for p in test],
        "test, clean": [p.grid.pitches for p in test if p.is_clean],
    }
    if options.jsb:
        splits |= read_jsb(options.jsb)
    learn = [p.grid.pitches for p in load_chorales("train") + load_chorales("extra")]
    rows: dict[str, Measure] = {
        name: counting(model.learn(learn)) for name, model in ladder().items()
    }
    for name in ("frame-lstm", "transformer"):
        try:
            rows[name] = network_of(name)
        except InputError as error:
            print(error)
    rows["transformer, mean of five keys"] = in_five_keys("transformer")
    show(rows, splits)
    print(PUBLISHED)


def show(rows: Mapping[str, Measure], splits: Mapping[str, Pieces]) -> None:
    print(f"{'nats per note':32}" + "".join(f"{name:>18}" for name in splits))
    print(f"{'pieces':32}" + "".join(f"{len(p):18}" for p in splits.values()))
    print(f"{'uniform (48 classes)':32}" + f"{np.log(48):18.3f}" * len(splits))
    for name, measure in rows.items():
        values = "".join(f"{measure(p):18.4f}" for p in splits.values())
        print(f"{name:32}{values}", flush=True)


if __name__ == "__main__":
    main()
