"""The rule grade's yardsticks: what is usual in Bach, and what the unusual costs.

Every feature costs something where it lies outside what is usual in Bach's chorales,
on either side: too much dissonance is a fault, and too little is one, too. The costs
are added up; what is left is turned into a probability, a logistic regression:

    score = bias - sum over features of
            over * min(max(value - median, 0) / (p95 - median), 4)
          + under * min(max(median - value, 0) / (median - p5), 4)
    probability = 1 / (1 + exp(-score))

The weights `over` and `under` cannot fall below 0, so nothing unusual is ever rewarded.
They were learned from Bach's training chorales against the imitations of
`models/imitations.py`. They are pulled towards PRIOR rather than 0: what is rare in
Bach costs something even if no imitation did it. The idea of a grade for chorales that
can be read is that of Fang, Liu, Seetharaman and Pardo, "Bach or Mock?", 2020 (arXiv
2006.13329); theirs adds up distances of distributions, this one weighs features.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.chorale_features import FEATURES, chorale_features
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.paths import data_dir

LENGTHS = (32, 64, 128, 256)  # steps: two, four, eight bars, a whole chorale
CAP = 4.0  # what a single feature can be outside at most
PRIOR, PULL = 0.3, 0.01  # chosen on valid: see benchmarks/RESULTS.md
NARROWEST = 0.25  # of the wider side: no side's yardstick is narrower than that


@dataclass(frozen=True)
class Scale:
    """The yardstick for music of one length.

    Args:
        median: of each feature in Bach's chorales, shape (F,).
        below: from the 5th percentile to the median, shape (F,), above 0.
        above: from the median to the 95th percentile, shape (F,), above 0.
        over: what being above costs, shape (F,), 0 or more.
        under: what being below costs, shape (F,), 0 or more.
        bias: the score of music without costs.
        reference: scores of real chorales of this length, percentiles 0 to 100, (101,).
    """

    median: np.ndarray
    below: np.ndarray
    above: np.ndarray
    over: np.ndarray
    under: np.ndarray
    bias: float
    reference: np.ndarray

    def costs(self, values: np.ndarray) -> np.ndarray:
        """Return what each feature costs: shape (..., F) from values (..., F)."""
        sides = deviations(values, self.median, self.below, self.above)  # (..., 2 F)
        weighted = sides * np.concatenate([self.over, self.under])
        return weighted[..., : len(FEATURES)] + weighted[..., len(FEATURES) :]

    def score(self, values: np.ndarray) -> np.ndarray:
        """Return the score, the higher the more like Bach: shape (...)."""
        return self.bias - self.costs(values).sum(axis=-1)

    def percentile(self, score: float) -> float:
        """Return how many of 100 real chorales of this length score lower."""
        return float(np.interp(score, self.reference, np.arange(101)))


def nearest_length(n_steps: int) -> int:
    """Return the length in LENGTHS that is nearest by ratio.

    >>> nearest_length(90), nearest_length(91), nearest_length(1000)
    (64, 128, 256)
    """
    return min(LENGTHS, key=lambda length: abs(np.log(length / n_steps)))


def deviations(
    values: np.ndarray, median: np.ndarray, below: np.ndarray, above: np.ndarray
) -> np.ndarray:
    """Return how far values lie above and below the median, in yardsticks, 0 to CAP.

    Args:
        values: features, shape (..., F).
        median: of each feature, shape (F,).
        below: yardstick below the median, shape (F,), above 0.
        above: yardstick above it, shape (F,), above 0.

    Returns:
        Shape (..., 2 F): first all that are above, then all that are below.
    """
    over = np.clip((values - median) / above, 0, CAP)
    under = np.clip((median - values) / below, 0, CAP)
    return np.concatenate([over, under], axis=-1)


def yardsticks(bach: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return median and the distances to the 5th and 95th percentile.

    Where one side is much narrower than the other, it is widened to a quarter of it;
    a feature that is the same in every piece gets a yardstick all the same.

    Args:
        bach: features of real chorales, shape (N, F).
    """
    low, median, high = np.percentile(bach, (5, 50, 95), axis=0)
    floor = np.maximum(NARROWEST * np.maximum(median - low, high - median), 1e-3)
    return median, np.maximum(median - low, floor), np.maximum(high - median, floor)


def fit_scale(bach: np.ndarray, imitations: Mapping[str, np.ndarray]) -> Scale:
    """Return a yardstick learned from Bach against imitations.

    A logistic regression whose weights stay at 0 or above. Bach has half of the say,
    and every kind of imitation the same share of the other half.

    Args:
        bach: features of real chorales, shape (N, F), N at least 20.
        imitations: for each kind the features of its pieces, shape (M, F).
    """
    from scipy.optimize import minimize

    sides = yardsticks(bach)
    rows = [deviations(some, *sides) for some in (bach, *imitations.values())]
    shares = [0.5] + [0.5 / len(imitations)] * len(imitations)
    inputs = np.concatenate(rows)  # (N + M, 2 F)
    weight = np.concatenate(
        [np.full(len(r), share / len(r)) for r, share in zip(rows, shares, strict=True)]
    )
    is_bach = np.arange(len(inputs)) < len(bach)

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        costs, bias = x[:-1], x[-1]
        score = bias - inputs @ costs
        error = np.logaddexp(0, np.where(is_bach, -score, score))
        slope = weight * (1 / (1 + np.exp(-score)) - is_bach)
        total = weight @ error + PULL * np.square(costs - PRIOR).sum()
        gradient = -(inputs.T @ slope) + 2 * PULL * (costs - PRIOR)
        return total, np.append(gradient, slope.sum())

    n = inputs.shape[1]
    start = np.append(np.full(n, PRIOR), 0.0)
    limits = [(0, None)] * n + [(None, None)]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits).x
    over, under = best[: n // 2], best[n // 2 : n]
    scale = Scale(*sides, over, under, float(best[-1]), np.zeros(101))
    scores = np.percentile(scale.score(bach), np.arange(101))
    return Scale(*sides, over, under, float(best[-1]), scores)


def stacked_features(grids: Sequence[Grid]) -> np.ndarray:
    """Return the features of some grids, shape (N, F)."""
    return np.array([list(_in_order(chorale_features(g))) for g in grids])


def _in_order(values: Mapping[str, float]) -> list[float]:
    return [values[name] for name in FEATURES]


@functools.cache
def load_scales() -> dict[int, Scale]:
    """Return the shipped yardstick for each length of LENGTHS.

    Raises:
        InputError: if the file is missing or damaged.
    """
    path = data_dir() / "corpora" / "rule_grade.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["scales"]
        return {length: _read(stored[str(length)]) for length in LENGTHS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"The rule grade's yardsticks, {path}, cannot be read ({error!r}); make "
            "them again with `python data/make/rule_grade.py`."
        ) from error


_COLUMNS = ("median", "below", "above", "over", "under")


def _read(stored: dict) -> Scale:
    columns = [
        np.array([stored["features"][name][i] for name in FEATURES], dtype=float)
        for i in range(len(_COLUMNS))
    ]
    reference = np.array(stored["reference"], dtype=float)
    return Scale(*columns, float(stored["bias"]), reference)


def as_json(scale: Scale) -> dict:
    """Return a yardstick as plain data, five digits, the way `load_scales` reads it."""
    table = np.stack([getattr(scale, name) for name in _COLUMNS], axis=1)  # (F, 5)
    rows = [[round(v, 5) for v in row] for row in table.tolist()]
    return {
        "bias": round(scale.bias, 5),
        "features": dict(zip(FEATURES, rows, strict=True)),
        "reference": [round(v, 4) for v in scale.reference.tolist()],
    }
