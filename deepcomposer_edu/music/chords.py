"""Which chords a piece's voices sing: one for each span of time, smoothed over time."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.score import NOTE_NAMES, Note

QUALITIES: dict[str, tuple[int, ...]] = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "diminished": (0, 3, 6),
    "seventh": (0, 4, 7, 10),  # the dominant seventh
}
_SIGNS = {"major": "", "minor": "m", "diminished": "dim", "seventh": "7"}

# How welcome a chord is in a key, by the semitones of its root above the tonic. What is
# not listed costs FOREIGN. Borrowed chords and dominants of other degrees cost less.
_IN_MAJOR = {
    "major": {0: 0.0, 5: 0.0, 7: 0.0, 2: -0.3, 10: -0.4, 9: -0.35, 4: -0.35},
    "minor": {2: 0.0, 9: 0.0, 4: -0.08, 5: -0.35, 7: -0.45},
    "diminished": {11: -0.12, 6: -0.4},
    "seventh": {7: -0.05, 2: -0.35, 9: -0.4, 4: -0.4, 0: -0.4},
}
_IN_MINOR = {
    "major": {3: 0.0, 8: 0.0, 10: 0.0, 7: 0.0, 5: -0.35, 0: -0.4, 1: -0.45},
    "minor": {0: 0.0, 5: 0.0, 7: -0.1, 2: -0.5, 10: -0.5},
    "diminished": {2: -0.12, 11: -0.15},
    "seventh": {7: -0.05, 10: -0.15, 0: -0.4, 3: -0.45},
}
FOREIGN = -0.7
SEVENTH_COST = 0.12  # four notes cover more than three, so they have to earn it
ROOT_IN_BASS, CHORD_IN_BASS = 0.25, 0.08
LATE = 0.6  # weight of a note that begins within the span beside one that begins it
MELODY_WEIGHT, BASS_WEIGHT = 2.5, 1.3
FIFTH_DOWN = 0.06  # the commonest motion of roots


@dataclass(frozen=True)
class Chord:
    """A chord by its root, 0 (C) to 11 (B), and its quality, one of QUALITIES."""

    root: int
    quality: str

    @property
    def classes(self) -> tuple[int, ...]:
        """Its pitch classes, the root first."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    @property
    def triad(self) -> tuple[int, ...]:
        """Its root, third and fifth."""
        return self.classes[:3]

    @property
    def name(self) -> str:
        """What it is called.

        >>> Chord(7, "seventh").name, Chord(9, "minor").name
        ('G7', 'Am')
        """
        return NOTE_NAMES[self.root] + _SIGNS[self.quality]


@dataclass(frozen=True)
class Slot:
    """A span of time in which the chord does not change.

    Args:
        start: its first step.
        end: the step after its last.
        change_cost: how unwelcome a new chord is at its start.
    """

    start: float
    end: float
    change_cost: float = 0.0


@functools.cache
def all_chords() -> tuple[Chord, ...]:
    """Return every chord that is looked for: 12 roots of each quality."""
    return tuple(Chord(root, quality) for quality in QUALITIES for root in range(12))


@functools.cache
def _templates() -> np.ndarray:
    """Return +1 for the notes of each chord and -1 for the others, (chords, 12)."""
    table = -np.ones((len(all_chords()), 12))
    for row, chord in zip(table, all_chords(), strict=True):
        row[list(chord.classes)] = 1
    return table


def welcome(chord: Chord, key: Key) -> float:
    """Return how welcome a chord is in a key: 0 for the usual ones, else below 0."""
    table = _IN_MAJOR if key.mode == "major" else _IN_MINOR
    degree = (chord.root - key.tonic) % 12
    cost = SEVENTH_COST if chord.quality == "seventh" else 0.0
    return table[chord.quality].get(degree, FOREIGN) - cost


def chord_weights(
    voices: Sequence[Sequence[Note]], slots: Sequence[Slot]
) -> tuple[np.ndarray, np.ndarray]:
    """Return how much each pitch class sounds in each slot, and in the bass.

    Args:
        voices: the notes of each voice, the melody first and the bass last.
        slots: the spans, in order of time.

    Returns:
        Two arrays, (slots, 12) each; a row adds up to 1, or to 0 for silence.
    """
    total, bass = np.zeros((2, len(slots), 12))
    starts = np.array([slot.start for slot in slots])
    ends = np.array([slot.end for slot in slots])
    for k, notes in enumerate(voices):
        is_bass = k == len(voices) - 1
        weight = MELODY_WEIGHT if k == 0 else BASS_WEIGHT if is_bass else 1.0
        for note in notes:
            first = int(np.searchsorted(ends, note.start, side="right"))
            last = int(np.searchsorted(starts, note.end, side="left"))
            for i in range(first, last):
                length = min(note.end, ends[i]) - max(note.start, starts[i])
                is_late = note.start > starts[i]
                total[i, note.pitch % 12] += weight * length * (LATE if is_late else 1)
                if is_bass:
                    bass[i, note.pitch % 12] += length
    for table in (total, bass):
        sums = table.sum(axis=1, keepdims=True)
        np.divide(table, sums, out=table, where=sums > 0)
    return total, bass


def find_chords(
    voices: Sequence[Sequence[Note]],
    slots: Sequence[Slot],
    key: Key,
    close_from: float | None = None,
    close: float = 0.0,
) -> list[Chord]:
    """Return the likeliest chord of each slot, by dynamic programming.

    A chord is the likelier, the more of what sounds belongs to it, the more at home it
    is in the key, and if its root is in the bass. A change costs what its slot says, so
    passing notes do not make chords of their own.

    Args:
        voices: the notes of each voice, the melody first and the bass last.
        slots: the spans, in order of time, at least one.
        key: the key of the piece.
        close_from: from this step on, the tonic is preferred
        close: by so much, beside a fit between -1 and 1 or so.

    Returns:
        One chord for each slot.
    """
    chords = all_chords()
    total, bass = chord_weights(voices, slots)
    roots = np.array([chord.root for chord in chords])
    fit = total @ _templates().T  # (slots, chords)
    fit += ROOT_IN_BASS * bass[:, roots]
    fit += CHORD_IN_BASS * (bass @ (_templates().T > 0))
    fit += np.array([welcome(chord, key) for chord in chords])
    tonic = Chord(key.tonic, key.mode)
    for i, slot in enumerate(slots):
        if close_from is not None and slot.start >= close_from:
            fit[i, chords.index(tonic)] += close
        fit[i] *= (slot.end - slot.start) / 4
    moves = np.zeros((len(chords), len(chords)))  # from row to column
    moves[(roots[:, None] - roots[None]) % 12 == 7] = FIFTH_DOWN
    stays = np.eye(len(chords), dtype=bool)
    best = fit[0]
    came_from = []
    for i in range(1, len(slots)):
        step = np.where(stays, 0.0, moves - slots[i].change_cost)
        paths = best[:, None] + step
        came_from.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + fit[i]
    at = int(best.argmax())
    line = [at]
    for back in reversed(came_from):
        at = int(back[at])
        line.append(at)
    return [chords[i] for i in reversed(line)]
