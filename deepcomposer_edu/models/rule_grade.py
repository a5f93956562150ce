"""Is it like Bach? A grade made of rules of music theory, each of which can be read.

Which numbers are looked at stands in `music/chorale_features.py`, what each of them
costs in `models/rule_scale.py`, how well it works in benchmarks/RESULTS.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from deepcomposer_edu.models.rule_scale import load_scales, nearest_length
from deepcomposer_edu.music.chorale_features import (
    FEATURES,
    checked_voices,
    chorale_features,
    score_voices,
)
from deepcomposer_edu.music.faults import Fault, find_faults
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Metre, Score


@dataclass(frozen=True)
class Grade:
    """What the rules say about a piece.

    Args:
        percentile: of 100 real chorales of like length, how many score lower, 0 to
            100. Half of Bach is below 50; below 5 is where one begins to doubt.
        probability: that it is Bach and no imitation, 0 to 1, if either is as likely
            beforehand and imitations are like those it learned from.
        score: from which both come.
        features: the numbers of `music.chorale_features`.
        usual: for each feature Bach's 5th percentile, median and 95th percentile.
        costs: what each feature costs, 0 or more; the score is a bias less their sum.
        faults: the places a teacher would mark, in order of time.
        n_steps: the length with which it was compared.
        sentence: all of it in words.
    """

    percentile: float
    probability: float
    score: float
    features: dict[str, float]
    usual: dict[str, tuple[float, float, float]] = field(repr=False)
    costs: dict[str, float] = field(repr=False)
    faults: list[Fault] = field(repr=False)
    n_steps: int
    sentence: str

    def __str__(self) -> str:
        return self.sentence

    def worst(self, n: int = 3) -> list[str]:
        """Return the names of the features that cost most, the dearest first."""
        ranked = sorted(self.costs, key=self.costs.get, reverse=True)
        return [name for name in ranked[:n] if self.costs[name] > 0]


def grade(grid: Grid, metre: Metre | None = None, pickup: float = 0) -> Grade:
    """Return how much like a chorale of Bach's four voices are, and what costs most.

    Args:
        grid: four voices, the highest first, at least a bar (16 steps).
        metre: the time signature for bars and beats of the faults, by default 4/4.
        pickup: length in steps of an incomplete first bar.

    Raises:
        InputError: if there are not four voices, or too little of them.
    """
    faults = find_faults(checked_voices(grid), metre, pickup)
    features = chorale_features(grid, faults)
    n_steps = nearest_length(grid.n_steps)
    scale = load_scales()[n_steps]
    values = np.array([features[name] for name in FEATURES])
    score = float(scale.score(values))
    rows = np.stack(
        [scale.median - scale.below, scale.median, scale.median + scale.above]
    )
    usual = dict(zip(FEATURES, (tuple(c) for c in rows.T.tolist()), strict=True))
    costs = dict(zip(FEATURES, scale.costs(values).tolist(), strict=True))
    percentile = scale.percentile(score)
    found = Grade(
        percentile, _sigmoid(score), score, features, usual, costs, faults, n_steps, ""
    )
    object.__setattr__(found, "sentence", _sentence(found))
    return found


def grade_score(score: Score) -> Grade:
    """Return the grade of a score with four pitched tracks that have notes.

    Raises:
        InputError: if there are more or fewer of them, or too little music.
    """
    return grade(score_voices(score), score.metres[0], score.pickup)


def _sentence(found: Grade) -> str:
    begin = f"More like Bach than {found.percentile:.0f} of 100 real chorales"
    told = []
    for name in found.worst():
        low, _, high = found.usual[name]
        value = found.features[name]
        if not low <= value <= high:
            told.append(
                f"{FEATURES[name]}: {value:.3g}, where Bach has {max(low, 0):.3g} to "
                f"{high:.3g}"
            )
    if not told:
        return f"{begin}; nothing is out of the ordinary."
    return f"{begin}; what costs most: {'; '.join(told)}."


def _sigmoid(score: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(score, -500, 500))))
