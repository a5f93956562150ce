"""Edits: what a model changes in a piece, one event after another.

An edit gives one stretch of one voice another pitch, or silences it. A piece and its
edits in order are everything that is needed to see the finished piece come about.

Whether a note was added or removed is counted by ear: a note is still there as long as
any of its steps sounds at its pitch in its voice, even if it begins later, ends earlier
or is struck again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, VOICE_NAMES, Grid
from deepcomposer_edu.music.score import Metre, note_name
from deepcomposer_edu.music.theory import place_name

STEPS_PER_BEAT = 4


@dataclass(frozen=True)
class Edit:
    """One change: a stretch of a voice gets another pitch.

    Args:
        voice: row of the grid, from 0, the highest voice.
        start: first step of the stretch.
        n_steps: its length in steps, at least 1.
        before: MIDI pitch that sounded in all of it, -1 for a rest.
        after: MIDI pitch that sounds now, -1 for a rest.
        probability: that the model gave to `after` where it was drawn, 0 to 1; the
            mean over the stretch.
        iteration: the model's pass, from 1.
    """

    voice: int
    start: int
    n_steps: int
    before: int
    after: int
    probability: float
    iteration: int

    def __post_init__(self) -> None:
        if self.voice < 0 or self.start < 0 or self.n_steps < 1:
            raise InputError(
                f"An edit has voice {self.voice}, start {self.start} and "
                f"{self.n_steps} steps, but voice and start must be 0 or more and the "
                "steps 1 or more."
            )
        if self.before == self.after or not all(
            REST <= pitch <= 127 for pitch in (self.before, self.after)
        ):
            raise InputError(
                f"An edit goes from pitch {self.before} to {self.after}, but it needs "
                "two different ones from 0 to 127, with -1 for a rest."
            )

    @property
    def kind(self) -> str:
        """What it does: "add" to a rest, "remove" (a rest is left) or "change"."""
        if self.before == REST:
            return "add"
        return "remove" if self.after == REST else "change"

    def sentence(self, steps_per_bar: int = 16, pickup: int = 0) -> str:
        """Return the edit in words; beats are quarters.

        Args:
            steps_per_bar: length of a bar, 16 for 4/4.
            pickup: steps before the first bar line.

        >>> Edit(1, 36, 4, 65, 64, 0.87, 12).sentence()
        "Pass 12: bar 3, beat 2: the alto's F4 becomes E4 (87 %)."
        """
        metre = Metre(0, max(steps_per_bar // STEPS_PER_BEAT, 1), 4)
        if steps_per_bar % STEPS_PER_BEAT:
            metre = Metre(0, steps_per_bar, 16)
        place = place_name(self.start, metre, pickup)
        n_named = len(VOICE_NAMES)
        is_named = self.voice < n_named
        who = VOICE_NAMES[self.voice].lower() if is_named else f"voice {self.voice + 1}"
        deed = {
            "add": f"the {who} gets {_name(self.after)}",
            "remove": f"the {who}'s {_name(self.before)} falls silent",
            "change": f"the {who}'s {_name(self.before)} becomes {_name(self.after)}",
        }[self.kind]
        return (
            f"Pass {self.iteration}: {place}: {deed} ({self.probability * 100:.0f} %)."
        )

    def to_dict(self) -> dict[str, int | float]:
        """Return the edit, ready for JSON."""
        return asdict(self)


def _name(pitch: int) -> str:
    return "" if pitch == REST else note_name(pitch)


def apply_edit(grid: Grid, edit: Edit) -> Grid:
    """Return the grid with one edit made.

    The stretch becomes one held note; it goes on holding where the same pitch sounds
    right before it.

    Raises:
        InputError: if the edit reaches beyond the grid.
    """
    stop = edit.start + edit.n_steps
    if edit.voice >= grid.n_voices or stop > grid.n_steps:
        raise InputError(
            f"The edit reaches voice {edit.voice + 1} and step {stop}, but the grid "
            f"has {grid.n_voices} voices and {grid.n_steps} steps."
        )
    pitches, onsets = grid.pitches.copy(), grid.onsets.copy()
    pitches[edit.voice, edit.start : stop] = edit.after
    onsets[edit.voice, edit.start : stop] = False  # the grid strikes new pitches itself
    return Grid(pitches, onsets)


def replay_edits(grid: Grid, edits: Iterable[Edit]) -> Iterator[Grid]:
    """Yield the grid after each edit in turn; the first one yielded has one edit."""
    for edit in edits:
        grid = apply_edit(grid, edit)
        yield grid


def edits_between(
    before: Grid, after: Grid, iteration: int, probabilities: np.ndarray
) -> list[Edit]:
    """Return the edits that lead from one grid's pitches to another's.

    Args:
        before: the grid, (K, T).
        after: the grid that is wanted, (K, T).
        iteration: the pass in which it came about, from 1.
        probabilities: (K, T) of each cell's new pitch.

    Returns:
        One edit for each stretch in which both grids keep one pitch and differ, in
        order of time and then of voice. Repeated notes make no edit.

    Raises:
        InputError: if the shapes differ.
    """
    shapes = {before.pitches.shape, after.pitches.shape, np.shape(probabilities)}
    if len(shapes) > 1:
        raise InputError(
            f"The edits between arrays of shapes {sorted(shapes)} were asked for, but "
            "all must have the same voices and steps."
        )
    found = []
    for voice in range(before.n_voices):
        old, new = before.pitches[voice], after.pitches[voice]  # (T,) each
        different = np.flatnonzero(old != new)
        if not len(different):
            continue
        # few steps of a long piece differ, and only there is an edit
        first, last = different[0], different[-1] + 1
        moves = (np.diff(old[first:last]) != 0) | (np.diff(new[first:last]) != 0)
        breaks = first + np.flatnonzero(moves) + 1
        ends = np.r_[breaks, last]
        for start, end in zip(np.r_[first, breaks], ends, strict=True):
            if old[start] != new[start]:
                chance = float(np.mean(probabilities[voice, start:end]))
                pitches = int(old[start]), int(new[start])
                edit = Edit(
                    voice, int(start), int(end - start), *pitches, chance, iteration
                )
                found.append(edit)
    return sorted(found, key=lambda edit: (edit.start, edit.voice))


def notes_added(before: Grid, after: Grid) -> int:
    """Return how many notes of `after` were not there before.

    A note was there if any of its steps sounded at its pitch in its voice.

    Args:
        before: (K, T).
        after: (K, T).
    """
    _, n_lost = notes_kept_and_lost(after, before)
    return n_lost


def notes_removed(before: Grid, after: Grid) -> int:
    """Return how many notes of `before` are no longer there.

    A note is still there if any of its steps sounds at its pitch in its voice.
    """
    _, n_lost = notes_kept_and_lost(before, after)
    return n_lost


def notes_kept_and_lost(grid: Grid, other: Grid) -> tuple[int, int]:
    """Return how many notes of a grid another one still has, and how many it has not.

    Raises:
        InputError: if the grids differ in shape.
    """
    if grid.pitches.shape != other.pitches.shape:
        raise InputError(
            f"Notes of grids with shapes {grid.pitches.shape} and "
            f"{other.pitches.shape} were to be compared, but both must have the same "
            "voices and steps."
        )
    is_same = (grid.pitches == other.pitches) & grid.sounding  # (K, T)
    numbers = note_numbers(grid)
    n_notes = int(numbers.max(initial=-1)) + 1
    n_kept = len(np.unique(numbers[is_same]))
    return n_kept, n_notes - n_kept


def note_numbers(grid: Grid) -> np.ndarray:
    """Return which note sounds in each cell, (K, T) from 0 voice by voice, -1 at rests.

    >>> note_numbers(Grid([[60, 60, -1, 62]])).tolist()
    [[0, 0, -1, 1]]
    """
    counted = grid.onsets.flatten().cumsum().reshape(grid.onsets.shape) - 1
    return np.where(grid.sounding, counted, -1)
