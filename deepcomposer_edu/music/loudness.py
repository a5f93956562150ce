"""How loud a sound is to an ear, which hears high notes better than low ones.

Loudness as broadcasters measure it (ITU-R BS.1770-4): a filter that lifts what lies
above 1.5 kHz, as a head does, one that takes away what lies below 40 Hz, and then the
mean power. There is no gate here, so that pauses count: give sounds of one length.
"""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.errors import InputError

OFFSET = -0.691  # so that a full-scale sine at 997 Hz reads -3.01 (BS.1770-4, eq. 2)


def loudness(audio: np.ndarray, sample_rate: int) -> float:
    """Return the loudness of a sound in LUFS; silence is -inf.

    Args:
        audio: in [-1, 1], shape (N,) or (N, C) with C 1 or 2, not empty.
        sample_rate: samples per second, at least 8,000.

    Raises:
        InputError: if the sound is empty or the rate too low.

    >>> beep = np.sin(2 * np.pi * 997 * np.arange(48_000) / 48_000)
    >>> round(loudness(beep, 48_000), 1)
    -3.0
    """
    from scipy.signal import lfilter

    audio = np.asarray(audio, dtype=float)
    if audio.size == 0 or sample_rate < 8_000:
        raise InputError(
            f"The sound has {audio.size} samples at {sample_rate} a second, but at "
            "least one sample and 8000 a second are needed to tell how loud it is."
        )
    for b, a in (_shelf(sample_rate), _high_pass(sample_rate)):
        audio = lfilter(b, a, audio, axis=0)
    powers = np.square(audio).mean(axis=0)  # of each channel
    power = float(np.sum(powers))
    return OFFSET + 10 * float(np.log10(power)) if power > 0 else -np.inf


def _shelf(sample_rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (b, a) of the head's filter: +4 dB above about 1.7 kHz."""
    gain, quality, hertz = 3.99984385397, 0.7071752369554193, 1681.9744509555319
    tangent = np.tan(np.pi * hertz / sample_rate)
    high = 10 ** (gain / 20)
    middle = high**0.499666774155
    b = np.array(
        [
            high + middle * tangent / quality + tangent**2,
            2 * (tangent**2 - high),
            high - middle * tangent / quality + tangent**2,
        ]
    )
    a = _poles(tangent, quality)
    return b / a[0], a / a[0]


def _high_pass(sample_rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (b, a) of the second filter: what lies below 40 Hz counts little."""
    quality, hertz = 0.5003270373253953, 38.13547087613982
    tangent = np.tan(np.pi * hertz / sample_rate)
    a = _poles(tangent, quality)
    return np.array([1.0, -2.0, 1.0]), a / a[0]


def _poles(tangent: float, quality: float) -> np.ndarray:
    return np.array(
        [
            1 + tangent / quality + tangent**2,
            2 * (tangent**2 - 1),
            1 - tangent / quality + tangent**2,
        ]
    )
