"""Does a harmoniser listen? Change one note of its melody and look what else changes.

A model that ignores the melody would write the same voices; one that fell apart at the
smallest change would write others everywhere. One that listens answers at the note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid

Harmonise = Callable[[Grid, int], Grid]  # (melody, seed) -> four voices


def with_note_moved(melody: Grid, step: int, semitones: int) -> tuple[Grid, range]:
    """Return a melody with the note that sounds at a step moved, and its steps.

    Args:
        melody: one voice, (1, T).
        step: a step at which the note sounds.
        semitones: how far it moves, up if above 0.

    Returns:
        The changed melody, (1, T), and the steps of the note that was moved.

    Raises:
        InputError: if no note sounds at the step, or it would leave MIDI's range.
    """
    if not 0 <= step < melody.n_steps or not melody.sounding[0, step]:
        raise InputError(
            f"No note of the melody sounds at step {step} of {melody.n_steps}; choose "
            "a step at which one does."
        )
    breaks = np.flatnonzero(melody.onsets[0] | ~melody.sounding[0])
    first = int(breaks[breaks <= step].max(initial=0))
    end = int(breaks[breaks > step].min(initial=melody.n_steps))
    pitches = melody.pitches.copy()
    pitches[0, first:end] += semitones
    return Grid(pitches, melody.onsets), range(first, end)


def change_rate(
    harmonise: Harmonise, melody: Grid, changed: Grid, seeds: Iterable[int]
) -> np.ndarray:
    """Return at each step how often the lower voices differ between two melodies.

    Both melodies are harmonised with the same seed, so that the model's own chance is
    the same; then what differs is its answer to the change.

    Args:
        harmonise: a function of a melody and a seed that gives four voices.
        melody: one voice, (1, T).
        changed: the same melody with a change, (1, T).
        seeds: the seeds to try, at least one.

    Returns:
        The share of the three lower voices and of the seeds whose pitch differs,
        shape (T,), 0 to 1.
    """
    differs = [
        (harmonise(melody, seed).pitches[1:] != harmonise(changed, seed).pitches[1:])
        for seed in seeds
    ]
    return np.mean(differs, axis=(0, 1))
