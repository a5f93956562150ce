"""Drawing one voice step by step, with a singer's two habits.

The generator does not look back at what was drawn a step ago, so even a good one writes
parallels more often than Bach did. When a voice is drawn, the notes that would make one
with a voice already there are passed over. And it moves too often: a little inertia
favours the note that sounds already.
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
    scores: np.ndarray,
    others: list[np.ndarray],
    low: int,
    inertia: float = 0.0,
    avoid_parallels: bool = True,
) -> np.ndarray:
    """Return the best-scored pitch of each step, from the first step to the last.

    Args:
        scores: (B, T, V) the higher, the likelier; the last class is the rest.
        others: voices already drawn, each (B, T) MIDI pitches, -1 for a rest.
        low: pitch of the first class.
        inertia: added to the score of the pitch that sounds already.
        avoid_parallels: whether parallels are passed over.

    Returns:
        (B, T) MIDI pitches, -1 for a rest.
    """
    n_windows, n_steps, n_classes = scores.shape
    rest = n_classes - 1
    pitches = np.full((n_windows, n_steps), -1)
    for b, t in np.ndindex(n_windows, n_steps):
        row = scores[b, t].copy()  # (V,)
        before = int(pitches[b, t - 1]) if t else -1
        if before >= 0:
            row[before - low] += inertia
        if avoid_parallels and before >= 0:
            other_before = [int(other[b, t - 1]) for other in others]
            other_now = [int(other[b, t]) for other in others]
            for pitch in parallel_classes(before, other_before, other_now):
                if 0 <= pitch - low < rest:
                    row[pitch - low] = -np.inf
        best = int(row.argmax())
        pitches[b, t] = -1 if best == rest else best + low
    return pitches
