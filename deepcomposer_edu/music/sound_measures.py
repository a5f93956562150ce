"""What can be measured of a sound: its pitch, its colour beside another's, its clicks.

Each measure is defined where it stands, so that a number in a table can be made again.
All of them want one channel; `music/audio.py` says how loud a sound is.
"""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.errors import InputError

LOWEST_HZ, HIGHEST_HZ = 40.0, 2_000.0  # where a fundamental is looked for
_PITCH_SECONDS = 0.128  # a window's length; 5 periods of LOWEST_HZ
_VOICED = 0.6  # of the autocorrelation at lag 0, so high must the peak be
_OCTAVE_COST = 0.04  # what a candidate loses for each octave that it lies lower
_FINE = 8  # the autocorrelation is read so much more densely than there are samples
_LOUD_DB = 30.0  # windows so much softer than the loudest don't count
_NEAR_SEMITONES = 4.0  # with a hint, so far from it is looked

_BAND_SECONDS = 0.064  # of a window of `spectral_distance`
N_BANDS = 48
_FLOOR_DB = 60.0  # below the louder sound's loudest band nothing counts

CLICK_FACTOR = 2.0  # so much more than its surroundings a click bends the wave
CLICK_FLOOR = 0.02  # and at least so much, of full scale
_CLICK_NEAR, _CLICK_FAR = 0.002, 0.03  # seconds: the surroundings, on either side


def fundamental(audio: np.ndarray, rate: int, near: float | None = None) -> float:
    """Return the fundamental frequency of a sound of one pitch, in hertz.

    The highest peak of the autocorrelation, corrected for the window's own, in
    overlapping windows of 0.128 s (P. Boersma, "Accurate short-term analysis of the
    fundamental frequency", 1993, equations 8 and 9). The mean of the windows within
    30 dB of the loudest decides between octaves, so that noise does not: a lower octave
    must win by 0.04 of the autocorrelation. Then the median of the windows is taken.

    Args:
        audio: shape (n,).
        rate: samples per second.
        near: a frequency in hertz; then only within four semitones of it is looked.

    Returns:
        The frequency, or nan where no clear pitch is heard in half of the windows.

    Raises:
        InputError: if the sound has not one channel, or holds no finite numbers.

    >>> wave = np.sin(2 * np.pi * 220 * np.arange(8_000) / 8_000)
    >>> round(fundamental(wave, 8_000), 2)
    220.0
    """
    audio = _one_channel(audio)
    low, high = LOWEST_HZ, min(HIGHEST_HZ, rate / 4)
    if near is not None:
        factor = 2 ** (_NEAR_SEMITONES / 12)
        low, high = max(low, near / factor), min(rate / 3, near * factor)
    size = min(round(_PITCH_SECONDS * rate), len(audio))
    if size < 3 * rate / high or low >= high:
        return float("nan")
    low = max(low, 3 * rate / size)  # three periods have to fit
    frames = _frames(audio, size, max(size // 4, 1))
    powers = frames.var(axis=1)
    frames = frames[powers >= max(powers.max() * 10 ** (-_LOUD_DB / 10), 1e-12)]
    if len(frames) == 0:
        return float("nan")
    lags, likeness = _likeness(frames, rate, low, high)
    best = _peak(likeness.mean(axis=0), lags) if len(lags) >= 3 else None
    if best is None:
        return float("nan")
    factor = 2 ** (1 / 12)  # each window then says where in this semitone and the next
    near_best = (lags >= lags[best] / factor) & (lags <= lags[best] * factor)
    pitches = [_refined(row[near_best], lags[near_best]) for row in likeness]
    heard = [_FINE * rate / lag for lag in pitches if np.isfinite(lag)]
    if not heard or 2 * len(heard) < len(pitches):
        return float("nan")
    return float(np.median(heard))


def _likeness(
    frames: np.ndarray, rate: int, low: float, high: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return lags in 1 / _FINE samples, and how alike each window is to itself then.

    Args:
        frames: (windows, size).
        rate: samples per second.
        low: lowest frequency in hertz.
        high: highest frequency.

    Returns:
        (L,) lags, and (windows, L): at most about 1.
    """
    size = frames.shape[1]
    n_fft = 1 << (2 * size - 1).bit_length()
    window = np.hanning(size + 2)[1:-1]
    own = _autocorrelation(window, n_fft)
    first, last = int(_FINE * rate / high), int(_FINE * rate / low) + 2
    lags = np.arange(max(first - 1, 1), min(last + 1, _FINE * size * 2 // 3))
    rows = []
    for frame in frames:
        heard = _autocorrelation((frame - frame.mean()) * window, n_fft)
        rows.append(heard[lags] / own[lags] * own[0] / max(heard[0], 1e-30))
    return lags, np.array(rows).reshape(len(frames), len(lags))


def _peak(likeness: np.ndarray, lags: np.ndarray) -> int | None:
    """Return the place of the best peak of a likeness (L,), None if none is clear."""
    left, middle, right = likeness[:-2], likeness[1:-1], likeness[2:]
    peaks = np.flatnonzero((middle > left) & (middle >= right) & (middle > _VOICED)) + 1
    if len(peaks) == 0:
        return None
    costs = _OCTAVE_COST * np.log2(lags[peaks] / lags[peaks[0]])
    return int(peaks[np.argmax(likeness[peaks] - costs)])


def _refined(likeness: np.ndarray, lags: np.ndarray) -> float:
    """Return the lag of the highest peak, between the lags, nan if none is clear."""
    best = int(np.argmax(likeness))
    if not 0 < best < len(lags) - 1 or likeness[best] <= _VOICED:
        return float("nan")
    a, b, c = likeness[best - 1 : best + 2]
    shift = 0.5 * (a - c) / (a - 2 * b + c) if a - 2 * b + c < 0 else 0.0
    return float(lags[best] + shift)


def _autocorrelation(wave: np.ndarray, n_fft: int) -> np.ndarray:
    """Return the autocorrelation at lags of 1 / _FINE samples, from 0 up."""
    spectrum = np.abs(np.fft.rfft(wave, n_fft)) ** 2
    return np.fft.irfft(spectrum, n_fft * _FINE)[: n_fft * _FINE // 2]


def cents(frequency: float, reference: float) -> float:
    """Return how far a frequency lies above another, in cents: 100 to a semitone.

    Args:
        frequency: in hertz; nan gives nan.
        reference: in hertz.

    >>> round(cents(440 * 2 ** (1 / 12), 440))
    100
    """
    if not (frequency > 0 and reference > 0):
        return float("nan")
    return 1_200 * float(np.log2(frequency / reference))


def spectral_distance(a: np.ndarray, b: np.ndarray, rate: int) -> float:
    """Return how different two sounds are in colour and loudness over time, in dB.

    Both are cut into windows of 64 ms (Hann, moved on by a quarter), the power of each
    is added up in 48 triangular bands that lie evenly on the mel scale, and taken in
    decibels; what lies 60 dB below the louder sound's loudest band is raised to there.
    The distance is the root of the mean squared difference. It hears no phases: a sound
    moved by a sample is (nearly) the same. Of two sounds the shorter one's end counts
    as silence.

    Args:
        a: shape (n,).
        b: the same, at the same rate.
        rate: samples per second.

    Returns:
        0 for equal sounds, at most 60.

    Raises:
        InputError: if a sound is empty, has more channels or holds no finite numbers.
    """
    a, b = _one_channel(a), _one_channel(b)
    n = max(len(a), len(b), round(_BAND_SECONDS * rate))
    bands = [_band_powers(np.pad(x, (0, n - len(x))), rate) for x in (a, b)]
    loudest = max(float(powers.max()) for powers in bands)
    if loudest == 0:
        return 0.0
    floor = loudest * 10 ** (-_FLOOR_DB / 10)
    first, second = (10 * np.log10(np.maximum(powers, floor)) for powers in bands)
    return float(np.sqrt(np.mean((first - second) ** 2)))


def _band_powers(audio: np.ndarray, rate: int) -> np.ndarray:
    """Return the power in each window and band, shape (windows, N_BANDS)."""
    size = round(_BAND_SECONDS * rate)
    frames = _frames(audio, size, max(size // 4, 1))
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(size + 2)[1:-1], 2 * size)) ** 2
    hertz = np.fft.rfftfreq(2 * size, 1 / rate)
    top = 2_595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, N_BANDS + 2) / 2_595) - 1)
    rise = (hertz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - hertz[:, None]) / (edges[2:] - edges[1:-1])
    return spectrum @ np.clip(np.minimum(rise, fall), 0, None)


def clicks(audio: np.ndarray, rate: int) -> float:
    """Return how many clicks a sound has in a second, see `click_places`.

    Args:
        audio: in [-1, 1], shape (n,).
        rate: samples per second.

    Raises:
        InputError: if the sound is empty, has more channels or holds no finite numbers.
    """
    return float(len(click_places(audio, rate)) * rate / len(audio))


def click_places(audio: np.ndarray, rate: int) -> np.ndarray:
    """Return the samples at which a sound clicks, shape (clicks,), int.

    A click is a sample at which the wave bends (its second difference) at least twice
    as much as at any sample between 2 and 30 ms before it, and between 2 and 30 ms
    after it, and by at least 0.02. The corners of a steady wave return in each period,
    and a note that rises within a few milliseconds goes on bending, so neither is one.
    Clicks closer than 30 ms hide each other.

    Args:
        audio: in [-1, 1], shape (n,).
        rate: samples per second.

    Raises:
        InputError: if the sound is empty, has more channels or holds no finite numbers.
    """
    from scipy.ndimage import maximum_filter1d

    audio = _one_channel(audio)
    if len(audio) < 3:
        return np.zeros(0, dtype=int)
    bend = np.abs(np.diff(audio, 2))
    near, far = round(_CLICK_NEAR * rate), round(_CLICK_FAR * rate)
    width = far - near
    padded = np.pad(bend, far)  # silence on both sides
    largest = maximum_filter1d(padded, width, mode="constant")
    middle = np.arange(len(bend)) + far
    before = largest[middle - near - width + width // 2]
    after = largest[middle + near + 1 + width // 2]
    around = np.maximum(before, after)
    is_click = (bend >= CLICK_FLOOR) & (bend >= CLICK_FACTOR * around)
    begins = is_click & ~np.concatenate([[False], is_click[:-1]])
    places = np.flatnonzero(begins)
    return places[np.diff(places, prepend=-rate) > near]  # one click bends it thrice


def _one_channel(audio: np.ndarray) -> np.ndarray:
    """Return the sound as float64, shape (n,), or say what is wrong with it."""
    audio = np.asarray(audio, dtype=np.float64)
    if audio.ndim != 1 or len(audio) == 0:
        raise InputError(
            f"The sound has shape {audio.shape}, but one channel "
            "of at least one sample is measured, shape (n,); give audio[:, 0], or the "
            "mean of the channels."
        )
    if not np.isfinite(audio).all():
        raise InputError(
            "The sound holds values that are no finite numbers, but it must lie in "
            "[-1, 1]; look at the model that made it."
        )
    return audio


def _frames(audio: np.ndarray, size: int, hop: int) -> np.ndarray:
    """Return overlapping windows, (windows, size); a rest at the end is left out."""
    return np.lib.stride_tricks.sliding_window_view(audio, size)[::hop]
