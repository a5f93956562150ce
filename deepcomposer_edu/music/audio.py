"""Sound files: WAV and MP3 out, anything in, and how loud it is."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.music.sample_rates import checked_rate

if TYPE_CHECKING:
    import av

MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
MP3_BITRATES = (32, 320)  # kilobits per second, lowest and highest
_BLOCK = 2**18  # samples that are converted at a time


def write_wav(
    path: str | Path,
    audio: np.ndarray,
    sample_rate: int = 44_100,
    *,
    progress: Callable[[float], None] | None = None,
) -> Path:
    """Write sound as a 16-bit WAV file and return its path.

    Args:
        path: the file; it appears whole or not at all.
        audio: in [-1, 1], shape (N,) or (N, C) with C 1 or 2; louder parts are clipped.
        sample_rate: samples per second.
        progress: called with the share done, 0 to 1; what it raises stops the writing.

    Raises:
        InputError: if there is no sound in `audio` or the file can't be written.
    """
    audio, sample_rate = _checked(audio, sample_rate)
    with (
        atomic_path(path) as temporary,
        temporary.open("wb") as raw,  # not by wave, which stumbles where it may not
        wave.open(raw, "wb") as file,
    ):
        file.setnchannels(audio.shape[1])
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.setnframes(len(audio))
        for block in _pcm_blocks(audio, progress):
            file.writeframesraw(block.tobytes())
    return Path(path)


def write_mp3(
    path: str | Path,
    audio: np.ndarray,
    sample_rate: int = 44_100,
    bitrate: int = 192,
    *,
    progress: Callable[[float], None] | None = None,
) -> Path:
    """Write sound as an MP3 file and return its path.

    Args:
        path: the file; it appears whole or not at all.
        audio: in [-1, 1], shape (N,) or (N, C) with C 1 or 2; louder parts are clipped.
        sample_rate: samples per second, one of MP3_RATES.
        bitrate: kilobits per second, 32 to 320.
        progress: called with the share done, 0 to 1; what it raises stops the writing.

    Raises:
        InputError: if there is no sound in `audio`, MP3 doesn't have the rate, or the
            file can't be written.
    """
    import av

    audio, sample_rate = _checked(audio, sample_rate)
    if sample_rate not in MP3_RATES:
        allowed = ", ".join(map(str, MP3_RATES))
        raise InputError(
            f"The sample rate is {sample_rate}, but MP3 only has {allowed} samples per "
            "second; choose one of these, or write a WAV file."
        )
    low, high = MP3_BITRATES
    if not low <= bitrate <= high:
        raise InputError(
            f"The MP3 bitrate is {bitrate}, but it must be {low} to {high} kilobits "
            "per second; 192 is usual."
        )
    with (
        atomic_path(path) as temporary,
        av.open(str(temporary), "w", format="mp3") as file,
    ):
        stream = file.add_stream("libmp3lame", rate=sample_rate)
        stream.bit_rate = bitrate * 1_000
        stream.layout = "stereo" if audio.shape[1] == 2 else "mono"
        for block in _pcm_blocks(audio, progress):
            frame = av.AudioFrame.from_ndarray(
                block.reshape(1, -1), format="s16", layout=stream.layout.name
            )
            frame.sample_rate = sample_rate
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return Path(path)


def read_audio(path: str | Path) -> tuple[np.ndarray, int]:
    """Read a sound file (WAV, MP3, FLAC, OGG, the sound of an MP4, ...).

    Returns:
        The sound in [-1, 1], shape (N, C), float32, and its sample rate.

    Raises:
        InputError: if the file can't be read or holds no sound.
    """
    import av

    try:
        with av.open(str(path)) as file:
            if not file.streams.audio:
                raise InputError(f"{path} holds no sound; give a sound file.")
            stream = file.streams.audio[0]
            if stream.codec_context is None:
                raise ValueError("nobody knows how it is packed")
            rate, n_channels = stream.rate, stream.channels
            blocks = list(decoded(file, stream))
            if any(block.shape[1] != n_channels for block in blocks):
                raise ValueError("the number of its channels changes")
    except (av.FFmpegError, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path} can't be read as sound; give a WAV, MP3, FLAC or OGG file."
        ) from None
    empty = np.zeros((0, n_channels), np.float32)
    return np.concatenate([empty, *blocks]), rate


def peak_dbfs(audio: np.ndarray) -> float:
    """Return the highest peak in decibels below full scale (0); silence is -inf."""
    return _decibels(max(np.max(audio, initial=0), -np.min(audio, initial=0)))


def rms_dbfs(audio: np.ndarray) -> float:
    """Return the mean power in decibels: 0 for a full square wave, -inf for silence.

    Args:
        audio: any shape; all samples and channels count alike.
    """
    if np.size(audio) == 0:
        return -np.inf
    return _decibels(np.sqrt(np.mean(np.square(audio, dtype=np.float64))))


def _decibels(amplitude: float) -> float:
    """Return an amplitude in decibels beside 1."""
    return 20 * float(np.log10(amplitude)) if amplitude > 0 else -np.inf


def _checked(audio: np.ndarray, sample_rate: int) -> tuple[np.ndarray, int]:
    """Return sound as (N, C) and its rate as an int, or say what is wrong with them."""
    audio = np.asarray(audio)
    if audio.ndim == 1:
        audio = audio[:, None]
    if audio.ndim != 2 or audio.shape[1] not in (1, 2):
        raise InputError(
            f"The sound has shape {audio.shape}, but it must be (samples,) or "
            "(samples, channels) with 1 or 2 channels; are the axes swapped?"
        )
    if len(audio) == 0:
        raise InputError(
            "There is no sound to write (0 samples); give a piece that has notes."
        )
    if audio.dtype.kind != "f" or not np.isfinite(audio).all():
        raise InputError(
            "The sound holds values that are no finite floats, but it must lie in "
            "[-1, 1]; look at the model or synth that made it."
        )
    return audio, checked_rate(sample_rate, 1_000, 192_000)


def _pcm_blocks(
    audio: np.ndarray, progress: Callable[[float], None] | None = None
) -> Iterator[np.ndarray]:
    """Yield the sound as 16-bit numbers, shape (n, C), a block at a time."""
    for first in range(0, len(audio), _BLOCK):
        if progress is not None:
            progress(first / len(audio))
        scaled = np.rint(audio[first : first + _BLOCK] * 32_768.0)
        yield np.ascontiguousarray(np.clip(scaled, -32_768, 32_767).astype("<i2"))


def decoded(
    file: av.container.InputContainer, stream: av.AudioStream
) -> Iterator[np.ndarray]:
    """Yield the sound of an open file in blocks (n, C), float32, as it is decoded.

    FFmpeg makes every number format to packed floats. Planes, one for each channel,
    would do as well for eight channels, but PyAV 18 ends the process at the ninth.

    Raises:
        ValueError: if the form of the sound changes on the way.
    """
    import av

    to_float = av.AudioResampler(format="flt", rate=stream.rate)
    for frame in file.decode(stream):
        for block in to_float.resample(frame):
            yield block.to_ndarray().reshape(-1, block.layout.nb_channels)
