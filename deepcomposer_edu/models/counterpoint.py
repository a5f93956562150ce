"""Drawing one voice step by step, with a singer's three habits.

The generator does not look back at what was drawn a step ago, so even a good one writes
parallels more often than Bach did. When a voice is drawn, the notes that would make one
with a voice already there are passed over. It moves too often: a little inertia favours
the note that sounds already. And it leaps where a singer would not: notes that are hard
to find from the last one, or that clash although nobody came to them by step, are made
a little less likely.
"""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.music.battery import DISSONANT_CLASSES
from deepcomposer_edu.music.faults import HARD_LEAPS, WIDEST_LEAP

PERFECT = (0, 7)  # octaves (and unisons) and fifths, in semitones modulo 12
BY_STEP = 2  # semitones at most
_INTERVALS = np.arange(128)  # semitones between any two MIDI pitches
IS_HARD = np.isin(_INTERVALS, list(HARD_LEAPS)) | (_INTERVALS > WIDEST_LEAP)  # (128,)
IS_DISSONANT = np.isin(_INTERVALS % 12, DISSONANT_CLASSES)  # (128,)


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


def hard_to_sing(
    pitches: np.ndarray, before: int, others_before: list[int], others: list[int]
) -> np.ndarray:
    """Return which pitches a singer would rather not go to.

    Args:
        pitches: (P,) MIDI numbers.
        before: this voice's pitch at the step before.
        others_before: the other voices' pitches at the step before, -1 for a rest.
        others: the other voices' pitches now.

    Returns:
        (P,) bool: true where the way there is a tritone, a seventh or more than an
        octave; where the voice leaps into a second, tritone or seventh with another;
        and where it stays while another voice leaps (or comes from a rest) into one.
    """
    way = np.abs(pitches - before)  # (P,)
    is_hard = IS_HARD[way]
    for other_before, other in zip(others_before, others, strict=True):
        if other >= 0:
            clashes = IS_DISSONANT[np.abs(pitches - other)]
            other_leaps = abs(other - other_before) > BY_STEP
            is_hard |= clashes & ((way > BY_STEP) | ((way == 0) & other_leaps))
    return is_hard


def draw_voice(
    scores: np.ndarray,
    others: list[np.ndarray],
    low: int,
    inertia: float = 0.0,
    avoid_parallels: bool = True,
    smoothness: float = 0.0,
) -> np.ndarray:
    """Return the best-scored pitch of each step, from the first step to the last.

    Args:
        scores: (B, T, V) the higher, the likelier; the last class is the rest.
        others: voices already drawn, each (B, T) MIDI pitches, -1 for a rest.
        low: pitch of the first class.
        inertia: added to the score of the pitch that sounds already.
        avoid_parallels: whether parallels are passed over.
        smoothness: taken from the score of pitches that are hard to sing.

    Returns:
        (B, T) MIDI pitches, -1 for a rest.
    """
    n_windows, n_steps, n_classes = scores.shape
    rest = n_classes - 1
    pitches = np.full((n_windows, n_steps), -1)
    sung = np.arange(low, low + rest)  # (V - 1,)
    for b, t in np.ndindex(n_windows, n_steps):
        row = scores[b, t].copy()  # (V,)
        before = int(pitches[b, t - 1]) if t else -1
        if before >= 0:
            then, now = ([int(other[b, s]) for other in others] for s in (t - 1, t))
            row[before - low] += inertia
            if smoothness:
                row[:rest] -= smoothness * hard_to_sing(sung, before, then, now)
            if avoid_parallels:
                for pitch in parallel_classes(before, then, now):
                    if 0 <= pitch - low < rest:
                        row[pitch - low] = -np.inf
        best = int(row.argmax())
        pitches[b, t] = -1 if best == rest else best + low
    return pitches
