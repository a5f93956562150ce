"""The rules of part-writing: where a piece breaks them, said in a musician's words.

Voices are the rows of a grid, from the highest down: soprano, alto, tenor, bass. Every
function returns its findings in order of time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.battery import (
    DISSONANT_CLASSES,
    FIFTH,
    OCTAVE,
    intervals,
    parallel_steps,
)
from deepcomposer_edu.music.grid import REST, VOICE_NAMES, Grid
from deepcomposer_edu.music.score import Metre, note_name

# The lowest and highest note of each voice in all of Bach's four-part chorales
VOICE_RANGES = ((60, 81), (52, 74), (46, 69), (36, 66))
MEAN_SOPRANO = 70.6  # mean pitch of the sopranos, moved to C major or A minor
WIDEST_GAP = 12  # semitones between neighbours above the bass
_DISSONANCE_NAMES = {
    1: "minor second or ninth",
    2: "major second or ninth",
    6: "tritone",
    10: "minor seventh",
    11: "major seventh",
}


@dataclass(frozen=True, order=True)
class Fault:
    """One place that breaks a rule.

    Args:
        step: where it begins, in steps from the beginning.
        voices: the voices concerned, by row of the grid.
        kind: "parallel fifths", "parallel octaves", "crossing", "spacing", "range" or
            "dissonance".
        message: what happens, in words ("bar 3, beat 2: soprano and bass move in
            parallel fifths").
    """

    step: int
    voices: tuple[int, ...]
    kind: str
    message: str


def place_name(step: float, metre: Metre | None = None, pickup: float = 0) -> str:
    """Return where a step lies: "bar 3, beat 2", or "upbeat, beat 4" before bar 1.

    Args:
        step: steps from the beginning.
        metre: the time signature, by default 4/4; a beat is the note of its lower
            number.
        pickup: length in steps of an incomplete first bar.

    >>> place_name(20), place_name(2), place_name(0, pickup=4)
    ('bar 2, beat 2', 'bar 1, beat 1.5', 'upbeat, beat 4')
    """
    metre = metre or Metre()
    length = metre.steps_per_bar
    bar, offset = divmod(step - pickup, length)
    beat = 1 + offset * metre.denominator / 16
    where = f"bar {int(bar) + 1}" if bar >= 0 else "upbeat"
    return f"{where}, beat {beat:g}"


def voice_name(voice: int, n_voices: int) -> str:
    """Return what to call a voice: soprano to bass if there are four."""
    if n_voices == len(VOICE_NAMES):
        return VOICE_NAMES[voice].lower()
    return f"voice {voice + 1}"


def _found(
    grid: Grid,
    kind: str,
    places: list[tuple[int, tuple[int, ...], str]],
    metre: Metre | None,
    pickup: float,
) -> list[Fault]:
    """Return faults from (step, voices, what they do), in order of time."""
    faults = []
    for step, voices, deed in places:
        names = " and ".join(voice_name(v, grid.n_voices) for v in voices)
        message = f"{place_name(step, metre, pickup)}: {names} {deed}"
        faults.append(Fault(step, voices, kind, message))
    return sorted(faults)


def _begins(is_so: np.ndarray) -> list[int]:
    """Return the steps at which something begins to be so; `is_so` has shape (T,)."""
    return np.flatnonzero(np.diff(is_so.astype(np.int8), prepend=0) == 1).tolist()


def parallels(grid: Grid, metre: Metre | None = None, pickup: float = 0) -> list[Fault]:
    """Return parallel fifths and octaves (unisons included) between any two voices.

    Two voices that both move from one step to the next, the same way by the same
    distance, and arrive a fifth or an octave apart.

    Args:
        grid: the voices.
        metre: the time signature for the messages, by default 4/4.
        pickup: length in steps of an incomplete first bar.
    """
    faults = []
    for name, interval in (("fifths", FIFTH), ("octaves", OCTAVE)):
        places = [
            (int(step), pair, f"move in parallel {name}")
            for pair in combinations(range(grid.n_voices), 2)
            for step in np.flatnonzero(parallel_steps(grid, *pair, interval))
        ]
        faults += _found(grid, f"parallel {name}", places, metre, pickup)
    return sorted(faults)


def _neighbours(
    grid: Grid, is_fault: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> list[tuple[int, tuple[int, int]]]:
    """Return where neighbouring voices begin to break a rule while both sound."""
    places = []
    for pair in pairwise(range(grid.n_voices)):
        upper, lower = grid.pitches[list(pair)].astype(int)
        both = (upper != REST) & (lower != REST)
        places += [(step, pair) for step in _begins(is_fault(upper, lower) & both)]
    return places


def crossings(grid: Grid, metre: Metre | None = None, pickup: float = 0) -> list[Fault]:
    """Return where a voice begins to sing below its lower neighbour.

    Args:
        grid: the voices.
        metre: the time signature for the messages, by default 4/4.
        pickup: length in steps of an incomplete first bar.
    """
    places = [
        (step, pair, "cross: the lower voice is the higher")
        for step, pair in _neighbours(grid, lambda upper, lower: upper < lower)
    ]
    return _found(grid, "crossing", places, metre, pickup)


def spacings(grid: Grid, metre: Metre | None = None, pickup: float = 0) -> list[Fault]:
    """Return where neighbours above the bass begin to lie over an octave apart.

    The bass may lie as far below as it likes.

    Args:
        grid: the voices, the bass last.
        metre: the time signature for the messages, by default 4/4.
        pickup: length in steps of an incomplete first bar.
    """
    above_bass = grid.voices(*range(max(grid.n_voices - 1, 0)))
    places = [
        (step, pair, "are more than an octave apart")
        for step, pair in _neighbours(
            above_bass, lambda upper, lower: upper - lower > WIDEST_GAP
        )
    ]
    return _found(grid, "spacing", places, metre, pickup)


def out_of_range(
    grid: Grid, metre: Metre | None = None, pickup: float = 0
) -> list[Fault]:
    """Return the notes outside the range of their voice in Bach's chorales.

    Args:
        grid: four voices: soprano, alto, tenor, bass.
        metre: the time signature for the messages, by default 4/4.
        pickup: length in steps of an incomplete first bar.

    Raises:
        InputError: if there are not four voices.
    """
    if grid.n_voices != len(VOICE_RANGES):
        raise InputError(
            f"There are {grid.n_voices} voices, but ranges are known for four: "
            "soprano, alto, tenor and bass."
        )
    places = []
    for voice, (low, high) in enumerate(VOICE_RANGES):
        pitches = grid.pitches[voice]
        outside = grid.onsets[voice] & ((pitches < low) | (pitches > high))
        for step in np.flatnonzero(outside):
            deed = (
                f"sings {note_name(int(pitches[step]))}, outside {note_name(low)} to "
                f"{note_name(high)}"
            )
            places.append((int(step), (voice,), deed))
    return _found(grid, "range", places, metre, pickup)


def dissonances(
    grid: Grid, metre: Metre | None = None, pickup: float = 0
) -> list[Fault]:
    """Return where two voices begin to form a second, a tritone or a seventh.

    A dissonance is no mistake: Bach has one in ten. It is where the tension lies.

    Args:
        grid: the voices.
        metre: the time signature for the messages, by default 4/4.
        pickup: length in steps of an incomplete first bar.
    """
    places = []
    for pair in combinations(range(grid.n_voices), 2):
        classes = intervals(grid, *pair)
        for interval in DISSONANT_CLASSES:
            for step in _begins(classes == interval):
                notes = [note_name(int(grid.pitches[v, step])) for v in pair]
                deed = f"form a {_DISSONANCE_NAMES[interval]} ({notes[0]}, {notes[1]})"
                places.append((step, pair, deed))
    return _found(grid, "dissonance", places, metre, pickup)


def octaves_to_soprano(pitches: np.ndarray, to_c: int = 0) -> int:
    """Return how many octaves up (or down) a soprano would sing a melody.

    Args:
        pitches: MIDI numbers of the sounding steps, any shape, at least one.
        to_c: semitones that move the melody to C major or A minor.

    >>> octaves_to_soprano(np.array([48, 50, 52]))
    2
    """
    return round((MEAN_SOPRANO - (float(np.mean(pitches)) + to_c)) / 12)
