"""How the answers of lesson 07 are judged that are about the best critic."""

from __future__ import annotations

import torch

from deepcomposer_edu.course.checks.ch07_judging import (
    drawn_heap,
    left_heap,
    pile,
    right_heap,
)
from deepcomposer_edu.course.learner import Learner


def critic_scores_each_bin(learner: Learner) -> None:
    """Each bin has a score, and the first is 0."""
    got = learner(right_heap(), left_heap())
    learner.expect_shape(
        got, (4,), "Four bins have three borders between them, and four scores."
    )
    learner.expect_close(
        got[0],
        torch.tensor(0.0, dtype=torch.float64),
        1e-9,
        "The first score is 0; only differences count.",
    )


def critic_by_hand(learner: Learner) -> None:
    """Fakes on the left, real ones on the right: it rises all the way."""
    learner.expect_close(
        learner(right_heap(), left_heap()),
        pile(0, 1, 2, 3),
        1e-9,
        "All fakes must go to the right, so the score rises by 1 at each border.",
        known=[
            (pile(0, -1, -2, -3), "The critic is turned round: it prefers the fakes. "
             "The score rises to where the real ones are."),
            (pile(0, 1, 1, 1), "These are the rises; the scores are their running "
             "sum."),
        ],
    )  # fmt: skip
    learner.expect_close(
        learner(pile(0, 0.5, 0.5, 0), pile(0, 0.5, 0, 0.5)),
        pile(0, 0, 0, -1),
        1e-9,
        "Nothing crosses the first two borders, so the score is flat there; some fakes "
        "must go to the left over the third.",
        known=[
            (pile(0, 0, 0, -0.5), "As steep as is allowed, whatever the amount that "
             "crosses. Take its sign only."),
            (pile(0, -1, -2, -3), "Where nothing crosses the score stays (`sign` of 0 "
             "is 0)."),
            (pile(0, 1, 2, 1), "Where nothing crosses the score stays (`sign` of 0 is "
             "0)."),
        ],
    )  # fmt: skip


def critic_keeps_the_slope(learner: Learner) -> None:
    """However much must cross, the score never changes by more than a width."""
    real, fake = drawn_heap(10, 3), drawn_heap(10, 4)
    got = learner(real, fake)
    steepest = got.diff().abs().max().item()
    learner.expect(
        abs(steepest - 1) <= 1e-9,
        f"{learner.call}: the steepest step from bin to bin is {steepest:.3g}, but it "
        "must be 1: as steep as is allowed, whatever the amount that crosses. Take its "
        "sign only.",
    )


def critic_reaches_the_distance(learner: Learner) -> None:
    """The difference of the mean scores is the Wasserstein distance."""
    from scipy.stats import wasserstein_distance

    for seed in range(3):
        real, fake = drawn_heap(9, seed), drawn_heap(9, seed + 20)
        got = (learner(real, fake) * (real - fake)).sum().item()
        most = wasserstein_distance(range(9), range(9), real.numpy(), fake.numpy())
        learner.expect(
            abs(got - most) <= 1e-9,
            f"{learner.call}: it scores real and fake {got:.3g} apart, but the best "
            f"critic reaches the distance, {most:.3g}.",
        )


def critic_of_widths(learner: Learner) -> None:
    """Where bins lie wider apart, a slope of 1 changes the score by more."""
    learner.expect_close(
        learner(right_heap(), left_heap(), 0.5),
        pile(0, 0.5, 1, 1.5),
        1e-9,
        "A slope of 1 over half a unit changes the score by a half.",
        known=[(pile(0, 1, 2, 3), "A rise of 1 over half a unit is a slope of 2.")],
    )
