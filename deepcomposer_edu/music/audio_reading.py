"""Any sound file as one channel at a given rate, with what was done to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import decoded, peak_dbfs

LOWEST_FILE_RATE, HIGHEST_FILE_RATE = 4_000, 384_000
SILENT_DBFS = -60.0  # a file whose highest peak is below is silent
_TRIM_DB = 50.0  # so far below the peak the ends are cut off
_WINDOW_SECONDS = 0.01


@dataclass(frozen=True)
class FileSound:
    """A sound file as it was read.

    Args:
        audio: one channel, shape (n,), float32.
        rate: samples per second of `audio`.
        changes: what was done to it, each a few words: "192000 Hz to 8000 Hz".
    """

    audio: np.ndarray
    rate: int
    changes: tuple[str, ...]


def read_mono(path: str | Path, rate: int, max_seconds: float = 600.0) -> FileSound:
    """Read a sound file as one channel at `rate`, without the silence at both ends.

    Channels are averaged, other rates resampled (by FFmpeg, through PyAV). Of a film
    the sound is taken. The loudness stays as it is.

    Args:
        path: WAV, FLAC, MP3, OGG, M4A or whatever else FFmpeg reads.
        rate: samples per second that are wanted, 1,000 to 192,000.
        max_seconds: what comes later is not read.

    Raises:
        InputError: with the file's name, if it can't be read, holds no sound or
            numbers that are none, or is silent or shorter than 10 ms.
    """
    import av

    path = Path(path)
    changes: list[str] = []
    try:
        with av.open(str(path)) as file:
            if not file.streams.audio:
                raise InputError(f"{path.name} holds no sound; give a sound file.")
            audio = _decoded(file, path.name, rate, max_seconds, changes)
    except (av.FFmpegError, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path.name} can't be read as sound; give a WAV, MP3, FLAC or OGG file."
        ) from None
    if len(audio) < _WINDOW_SECONDS * rate:
        raise InputError(
            f"{path.name} lasts {1_000 * len(audio) / rate:.2g} ms, but a sound of at "
            "least 10 ms is needed."
        )
    if peak_dbfs(audio) < SILENT_DBFS:
        raise InputError(
            f"{path.name} is silent: its highest peak is {peak_dbfs(audio):.0f} dBFS, "
            f"but it takes {SILENT_DBFS:.0f} or more."
        )
    trimmed = _trimmed(audio, rate)
    if len(audio) - len(trimmed) > 0.05 * rate:
        changes.append(f"{(len(audio) - len(trimmed)) / rate:.1f} s of silence cut off")
    return FileSound(trimmed, rate, tuple(changes))


def _decoded(
    file: object, name: str, rate: int, max_seconds: float, changes: list[str]
) -> np.ndarray:
    """Return the sound of an open file as one channel, and say what was changed."""
    import av

    stream = file.streams.audio[0]
    if stream.codec_context is None:
        raise ValueError("nobody knows how it is packed")
    own, n_channels = stream.rate, stream.channels
    if not LOWEST_FILE_RATE <= own <= HIGHEST_FILE_RATE:
        raise InputError(
            f"{name} has {own} samples per second, but {LOWEST_FILE_RATE} to "
            f"{HIGHEST_FILE_RATE} can be read; convert it."
        )
    if any(video.codec_context.name not in _COVERS for video in file.streams.video):
        changes.append("the sound of a film")
    if stream.format is not None and stream.format.name.startswith("u8"):
        changes.append("8 bits a sample, which hiss")
    if n_channels > 1:
        changes.append(f"{n_channels} channels to one")
    if own != rate:
        changes.append(f"{own} Hz to {rate} Hz")
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
    blocks, n_read, n_most = [], 0, round(max_seconds * own)
    for samples in decoded(file, stream):
        if not np.isfinite(samples).all():
            raise InputError(
                f"{name} holds samples that are no finite numbers (NaN or "
                "infinite); write it anew from the program that made it."
            )
        mono = av.AudioFrame.from_ndarray(
            samples.mean(axis=1)[None], format="fltp", layout="mono"
        )
        mono.sample_rate = own
        blocks += [out.to_ndarray()[0] for out in resampler.resample(mono)]
        n_read += len(samples)
        if n_read >= n_most:
            changes.append(f"only its first {_length(max_seconds)}")
            break
    if n_read:
        blocks += [out.to_ndarray()[0] for out in resampler.resample(None)]
    audio = np.concatenate([np.zeros(0, np.float32), *blocks])
    return audio[: round(max_seconds * rate)]


_COVERS = {"mjpeg", "png", "bmp", "gif"}  # the picture of an album is no film


def _trimmed(audio: np.ndarray, rate: int) -> np.ndarray:
    """Return a sound from its first to its last audible window of 10 ms."""
    size = max(round(_WINDOW_SECONDS * rate), 1)
    peaks = np.abs(np.pad(audio, (0, -len(audio) % size))).reshape(-1, size).max(axis=1)
    loud = np.flatnonzero(peaks > peaks.max() * 10 ** (-_TRIM_DB / 20))
    return audio[loud[0] * size : (loud[-1] + 1) * size]


def _length(seconds: float) -> str:
    """Return a length in words.

    >>> _length(600), _length(2.5)
    ('10 minutes', '2.5 s')
    """
    return f"{seconds / 60:g} minutes" if seconds >= 120 else f"{seconds:g} s"
