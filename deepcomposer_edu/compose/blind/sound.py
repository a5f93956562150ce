"""Music made ready for a blind test: one length, one loudness, one fade, one size."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import write_mp3
from deepcomposer_edu.music.loudness import loudness
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.synth import Synth

SAMPLE_RATE, BITRATE = 32_000, 64  # mono: an excerpt of 12 s takes 100 kB
TARGET_LUFS = -20.0  # about as loud as everything else that the course plays
PEAK = 0.9  # where a clip would be louder, all are made softer
FADE_SECONDS = 0.8
TAIL_SECONDS = 0.6  # after the last step, for the last chord to die away
VELOCITY = 80  # every note of every round


def clip_seconds(scores: Sequence[Score]) -> float:
    """Return how long all clips of a test are: the longest score, and a tail."""
    return max(score.seconds for score in scores) + TAIL_SECONDS


def matched_clips(
    scores: Sequence[Score], on_progress: Callable[[int, int], None] | None = None
) -> list[np.ndarray]:
    """Return the sound of each score, alike in all that is not music.

    Each has the same number of samples, mono, is faded at the end over the same time,
    and is equally loud (`music.loudness`). Every note is struck with one velocity.

    Args:
        scores: the rounds.
        on_progress: called with (scores done, scores in all).

    Raises:
        InputError: if a score has no notes, which would be a silent round.
    """
    synth = Synth()
    n_samples = round(clip_seconds(scores) * SAMPLE_RATE)
    fade = np.ones(n_samples, np.float32)
    n_fade = min(round(FADE_SECONDS * SAMPLE_RATE), n_samples)
    fade[n_samples - n_fade :] = np.cos(np.linspace(0, np.pi / 2, n_fade)) ** 2
    clips = []
    for number, score in enumerate(scores):
        if not score.notes:
            raise InputError(
                f"The music of round {number + 1} has no notes, so there would be "
                "nothing to hear; leave it out."
            )
        mono = synth.mix(_evenly_struck(score), SAMPLE_RATE).mean(axis=1)[:n_samples]
        clip = np.pad(mono, (0, n_samples - len(mono))) * fade
        gain = 10 ** ((TARGET_LUFS - loudness(clip, SAMPLE_RATE)) / 20)
        clips.append((clip * gain).astype(np.float32))
        if on_progress is not None:
            on_progress(number + 1, len(scores))
    highest = max(float(np.abs(clip).max()) for clip in clips)
    return [clip * min(1.0, PEAK / highest) for clip in clips]


def mp3_of(clip: np.ndarray) -> bytes:
    """Return a clip as an MP3; clips of one length become files of one size."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_mp3(Path(folder) / "clip.mp3", clip, SAMPLE_RATE, BITRATE)
        return path.read_bytes()


def _evenly_struck(score: Score) -> Score:
    """Return the score with every note at one velocity."""
    tracks = [
        replace(
            track, notes=tuple(replace(note, velocity=VELOCITY) for note in track.notes)
        )
        for track in score.tracks
    ]
    return replace(score, tracks=tuple(tracks))
