"""How the answers of lesson 08 are judged that are about convergence."""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.course.learner import Learner

_REFERENCE = {"triad_rate": 0.6, "hold_rate": 0.8, "onsets_per_step": 2.0}


def _rows(*triads: float) -> list[dict[str, float]]:
    return [
        {"step": 100 * i, "triad_rate": value, "hold_rate": 0.8, "critic_loss": -1.0}
        for i, value in enumerate(triads)
    ]


def converged_is_a_bool(learner: Learner) -> None:
    """The answer is True or False."""
    got = learner(_rows(0.1, 0.2, 0.3), _REFERENCE, ["triad_rate"])
    learner.expect_type(got, bool, np.bool_, cause="Return True or False.")
    learner.expect(
        not got,
        f"{learner.call}: expected False, got True. 0.1, 0.2 and 0.3 are far from 0.6.",
    )


def converged_when_near(learner: Learner) -> None:
    """Three measurements near the data's value are enough."""
    got = learner(_rows(0.1, 0.58, 0.62, 0.6), _REFERENCE, ["triad_rate"])
    learner.expect(
        bool(got),
        f"{learner.call}: expected True, got False. The last three, 0.58, 0.62 and "
        "0.6, are within a tenth of 0.6; what was before does not count.",
    )


def converged_needs_patience(learner: Learner) -> None:
    """One good measurement is luck, and two are not three."""
    for triads, why in (
        ((0.1, 0.1, 0.6), "Only the last measurement is near. It takes `patience` of "
         "them, here 3, in a row."),
        ((0.6, 0.6), "There are only two measurements, and 3 are asked for."),
        ((0.6, 0.6, 0.6, 0.1), "The run was good and is not any more: look at the "
         "last measurements."),
    ):  # fmt: skip
        got = learner(_rows(*triads), _REFERENCE, ["triad_rate"])
        learner.expect(not got, f"{learner.call}: expected False, got True. {why}")


def converged_from_both_sides(learner: Learner) -> None:
    """More triads than Bach is as far off as fewer."""
    got = learner(_rows(0.9, 0.9, 0.9), _REFERENCE, ["triad_rate"])
    learner.expect(
        not got,
        f"{learner.call}: expected False, got True. 0.9 is far above 0.6, and music of "
        "nothing but triads is not Bach's: take the distance on both sides, with abs.",
    )


def converged_by_shares(learner: Learner) -> None:
    """A tolerance of 0.1 allows a tenth of the data's value."""
    small = {"triad_rate": 0.1}
    got = learner(_rows(0.15, 0.15, 0.15), small, ["triad_rate"])
    learner.expect(
        not got,
        f"{learner.call}: expected False, got True. The data's value is 0.1 and the "
        "run's 0.15, half as much again: the tolerance is a share of the data's value.",
    )
    large = [{"step": i, "onsets_per_step": 2.15} for i in range(3)]
    got = learner(large, _REFERENCE, ["onsets_per_step"])
    learner.expect(
        bool(got),
        f"{learner.call}: expected True, got False. 2.15 is within a tenth of 2.0, "
        "that is 0.2: the tolerance is a share of the data's value.",
    )


def converged_in_every_metric(learner: Learner) -> None:
    """Every metric that is named has to be near, and no other."""
    rows = [{**row, "hold_rate": 0.4} for row in _rows(0.6, 0.6, 0.6)]
    got = learner(rows, _REFERENCE, ["triad_rate", "hold_rate"])
    learner.expect(
        not got,
        f"{learner.call}: expected False, got True. The triads are near, but the held "
        "notes are not: every metric counts.",
    )
    learner.expect(
        bool(learner(rows, _REFERENCE, ["triad_rate"])),
        f"{learner.call}: expected True, got False. Only the metrics in `names` count.",
    )


def converged_passes_over_losses(learner: Learner) -> None:
    """Rows that hold losses alone are no measurements."""
    learner.causes["KeyError"] = (
        "Most rows hold losses alone; keep those that hold every name."
    )
    losses = {"step": 7, "critic_loss": -1.0}
    rows = []
    for row in _rows(0.6, 0.6, 0.6):
        rows += [row, losses, losses]
    got = learner(rows, _REFERENCE, ["triad_rate"])
    learner.expect(
        bool(got),
        f"{learner.call}: expected True, got False. Three of the nine rows are "
        "measurements, and all three are near; rows of losses alone do not count.",
    )
