"""A discriminator that learns from clicks: what does a listener take for real?

In a GAN the critic learns from labels that are known; here the labels are what one
person said, right or wrong. Twenty clicks are few, so the judge is the smallest there
is: a weight for each feature (logistic regression), held small by a penalty.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.errors import InputError

PENALTY = 0.05  # on the squares of the weights, for each click
MAX_STEPS = 100  # of Newton's method, which needs about six
MAX_FOLDS = 40  # of more pieces, several are left out at a time


class ClickJudge:
    """A logistic regression from features to what a listener said.

    Args:
        features: what was heard in each round, shape (N, F), finite.
        clicks: whether the listener said "real", shape (N,), bool; both answers must
            have been given.
        names: of the features; "feature 1" and so on if left out.
        penalty: on the squares of the weights; more of it keeps them smaller.

    Raises:
        InputError: if shapes do not fit, or all the clicks are alike.

    >>> judge = ClickJudge([[0.0], [1.0], [0.0], [1.0]], [False, True, False, True])
    >>> bool(judge.probability([[1.0]])[0] > 0.5)
    True
    """

    def __init__(
        self,
        features: np.ndarray | Sequence[Sequence[float]],
        clicks: np.ndarray | Sequence[bool],
        names: Sequence[str] | None = None,
        penalty: float = PENALTY,
    ) -> None:
        x, y = _checked(features, clicks)
        if names is None:
            names = [f"feature {i + 1}" for i in range(x.shape[1])]
        if len(names) != x.shape[1]:
            raise InputError(
                f"There are {len(names)} names for {x.shape[1]} features; give one "
                "for each."
            )
        self.names = tuple(names)
        self.penalty = penalty
        self._x, self._y = x, y
        self._fit = _fit(x, y, penalty)

    def probability(self, features: np.ndarray | Sequence) -> np.ndarray:
        """Return how likely the listener takes each piece for real, shape (N,).

        Args:
            features: shape (N, F), the same features as those learned from.
        """
        x = np.asarray(features, dtype=float)
        if x.ndim != 2 or x.shape[1] != len(self.names):
            raise InputError(
                f"The features have the shape {x.shape}, but (pieces, "
                f"{len(self.names)}) is needed."
            )
        return _probability(x, self._fit)

    @property
    def weights(self) -> dict[str, float]:
        """What one standard deviation more of a feature adds to the log-odds."""
        return dict(zip(self.names, self._fit[0][:-1].tolist(), strict=True))

    @property
    def most_used(self) -> list[str]:
        """The names of the features, the one with the largest weight first."""
        weights = self.weights
        return sorted(weights, key=lambda name: -abs(weights[name]))

    @property
    def left_out(self) -> float:
        """The share of clicks foretold by a judge that has not learned from them.

        Each piece is left out once (of many, several at a time) with all clicks on it,
        a judge is trained on the others, and asked. Compare it with `usual`.
        """
        n = len(self._y)
        _, pieces = np.unique(self._x, axis=0, return_inverse=True)
        folds = pieces.ravel() % MAX_FOLDS
        if pieces.max() == 0:  # one piece alone: nothing is left to learn from
            return self.usual
        n_right = 0
        for fold in range(folds.max() + 1):
            out = folds == fold
            fit = _fit(self._x[~out], self._y[~out], self.penalty)
            said = _probability(self._x[out], fit) >= 0.5
            n_right += int((said == self._y[out]).sum())
        return n_right / n

    @property
    def usual(self) -> float:
        """The share of clicks that one foretells who always says the commoner one."""
        share = float(self._y.mean())
        return max(share, 1 - share)


Fit = tuple[np.ndarray, np.ndarray, np.ndarray]  # weights (F + 1,), mean, scale (F,)


def _fit(x: np.ndarray, y: np.ndarray, penalty: float) -> Fit:
    """Minimise the cross-entropy by Newton's method; the offset is not penalised."""
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    inputs = np.column_stack([(x - mean) / scale, np.ones(len(x))])  # (N, F + 1)
    costs = np.full(inputs.shape[1], 2 * penalty * len(x))
    costs[-1] = 1e-6
    weights = np.zeros(inputs.shape[1])
    for _ in range(MAX_STEPS):
        p = _sigmoid(inputs @ weights)
        slope = inputs.T @ (p - y) + costs * weights
        bend = (inputs * (p * (1 - p))[:, None]).T @ inputs + np.diag(costs)
        step = np.linalg.solve(bend, slope)
        weights = weights - np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    return weights, mean, scale


def _probability(x: np.ndarray, fit: Fit) -> np.ndarray:
    weights, mean, scale = fit
    return _sigmoid((x - mean) / scale @ weights[:-1] + weights[-1])


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(z / 2))


def _checked(features: object, clicks: object) -> tuple[np.ndarray, np.ndarray]:
    """Return features (N, F) and clicks (N,) as floats, or say what is wrong."""
    try:
        x, y = np.asarray(features, dtype=float), np.asarray(clicks, dtype=float)
    except (TypeError, ValueError):
        x, y = np.zeros(0), np.zeros(0)
    if x.ndim != 2 or y.shape != x.shape[:1] or 0 in x.shape:
        raise InputError(
            f"The features have the shape {np.shape(features)} and the clicks "
            f"{np.shape(clicks)}, but (N, F) and (N,) are needed."
        )
    if not np.isfinite(x).all() or not np.isin(y, (0, 1)).all():
        raise InputError(
            "The judge was given a feature that is no finite number or a click that "
            "is neither True nor False; leave such rounds out."
        )
    n_real = int(y.sum())
    if not 2 <= n_real <= len(y) - 2:
        raise InputError(
            f"Of {len(y)} clicks {n_real} say real, but a judge needs at least two of "
            "each kind to learn the difference; judge more rounds."
        )
    return x, y
