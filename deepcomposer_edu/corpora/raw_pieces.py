"""Pieces as they are built from scores, and the plain arrays that are kept of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.keys import Key


@dataclass(frozen=True, eq=False)
class RawPiece:
    """One piece on the grid, with what its score says about it.

    Attributes:
        genre: one of `genre_build.BUILT`.
        source: the file inside music21's corpus, and the bars where it is not all.
        work: what it belongs to: the mass, the quartet. No work is in two splits.
        title: its name.
        split: "train", "valid" or "test".
        grid: four voices, (4, T), highest first.
        key: the key that its notes fit; a modal piece has that of its signature.
        metre: time signature of its bars on the grid.
        steps_per_bar: their length.
        pickup: steps before the first whole bar.
        bar_starts: (number of whole bars,) steps.
    """

    genre: str
    source: str
    work: str
    title: str
    split: str
    grid: Grid
    key: Key
    metre: str
    steps_per_bar: int
    pickup: int
    bar_starts: np.ndarray


def genre_arrays_of(pieces: list[RawPiece]) -> dict[str, np.ndarray]:
    """Return pieces as a few plain arrays, all laid end to end.

    Returns:
        `pitches` (4, total steps) int16, `onsets` (4, total) bool, `offsets`
        (pieces + 1,): piece i is steps offsets[i] to offsets[i + 1]; `bar_starts` and
        `bar_offsets` likewise; one entry a piece for the rest.

    Raises:
        InputError: if there are no pieces.
    """
    if not pieces:
        raise InputError("There are no pieces; install music21 with its scores.")
    return {
        "pitches": np.concatenate([p.grid.pitches for p in pieces], axis=1),
        "onsets": np.concatenate([p.grid.onsets for p in pieces], axis=1),
        "offsets": np.cumsum([0] + [p.grid.n_steps for p in pieces], dtype=np.int64),
        "bar_starts": np.concatenate([p.bar_starts for p in pieces]),
        "bar_offsets": np.cumsum(
            [0] + [len(p.bar_starts) for p in pieces], dtype=np.int64
        ),
        "is_minor": np.array([p.key.mode == "minor" for p in pieces]),
        "tonic": np.array([p.key.tonic for p in pieces], dtype=np.int64),
        **{
            name: np.array([getattr(p, name) for p in pieces], dtype=np.int64)
            for name in ("steps_per_bar", "pickup")
        },
        **{
            name: np.array([getattr(p, name) for p in pieces])
            for name in ("genre", "source", "work", "title", "split", "metre")
        },
    }
