"""How loud a piece is: the same for all, so that two can be compared by ear.

The loud parts of every piece have the same power, -20 dBFS RMS, unless its highest peak
would then pass -1 dBFS; then that peak is put at -1 dBFS.
"""

from __future__ import annotations

import numpy as np

TARGET_RMS_DBFS = -20.0
PEAK_CEILING_DBFS = -1.0

_GATE_SECONDS = 0.4  # loudness is measured in windows of this length
_GATE_DB = 10.0  # windows so much softer than the mean don't count
_TAIL_DB = 66.0  # the end is cut off where the sound is this far below its peak


def at_common_loudness(mix: np.ndarray, sample_rate: int) -> np.ndarray:
    """Return a mix at the loudness of every piece, up to what can be heard last.

    Args:
        mix: notes added up at any level, (N, 2), float32; it is changed.
        sample_rate: samples per second.
    """
    return _without_silent_end(_scaled(mix, sample_rate))


def _scaled(mix: np.ndarray, sample_rate: int) -> np.ndarray:
    """Scale `mix` in place to the module's rule and return it."""
    peak = max(float(mix.max(initial=0)), -float(mix.min(initial=0)))
    if peak == 0:
        return mix
    n_window = round(_GATE_SECONDS * sample_rate)
    windows = (mix[i : i + n_window].ravel() for i in range(0, len(mix), n_window))
    # not np.dot: its last bit depends on the number of threads
    energies = [float(np.square(window, dtype=np.float64).sum()) for window in windows]
    powers = np.array(energies) / (2 * n_window)
    loud = powers >= powers.mean() * 10 ** (-_GATE_DB / 10)
    rms = np.sqrt(powers[loud].mean())
    target, ceiling = (10 ** (db / 20) for db in (TARGET_RMS_DBFS, PEAK_CEILING_DBFS))
    mix *= np.float32(min(target / rms, ceiling / peak * (1 - 1e-6)))
    return mix


def _without_silent_end(mix: np.ndarray) -> np.ndarray:
    """Return `mix` up to the last sample that can be heard."""
    if len(mix) == 0:
        return mix
    floor = 10 ** (-_TAIL_DB / 20) * max(float(mix.max()), -float(mix.min()))
    for end in range(len(mix), 0, -4_096):
        loud = np.flatnonzero(
            np.abs(mix[max(end - 4_096, 0) : end]).max(axis=1) > floor
        )
        if len(loud):
            return mix[: max(end - 4_096, 0) + loud[-1] + 1]
    return mix[:0]
