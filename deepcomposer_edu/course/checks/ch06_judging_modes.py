"""How the answers of lesson 06 are judged that are about modes that are covered."""

from __future__ import annotations

import torch
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner

_MODES = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])


def _around(counts: list[int], spread: float = 0.1) -> Tensor:
    """Return points: so many around each of the four modes."""
    places = torch.repeat_interleave(_MODES, torch.tensor(counts), dim=0)
    return places + spread * torch.randn(places.shape, generator=seeded(3))


def modes_are_a_number(learner: Learner) -> None:
    """It counts, so it gives a whole number."""
    got = learner(_around([25, 25, 25, 25]), _MODES, 1.0)
    learner.expect_number(got, "How many of the modes are covered?")
    learner.expect_type(got, int, cause="`int(...)` makes one of a tensor.")


def modes_by_hand(learner: Learner) -> None:
    """Half the modes got all the points."""
    got = learner(_around([60, 0, 40, 0]), _MODES, 1.0)
    learner.expect_equal(
        got,
        2,
        "60 points lie near the first mode and 40 near the third.",
        known=[
            (100, "Those are the points; the modes that they reach are asked for."),
            (4, "A mode without points is not covered."),
            (0, "Compare the distances with the radius: near is less than that."),
        ],
    )


def modes_need_their_share(learner: Learner) -> None:
    """With 100 points and 4 modes the fair share is 25, and 5 are enough."""
    got = learner(_around([86, 5, 5, 4]), _MODES, 1.0)
    learner.expect_equal(
        got,
        3,
        "The fair share is 100 / 4 = 25, and FAIR_SHARE of it is 5: 5 points are "
        "enough, 4 are not.",
        known=[
            (4, "A single stray point covers no mode: FAIR_SHARE * N / M are needed."),
            (1, "Exactly FAIR_SHARE of the fair share is enough, and the fair share is "
             "N / M, not N."),
        ],
    )  # fmt: skip


def modes_of_nothing_near(learner: Learner) -> None:
    """Points between the modes belong to none."""
    got = learner(torch.full((50, 2), 5.0), _MODES, 1.0)
    learner.expect_equal(
        got, 0, "All points lie 7 away from every mode; the radius is 1."
    )


def modes_that_come_last(learner: Learner) -> None:
    """The order of the modes does not matter, and the last may be empty."""
    learner.causes["RuntimeError"] = (
        "`bincount` stops counting after the last mode that has a point; give it "
        "minlength=len(modes)."
    )
    for counts, right in (([50, 50, 0, 0], 2), ([0, 0, 50, 50], 2)):
        got = learner(_around(counts), _MODES, 1.0)
        learner.expect_equal(got, right, "Two of the four have their points.")
