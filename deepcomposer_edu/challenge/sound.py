"""What can be measured of an entry's sound, and whether it is that of its notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from deepcomposer_edu.challenge.sound_faults import (
    click_times,
    level_faults,
    section_spread,
    where,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import peak_dbfs, read_audio, rms_dbfs
from deepcomposer_edu.music.loudness import loudness
from deepcomposer_edu.music.score import Score

MAX_BYTES = 200_000_000  # of a WAV file: a minute has 10 to 30 million
FULL = 0.999  # of full scale
CLIPPED_RUN = 3  # so many samples in a row at full scale are clipping
TAIL_SECONDS = 0.05
MAX_TAIL = 6.0  # seconds that the sound may go on after the last note
MATCH_FLOOR = 0.5  # of the correlation of pitch classes: see benchmarks/challenge.py
_HOP = 0.25  # seconds of a frame that is compared
_LOW, _HIGH = 80.0, 2_000.0  # hertz


@dataclass(frozen=True)
class SoundFacts:
    """What was measured of a sound.

    Args:
        seconds: its length.
        peak_dbfs: its highest peak, in dB beside full scale.
        n_clipped: how many times it stays at full scale.
        lufs: how loud it is.
        tail_dbfs: how loud its very end is.
        match: how well its pitch classes follow the notes, -1 to 1.
        n_clicks: how often it clicks, but for what begins a note.
        clicks_at: where, in words.
        level_faults: a sentence for each: holes, one channel, a middle beside zero.
        spread: how much louder its loudest section is than the softest, in LU.
    """

    MOST_PEAK: ClassVar[float] = -1.0
    QUIETEST: ClassVar[float] = -32.0
    LOUDEST: ClassVar[float] = -10.0
    MOST_TAIL: ClassVar[float] = -45.0
    MOST_CLICKS: ClassVar[int] = 4  # from so many on there are no points
    MOST_SPREAD: ClassVar[float] = 8.0  # LU; see benchmarks/challenge.py

    seconds: float
    peak_dbfs: float
    n_clipped: int
    lufs: float
    tail_dbfs: float
    match: float
    n_clicks: int = 0
    clicks_at: str = ""
    level_faults: tuple[str, ...] = ()
    spread: float = 0.0


def sound_facts(
    path: str | Path, score: Score, joins: Sequence[float] = ()
) -> SoundFacts:
    """Return what can be measured of a WAV file that should be a score's sound.

    Args:
        path: the file.
        score: its notes.
        joins: the steps at which a section begins that is not the first.

    Raises:
        InputError: if it cannot be read as sound, or is far too long.
    """
    path = Path(path)
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise InputError(
            f"{path} has {path.stat().st_size / 1e6:,.0f} MB, but a minute of sound "
            f"has at most {MAX_BYTES / 1e6:.0f}; give the WAV of the entry."
        )
    audio, rate = read_audio(path)
    if len(audio) == 0 or rate < 8_000:
        raise InputError(
            f"{path} holds {len(audio)} samples at {rate} a second, which is no music; "
            "give the WAV of the entry."
        )
    clicks = click_times(audio, rate, score)
    tail = audio[-max(int(TAIL_SECONDS * rate), 1) :]
    return SoundFacts(
        seconds=len(audio) / rate,
        peak_dbfs=peak_dbfs(audio),
        n_clipped=n_clipped(audio),
        lufs=loudness(audio[:, :2], rate),
        tail_dbfs=rms_dbfs(tail),
        match=chroma_match(audio.mean(axis=1), rate, score),
        n_clicks=len(clicks),
        clicks_at=where(clicks, score),
        level_faults=tuple(level_faults(audio, rate, score)),
        spread=section_spread(audio, rate, score, joins),
    )


def n_clipped(audio: np.ndarray) -> int:
    """Return how many times a sound stays at full scale, in any channel.

    Args:
        audio: in [-1, 1], shape (N, C).
    """
    found = 0
    for channel in audio.T:
        is_full = np.abs(channel) >= FULL
        padded = np.concatenate([[False], is_full, [False]])
        edges = np.flatnonzero(np.diff(padded.astype(np.int8)))
        lengths = edges[1::2] - edges[::2]
        found += int((lengths >= CLIPPED_RUN).sum())
    return found


def chroma_match(audio: np.ndarray, rate: int, score: Score) -> float:
    """Return how well the pitch classes of a sound follow those of the notes.

    Both are cut into quarters of a second; what is compared is how much of each pitch
    class there is, without its mean. 1 is the same, 0 has nothing to do with it.

    Args:
        audio: one channel, shape (N,).
        rate: samples per second.
        score: the notes.
    """
    hop = int(rate * _HOP)
    n_frames = len(audio) // hop
    if n_frames < 4:
        return 0.0
    frames = audio[: n_frames * hop].reshape(n_frames, hop) * np.hanning(hop)
    spectrum = np.abs(np.fft.rfft(frames, n=4 * hop, axis=1))  # (frames, bins)
    hertz = np.fft.rfftfreq(4 * hop, 1 / rate)
    inside = (hertz >= _LOW) & (hertz <= _HIGH)
    classes = np.round(69 + 12 * np.log2(hertz[inside] / 440)).astype(int) % 12
    heard = np.stack(
        [spectrum[:, inside][:, classes == c].sum(axis=1) for c in range(12)], axis=1
    )
    written = np.zeros((n_frames, 12))
    for track in score.tracks:
        for note in () if track.is_drum else track.notes:
            first, last = score.seconds_at(note.start), score.seconds_at(note.end)
            span = slice(int(first / _HOP), max(int(np.ceil(last / _HOP)), 1))
            written[span, note.pitch % 12] += note.velocity
    return _correlation(heard, written)


def _correlation(heard: np.ndarray, written: np.ndarray) -> float:
    """Return how alike two tables (frames, 12) are, each row without its mean."""
    a, b = (_levelled(table) for table in (heard, written))
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float((a * b).sum() / size) if size > 0 else 0.0


def _levelled(table: np.ndarray) -> np.ndarray:
    centred = table - table.mean(axis=1, keepdims=True)
    size = np.linalg.norm(centred, axis=1, keepdims=True)
    return centred / np.where(size > 0, size, 1)
