"""Rolls to learn edits from: pieces as one roll each, spoiled in several ways.

The original spoils a roll cell by cell: a random share of its notes is removed, up to
1.5 % of the silent cells are filled. Here, whole notes and voices are lost as well, as
they are when a melody is to be harmonised, and notes are moved to a wrong pitch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.edit_net import LOW, N_PITCHES, STEPS_PER_BEAT
from deepcomposer_edu.music.edits import note_numbers
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.nn.edits import corrupt
from deepcomposer_edu.training.pieces import PieceLike

MAX_ADDED = 0.015  # largest share of the silent cells that is filled
MAX_MOVED = 0.2  # largest share of the notes that is moved to a wrong pitch
SEMITONES = (*(-2, -1, 1, 2) * 5, -12, -7, -5, -4, -3, 3, 4, 5, 7, 12)
# Which notes are lost, and how often in this way; at "none" there are only wrong ones.
WAYS = ("cells", "notes", "voices", "bars", "none")
WAY_SHARES = (0.2, 0.15, 0.25, 0.1, 0.3)
MOVED_SHARES = {"none": 0.85}  # how often notes are moved besides
OFTEN_MOVED = 0.5  # the same of the other ways
OFTEN_ADDED = 0.4  # how often silent cells are filled


@dataclass(frozen=True)
class RollBatch:
    """B spoiled rolls and what they should be.

    Args:
        now: (B, T, P) bool, spoiled.
        goal: (B, T, P) bool, as in the piece.
    """

    now: Tensor
    goal: Tensor


def union_roll(pitches: np.ndarray) -> Tensor:
    """Return all voices as one roll, (T, N_PITCHES) bool.

    Args:
        pitches: (K, T) MIDI numbers, -1 for a rest. What lies outside the roll's
            pitches is left out.
    """
    roll = np.zeros((pitches.shape[1], N_PITCHES), dtype=bool)
    for row in pitches.astype(int):
        is_seen = (row >= LOW) & (row < LOW + N_PITCHES)
        roll[np.flatnonzero(is_seen), row[is_seen] - LOW] = True
    return torch.from_numpy(roll)


class RollSet:
    """Pieces from which batches of spoiled rolls are drawn.

    Args:
        pieces: pieces of up to any number of voices.
        n_steps: T, length of a roll.
        batch_size: B.
    """

    def __init__(
        self, pieces: Sequence[PieceLike], n_steps: int = 128, batch_size: int = 32
    ) -> None:
        if n_steps < 1 or batch_size < 1:
            raise InputError(
                f"A batch of {batch_size} rolls of {n_steps} steps was asked for, but "
                "both must be at least 1."
            )
        self.n_steps, self.batch_size = n_steps, batch_size
        self.grids = [piece.grid for piece in pieces if piece.grid.sounding.any()]
        if not self.grids:
            raise InputError("There is no piece to learn from; give at least one.")
        self.lengths = torch.tensor([float(grid.n_steps) for grid in self.grids])

    def batch(self, random: torch.Generator) -> RollBatch:
        """Return random excerpts in random keys, spoiled at random."""
        rows = []
        places = torch.multinomial(
            self.lengths, self.batch_size, replacement=True, generator=random
        )
        for place in places.tolist():
            grid = excerpt(self.grids[place], self.n_steps, random)
            rows.append((spoil(grid, random), union_roll(grid.pitches)))
        now, goal = (torch.stack(rolls) for rolls in zip(*rows, strict=True))
        return RollBatch(now, goal)


def excerpt(grid: Grid, n_steps: int, random: torch.Generator) -> Grid:
    """Return a random part of a piece, beginning on a beat, in a random key that fits.

    A piece that is shorter is filled with rests.
    """
    n_places = max(grid.n_steps - n_steps, 0) // STEPS_PER_BEAT + 1
    start = STEPS_PER_BEAT * _one_of(n_places, random)
    pitches = grid.pitches[:, start : start + n_steps]
    onsets = grid.onsets[:, start : start + n_steps]
    missing = ((0, 0), (0, n_steps - pitches.shape[1]))
    part = Grid(
        np.pad(pitches, missing, constant_values=-1),
        np.pad(onsets, missing, constant_values=False),
    )
    heights = part.pitches[part.sounding]
    if not len(heights):
        return part
    low, high = int(heights.min()), int(heights.max())
    shifts = [s for s in range(-6, 7) if low + s >= LOW and high + s < LOW + N_PITCHES]
    return part.transposed(shifts[_one_of(len(shifts), random)]) if shifts else part


def spoil(grid: Grid, random: torch.Generator) -> Tensor:
    """Return a spoiled roll of a piece, (T, P) bool; all chance comes from `random`."""
    chances = torch.rand(6, generator=random).tolist()
    way = WAYS[int(torch.multinomial(torch.tensor(WAY_SHARES), 1, generator=random))]
    pitches = grid.pitches.copy()  # (K, T)
    numbers = note_numbers(grid)
    if chances[0] < MOVED_SHARES.get(way, OFTEN_MOVED):
        share = MAX_MOVED * chances[1]
        pitches = moved_notes(pitches, numbers, share, random)
    if way in ("notes", "voices", "bars"):
        n_notes = int(numbers.max(initial=-1)) + 1
        # of the notes that may be lost, a random share is
        goes = torch.rand(n_notes + 1, generator=random).numpy() < chances[2] ** 0.5
        may_go = np.ones(pitches.shape, dtype=bool)
        if way != "notes":
            may_go &= _some(len(pitches), random)[:, None]
        if way == "bars":
            may_go &= _span(pitches.shape[1], random)
        pitches[may_go & goes[numbers]] = -1
    roll = union_roll(pitches)
    removed = chances[3] if way == "cells" else 0.0
    added = MAX_ADDED * chances[4] if chances[5] < OFTEN_ADDED else 0.0
    return corrupt(roll, removed, added, random)


def moved_notes(
    pitches: np.ndarray, numbers: np.ndarray, share: float, random: torch.Generator
) -> np.ndarray:
    """Return the pitches, (K, T), with a share of the notes moved to another pitch.

    Args:
        pitches: (K, T), -1 for a rest.
        numbers: (K, T) which note sounds, as `note_numbers` gives it.
        share: chance of each note to be moved.
        random: all chance comes from here. Most notes move by one or two semitones.
    """
    n_notes = int(numbers.max(initial=-1)) + 1
    chances = torch.rand(n_notes + 1, generator=random).numpy()
    by = torch.randint(len(SEMITONES), (n_notes + 1,), generator=random).numpy()
    steps = np.where(chances < share, np.array(SEMITONES)[by], 0)[numbers]
    return np.where(pitches >= 0, np.clip(pitches + steps, 0, 127), pitches)


def _one_of(n: int, random: torch.Generator) -> int:
    return int(torch.randint(n, (1,), generator=random))


def _some(n_voices: int, random: torch.Generator) -> np.ndarray:
    """Return which voices lose notes, (K,) bool: at least one, rarely all."""
    chosen = torch.rand(n_voices, generator=random).numpy() < 0.65
    if not chosen.any():
        chosen[_one_of(n_voices, random)] = True
    return chosen


def _span(n_steps: int, random: torch.Generator) -> np.ndarray:
    """Return a stretch of beats, (T,) bool."""
    edges = torch.randint(n_steps // STEPS_PER_BEAT + 1, (2,), generator=random)
    first, last = sorted((edges * STEPS_PER_BEAT).tolist())
    steps = np.arange(n_steps)
    return (steps >= first) & (steps < max(last, first + STEPS_PER_BEAT))
