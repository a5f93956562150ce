"""Drawing one voice step by step, passing over parallel fifths and octaves.

The generator does not look back at what was drawn a step ago, so even a good one writes
parallels more often than Bach did. When a voice is drawn, the notes that would make one
with a voice already there are passed over, unless nothing else is left.
"""

from __future__ import annotations

import numpy as np

PERFECT = (0, 7)  # octaves (and unisons) and fifths, in semitones modulo 12


def parallel_classes(before: int, others_before: list[int], others: list[int]) -> dict:
    """Return for each pitch that would run in parallel with another voice: True.

    Args:
        before: this voice's pitch at the step before, -1 for a rest.
        others_before: the other voices' pitches at the step before.
        others: the other voices' pitches now, -1 for a rest.

    Returns:
        {pitch: True}: this voice must not move from `before` to that pitch. Two voices
        are parallel when both move by the same amount and stand an octave (unison) or a
        fifth apart, octaves left out.
    """
    banned = {}
    for other_before, other in zip(others_before, others, strict=True):
        if min(before, other_before, other) < 0 or other == other_before:
            continue
        apart = abs(other_before - before) % 12
        if apart in PERFECT:
            banned[before + other - other_before] = True
    return banned


def draw_voice(
    scores: np.ndarray, others: list[np.ndarray], low: int, avoid_parallels: bool
) -> np.ndarray:
    """Return the best-scored pitch of each step, parallels passed over.

    Args:
        scores: (B, T, V) the higher, the likelier; the last class is the rest.
        others: voices already drawn, each (B, T) MIDI pitches, -1 for a rest.
        low: pitch of the first class.
        avoid_parallels: whether parallels are passed over.

    Returns:
        (B, T) MIDI pitches, -1 for a rest.
    """
    rest = scores.shape[-1] - 1
    classes = scores.argmax(axis=-1)  # (B, T)
    pitches = np.where(classes == rest, -1, classes + low)
    if not avoid_parallels:
        return pitches
    scores = scores.copy()
    for b, t in np.ndindex(pitches.shape):
        if t == 0 or pitches[b, t] == pitches[b, t - 1]:
            continue
        banned = parallel_classes(
            int(pitches[b, t - 1]),
            [int(other[b, t - 1]) for other in others],
            [int(other[b, t]) for other in others],
        )
        if int(pitches[b, t]) in banned:
            for pitch in banned:
                if 0 <= pitch - low < rest:
                    scores[b, t, pitch - low] = -np.inf
            best = int(scores[b, t].argmax())
            pitches[b, t] = -1 if best == rest else best + low
    return pitches
