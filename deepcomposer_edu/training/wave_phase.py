"""Where in its cycle a tone is: what the phase of a recorded note really was.

Notes are never quite in tune, and each begins somewhere in its cycle. A WaveNet that is
told the phase of an ideal tone would have to find out how far the recorded one is
ahead. So in training it is told the phase of the fundamental that is measured in the
sound; when it plays, that of the tone that is wanted.
"""

from __future__ import annotations

import numpy as np

PERIODS, SECONDS = 4, 0.02  # the window is as long as the longer of these
QUIET_DB = 40  # where the fundamental is so far below its loudest, its phase is held


def phase_lead(audio: np.ndarray, hertz: float, rate: int) -> np.ndarray:
    """Return how far a tone's fundamental is ahead of an ideal one, at each sample.

    The sound times exp(-2 pi i hertz t), smoothed, is the fundamental seen from a wheel
    that turns with the ideal tone: its angle, made continuous, is the lead. Where it is
    too quiet, the last lead is held (before the first, that).

    Args:
        audio: (N,).
        hertz: of the ideal tone, whose sine begins at sample 0; above 0.
        rate: samples per second.

    Returns:
        (N,) in turns, float64: 0 for sin(2 pi hertz t) itself, 0.25 for the cosine.
    """
    from scipy.signal import fftconvolve

    t = np.arange(len(audio)) / rate
    size = max(round(PERIODS * rate / hertz), round(SECONDS * rate))
    window = np.hanning(size + 2)[1:-1]
    wheel = fftconvolve(audio * np.exp(-2j * np.pi * hertz * t), window, mode="same")
    return _ahead(wheel)


def lead_of(
    audio: np.ndarray, turns: np.ndarray, seconds: float, rate: int
) -> np.ndarray:
    """Return how far a sound's fundamental is ahead of any course, at each sample.

    As `phase_lead`, for a wheel that turns as it is told.

    Args:
        audio: (N,).
        turns: (N,) how far the wheel has turned.
        seconds: over which the sound is smoothed, seen from it.
        rate: samples per second.

    Returns:
        (N,) in turns, float64.
    """
    window = np.hanning(round(seconds * rate) + 2)[1:-1]
    return _ahead(np.convolve(audio * np.exp(-2j * np.pi * turns), window, mode="same"))


def _ahead(wheel: np.ndarray) -> np.ndarray:
    """Return a wheel's angle as a sine's, (N,) in turns; where it is quiet, the last.

    Args:
        wheel: (N,) complex.
    """
    loud = np.abs(wheel) > 10 ** (-QUIET_DB / 20) * np.abs(wheel).max(initial=0)
    if not loud.any():
        return np.zeros(len(wheel))
    places = np.flatnonzero(loud)
    turns = np.unwrap(np.angle(wheel[places])) / (2 * np.pi) + 0.25  # of a sine
    last = np.searchsorted(places, np.arange(len(wheel)), side="right") - 1
    return turns[np.maximum(last, 0)]
