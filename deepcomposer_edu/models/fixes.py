"""A way to mend a fault: one note or two changed, the fault gone, and no new one.

The search tries other pitches where the fault stands, the most plausible first
(`models/habits.py`), and looks at the whole piece again after each. What it proposes is
one way among many, no lesson in composing: it knows rules and what is usual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.fix_places import places_to_change
from deepcomposer_edu.models.habits import N_VOICES, View, read_habits
from deepcomposer_edu.models.wrong_notes import teacher_marks, wrong_notes
from deepcomposer_edu.music.faults import BEAT, Fault, Run, find_faults
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.score import Metre, note_name
from deepcomposer_edu.music.theory import VOICE_RANGES, place_name, voice_name

MELODY = (0,)  # what is kept as it is, where that can be
REACH = 12  # semitones up and down in which other pitches are tried
N_SINGLE, N_OF_PAIR = 60, 14  # changes tried alone, and of each note of a pair
WEIGHTS = np.array([0.25, 0.25, 0.25, 0.25, 1.0])  # of the columns of the evidence
USUAL_WAY = -4.0  # ln of the probability of an ordinary way of singing
MOVE_COST = 0.12  # of a semitone, in units of ln of a probability
BEFORE, AFTER = 48, 96  # steps of music around a fault in which rules are tried first


@dataclass(frozen=True)
class Change:
    """Another pitch for a stretch of one voice.

    Args:
        voice: row of the grid.
        start: its first step.
        end: the step after its last.
        old: MIDI number that stands at its start.
        new: MIDI number in its place.
        cost: the less, the more plausible beside what stands there.
    """

    voice: int
    start: int
    end: int
    old: int
    new: int
    cost: float = 0.0

    def apply(self, grid: Grid) -> Grid:
        """Return the voices with the change."""
        pitches, onsets = grid.pitches.copy(), grid.onsets.copy()
        pitches[self.voice, self.start : self.end] = self.new
        onsets[self.voice, self.start] = True
        return Grid(pitches, onsets)


@dataclass(frozen=True)
class Fix:
    """A fault, and a way to mend it.

    Args:
        fault: what was found.
        changes: one or two.
        grid: the whole music, mended.
        sentence: the changes in words.
    """

    fault: Fault
    changes: tuple[Change, ...]
    grid: Grid
    sentence: str

    def excerpts(self, grid: Grid, n_beats: int = 2) -> tuple[Grid, Grid]:
        """Return the music around the fault as it was and mended, to compare by ear.

        Args:
            grid: the music in which the fault was found.
            n_beats: quarters before and after it.
        """
        places = [self.fault.step, *(change.start for change in self.changes)]
        begin = max(min(places) - n_beats * BEAT, 0) // BEAT * BEAT
        end = min(max(places) + (n_beats + 1) * BEAT, grid.n_steps)
        return grid.crop(begin, end), self.grid.crop(begin, end)


def mend_all(
    grid: Grid,
    metre: Metre | None = None,
    pickup: float = 0,
    keep: Sequence[int] = MELODY,
    on_progress: Callable[[int, int], None] = lambda _done, _left: None,
) -> tuple[Grid, list[Fix], list[Fault]]:
    """Return the music with fault after fault mended, the fixes, and what is left.

    Args:
        grid: four voices.
        metre: the time signature for the words, by default 4/4.
        pickup: length in steps of an incomplete first bar.
        keep: voices that stay as they are unless a fault is theirs alone.
        on_progress: called with how many faults were seen to, and how many are left;
            an exception raised in it ends the work.
    """
    fixes, left = [], []
    faults = teacher_marks(grid, metre, pickup)
    while faults:
        on_progress(len(fixes) + len(left), len(faults))
        fix = find_fix(grid, faults[0], metre, pickup, keep)
        if fix is None:
            left.append(faults[0])
        else:
            fixes.append(fix)
            grid = fix.grid
        done = _keys(left)
        faults = [f for f in teacher_marks(grid, metre, pickup) if _key(f) not in done]
    still = _keys(teacher_marks(grid, metre, pickup))
    return grid, fixes, [fault for fault in left if _key(fault) in still]


Key = tuple[int, tuple[int, ...], str]


def find_fix(
    grid: Grid,
    fault: Fault,
    metre: Metre | None = None,
    pickup: float = 0,
    keep: Sequence[int] = MELODY,
) -> Fix | None:
    """Return a way to mend a fault that removes it and adds none; None if none is near.

    Args:
        grid: four voices.
        fault: one of `teacher_marks` for them.
        metre: the time signature for the words, by default 4/4.
        pickup: length in steps of an incomplete first bar.
        keep: voices that stay as they are unless the fault is theirs alone.

    Raises:
        InputError: if there are not four voices, or the fault is not in them.
    """
    if grid.n_voices != N_VOICES:
        raise InputError(
            f"There are {grid.n_voices} voices, but a fix is known for four: soprano, "
            "alto, tenor and bass."
        )
    if not 0 <= fault.step < grid.n_steps:
        raise InputError(
            f"The fault is at step {fault.step}, but the music has {grid.n_steps} "
            "steps; give the music in which it was found."
        )
    before = _keys(teacher_marks(grid, metre, pickup))
    if _key(fault) not in before:
        raise InputError(
            f"The fault, {fault.sentence}, is not in this music; give the music in "
            "which it was found."
        )
    for changes in _ways(grid, fault, keep):
        mended = _applied(grid, changes)
        after = _keys(teacher_marks(mended, metre, pickup))
        if _key(fault) not in after and after <= before:
            return Fix(fault, changes, mended, _words(changes, metre, pickup))
    return None


def _key(fault: Fault) -> Key:
    return fault.step, fault.voices, fault.name


def _keys(faults: Sequence[Fault]) -> set[Key]:
    return {_key(fault) for fault in faults}


def _applied(grid: Grid, changes: Sequence[Change]) -> Grid:
    for change in changes:
        grid = change.apply(grid)
    return grid


def _words(changes: Sequence[Change], metre: Metre | None, pickup: float) -> str:
    parts = []
    for change in changes:
        where = place_name(change.start, metre, pickup)
        who = voice_name(change.voice, N_VOICES)
        old = "the rest" if change.old == REST else note_name(change.old)
        new = note_name(change.new)
        parts.append(f"the {who} sing {new} in place of {old} ({where})")
    return f"let {' and '.join(parts)}"


def _ways(grid: Grid, fault: Fault, keep: Sequence[int]) -> Iterator[tuple]:
    """Yield changes that mend the fault near it, the most plausible first."""
    first = max(fault.step - BEFORE, 0) // BEAT * BEAT
    last = min(fault.step + AFTER, grid.n_steps)
    near = grid.crop(first, last)
    step = fault.step - first
    found = _marks(near, fault)
    goal = (step, fault.voices, fault.name)

    def mends(changes: tuple[Change, ...]) -> bool:
        after = _marks(_applied(near, changes), fault)
        return goal not in after and after <= found

    def placed(changes: tuple[Change, ...]) -> tuple[Change, ...]:
        return tuple(
            Change(c.voice, c.start + first, c.end + first, c.old, c.new, c.cost)
            for c in changes
        )

    stretches = places_to_change(near, fault, step, keep)
    view = View(near, read_habits()["habits"])
    tried = [_changes(view, *stretch) for stretch in stretches]
    single = sorted((c for some in tried for c in some), key=lambda c: c.cost)
    for change in single[:N_SINGLE]:
        if mends((change,)):
            yield placed((change,))
    for pair in _pairs(tried):
        if mends(pair):
            yield placed(pair)


def _marks(grid: Grid, fault: Fault) -> set[Key]:
    """Return what the rules find; slips too, if the fault is one."""
    found = _keys(find_faults(grid))
    return found | _keys(wrong_notes(grid)) if fault.name == "wrong note" else found


def _changes(view: View, voice: int, start: int, end: int) -> list[Change]:
    """Return the other pitches that a stretch of a voice could have, best first."""
    row = view.pitches[voice]
    old = int(row[start])
    low, high = VOICE_RANGES[voice]
    middle = min(max(old, low), high)
    pitches = np.arange(max(low, middle - REACH), min(high, middle + REACH) + 1)
    pitches = pitches[pitches != old]
    before = int(row[start - 1]) if start else REST
    after = int(row[end]) if end < len(row) else REST
    run = Run(start, end, old, before, after)
    evidence = view.evidence(voice, run, pitches)  # (N, 5)
    costs = MOVE_COST * np.abs(pitches - middle) - evidence @ WEIGHTS
    now = view.evidence(voice, run, np.array([old]))[0]
    if old in (before, after):  # a part of a note: how it is reached says nothing
        costs += now[:-1] @ WEIGHTS[:-1] + USUAL_WAY
    else:
        costs += now @ WEIGHTS
    order = np.argsort(costs, kind="stable")
    return [
        Change(voice, start, end, old, int(pitches[i]), float(costs[i])) for i in order
    ]


def _pairs(tried: list[list[Change]]) -> list[tuple[Change, Change]]:
    """Return two changes at a time that do not overlap, the most plausible first."""
    found = []
    for i, some in enumerate(tried):
        for others in tried[i + 1 :]:
            for one, two in product(some[:N_OF_PAIR], others[:N_OF_PAIR]):
                apart = one.end <= two.start or two.end <= one.start
                if one.voice != two.voice or apart:
                    found.append((one, two))
    found.sort(key=lambda pair: pair[0].cost + pair[1].cost)
    return found[: 4 * N_SINGLE]
