"""Sections made from a passage: longer or shorter, as a sequence, decorated, joined.

Choices are made by cost: what a teacher would mark, jumps at the joins, notes out of
range. Where several are equally good, the random generator decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from deepcomposer_edu.music.arranging import join_jump, scale_shift
from deepcomposer_edu.music.grid import REST
from deepcomposer_edu.music.joins import (
    MOST_JUMP,
    SHORTEST_SPLIT,
    adds_none,
    fault_kinds,
    with_notes,
)
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.passages import Passage, in_a_row
from deepcomposer_edu.music.score import Note

# How far a contrasting section begins from the first one, in degrees of the scale: the
# dominant's and subdominant's regions, and the relative minor's
STARTS = (3, -4, 4, -3, -2, 5, 2, -5)
CHOICES = 3
STEPS = (-1, 1)  # falling and rising sequences
OUT_OF_RANGE, OF_A_FAULT, OF_A_JUMP = 4.0, 3.0, 1.0
DECORATED = 0.7  # of the places where the melody could be

Ranges = Sequence[tuple[int, int]]


def ranges_of(passage: Passage, slack: int = 3) -> list[tuple[int, int]]:
    """Return the lowest and highest pitch of each pitched track, with some slack."""
    found = []
    for track in passage.tracks:
        if not track.is_drum:
            pitches = [note.pitch for note in track.notes] or [60]
            found.append((min(pitches) - slack, max(pitches) + slack))
    return found


def filled(theme: Passage, n_bars: int, key: Key, ranges: Ranges) -> Passage:
    """Return a theme over a number of bars: cut at a bar line, or as a sequence.

    Where it has to be longer, every second time stands somewhere else on the scale,
    where it fits best.
    """
    n_times = -(-n_bars // theme.n_bars)
    if n_times == 1:
        return theme.bars(0, n_bars)
    shifts = (1, -1, 2, -2, 3, -3)
    moved = min(
        (theme.on_scale(n, key) for n in shifts),
        key=lambda other: _cost([theme, other, theme], ranges),
    )
    row = [moved if i % 2 else theme for i in range(n_times)]
    return in_a_row(row).bars(0, n_bars)


def contrast(
    theme: Passage, n_bars: int, key: Key, ranges: Ranges, random: np.random.Generator
) -> Passage:
    """Return a contrasting section: a sequence of the theme's first bars.

    Half the theme, or all of it if it has one bar or an odd number, is moved along the
    scale again and again, a degree at a time, from another place of the key. Of the
    few that cost least, the random generator takes one.
    """
    n_motif = theme.n_bars // 2 if theme.n_bars % 2 == 0 else theme.n_bars
    motif = theme.bars(0, min(n_motif, n_bars))
    n_times = -(-n_bars // motif.n_bars)
    found = []
    for start in STARTS:
        for step in STEPS:
            degrees = [start + step * min(i, 4) for i in range(n_times)]
            parts = [motif.on_scale(n, key) for n in degrees]
            cost = _cost([theme, *parts, theme], ranges)
            found.append((round(cost, 6), len(found), parts))
    good = sorted(found, key=lambda f: f[:2])[:CHOICES]
    return in_a_row(good[int(random.integers(len(good)))][2]).bars(0, n_bars)


def _cost(passages: Sequence[Passage], ranges: Ranges) -> float:
    """Return what is wrong with passages in a row: jumps, new faults, range."""
    grids = [passage.grid() for passage in passages]
    cost = 0.0
    for before, after in pairwise(grids):
        cost += OF_A_JUMP * max(join_jump(before, after) - MOST_JUMP, 0)
    cost += OF_A_FAULT * fault_kinds(in_a_row(passages).grid()).total()
    for grid in grids:
        for row, (low, high) in zip(grid.pitches, ranges, strict=True):
            outside = (row != REST) & ((row < low) | (row > high))
            cost += OUT_OF_RANGE * float(outside.mean()) * 10
    return cost


# --- decorating ---------------------------------------------------------------


def decorated(passage: Passage, key: Key, random: np.random.Generator) -> Passage:
    """Return a passage whose melody, the first pitched track, is decorated.

    Where it goes by a third, a passing tone fills it; where it repeats a note, a
    neighbour stands between. Nothing is decorated that would add a fault.
    """
    place = next(k for k, track in enumerate(passage.tracks) if not track.is_drum)
    notes = list(passage.tracks[place].notes)
    i = 0
    while i + 1 < len(notes):
        pair = _split(notes[i], notes[i + 1], key)
        if pair and random.random() < DECORATED:
            now = notes[:i] + pair + notes[i + 1 :]
            if adds_none(passage, place, notes, now, notes[i]):
                notes, i = now, i + 1
        i += 1
    return with_notes(passage, place, notes)


def _split(note: Note, after: Note, key: Key) -> list[Note] | None:
    """Return a note and the tone that leads to the next one, or None."""
    is_next = abs(after.start - note.end) < 1e-9
    if note.duration < SHORTEST_SPLIT or not is_next:
        return None
    size = abs(after.pitch - note.pitch)
    if size not in (0, 3, 4):
        return None
    way = 1 if after.pitch >= note.pitch else -1
    between = scale_shift(note.pitch, way, key)
    half = note.duration / 2
    if size and not min(note.pitch, after.pitch) < between < max(
        note.pitch, after.pitch
    ):
        return None
    if not 0 <= between <= 127:
        return None
    return [
        replace(note, duration=half),
        replace(note, start=note.start + half, pitch=between, duration=half),
    ]
