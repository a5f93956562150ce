"""What four voices usually do: chords and ways of singing, counted in Bach's chorales.

Three tables of logarithms of probabilities, learned by counting alone:

    chords     which notes sound together, seen from the scale of the bars around, on
               the beat and off it
    over bass  the same, seen from the bass
    ways       by how many semitones a note is reached and left, for each voice

They say how plausible a note is where it stands, and how plausible another would be in
its place. That is a noisy channel: what was meant is judged by what is usual there, as
a spelling checker does it (Shannon 1948; Kernighan, Church and Gale 1990).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.faults import BEAT, Run, runs
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import MAJOR_SCALES
from deepcomposer_edu.music.theory import VOICE_RANGES
from deepcomposer_edu.paths import data_dir

FILE_NAME = "habits.json"
N_VOICES = len(VOICE_RANGES)
N_SETS = 1 << 12  # sets of pitch classes
FARTHEST = 13  # semitones; wider leaps count as so wide
AROUND = 24  # steps to each side that tell the scale
WHOLE_PIECE = 0.15  # what the whole piece has to say about the scale, against them
UNSEEN_SET, UNSEEN_WAY = 0.02, 0.05  # counts given to what never came
SHARED_WAYS = 0.3  # of the other voices' ways, so that a rare one is not impossible
# Columns of the evidence: chords added up and the worst, the same over the bass, ways
N_EVIDENCE = 5


@dataclass(frozen=True)
class Counts:
    """How often each thing was seen.

    Args:
        chords: off the beat and on it, shape (2, 4096).
        over_bass: shape (4096,).
        ways: voice, semitones up to the note, semitones on from it, (4, 27, 27).
    """

    chords: np.ndarray
    over_bass: np.ndarray
    ways: np.ndarray


@dataclass(frozen=True)
class Habits:
    """Logarithms of probabilities; shapes as in `Counts`."""

    chords: np.ndarray
    over_bass: np.ndarray
    ways: np.ndarray


def local_scales(grid: Grid) -> np.ndarray:
    """Return the tonic of the major scale that fits best around each step, (T,)."""
    classes = np.where(grid.sounding, grid.pitches % 12, 12)  # (K, T)
    sounding = np.stack([(classes == c).sum(axis=0) for c in range(12)])  # (12, T)
    sums = np.concatenate([np.zeros((12, 1)), sounding.cumsum(axis=1)], axis=1)
    steps = np.arange(grid.n_steps)
    last = np.minimum(steps + AROUND + 1, grid.n_steps)
    near = sums[:, last] - sums[:, np.maximum(steps - AROUND, 0)]  # (12, T)
    whole = sounding.sum(axis=1, keepdims=True)
    near = near / np.maximum(near.sum(axis=0), 1)
    whole = whole / np.maximum(whole.sum(), 1)
    return (MAJOR_SCALES @ (near + WHOLE_PIECE * whole)).argmax(axis=0)


def seen_from(sets: np.ndarray, tonic: np.ndarray) -> np.ndarray:
    """Return sets of pitch classes, as bits, moved so that the tonic is C."""
    return ((sets >> tonic) | (sets << (12 - tonic))) & (N_SETS - 1)


class View:
    """Four voices, looked at so that each note can be judged.

    Args:
        grid: soprano, alto, tenor, bass.
        habits: what is usual.
    """

    def __init__(self, grid: Grid, habits: Habits | None = None) -> None:
        self.grid, self.habits = grid, habits
        self.pitches = grid.pitches.astype(int)  # (4, T)
        self.scales = local_scales(grid)  # (T,)
        changes = (np.diff(self.pitches, axis=1) != 0).any(axis=0)
        self.changes = np.concatenate([[True], changes]) if grid.n_steps else changes
        self.bits = np.where(self.pitches >= 0, 1 << (self.pitches % 12), 0)

    def evidence(self, voice: int, run: Run, pitches: np.ndarray) -> np.ndarray:
        """Return how plausible pitches are in a note's place, (N, N_EVIDENCE), logs.

        Args:
            voice: row of the grid.
            run: the note.
            pitches: MIDI numbers to put there, (N,).
        """
        steps = run.start + np.flatnonzero(self.changes[run.start : run.end])
        steps = steps if len(steps) else np.array([run.start])
        others = np.bitwise_or.reduce(np.delete(self.bits[:, steps], voice, axis=0))
        sets = others | (1 << (pitches % 12))[:, None]  # (N, S)
        on_beat = (steps % BEAT == 0).astype(int)
        chords = self.habits.chords[on_beat, seen_from(sets, self.scales[steps])]
        is_bass = voice == N_VOICES - 1
        bass = pitches[:, None] if is_bass else self.pitches[-1, steps][None]
        over = self.habits.over_bass[seen_from(sets, bass % 12)]
        over = np.where(bass == REST, 0.0, over)
        ways = self.habits.ways[
            voice, _way(run.before, pitches), _way(pitches, run.after)
        ]
        columns = (chords.sum(1), chords.min(1), over.sum(1), over.min(1), ways)
        return np.stack(columns, axis=1)


def _way(begin: np.ndarray | int, end: np.ndarray | int) -> np.ndarray:
    """Return the row of a way in the table; to and from a rest it counts as none."""
    begin, end = np.broadcast_arrays(begin, end)
    rests = (begin == REST) | (end == REST)
    return np.clip(np.where(rests, 0, end - begin), -FARTHEST, FARTHEST) + FARTHEST


def count(grids: Iterable[Grid]) -> Counts:
    """Return how often everything stands in some pieces of four voices."""
    width = 2 * FARTHEST + 1
    chords, over_bass = np.zeros((2, N_SETS)), np.zeros(N_SETS)
    ways = np.zeros((N_VOICES, width, width))
    for grid in grids:
        view = View(grid)
        steps = np.flatnonzero(view.changes)
        sets = np.bitwise_or.reduce(view.bits[:, steps])  # (S,)
        places = (steps % BEAT == 0).astype(int), seen_from(sets, view.scales[steps])
        np.add.at(chords, places, 1)
        bass = view.pitches[-1, steps]
        has_bass = bass != REST
        from_bass = seen_from(sets[has_bass], bass[has_bass] % 12)
        np.add.at(over_bass, from_bass, 1)
        for voice in range(N_VOICES):
            for run in runs(grid, voice):
                way = _way(run.before, run.pitch), _way(run.pitch, run.after)
                ways[voice, way[0], way[1]] += 1
    return Counts(chords, over_bass, ways)


def habits_of(counts: Counts) -> Habits:
    """Return counts as logarithms of probabilities; what never came is rare."""
    chords = counts.chords + UNSEEN_SET
    over_bass = counts.over_bass + UNSEEN_SET
    ways = counts.ways + SHARED_WAYS * counts.ways.mean(axis=0) + UNSEEN_WAY
    return Habits(
        np.log(chords / chords.sum(axis=1, keepdims=True)),
        np.log(over_bass / over_bass.sum()),
        np.log(ways / ways.sum(axis=(1, 2), keepdims=True)),
    )


def counts_as_json(counts: Counts) -> dict[str, dict[str, int]]:
    """Return counts as plain data: the place in the flat table, and how often."""
    return {
        name: {str(i): int(table.flat[i]) for i in np.flatnonzero(table)}
        for name, table in vars(counts).items()
    }


def _counts_of(stored: dict[str, dict[str, int]]) -> Counts:
    width = 2 * FARTHEST + 1
    shapes = {
        "chords": (2, N_SETS),
        "over_bass": (N_SETS,),
        "ways": (N_VOICES, width, width),
    }
    tables = {}
    for name, shape in shapes.items():
        tables[name] = np.zeros(shape)
        places = np.array([int(place) for place in stored[name]], dtype=int)
        tables[name].flat[places] = list(stored[name].values())
    return Counts(**tables)


@functools.cache
def read_habits() -> dict:
    """Return what the shipped file holds: "habits", and what was learned with them.

    Raises:
        InputError: if the file is missing or damaged.
    """
    path = data_dir() / "corpora" / FILE_NAME
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {**stored, "habits": habits_of(_counts_of(stored["counts"]))}
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"What is usual in chorales, {path}, cannot be read ({error!r}); make it "
            "again with `python data/make/habits.py`."
        ) from error
