"""How the answers of lesson 09 are judged that are about learning to edit."""

from __future__ import annotations

import torch
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.course.values import as_numpy

_AXES = ("piece", "step", "pitch")


def rolls_of(*shape: int, seed: int = 0, share: float = 0.3) -> Tensor:
    """Return piano rolls drawn at random, bool; `share` of the cells sound."""
    return torch.rand(shape, generator=seeded(seed)) < share


# edit_target --------------------------------------------------------------------


def target_shape(learner: Learner) -> None:
    """The target has a number for each cell of each piece."""
    got = learner(rolls_of(2, 6, 4), rolls_of(2, 6, 4, seed=1))
    learner.expect_shape(got, (2, 6, 4), "Every cell of every piece gets a number.")
    learner.expect(
        as_numpy(got).dtype.kind == "f",
        f"{learner.call}: expected shares (float), got {as_numpy(got).dtype}. Whether "
        "a cell differs is True or False; its share of the whole is a number.",
    )


def target_by_hand(learner: Learner) -> None:
    """One note too many and one missing make two edits, a half each."""
    now = torch.tensor([[[1, 1, 0, 0]]]).bool()
    goal = torch.tensor([[[1, 0, 0, 1]]]).bool()
    learner.expect_close(
        learner(now, goal),
        torch.tensor([[[0.0, 0.5, 0.0, 0.5]]]),
        1e-6,
        "Cell 1 sounds and should not, cell 3 should sound and does not. Either edit "
        "leads nearer to the goal, so each gets a half; cells that agree get 0.",
        known=[
            (
                torch.tensor([[[0.0, 0.0, 0.0, 1.0]]]),
                "Only the missing notes count here. Taking a wrong note away is an "
                "edit, too.",
            ),
            (
                torch.tensor([[[0.0, 1.0, 0.0, 0.0]]]),
                "Only the notes that are too many count here. Adding a missing note is "
                "an edit, too.",
            ),
            (
                torch.tensor([[[0.0, 1.0, 0.0, 1.0]]]),
                "The cells are the right ones, but a distribution sums to 1: divide by "
                "how many there are.",
            ),
            (
                torch.tensor([[[0.5, 0.0, 0.0, 0.5]]]),
                "That is the goal itself. What has to be edited is where goal and now "
                "differ.",
            ),
            (
                torch.tensor([[[1 / 3, 1 / 3, 0.0, 1 / 3]]]),
                "A cell that sounds in both needs no edit: take the cells in which "
                "exactly one of the two sounds, not at least one.",
            ),
        ],
        axes=_AXES,
    )


def target_of_each_piece(learner: Learner) -> None:
    """Each piece of a batch sums to 1 by itself."""
    now = torch.zeros(2, 2, 2, dtype=torch.bool)
    goal = torch.tensor([[[1, 0], [0, 0]], [[1, 1], [1, 0]]]).bool()
    right = goal.float() / torch.tensor([1.0, 3.0])[:, None, None]
    rows = torch.tensor([[1.0, 0.0], [0.0, 0.0]]), torch.tensor([[0.5, 0.5], [1.0, 0]])
    learner.expect_close(
        learner(now, goal),
        right,
        1e-6,
        "Piece 0 needs one edit, piece 1 needs three: 1 and 1/3.",
        known=[
            (
                goal.float() / 4,
                "There are four differences in the whole batch, but each piece sums to "
                "1 by itself: count along the steps and pitches only.",
            ),
            (
                torch.stack(rows),
                "Each step was made to sum to 1; the whole piece should.",
            ),
        ],
        axes=_AXES,
    )


def target_of_a_finished_piece(learner: Learner) -> None:
    """A piece that is at its goal has nothing to edit: all zeros."""
    roll = rolls_of(1, 4, 3)
    got = learner(roll, roll.clone())
    learner.expect(
        not bool(torch.as_tensor(got).isnan().any()),
        f"{learner.call}: got nan for a piece that is at its goal: 0 differences, "
        "divided by 0. Divide by at least 1.",
    )
    learner.expect_close(
        got, torch.zeros(1, 4, 3), 1e-6, "Nothing differs, so nothing is to be edited."
    )


# corrupt ------------------------------------------------------------------------


def corrupted_shape(learner: Learner) -> None:
    """A roll comes back, and by the same generator the same one."""
    roll = rolls_of(16, 12)
    got = learner(roll, 0.5, 0.1, seeded(5))
    learner.expect_shape(got, (16, 12), "A roll goes in and a roll comes out.")
    learner.expect_dtype(got, bool, "Whether a cell sounds is True or False.")
    again = learner(roll, 0.5, 0.1, seeded(5))
    learner.expect(
        bool((torch.as_tensor(got) == torch.as_tensor(again)).all()),
        f"{learner.call}: two generators of the same seed gave two different rolls. "
        "Hand `random` to every torch function that draws: generator=random.",
    )


def nothing_and_everything(learner: Learner) -> None:
    """With chances of 0 nothing changes; with chances of 1 everything does."""
    roll = rolls_of(16, 12)
    learner.expect_equal(
        learner(roll, 0.0, 0.0, seeded()),
        roll,
        "Chances of 0 leave the music as it is.",
        known=[
            (
                torch.zeros_like(roll),
                "`removed` is the chance that a note is lost, not that it is kept.",
            )
        ],
        axes=_AXES[1:],
    )
    learner.expect_equal(
        learner(roll, 1.0, 0.0, seeded()),
        torch.zeros_like(roll),
        "With a chance of 1 every note is lost.",
        axes=_AXES[1:],
    )
    learner.expect_equal(
        learner(roll, 1.0, 1.0, seeded()),
        ~roll,
        "Every note is lost, and every cell that was empty *before* is filled.",
        known=[
            (
                torch.ones_like(roll),
                "A cell that has lost its note was filled again. Noise falls into the "
                "cells that are empty in `roll` only.",
            )
        ],
        axes=_AXES[1:],
    )


def how_much_is_lost(learner: Learner) -> None:
    """Of many notes and empty cells the given shares turn around."""
    roll = rolls_of(200, 100, seed=2, share=0.5)
    for removed, added in ((0.3, 0.0), (0.0, 0.02), (0.7, 0.1)):
        got = torch.as_tensor(learner(roll, removed, added, seeded(7)))
        lost = float((roll & ~got).sum() / roll.sum())
        filled = float((got & ~roll).sum() / (~roll).sum())
        learner.expect(
            abs(lost - removed) < 0.02,
            f"{learner.call}: of 10,000 notes expected {removed:.0%} to be lost, got "
            f"{lost:.0%}. "
            "Each note is lost with the chance `removed`, by a draw of its own.",
        )
        learner.expect(
            abs(filled - added) < 0.02,
            f"{learner.call}: of 10,000 empty cells expected {added:.0%} to be filled, "
            f"got {filled:.0%}. Each empty cell is filled with the chance `added`.",
        )


def each_cell_by_itself(learner: Learner) -> None:
    """Cells are spoilt one by one, not whole steps or pitches."""
    roll = torch.ones(40, 30, dtype=torch.bool)
    got = torch.as_tensor(learner(roll, 0.5, 0.0, seeded(3))).float()
    spread = max(float(got.mean(0).std()), float(got.mean(1).std()))
    learner.expect(
        spread < 0.3,
        f"{learner.call}: whole steps or whole pitches were lost together. Draw one "
        "number for each cell: torch.rand(roll.shape, generator=random).",
    )
