"""How the answers of lesson 09 are judged that are about the loss of edits."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from deepcomposer_edu.course.checks.ch09_judging import rolls_of
from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner


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
    differs = rolls_of(3, 4, 5, seed=2)
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
