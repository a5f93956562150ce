"""Faults planted into good music, each in a known bar and beat.

They are how a finder of faults is examined: what was planted has to be found where it
stands (`benchmarks/faults.py`). Each function changes one or two notes of four voices,
by chance, and says where; None if the piece has no place for that fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.faults import HARD_LEAPS, STUCK_STEPS, Run, runs
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.theory import VOICE_RANGES, WIDEST_GAP

N_TRIES = 60  # places looked at before a piece is given up


@dataclass(frozen=True)
class Planted:
    """Music with one fault in it.

    Args:
        grid: the voices, with the fault.
        name: what was planted, one of PLANTED.
        steps: where it can be heard: the first step and the one after the last.
        voices: the rows of the voices concerned.
    """

    grid: Grid
    name: str
    steps: tuple[int, int]
    voices: tuple[int, ...]


def _moved(grid: Grid, voice: int, run: Run, pitch: int) -> Grid:
    pitches = grid.pitches.copy()
    pitches[voice, run.start : run.end] = pitch
    return Grid(pitches, grid.onsets)


def _some_run(grid: Grid, random: np.random.Generator, voice: int) -> Run | None:
    line = runs(grid, voice)
    return line[random.integers(len(line))] if line else None


def _parallel(grid: Grid, random: np.random.Generator, interval: int, name: str):
    """Let an inner voice go along with the bass, `interval` semitones and octaves up.

    The two notes of the inner voice at a move of the bass are changed.
    """
    bass = grid.pitches[3].astype(int)
    moves = np.flatnonzero((np.diff(bass) != 0) & (bass[1:] >= 0) & (bass[:-1] >= 0))
    if not len(moves):
        return None
    step, voice = int(random.choice(moves)) + 1, int(random.integers(1, 3))
    low, high = VOICE_RANGES[voice]
    pitches = grid.pitches.copy()
    for now in (step - 1, step):
        wanted = bass[now] + interval
        wanted += 12 * max(0, -((wanted - low) // 12))  # the lowest octave in range
        if wanted > high:
            return None
        first, last = _span(bass, now)
        pitches[voice, first:last] = wanted
    if pitches[voice, step] - pitches[voice, step - 1] != bass[step] - bass[step - 1]:
        return None
    return Planted(Grid(pitches, grid.onsets), name, (step, step + 1), (voice, 3))


def _span(row: np.ndarray, step: int) -> tuple[int, int]:
    """Return where the note at a step begins and ends (the step after)."""
    changes = np.flatnonzero(np.diff(row)) + 1
    return (
        int(max(changes[changes <= step], default=0)),
        int(min(changes[changes > step], default=len(row))),
    )


def parallel_fifths(grid: Grid, random: np.random.Generator) -> Planted | None:
    """Return the music with alto or tenor a fifth above the bass in two chords."""
    return _parallel(grid, random, 7, "parallel fifths")


def parallel_octaves(grid: Grid, random: np.random.Generator) -> Planted | None:
    """Return the music with alto or tenor an octave above the bass in two chords."""
    return _parallel(grid, random, 12, "parallel octaves")


def crossed_voices(grid: Grid, random: np.random.Generator) -> Planted | None:
    """Return the music with one note of an inner voice under its lower neighbour."""
    voice = int(random.integers(1, 3))
    run = _some_run(grid, random, voice)
    if run is None:
        return None
    below = grid.pitches[voice + 1, run.start : run.end].astype(int)
    above = grid.pitches[voice - 1, run.start : run.end].astype(int)
    if (below == REST).any() or (above == REST).any() or run.pitch < below.max():
        return None
    pitch = int(below.min()) - int(random.integers(1, 6))
    steps = (run.start, run.end)
    return Planted(_moved(grid, voice, run, pitch), "crossing", steps, (voice,))


def out_of_range(grid: Grid, random: np.random.Generator) -> Planted | None:
    """Return the music with one note moved by octaves out of its voice's range."""
    voice = int(random.integers(4))
    run = _some_run(grid, random, voice)
    if run is None:
        return None
    low, high = VOICE_RANGES[voice]
    way = int(random.choice([-12, 12]))
    pitch = run.pitch
    while low <= pitch <= high:
        pitch += way
    steps = (run.start, run.end)
    return Planted(_moved(grid, voice, run, pitch), "range", steps, (voice,))


def wrong_note(grid: Grid, random: np.random.Generator) -> Planted | None:
    """Return the music with one note of any voice one or two semitones off."""
    voice = int(random.integers(4))
    run = _some_run(grid, random, voice)
    by = int(random.choice([-2, -1, 1, 2]))
    if run is None or run.pitch + by in (run.before, run.after):
        return None  # melted into its neighbour, it would be no note of its own
    steps = (run.start, run.end)
    return Planted(
        _moved(grid, voice, run, run.pitch + by), "wrong note", steps, (voice,)
    )


def stuck_note(grid: Grid, random: np.random.Generator) -> Planted | None:
    """Return the music with a voice that stays on one note for four bars."""
    length = STUCK_STEPS + 16
    if grid.n_steps <= length:
        return None
    voice = int(random.integers(4))
    start = int(random.integers(grid.n_steps - length))
    first, _ = _span(grid.pitches[voice].astype(int), start)
    if grid.pitches[voice, first] == REST:
        return None
    pitches, onsets = grid.pitches.copy(), grid.onsets.copy()
    pitches[voice, first : start + length] = pitches[voice, first]
    onsets[voice, first + 1 : start + length] = False
    return Planted(Grid(pitches, onsets), "stuck", (first, start + length), (voice,))


def hard_leap(grid: Grid, random: np.random.Generator) -> Planted | None:
    """Return the music with a note that is reached by a tritone, seventh or ninth."""
    voice = int(random.integers(4))
    run = _some_run(grid, random, voice)
    if run is None or run.before == REST:
        return None
    size = int(random.choice([*HARD_LEAPS, WIDEST_GAP + 2]))
    pitch = run.before + size * int(random.choice([-1, 1]))
    low, high = VOICE_RANGES[voice]
    if not low <= pitch <= high or pitch == run.after:
        return None
    steps = (run.start, run.start + 1)
    return Planted(_moved(grid, voice, run, pitch), "leap", steps, (voice,))


PLANTED: dict[str, Callable] = {
    "parallel fifths": parallel_fifths,
    "parallel octaves": parallel_octaves,
    "crossing": crossed_voices,
    "range": out_of_range,
    "wrong note": wrong_note,
    "stuck": stuck_note,
    "leap": hard_leap,
}


def plant(grid: Grid, name: str, seed: int = 0) -> Planted | None:
    """Return four voices with a fault planted; None if there is no place for it.

    Args:
        grid: soprano, alto, tenor, bass.
        name: one of PLANTED.
        seed: where; the same seed gives the same place.

    Raises:
        InputError: if there is no such fault, or there are not four voices.
    """
    if name not in PLANTED:
        raise InputError(
            f"There is no fault {name!r} to plant; choose from: {', '.join(PLANTED)}."
        )
    if grid.n_voices != len(VOICE_RANGES):
        raise InputError(
            f"There are {grid.n_voices} voices, but faults are planted into four: "
            "soprano, alto, tenor and bass."
        )
    random = np.random.default_rng(seed)
    for _ in range(N_TRIES):
        planted = PLANTED[name](grid, random)
        if planted is not None:
            return planted
    return None
