"""Three metrics as the DeepComposer samples computed them, each wrong in its own way.

They stand here to be mended: lesson 13 begins its exercises with them. For anything
else there is `metrics.py`. Written anew after what the formulas of the samples do, with
their window of seven octaves.
"""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.music.keys import MAJOR_SCALE
from deepcomposer_edu.music.metrics import Music, pitch_classes_per_bar
from deepcomposer_edu.music.pianoroll import to_pianoroll


def empty_bar_rate(music: Music) -> float:
    """Return what the samples called the rate of empty bars: the rate of full ones.

    Args:
        music: a score or a grid.

    Returns:
        A float in [0, 1]: 0 for silence, 1 where every track sounds in every bar.
    """
    used = pitch_classes_per_bar(music)  # (K, bars)
    return float((used > 0).mean())


def in_scale_ratio(music: Music, key: str = "C") -> float:
    """Return what the samples called the ratio of notes in a scale.

    It puts seven neighbouring pitches into one "pitch class" instead of octaves, and
    knows no scale but C major.

    Args:
        music: a score or a grid.
        key: not looked at.

    Returns:
        A float in [0, 1], 0 for silence.
    """
    held = to_pianoroll(music).held[:, :, 24:108]  # seven octaves, (K, T, 84)
    per_class = held.reshape(-1, 12, 7).sum(axis=(0, 2))  # (12,)
    return float(per_class[list(MAJOR_SCALE)].sum() / max(per_class.sum(), 1))


def histogram_distance(first: Music, second: Music) -> float:
    """Return what the samples called the distance of two pitch histograms.

    It compares nothing with anything: for each of 84 pitches it asks whether it is used
    at all, and takes the distance from a row of ones.

    Args:
        first: a score or a grid.
        second: not looked at.

    Returns:
        A float: the root of how many of the 84 pitches are not used, about 9.2 for
        silence and 0 for all keys at once.
    """
    held = to_pianoroll(first).held[:, :, 24:108]  # seven octaves, (K, T, 84)
    is_used = held.any(axis=(0, 1)).astype(float)  # (84,)
    return float(np.sqrt(((is_used - 1) ** 2).sum()))
