"""Machines that answer the same rounds: the rule grade, and critics of trained GANs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.music.grid import Grid

if TYPE_CHECKING:
    from deepcomposer_edu.models.harmonise import Harmoniser

RULE_GRADE = "Rule grade"
LOWEST_PERCENT = 10.0
OWN_CRITIC = "The bot's own critic"


def rule_grade_says(grid: Grid) -> bool:
    """Return whether the rule grade takes an excerpt of four voices for Bach's.

    It does unless the excerpt lies among the lowest LOWEST_PERCENT of real chorales, so
    by its making it is wrong about one real excerpt in ten. Its probability would be a
    worse judge: it was learned from imitations that are cruder than the bots.
    """
    from deepcomposer_edu.models.rule_grade import grade

    return bool(grade(grid).percentile >= LOWEST_PERCENT)


def critic_score(harmoniser: Harmoniser, grid: Grid, to_c: int) -> float:
    """Return what a critic says about four voices: higher is more like its data.

    Args:
        harmoniser: with its critic.
        grid: four voices that begin with a bar of 4/4, shape (4, T).
        to_c: semitones that move them to C major or A minor.
    """
    import torch

    from deepcomposer_edu.models.one_hot import encode
    from deepcomposer_edu.models.overlap import bar_positions
    from deepcomposer_edu.music.pianoroll import fold_pitch

    config = harmoniser.config
    low, high = config.low, config.low + config.n_pitches - 1
    moved = np.array(
        [
            [fold_pitch(int(p) + to_c, low, high) if p >= 0 else -1 for p in voice]
            for voice in grid.pitches
        ]
    )
    heard = [
        encode(torch.from_numpy(moved)[None], config),
        torch.from_numpy(grid.onsets.astype(np.float32))[None],
        bar_positions(grid.n_steps, 16),
    ]
    genre = harmoniser.genre_numbers(1)
    if genre is not None:
        heard.append(genre)
    with torch.inference_mode():
        return float(harmoniser.critic(*heard))


def threshold(real: Sequence[float], made: Sequence[float]) -> float:
    """Return the score from which on a critic is taken to say "real".

    A critic gives no probability, only a number that is higher for what it takes for
    real. Where to cut is learned on other music than that of the test: at the place
    that parts most of it correctly; of several, the middle one.

    Args:
        real: its scores of real music.
        made: its scores of its own generator's music.

    >>> threshold([2.0, 3.0], [0.0, 1.0])
    1.5
    """
    scores = np.sort(np.concatenate([real, made]))
    cuts = (scores[1:] + scores[:-1]) / 2
    kept = np.array([np.mean(np.asarray(real) >= cut) for cut in cuts])
    refused = np.array([np.mean(np.asarray(made) < cut) for cut in cuts])
    right = kept + refused
    best = np.flatnonzero(np.isclose(right, right.max()))
    return float(cuts[best[len(best) // 2]])
