"""What is wrong with an entry's sound: clicks, holes, and levels that are not even.

The notes are known, so that the attack of a plucked string is no click, and silence
after a note no hole.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from deepcomposer_edu.music.audio import rms_dbfs
from deepcomposer_edu.music.bars import bar_lines, bar_number
from deepcomposer_edu.music.loudness import loudness
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.sound_measures import click_places

LONGEST = 120.0  # seconds that are looked at: an entry has half of that
ATTACK = (-0.005, 0.03)  # seconds around a note's beginning: what clicks there is it
HOLE_DB = 30.0  # so far the sound falls at once
HOLE_FROM = -45.0  # dBFS: what is softer cannot fall
HOLE_REST = 0.05  # seconds that a note goes on, before and after a hole begins
MOST_OFFSET = 0.02  # of full scale: how far the wave's middle may lie from zero
MOST_LEAN = 9.0  # dB: how much louder one channel may be than the other
SHORTEST_SECTION = 1.0  # seconds that have a loudness
_FRAME = 0.01  # seconds


def click_times(audio: np.ndarray, rate: int, score: Score) -> list[float]:
    """Return when a sound clicks, in seconds, but for clicks that begin a note.

    Args:
        audio: in [-1, 1], shape (N, C).
        rate: samples per second.
        score: its notes.
    """
    audio = _looked_at(audio, rate)
    found = [click_places(channel, rate) / rate for channel in audio.T]
    times = np.sort(np.concatenate([np.zeros(0), *found]))
    begins = np.sort(_seconds(score, [note.start for note in score.notes]))
    first, last = ATTACK
    n_near = np.searchsorted(begins, times - first, side="right")
    n_near -= np.searchsorted(begins, times - last, side="left")
    times = times[n_near == 0]
    # what both channels have is one click
    return [float(t) for t in times[np.diff(times, prepend=-1.0) > ATTACK[1]]]


def hole_times(audio: np.ndarray, rate: int, score: Score) -> list[float]:
    """Return when the sound breaks off although a note goes on, in seconds.

    A hole that begins within HOLE_REST of a place where all notes end or begin is not
    told from a rest, and missed.

    Args:
        audio: in [-1, 1], shape (N, C).
        rate: samples per second.
        score: its notes.
    """
    audio = _looked_at(audio, rate)
    hop = int(rate * _FRAME)
    n_frames = len(audio) // hop
    if n_frames < 3:
        return []
    frames = np.square(audio[: n_frames * hop], dtype=np.float64)
    powers = frames.reshape(n_frames, -1).mean(axis=1)
    level = 10 * np.log10(np.maximum(powers, 1e-12))
    falls = (level[:-2] > HOLE_FROM) & (level[2:] < level[:-2] - HOLE_DB)
    times = np.flatnonzero(falls) * _FRAME + _FRAME
    starts = _seconds(score, [note.start for note in score.notes])
    ends = _seconds(score, [note.end for note in score.notes])
    held = [
        float(time)
        for time in times
        if ((starts < time - HOLE_REST) & (ends > time + HOLE_REST)).any()
    ]
    gaps = np.diff(np.array(held), prepend=-1.0)
    return [time for time, gap in zip(held, gaps, strict=True) if gap > HOLE_REST]


def level_faults(audio: np.ndarray, rate: int, score: Score) -> list[str]:
    """Return a sentence for each fault of the sound's level, none if there is none."""
    audio = _looked_at(audio, rate)
    found = []
    offset = float(np.abs(audio.mean(axis=0)).max())
    if offset > MOST_OFFSET:
        found.append(
            f"The wave's middle lies {offset:.0%} of full scale away from zero."
        )
    if audio.shape[1] == 2:
        left, right = (rms_dbfs(channel) for channel in audio.T)
        if not abs(left - right) <= MOST_LEAN and max(left, right) > -np.inf:
            side = "left" if left > right else "right"
            found.append(
                f"Nearly all of it comes from the {side}: at most {MOST_LEAN:g} dB "
                "between the channels are good for both ears."
            )
    holes = hole_times(audio, rate, score)
    if holes:
        places = where(holes, score)
        found.append(f"The sound breaks off although a note goes on: {places}.")
    return found


def section_spread(
    audio: np.ndarray, rate: int, score: Score, joins: Sequence[float]
) -> float:
    """Return how much louder the loudest section is than the softest, in LU.

    Args:
        audio: in [-1, 1], shape (N, C).
        rate: samples per second.
        score: its notes.
        joins: the steps at which a section begins that is not the first.
    """
    times = _seconds(score, [0.0, *joins, score.end])
    edges = (np.sort(times) * rate).astype(int)
    found = [
        loudness(audio[first:last, :2], rate)
        for first, last in pairwise(edges)
        if last <= len(audio) and last - first >= SHORTEST_SECTION * rate
    ]
    heard = [level for level in found if level > -np.inf]
    return max(heard) - min(heard) if heard else 0.0


def where(times: Sequence[float], score: Score, most: int = 3) -> str:
    """Return places in words, such as "bar 5 (12.3 s) and 4 more"."""
    lines = bar_lines(score)
    begins = _seconds(score, [step for step, _ in lines])
    told = []
    for time in times[:most]:
        place = max(int(np.searchsorted(begins, time, side="right")) - 1, 0)
        told.append(f"bar {bar_number(lines, lines[place][0])} ({time:.1f} s)")
    more = len(times) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def _looked_at(audio: np.ndarray, rate: int) -> np.ndarray:
    """Return the beginning of a sound, with numbers only."""
    return np.nan_to_num(audio[: int(LONGEST * rate)], posinf=1.0, neginf=-1.0)


def _seconds(score: Score, steps: Sequence[float]) -> np.ndarray:
    """Return when steps are reached, each step asked for once."""
    known = {step: score.seconds_at(step) for step in set(steps)}
    return np.array([known[step] for step in steps], dtype=float)
