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
    loud = np.abs(wheel) > 10 ** (-QUIET_DB / 20) * np.abs(wheel).max(initial=0)
    if not loud.any():
        return np.zeros(len(audio))
    places = np.flatnonzero(loud)
    turns = np.unwrap(np.angle(wheel[places])) / (2 * np.pi) + 0.25  # of a sine
    last = np.searchsorted(places, np.arange(len(audio)), side="right") - 1
    return turns[np.maximum(last, 0)]
