"""What a model must beat: voices without any learning."""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import MAJOR_SCALE
from deepcomposer_edu.music.theory import VOICE_RANGES

NOTE_STEPS = 4  # a new note on every beat, the commonest rhythm of a chorale


def random_in_key(melody: Grid, to_c: int = 0, seed: int = 0) -> Grid:
    """Return the melody over three voices of random notes from its key.

    Every voice takes a new note on each beat (4 steps), any note of the scale within
    its range with the same chance, and rests where the melody rests.

    Args:
        melody: one voice, shape (1, T).
        to_c: semitones that move the melody's key to C major or A minor.
        seed: the same seed gives the same notes.

    Returns:
        Four voices, shape (4, T), the melody unchanged on top.
    """
    generator = np.random.default_rng(seed)
    n_steps = melody.n_steps
    n_beats = -(-n_steps // NOTE_STEPS)
    on_beat = np.arange(n_steps) % NOTE_STEPS == 0
    pitches, onsets = [melody.pitches], [melody.onsets]
    for low, high in VOICE_RANGES[1:]:
        allowed = [p for p in range(low, high + 1) if (p + to_c) % 12 in MAJOR_SCALE]
        notes = generator.choice(allowed, size=n_beats)
        voice = np.repeat(notes, NOTE_STEPS)[:n_steps]  # (T,)
        voice = np.where(melody.sounding[0], voice, REST)
        pitches.append(voice[np.newaxis])
        onsets.append(on_beat[np.newaxis])
    return Grid(np.concatenate(pitches), np.concatenate(onsets))
