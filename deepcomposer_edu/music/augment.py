"""More music out of what there is: other tempo, other key, noise.

A network that has heard a tune in one key only cannot know that the key does not
matter. Augmentation shows it what leaves music the same: it adds changed copies to what
it learns from, never to what it is judged by.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.score import Note, Score

LOW, HIGH = 36, 83  # C2 to B5, the range of the models
SHIFTS = range(-5, 7)  # semitones: each of the twelve keys once, by the shorter way
STRETCHES = range(1, 65)
NEIGHBOURS = (-2, -1, 1, 2)  # semitones from a note to the wrong one


def change_tempo(score: Score, factor: float) -> Score:
    """Return the score played faster or slower; its notes stay as they are.

    On the grid of the models nothing changes, for it counts sixteenths, not seconds:
    to a network, `stretch` is the change of time that matters.

    Args:
        score: the music.
        factor: 2 is twice as fast; above 0.

    Raises:
        InputError: if the factor is not above 0.
    """
    _check_factor(factor)
    changes = tuple((step, bpm * factor) for step, bpm in score.tempo_changes)
    return replace(score, tempo=score.tempo * factor, tempo_changes=changes)


def stretch(grid: Grid, factor: int) -> Grid:
    """Return the grid with every note and rest `factor` times as long.

    Composers do so themselves: a theme in doubled values is called augmentation.

    Args:
        grid: shape (K, T).
        factor: a whole number, 1 to 64.

    Returns:
        A grid of shape (K, factor * T).

    Raises:
        InputError: if the factor is another one.
    """
    if factor not in STRETCHES:
        raise InputError(
            f"The grid is to be stretched {factor} times, but only whole numbers, 1 to "
            f"{STRETCHES[-1]}, keep every note on its sixteenth."
        )
    onsets = np.zeros((grid.n_voices, grid.n_steps * int(factor)), dtype=bool)
    onsets[:, :: int(factor)] = grid.onsets
    return Grid(grid.pitches.repeat(int(factor), axis=1), onsets)


def pitch_shift(music: Score | Grid, semitones: int) -> Score | Grid:
    """Return the music moved by `semitones`; rests and drums stay.

    Raises:
        InputError: if a note would leave the MIDI range 0 to 127.
    """
    return music.transposed(semitones)


def transpositions(grid: Grid, low: int = LOW, high: int = HIGH) -> list[Grid]:
    """Return the grid in every key that fits, itself included.

    It is moved by each number of semitones in SHIFTS, -5 to 6, in this order. A copy
    of which a note would lie below `low` or above `high` is left out whole: to cut or
    fold single notes would change the tune. Rests (-1) are no notes and fit always.
    Notes that are struck again stay struck again.

    Args:
        grid: shape (K, T).
        low: the lowest pitch allowed.
        high: the highest.

    Returns:
        At most twelve grids of the same shape.
    """
    notes = grid.pitches[grid.sounding].astype(int)  # of all voices, no rests
    return [
        grid.transposed(shift)
        for shift in SHIFTS
        if ((notes + shift >= low) & (notes + shift <= high)).all()
    ]


def jitter(
    score: Score, steps: float = 0.15, velocity: float = 8.0, seed: int = 0
) -> Score:
    """Return the score played less evenly: starts and loudness waver by chance.

    Every note is moved in time and in loudness by normal noise; its length stays. No
    note starts before 0, and drums are played like the others.

    Args:
        score: the music.
        steps: spread of the starts, in sixteenths (standard deviation), 0 or more.
        velocity: spread of the loudness, 0 or more.
        seed: from which the noise follows.

    Raises:
        InputError: if a spread is below 0.
    """
    if not (steps >= 0 and velocity >= 0):
        raise InputError(
            f"The noise spreads by {steps} steps and {velocity} of loudness, but a "
            "spread is 0 or more."
        )
    rng = np.random.default_rng(seed)

    def played(note: Note) -> Note:
        start = max(0.0, note.start + steps * rng.standard_normal())
        loudness = round(note.velocity + velocity * rng.standard_normal())
        return replace(note, start=start, velocity=min(127, max(1, loudness)))

    tracks = [replace(t, notes=tuple(map(played, t.notes))) for t in score.tracks]
    return replace(score, tracks=tuple(tracks))


def wrong_notes(grid: Grid, share: float, seed: int = 0) -> Grid:
    """Return the grid with some notes moved by one or two semitones, up or down.

    Args:
        grid: shape (K, T).
        share: probability of each note to be moved, 0 to 1. One that would leave the
            MIDI range stays.
        seed: from which the choice follows.

    Returns:
        A grid of the same shape; rhythm and rests stay.

    Raises:
        InputError: if the share is no probability.
    """
    if not 0 <= share <= 1:
        raise InputError(
            f"The share of wrong notes is {share}, but it is a probability: 0 to 1."
        )
    rng = np.random.default_rng(seed)
    pitches = grid.pitches.astype(int)
    for voice in range(grid.n_voices):
        # each note has a number: onsets count up, held steps keep theirs
        numbers = np.cumsum(grid.onsets[voice])
        n_notes = int(numbers[-1]) if len(numbers) else 0
        moves = rng.choice(NEIGHBOURS, n_notes + 1)
        moves[rng.random(n_notes + 1) >= share] = 0
        moved = pitches[voice] + moves[numbers]
        is_kept = (pitches[voice] == REST) | (moved < 0) | (moved > 127)
        pitches[voice] = np.where(is_kept, pitches[voice], moved)
    return Grid(pitches, grid.onsets)


def _check_factor(factor: float) -> None:
    if not 0 < factor < float("inf"):
        raise InputError(
            f"The tempo is to change {factor} times, but the factor must be above 0; "
            "2 is twice as fast."
        )
