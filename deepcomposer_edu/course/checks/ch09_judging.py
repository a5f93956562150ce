"""How the answers of lesson 09 are judged that are about learning to edit."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.course.values import as_numpy

_AXES = ("piece", "step", "pitch")


def _rolls(*shape: int, seed: int = 0, share: float = 0.3) -> Tensor:
    return torch.rand(shape, generator=seeded(seed)) < share


# edit_target --------------------------------------------------------------------


def target_shape(learner: Learner) -> None:
    """The target has a number for each cell of each piece."""
    got = learner(_rolls(2, 6, 4), _rolls(2, 6, 4, seed=1))
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
    roll = _rolls(1, 4, 3)
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
    roll = _rolls(16, 12)
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
    roll = _rolls(16, 12)
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
    roll = _rolls(200, 100, seed=2, share=0.5)
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


# edit_loss ----------------------------------------------------------------------


def loss_is_a_number(learner: Learner) -> None:
    """The loss is one number with a gradient."""
    logits = torch.zeros(2, 3, 4, requires_grad=True)
    target = torch.zeros(2, 3, 4)
    target[:, 1, 2] = 1.0
    got = learner(logits, target)
    learner.expect_number(got, "The mean over the pieces is one number.")
    learner.expect(
        isinstance(got, Tensor) and got.requires_grad,
        f"{learner.call}: the loss has no gradient, so nothing can be learned from it. "
        "Stay with torch's own functions, without .item() or .detach().",
    )


def loss_by_hand(learner: Learner) -> None:
    """Four equal cells and one right edit cost ln 4; two of two cost nothing."""
    target = torch.tensor([[[1.0, 0.0], [0.0, 0.0]]])
    learner.expect_close(
        learner(torch.zeros(1, 2, 2), target),
        math.log(4),
        1e-4,
        "The network gives each of the four cells a quarter, and one of them is right: "
        "1 · ln(1 / 0.25) = ln 4.",
        known=[
            (
                math.log(2),
                "The softmax went over the pitches of one step. The edit is one of all "
                "cells of the piece: flatten steps and pitches first.",
            ),
            (-math.log(4), "The sign is turned: a loss is 0 at best and else above."),
            (math.log(4) / 4, "That is the mean over the cells; sum over them."),
        ],
    )
    both = torch.tensor([[[0.5, 0.5], [0.0, 0.0]]])
    sure = torch.tensor([[[0.0, 0.0], [-30.0, -30.0]]])
    learner.expect_close(
        learner(sure, both),
        0.0,
        1e-4,
        "The network gives each of the two right edits a half, which is the target "
        "itself. Then the KL divergence is 0.",
        known=[
            (
                math.log(2),
                "That is the cross-entropy. A part of it the network cannot help, "
                "sum p ln(1/p) of the target; the KL divergence leaves it out: "
                "sum p (ln p - ln q).",
            )
        ],
    )


def loss_of_each_piece(learner: Learner) -> None:
    """A piece's loss does not depend on which others are in the batch."""
    logits = 3 * torch.randn((3, 4, 5), generator=seeded(1))
    differs = _rolls(3, 4, 5, seed=2)
    target = differs / differs.sum((1, 2), keepdim=True)
    alone = [float(learner(logits[i : i + 1], target[i : i + 1])) for i in range(3)]
    flat = torch.log_softmax(logits.flatten(), 0).view(3, 4, 5)
    entropy = torch.special.entr(target).sum((1, 2))
    flattened = float((-(target * flat).sum((1, 2)) - entropy).mean())
    learner.expect_close(
        float(learner(logits, target)),
        sum(alone) / 3,
        1e-3,
        "The loss of a batch is the mean of its pieces' losses, each with a softmax of "
        "its own.",
        known=[
            (
                flattened,
                "The softmax went over the flattened batch, so one piece's probability "
                "is taken from another's. Flatten steps and pitches, not the pieces.",
            ),
            (sum(alone), "That is the sum over the pieces; take the mean."),
        ],
    )


def loss_without_finished_pieces(learner: Learner) -> None:
    """Pieces with nothing to edit do not count."""
    logits = torch.randn((3, 2, 4), generator=seeded(4))
    target = torch.zeros(3, 2, 4)
    target[1, 0, 2] = 1.0
    right = float(-torch.log_softmax(logits[1].flatten(), 0)[2])
    got = learner(logits, target)
    learner.expect(
        math.isfinite(float(got)),
        f"{learner.call}: got {float(got)} where two of three pieces are finished. "
        "0 · ln 0 is nan to a computer; torch.xlogy(x, x) knows that it is 0.",
    )
    learner.expect_close(
        float(got),
        right,
        1e-3,
        "Two of the three pieces are finished: their target is all zeros. The mean "
        "goes over the pieces that have something to edit.",
        known=[
            (
                right / 3,
                "The two finished pieces were counted as losses of 0. Divide by the "
                "number of pieces whose target is not all zeros.",
            )
        ],
    )


def loss_of_large_logits(learner: Learner) -> None:
    """Logits of thousands give no infinity."""
    target = torch.tensor([[[1.0, 0.0], [0.0, 0.0]]])
    got = float(learner(torch.tensor([[[2000.0, 0.0], [1990.0, 0.0]]]), target))
    learner.expect(
        math.isfinite(got),
        f"{learner.call}: got {got} for logits of 2000. exp of a large number is "
        "infinite; log_softmax takes the largest away first.",
    )
