"""The circle of fifths, and how much of any circle lies in twelve vectors."""

from __future__ import annotations

import numpy as np

# The classes in order of fifths: C, G, D, A, ... A fifth up is 7 semitones.
FIFTHS = tuple(7 * step % 12 for step in range(12))
# What 1 to 6 turns through the twelve classes show. With 1 and 5 turns, neighbours on
# the circle are a semitone or a fifth apart; with the others, notes that are this far
# apart share one place.
CIRCLES = (
    "semitones",
    "tritones",
    "major thirds",
    "minor thirds",
    "fifths",
    "whole tones",
)


def fifth_place(pitch_class: int) -> int:
    """Return the place of a pitch class on the circle of fifths: C 0, G 1, D 2, ...

    >>> fifth_place(0), fifth_place(7), fifth_place(2), fifth_place(5)
    (0, 1, 2, 11)
    """
    return 7 * pitch_class % 12


def class_means(vectors: np.ndarray, pitches: np.ndarray) -> np.ndarray:
    """Return the mean vector of each pitch class, over all its octaves.

    Args:
        vectors: one for each pitch, shape (N, D).
        pitches: their MIDI numbers, shape (N,); each of the 12 classes is there.

    Returns:
        Shape (12, D), the mean of C first.
    """
    classes = np.asarray(pitches) % 12
    return np.stack([vectors[classes == c].mean(axis=0) for c in range(12)])


def circle_shares(vectors: np.ndarray) -> np.ndarray:
    """Return how much of twelve vectors' variance lies on each of six circles.

    Walk through the pitch classes while a pointer goes k times round a clock, and add
    up vector times pointer: f_k = sum_c exp(-2 pi i k c / 12) v_c. The squared length
    of f_k says how much of the vectors goes round with k turns. With one turn,
    neighbours are a semitone apart; with five they are a fifth apart. 12 - k turns make
    the same circle, walked the other way round, and count with it.

    Args:
        vectors: one for each pitch class from C up, shape (12, D).

    Returns:
        Shape (6,), the shares of 1 to 6 turns, named in CIRCLES; together 1. Twelve
        equal vectors give six zeros.
    """
    circles = np.abs(np.fft.fft(vectors, axis=0)) ** 2  # (12, D), 0 to 11 turns
    power = circles.sum(axis=1)
    both = power[1:7] + power[:5:-1]  # 1 with 11 turns, 2 with 10, ... 6 with itself
    both[5] /= 2
    return both / both.sum() if both.sum() > 0 else np.zeros(6)
