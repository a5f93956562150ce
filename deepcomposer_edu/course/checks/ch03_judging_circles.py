"""How the answers of lesson 03 are judged that are about circles."""

from __future__ import annotations

import math

import numpy as np

from deepcomposer_edu.course.checks.ch03_judging_tables import table_of
from deepcomposer_edu.course.learner import Learner


def _circle(turns: int) -> np.ndarray:
    """Return twelve vectors on a circle, the classes `turns` twelfths apart."""
    angles = 2 * math.pi * turns * np.arange(12) / 12
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def six_shares(learner: Learner) -> None:
    """There are six shares, and together they are 1."""
    got = learner(table_of(12, 5))
    learner.expect_shape(
        got, (6,), cause="1 to 6 turns; 7 to 11 are the same circles walked backwards."
    )
    total = float(np.sum(np.asarray(got)))
    learner.expect_close(
        total,
        1.0,
        1e-6,
        "The six shares must make 1: divide by their sum.",
        known=[
            (
                float(_counts(table_of(12, 5)).sum()),
                "Those are sums of squares; divide them by their sum.",
            )
        ],
    )


def _counts(vectors: np.ndarray) -> np.ndarray:
    power = (np.abs(np.fft.fft(vectors, axis=0)) ** 2).sum(axis=1)
    return np.array([power[k] + (power[12 - k] if k < 6 else 0) for k in range(1, 7)])


def fifths_are_the_fifth(learner: Learner) -> None:
    """Classes in a circle of fifths have all of it in the fifth share."""
    for turns, right in ((5, 5), (1, 1), (3, 3), (6, 6)):
        expected = np.zeros(6)
        expected[right - 1] = 1
        learner.expect_close(
            learner(_circle(turns)),
            expected,
            1e-6,
            f"These twelve go {turns} times round a circle, and nothing else.",
            known=[
                (
                    np.roll(expected, 1),
                    "Row 0 of the transform is the mean: begin with row 1.",
                ),
                (
                    np.roll(expected, -1),
                    "One too far: the share of one turn comes first.",
                ),
                (
                    expected / 2,
                    "Half is missing: k turns and 12 - k turns belong together.",
                ),
            ],
            axes=("circle",),
        )


def both_ways_round_count(learner: Learner) -> None:
    """Six turns have no partner and count once."""
    both = np.concatenate([_circle(5), _circle(6)[:, :1]], axis=1)
    lengths = np.abs(np.fft.fft(both, axis=0)).sum(axis=1)
    lengths = np.append(lengths[1:6] + lengths[:6:-1], lengths[6])
    learner.expect_close(
        learner(both),
        np.array([0, 0, 0, 0, 0.5, 0.5]),
        1e-6,
        "Half of these vectors lies on the circle of five turns, half on that of six.",
        known=[
            (
                np.array([0, 0, 0, 0, 1, 2]) / 3,
                "Numbers k and 12 - k of the transform belong together, for k from 1 "
                "to 5, and must be added. Number 6 has no partner and counts once.",
            ),
            (lengths / lengths.sum(), "Square the lengths before you add them up."),
        ],
        axes=("circle",),
    )


def the_mean_does_not_count(learner: Learner) -> None:
    """Moving all twelve vectors by the same amount changes nothing."""
    vectors = table_of(12, 4)
    learner.expect_close(
        learner(vectors + 3.0),
        np.asarray(learner(vectors)),
        1e-6,
        "The mean is row 0 of the transform, and no circle: leave it out.",
        axes=("circle",),
    )


def turning_changes_nothing(learner: Learner) -> None:
    """Naming the classes from another note changes nothing."""
    vectors = table_of(12, 4, seed=3)
    learner.expect_close(
        learner(np.roll(vectors, 5, axis=0)),
        np.asarray(learner(vectors)),
        1e-6,
        "The same circle, begun at another class, must have the same shares.",
        axes=("circle",),
    )


def equal_vectors_have_no_circle(learner: Learner) -> None:
    """Twelve equal vectors lie on no circle."""
    learner.expect_close(
        learner(np.zeros((12, 3))),
        np.zeros(6),
        1e-9,
        "Twelve equal vectors: all six shares are 0, and dividing by 0 gives nan.",
        axes=("circle",),
    )
