"""How high a melody sounds at each moment: one frequency for each of its frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.errors import InputError

LOWEST_HZ, HIGHEST_HZ = 55.0, 2_500.0
WINDOW_SECONDS = 0.064
THRESHOLD = 0.15  # the first dip so deep counts, or else the deepest
VOICED = 0.35  # a dip less deep than this is no pitch
QUIET_DB = 40.0  # frames so far below the loudest have no pitch
COMPANY_SEMITONES = 1.0
FINE_MULTIPLES = 4  # the period is read off where it has come round so often


@dataclass(frozen=True, eq=False)
class PitchTrack:
    """A melody's course.

    Args:
        hertz: (F,) a frequency for every frame; where nothing sounds, that of the
            nearest frame that does.
        voiced: (F,) bool, whether a pitch is heard.
    """

    hertz: np.ndarray
    voiced: np.ndarray


def pitch_track(audio: np.ndarray, rate: int, hop: int) -> PitchTrack:
    """Return the fundamental frequency of one voice in each frame, by YIN.

    The squared difference between a window and the same window a lag later, over its
    mean at all smaller lags, dips where the lag is a period (de Cheveigne and Kawahara
    2002, "YIN", eqs. 6 and 8). Its first deep dip is taken, read off more finely at
    multiples of it, and single frames that leap away and back are smoothed.

    Args:
        audio: (N,), one voice at a time.
        rate: samples per second, 8,000 or more.
        hop: samples of a frame; frame i has its middle at (i + 0.5) * hop.

    Returns:
        ceil(N / hop) frames.

    Raises:
        InputError: if the sound has another shape, holds no finite numbers, or no
            pitch is heard in it anywhere.
    """
    audio = np.asarray(audio, dtype=np.float64)
    if audio.ndim != 1 or len(audio) == 0 or not np.isfinite(audio).all():
        raise InputError(
            f"The sound has the shape {audio.shape}, but it must be (samples,), finite "
            "numbers, at least one."
        )
    frames = _windows(audio, rate, hop)  # (F, size + longest)
    longest = int(rate / LOWEST_HZ) + 2
    dips = _normalised_difference(frames, longest)  # (F, longest)
    powers = frames.var(axis=1)
    loud = powers > max(powers.max() * 10 ** (-QUIET_DB / 10), 1e-10)
    read = [
        _period(row, rate) if on else None for row, on in zip(dips, loud, strict=True)
    ]
    hertz = np.array([rate / period if period else np.nan for period in read])
    hertz = _without_leaps(np.where(_has_company(hertz), hertz, np.nan))
    voiced = np.isfinite(hertz)
    if not voiced.any():
        raise InputError(
            "No pitch is heard in the sound; give a melody of one voice: whistled, "
            "sung or played."
        )
    known = np.flatnonzero(voiced)
    at = np.arange(len(hertz))
    nearest = known[np.abs(at[:, None] - known[None]).argmin(axis=1)]
    return PitchTrack(hertz[nearest], voiced)


def _windows(audio: np.ndarray, rate: int, hop: int) -> np.ndarray:
    """Return a window around the middle of each frame, long enough for every lag."""
    length = round(WINDOW_SECONDS * rate) + int(rate / LOWEST_HZ) + 2
    n_frames = -(-len(audio) // hop)
    before = length // 2 - hop // 2
    padded = np.pad(audio, (max(before, 0), length + hop))
    starts = np.arange(n_frames) * hop + max(-before, 0)
    return padded[starts[:, None] + np.arange(length)]


def _normalised_difference(frames: np.ndarray, longest: int) -> np.ndarray:
    """Return YIN's d' at the lags 0 to longest - 1, (F, longest)."""
    size = frames.shape[1] - longest
    n_fft = 1 << (frames.shape[1] + size).bit_length()
    spectrum = np.fft.rfft(frames, n_fft)
    first = np.fft.rfft(frames[:, :size], n_fft)
    products = np.fft.irfft(spectrum * first.conj(), n_fft)[:, :longest]
    sums = np.cumsum(np.pad(frames**2, ((0, 0), (1, 0))), axis=1)
    energies = sums[:, size : size + longest] - sums[:, :longest]
    difference = np.maximum(energies[:, :1] + energies - 2 * products, 0)
    mean = np.cumsum(difference[:, 1:], axis=1) / np.arange(1, longest)
    ratio = difference[:, 1:] / np.maximum(mean, 1e-12)
    return np.concatenate([np.ones((len(frames), 1)), ratio], axis=1)


def _period(dips: np.ndarray, rate: int) -> float | None:
    """Return the period in samples that a frame's d' shows, or None."""
    shortest = max(int(rate / HIGHEST_HZ), 2)
    middle = dips[shortest:-1]
    is_dip = (middle <= dips[shortest - 1 : -2]) & (middle < dips[shortest + 1 :])
    lags = np.flatnonzero(is_dip) + shortest
    if len(lags) == 0:
        return None
    deep = lags[dips[lags] < THRESHOLD]
    lag = int(deep[0]) if len(deep) else int(lags[dips[lags].argmin()])
    if dips[lag] > VOICED:
        return None
    period = _lowest(dips, lag)
    for multiple in range(2, FINE_MULTIPLES + 1):
        near = round(period * multiple)
        around = np.arange(near - 1, near + 2)
        if around[-1] >= len(dips) - 1:
            break
        best = int(around[dips[around].argmin()])
        if dips[best] > 2 * VOICED * THRESHOLD + dips[lag]:
            break
        period = _lowest(dips, best) / multiple
    return period


def _lowest(dips: np.ndarray, lag: int) -> float:
    """Return where a parabola through a dip and its neighbours is lowest."""
    a, b, c = dips[lag - 1 : lag + 2]
    bend = a - 2 * b + c
    return lag + (float(np.clip(0.5 * (a - c) / bend, -1, 1)) if bend > 0 else 0.0)


def _has_company(hertz: np.ndarray) -> np.ndarray:
    """Return whether a frame beside each sounds nearly as high, (F,) bool.

    At the very beginning of a note a window holds hardly a period of it, and what is
    read there may be anything.
    """
    leaps = np.abs(12 * np.diff(np.log2(hertz)))  # nan beside what is not voiced
    alike = np.concatenate([[False], leaps < COMPANY_SEMITONES, [False]])
    return alike[:-1] | alike[1:]


def _without_leaps(hertz: np.ndarray) -> np.ndarray:
    """Return frequencies, each the median of itself and the two beside it."""
    padded = np.pad(hertz, 1, mode="edge")
    three = np.stack([padded[:-2], padded[1:-1], padded[2:]])
    whole = np.isfinite(three).all(axis=0)
    return np.where(whole, np.median(np.nan_to_num(three), axis=0), hertz)
