"""The sound of an entry: a plain WAV file, read without believing its header."""

from __future__ import annotations

import io
import wave

import numpy as np

from deepcomposer_edu.errors import InputError

RATES = (8_000, 96_000)  # samples per second, lowest and highest
MAX_SECONDS = 120.0
FULL_SCALE = 32_768.0


def wav_sound(data: bytes) -> tuple[np.ndarray, int]:
    """Return the sound in the bytes of a WAV file of 16 bits, and its sample rate.

    Args:
        data: the file.

    Returns:
        The sound in [-1, 1], shape (N, C) with C 1 or 2, float32, and samples per
        second.

    Raises:
        InputError: if it is no such file, or holds no sound or far too much.
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            n_channels, width = file.getnchannels(), file.getsampwidth()
            rate, n_frames = file.getframerate(), file.getnframes()
            if n_channels not in (1, 2) or width != 2:
                raise InputError(
                    f"entry.wav has {n_channels} channels of {8 * width} bits, but 1 "
                    "or 2 of 16 bits are needed"
                )
            if not RATES[0] <= rate <= RATES[1]:
                raise InputError(
                    f"entry.wav has {rate:,} samples per second, but {RATES[0]:,} to "
                    f"{RATES[1]:,} can be played"
                )
            if not 0 < n_frames <= MAX_SECONDS * rate:
                raise InputError(
                    f"entry.wav says that it lasts {n_frames / rate:,.0f} s, but it "
                    f"can last {MAX_SECONDS:.0f} s at most"
                )
            raw = file.readframes(n_frames)
    except InputError:
        raise
    except (wave.Error, EOFError, ArithmeticError, ValueError, RuntimeError):
        # a RuntimeError: it says that a chunk goes on behind the end of the file
        raise InputError("entry.wav is damaged or no plain WAV file") from None
    if len(raw) != n_frames * n_channels * width:
        raise InputError("entry.wav is cut short")
    samples = np.frombuffer(raw, dtype="<i2").reshape(-1, n_channels)
    return (samples / FULL_SCALE).astype(np.float32), rate
