"""What a strict teacher would mark in four voices: each place, and why, in a sentence.

Every mark is something that Bach does seldom, and none that he never does: a fault is a
place to listen to, no verdict. How often he does each of them is measured, not assumed
(`data/make/rule_grade.py`).

Nothing here looks at where repeated notes are struck, so music that has lost that, as
the benchmark's arrays have, is judged alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from deepcomposer_edu.music import theory
from deepcomposer_edu.music.battery import DISSONANT_CLASSES, chord_table, intervals
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import MAJOR_SCALES
from deepcomposer_edu.music.score import Metre, note_name

BEAT = 4  # steps of a quarter
STUCK_STEPS = 48  # three bars of 4/4 on one note
HARD_LEAPS = {6: "tritone", 10: "minor seventh", 11: "major seventh"}
WIDEST_LEAP = 12
NEIGHBOURHOOD = 16  # steps to each side in which a note should be at home
AT_HOME = 2  # so many steps of the same pitch class near it make it no stranger
# Triads (major, minor, diminished), sevenths (dominant, minor, major, half-diminished,
# diminished), and sevenths without their fifth
CHORD_SHAPES = (
    (0, 4, 7), (0, 3, 7), (0, 3, 6),
    (0, 4, 7, 10), (0, 3, 7, 10), (0, 4, 7, 11), (0, 3, 6, 10), (0, 3, 6, 9),
    (0, 4, 10), (0, 3, 10), (0, 4, 11),
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Fault:
    """One place in the music that a strict teacher would mark.

    Args:
        step: where it begins, in steps from the beginning.
        voices: the voices concerned, by row of the grid.
        name: which fault it is, one of FAULT_NAMES.
        bar: its bar, from 1; 0 is the upbeat.
        beat: its beat within the bar, from 1; 2.5 is half a beat after 2.
        sentence: all of it in words.
    """

    step: int
    voices: tuple[int, ...]
    name: str
    bar: int
    beat: float
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Run:
    """A voice on one pitch: from `start` up to `end`, repeated notes melted into one.

    `before` and `after` are the pitches it comes from and goes to, REST if none.
    """

    start: int
    end: int
    pitch: int
    before: int
    after: int

    @property
    def is_smooth(self) -> bool:
        """Whether it is reached and left by step (at most two semitones) or rest."""
        moves = (self.pitch - self.before, self.after - self.pitch)
        ends = (self.before, self.after)
        return all(e == REST or abs(m) <= 2 for m, e in zip(moves, ends, strict=True))

    @property
    def is_tied(self) -> bool:
        """Whether it is left or reached by step on one side at least."""
        sides = ((self.before, self.pitch), (self.pitch, self.after))
        return any(a == REST or b == REST or abs(b - a) <= 2 for a, b in sides)


_IS_CHORD = chord_table(CHORD_SHAPES)


def chord_steps(grid: Grid) -> np.ndarray:
    """Return whether the voices together are a triad or seventh chord, (T,), bool.

    In any inversion and doubling; a seventh chord may lack its fifth.
    """
    bits = np.where(grid.sounding, 1 << (grid.pitches.astype(int) % 12), 0)  # (K, T)
    return _IS_CHORD[np.bitwise_or.reduce(bits, axis=0)]


def runs(grid: Grid, voice: int) -> list[Run]:
    """Return the stretches of one pitch in a voice, rests left out, in order."""
    row = grid.pitches[voice].astype(int)
    if not len(row):
        return []
    breaks = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist(), len(row)]
    pitches = [REST, *(int(row[start]) for start in breaks[:-1]), REST]
    return [
        Run(breaks[i], breaks[i + 1], pitches[i + 1], pitches[i], pitches[i + 2])
        for i in range(len(breaks) - 1)
        if pitches[i + 1] != REST
    ]


Lines = list[list[Run]]
Mark = tuple[int, tuple[int, ...], str]  # step, voices, what they do


def hard_leaps(_: Grid, lines: Lines) -> Iterator[Mark]:
    """Yield where a voice leaps by a tritone, a seventh or more than an octave."""
    for voice, line in enumerate(lines):
        for run in line:
            size = 0 if run.before == REST else abs(run.pitch - run.before)
            if size in HARD_LEAPS or size > WIDEST_LEAP:
                name = (
                    f"a {HARD_LEAPS[size]}"
                    if size in HARD_LEAPS
                    else (f"{size} semitones")
                )
                ends = f"{note_name(run.before)} to {note_name(run.pitch)}"
                yield run.start, (voice,), f"leaps by {name}, {ends}"


def harsh_dissonances(grid: Grid, lines: Lines) -> Iterator[Mark]:
    """Yield where a dissonance begins in which neither voice moves smoothly.

    A second, a tritone or a seventh is prepared and resolved if one of its two notes
    is reached and left by step. Where neither is, and the voices together are no triad
    or seventh chord either, it sounds like a wrong note.
    """
    is_chord = chord_steps(grid)
    owners = [_run_at(line, grid.n_steps) for line in lines]
    for pair in combinations(range(grid.n_voices), 2):
        classes = intervals(grid, *pair)
        for step in np.flatnonzero(np.isin(classes, DISSONANT_CLASSES)).tolist():
            notes = [owners[voice][step] for voice in pair]
            begins = step == max(note.start for note in notes)
            if begins and not is_chord[step] and not any(n.is_smooth for n in notes):
                names = " and ".join(note_name(note.pitch) for note in notes)
                yield step, pair, f"clash, {names}, and neither moves by step"


def _run_at(line: list[Run], n_steps: int) -> list[Run | None]:
    """Return the run that sounds at each step, None at a rest."""
    found: list[Run | None] = [None] * n_steps
    for run in line:
        found[run.start : run.end] = [run] * (run.end - run.start)
    return found


def strangers(grid: Grid, lines: Lines) -> Iterator[Mark]:
    """Yield the notes that are foreign to the bars around them and lead nowhere.

    Foreign is a pitch class outside the best major scales of the surroundings (a bar to
    each side) that no other note there shares; it leads somewhere if the voice goes on
    by step.
    """
    sounding = grid.sounding
    classes = np.where(sounding, grid.pitches % 12, 12).astype(int)  # (K, T)
    one_hot = np.stack([(classes == c).sum(axis=0) for c in range(12)])  # (12, T)
    sums = np.concatenate([np.zeros((12, 1), int), one_hot.cumsum(axis=1)], axis=1)
    for voice, line in enumerate(lines):
        for run in line:
            first = max(run.start - NEIGHBOURHOOD, 0)
            last = min(run.end + NEIGHBOURHOOD, grid.n_steps)
            around = (sums[:, last] - sums[:, first]).astype(float)
            around[run.pitch % 12] -= run.end - run.start
            if around[run.pitch % 12] >= AT_HOME or not around.any():
                continue
            inside = MAJOR_SCALES @ around
            best = inside > inside.max() - 0.5  # whole steps: of equals, all
            is_foreign = not MAJOR_SCALES[best, run.pitch % 12].any()
            goes_on = run.after == REST or abs(run.after - run.pitch) <= 2
            if is_foreign and not goes_on:
                name = note_name(run.pitch)
                yield run.start, (voice,), f"sings {name}, foreign here, and leaps away"


def stuck(_: Grid, lines: Lines) -> Iterator[Mark]:
    """Yield where a voice stays on one pitch for three bars of 4/4 or longer."""
    for voice, line in enumerate(lines):
        for run in line:
            if run.end - run.start >= STUCK_STEPS:
                beats = (run.end - run.start) // BEAT
                deed = f"stays on {note_name(run.pitch)} for {beats} beats"
                yield run.start, (voice,), deed


_OF_THEORY = (
    theory.parallels,
    theory.crossings,
    theory.spacings,
    theory.out_of_range,
)
_OWN: dict[str, Callable] = {
    "leap": hard_leaps,
    "clash": harsh_dissonances,
    "foreign note": strangers,
    "stuck": stuck,
}
FAULT_NAMES = (
    "parallel fifths",
    "parallel octaves",
    "crossing",
    "spacing",
    "range",
    *_OWN,
)


def find_faults(
    grid: Grid, metre: Metre | None = None, pickup: float = 0
) -> list[Fault]:
    """Return every fault of the voices, in order of time.

    Args:
        grid: the voices, the highest first; ranges are judged if there are four.
        metre: the time signature for bars and beats, by default 4/4.
        pickup: length in steps of an incomplete first bar.

    >>> grid = Grid([[67] * 4 + [69] * 4, [60] * 4 + [62] * 4])
    >>> find_faults(grid)[0].sentence
    'bar 1, beat 2: voice 1 and voice 2 move in parallel fifths'
    """
    found = []
    for rule in _OF_THEORY:
        if rule is theory.out_of_range and grid.n_voices != len(theory.VOICE_RANGES):
            continue
        for old in rule(grid, metre, pickup):
            found.append(
                placed(old.step, old.voices, old.kind, old.message, metre, pickup)
            )
    lines = [runs(grid, voice) for voice in range(grid.n_voices)]
    for name, rule in _OWN.items():
        for step, voices, deed in rule(grid, lines):
            who = " and ".join(theory.voice_name(v, grid.n_voices) for v in voices)
            where = theory.place_name(step, metre, pickup)
            sentence = f"{where}: {who} {deed}"
            found.append(placed(step, voices, name, sentence, metre, pickup))
    return sorted(found)


def placed(
    step: int,
    voices: tuple[int, ...],
    name: str,
    sentence: str,
    metre: Metre | None,
    pickup: float,
) -> Fault:
    """Return a fault with its bar and beat as numbers."""
    metre = metre or Metre()
    bar, offset = divmod(step - pickup, metre.steps_per_bar)
    beat = 1 + offset * metre.denominator / 16
    return Fault(step, tuple(voices), name, max(int(bar) + 1, 0), float(beat), sentence)


def fault_excerpt(grid: Grid, fault: Fault, n_beats: int = 2) -> Grid:
    """Return the music around a fault, to hear it: `n_beats` quarters on each side."""
    start = max(fault.step - n_beats * BEAT, 0) // BEAT * BEAT
    return grid.crop(start, min(fault.step + (n_beats + 1) * BEAT, grid.n_steps))
