"""How the answers of lesson 12 about argmax, stacks and populations are judged."""

from __future__ import annotations

import math

import torch

from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner, Refusal

_AXES = ("place", "number")


# argmax_shares ------------------------------------------------------------------


def shares_shape(learner: Learner) -> None:
    """Each place gets shares of the same shape as its scores."""
    scores = torch.randn((2, 5, 4), generator=seeded())
    learner.expect_shape(learner(scores), (2, 5, 4), "One share for each score.")


def shares_by_hand(learner: Learner) -> None:
    """Scores below 0 get nothing, the others their part of the whole."""
    scores = torch.tensor([[3.0, 1.0, -2.0], [0.5, 0.5, 1.0]])
    powers = scores.exp()
    learner.expect_close(
        learner(scores),
        torch.tensor([[0.75, 0.25, 0.0], [0.25, 0.25, 0.5]]),
        1e-5,
        "In the first place -2 becomes 0, and 3 and 1 share the whole: 3/4 and 1/4.",
        known=[
            (
                scores.softmax(-1),
                "That is the softmax. Here scores are cut off at 0 and divided by "
                "their sum; no exp.",
            ),
            (
                scores / scores.sum(-1, keepdim=True),
                "The score below 0 takes part. `relu` first.",
            ),
            (
                scores.abs() / scores.abs().sum(-1, keepdim=True),
                "The size of a score below 0 was counted. relu makes it 0.",
            ),
            (
                scores.relu() / scores.relu().sum(0, keepdim=True),
                "Shares of one place sum to 1: add up along the last axis.",
            ),
            (
                scores.relu() / scores.relu().sum(),
                "Every place sums to 1 by itself: add up along the last axis.",
            ),
            (scores.relu(), "Divide by the sum of the place."),
            (
                scores.relu() / scores.relu().max(-1, keepdim=True).values,
                "Divide by the sum, not by the largest.",
            ),
            (powers, "No exp here: relu, then divide by the sum."),
        ],
        axes=_AXES,
    )


def shares_of_nothing(learner: Learner) -> None:
    """Where no score is above 0, nothing is divided by 0."""
    got = torch.as_tensor(learner(torch.tensor([[-1.0, -2.0], [1.0, 3.0]])))
    learner.expect(
        bool(got.isfinite().all()),
        f"{learner.call}: got nan where no score is above 0: that is 0 divided by 0. "
        "One nan in a gradient spoils every weight; keep the sum away from 0.",
    )
    learner.expect_close(
        got,
        torch.tensor([[0.0, 0.0], [0.25, 0.75]]),
        1e-4,
        "Without a score above 0 all shares are 0, and other places do not notice.",
        axes=_AXES,
    )


def shares_have_a_gradient(learner: Learner) -> None:
    """The encoder learns through the shares."""
    scores = torch.tensor([[3.0, 1.0]], requires_grad=True)
    got = learner(scores)
    learner.expect(
        getattr(got, "requires_grad", False),
        f"{learner.call}: no gradient arrives at `scores`: the encoder could not "
        "learn. Stay with torch's functions and detach nothing.",
    )
    (slope,) = torch.autograd.grad(got[0, 0], [scores])
    learner.expect_close(
        slope,
        torch.tensor([[1 / 16, -3 / 16]]),
        1e-4,
        "Of 3/4: its slope is 1/16 in the first score and -3/16 in the second.",
        axes=_AXES,
    )


# stacked_field -----------------------------------------------------------------


def stacked_numbers(learner: Learner) -> None:
    """A list with one number of samples for each level."""
    got = learner([1024, 256], [1, 64])
    learner.expect_type(got, list, cause="One number for each level, lowest first.")
    learner.expect(
        len(got) == 2,
        f"{learner.call}: expected 2 numbers, got {len(got)}. One for each level.",
    )


def stacked_by_hand(learner: Learner) -> None:
    """A level of codes reaches as far as its codes last."""
    learner.expect_equal(
        learner([1000, 100], [1, 50]),
        [1000, 5000],
        "The lowest level sees 1000 samples. The upper one sees 100 codes, and each "
        "stands for 50 samples.",
        known=[
            ([1000, 100], "The upper level counts codes; how many samples is one?"),
            ([1000, 150], "A code lasts 50 samples: multiply, not add."),
            ([1000, 6000], "The upper level does not need the lower one's reach."),
            ([1000, 100000], "Codes times the length of one: 100 * 50 samples."),
            (
                [1000, 5000000],
                "The upper level does not need the lower one's reach: its 100 codes "
                "stand for 50 samples each.",
            ),
        ],
    )


def stacked_of_three(learner: Learner) -> None:
    """The third level's hop counts codes of the second."""
    learner.expect_equal(
        learner([300, 200, 100], [1, 8, 4]),
        [300, 1600, 3200],
        "One unit of the third level lasts 4 codes of the second, and each of these 8 "
        "samples: 32 samples.",
        known=[
            (
                [300, 1600, 400],
                "A hop counts units of the level below, not samples: multiply all hops "
                "up to that level.",
            ),
            ([300, 1600, 1200], "Hops multiply from level to level: 8 * 4, not 8 + 4."),
            ([300, 1600, 1300], "Hops multiply: 1 * 8 * 4."),
        ],
    )


def stacked_of_one(learner: Learner) -> None:
    """One level is a WaveNet as in lesson 11."""
    learner.expect_equal(
        learner([2048], [1]), [2048], "Without codes nothing becomes longer."
    )


# exploit ------------------------------------------------------------------------


def exploit_numbers(learner: Learner) -> None:
    """Each member is told from which one it goes on."""
    got = _parents(learner, [0.1, 0.9, 0.5, 0.4], seeded())
    learner.expect(
        len(got) == 4,
        f"{learner.call}: expected 4 numbers, one for each member, got {len(got)}.",
    )
    learner.expect(
        all(0 <= i < 4 for i in got),
        f"{learner.call}: expected numbers of members, 0 to 3, got {got}.",
    )


def worst_copies_best(learner: Learner) -> None:
    """Of four, the worst goes on from the best and the others from themselves."""
    learner.expect_equal(
        _parents(learner, [0.1, 0.9, 0.5, 0.4], seeded()),
        [1, 1, 2, 3],
        "Member 0 has the lowest score and member 1 the highest: 0 goes on from 1, "
        "everybody else from where they are.",
        known=[
            (
                [0, 0, 2, 3],
                "The best goes on from the worst: here a higher score is better.",
            ),
            (
                [1, 1, 1, 1],
                "Everybody became the best one. Then there is nothing left to choose "
                "from; only the worst share is replaced.",
            ),
            (
                [0, 1, 2, 3],
                "Nobody was replaced. A quarter of four is one member, and at least "
                "one is always replaced.",
            ),
            ([1, 3, 2, 0], "That is an order; return where each one goes on from."),
            ([1, 2, 3, 0], "That is an order; return where each one goes on from."),
        ],
    )


def worst_share_copies_best_share(learner: Learner) -> None:
    """Of ten, each of the two worst goes on from one of the two best."""
    scores = [5.0, 1.0, 9.0, 4.0, 0.0, 8.0, 3.0, 6.0, 7.0, 2.0]
    random, seen = seeded(), set()
    for _ in range(30):
        got = _parents(learner, scores, random, share=0.2)
        for i in (0, 2, 3, 5, 6, 7, 8, 9):
            learner.expect(
                got[i] == i,
                f"{learner.call}: member {i} with score {scores[i]:g} goes on from "
                f"{got[i]}, but only the worst fifth, members 4 and 1, is replaced.",
            )
        for i in (4, 1):
            learner.expect(
                got[i] in (2, 5),
                f"{learner.call}: member {i} is one of the two worst and goes on from "
                f"{got[i]}; it should from one of the two best, 2 or 5.",
            )
            seen.add((i, got[i]))
    learner.expect(
        len(seen) == 4,
        f"{learner.call}: in 30 rounds each of the two worst always went on from the "
        "same member. Draw it anew from the best share each time.",
    )


def dead_members_come_back(learner: Learner) -> None:
    """Whoever died goes on from the best, however many they are."""
    learner.expect_equal(
        _parents(learner, [-math.inf, 0.9, 0.5, -math.inf], seeded()),
        [1, 1, 2, 1],
        "Members 0 and 3 died (their score is minus infinity), and both go on from "
        "the best, 1, although a quarter of four is one.",
        known=[
            (
                [1, 1, 2, 3],
                "Member 3 died and goes on from itself: there is nothing left of it.",
            ),
            (
                [0, 1, 2, 1],
                "Member 0 died and goes on from itself: there is nothing left of it.",
            ),
        ],
    )


def exploit_is_drawn(learner: Learner) -> None:
    """The same generator gives the same parents."""
    scores = [float(i) for i in range(20)]
    first, again = (_parents(learner, scores, seeded(4), share=0.4) for _ in range(2))
    learner.expect(
        first == again,
        f"{learner.call}: two generators of the same seed chose differently. Hand "
        "`random` to the function that draws: generator=random.",
    )


def _parents(
    learner: Learner, scores: list[float], random: torch.Generator, share: float = 0.25
) -> list[int]:
    """Return the learner's parents as a list of int."""
    got = learner(scores, random, share)
    try:
        return [int(i) for i in got]
    except (TypeError, ValueError) as error:
        raise Refusal(
            f"{learner.call}: expected a list of the numbers of members, got "
            f"{type(got).__name__}. One number for each member."
        ) from error
