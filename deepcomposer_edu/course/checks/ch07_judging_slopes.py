"""How the answers to the exercises 7.5 and 7.6 are judged: how steep a critic is."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from deepcomposer_edu.course.learner import Learner


def _drawn(*shape: int, seed: int = 0) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=random, dtype=torch.float64)


def _numbers(*numbers: float) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


# 7.5 slope_bound ----------------------------------------------------------------


def bound_is_a_number(learner: Learner) -> None:
    """However many maps there are, the bound is one number."""
    got = learner([_drawn(4, 3), _drawn(1, 4, seed=1)])
    learner.expect_number(got, "Multiply the numbers of the maps with each other.")


def bound_of_one_map(learner: Learner) -> None:
    """Stretched by 3 along one axis and by 2 along the other: at most by 3."""
    learner.expect_close(
        learner([torch.diag(_numbers(2.0, 3.0))]),
        torch.tensor(3.0, dtype=torch.float64),
        1e-9,
        "Along the first axis it stretches by 2, along the second by 3.",
        known=[
            (13**0.5, "That is the root of the sum of all squares (Frobenius); no "
             "vector is made so much longer. Take ord=2."),
            (2.0, "That is the least singular value; take the largest."),
            (6.0, "That is how areas grow; lengths grow by the largest singular "
             "value."),
            (5.0, "That is the sum of all sizes; take the largest singular value."),
        ],
    )  # fmt: skip


def bound_of_a_chain(learner: Learner) -> None:
    """By 3 and then by 4 makes 12."""
    learner.expect_close(
        learner([torch.diag(_numbers(1.0, 3.0)), torch.diag(_numbers(4.0, 2.0))]),
        torch.tensor(12.0, dtype=torch.float64),
        1e-9,
        "What the first map makes 3 times as long the second makes 4 times as long.",
        known=[
            (7.0, "One map works on what the other gives: multiply, do not add."),
            (3.0, "All the maps count, one after the other."),
            (4.0, "All the maps count, one after the other."),
            (6.0, "That is the stretch of both maps without a bend between them. With "
             "a bend it can be more: multiply the bounds of the maps."),
        ],
    )  # fmt: skip


def bound_of_a_turn(learner: Learner) -> None:
    """A rotation makes nothing longer, whatever numbers stand in it."""
    angle = math.pi / 6
    turn = torch.tensor(
        [
            [math.cos(angle), -math.sin(angle)],
            [math.sin(angle), math.cos(angle)],
        ],
        dtype=torch.float64,
    )
    learner.expect_close(
        learner([turn]),
        torch.tensor(1.0, dtype=torch.float64),
        1e-9,
        "A rotation changes no length.",
        known=[
            (math.cos(angle), "The largest number in the matrix says little: a long "
             "vector of small numbers is long, too. Take the largest singular value."),
            (math.cos(angle) + math.sin(angle), "That is the largest sum along a row "
             "or column; take ord=2."),
        ],
    )  # fmt: skip


def bound_is_never_exceeded(learner: Learner) -> None:
    """A critic with bends is never steeper than its bound."""
    first, last = _drawn(16, 5), _drawn(1, 16, seed=1)
    bound = float(learner([first, last]))
    pieces = _drawn(200, 5, seed=2).requires_grad_()
    scores = torch.tanh(pieces @ first.T) @ last.T
    (gradient,) = torch.autograd.grad(scores.sum(), pieces)
    steepest = gradient.norm(dim=1).max().item()
    product = torch.linalg.svdvals(first)[0] * torch.linalg.svdvals(last)[0]
    learner.expect(
        steepest <= bound <= product.item() + 1e-9,
        f"{learner.call}: got {bound:.4g}. The steepest of 200 measured slopes is "
        f"{steepest:.4g}, and the product of both singular values {product:.4g}; the "
        "bound may be neither below the first nor above the second.",
    )


# 7.6 slopes_by_nudging ----------------------------------------------------------


def _plane(pieces: Tensor) -> Tensor:
    """Score 3 x + 4 y + 10."""
    return pieces @ _numbers(3.0, 4.0) + 10


def slopes_have_a_shape(learner: Learner) -> None:
    """Each piece has one slope."""
    got = learner(_plane, _drawn(3, 2))
    if tuple(getattr(got, "shape", ())) == (3, 2):
        learner.expect(
            False,
            f"{learner.call}: shape: expected (3,), got (3, 2). These are the slopes "
            "along each number; the length of each piece's gradient is asked for: "
            "squares, sum, root.",
        )
    learner.expect_shape(got, (3,), "One slope for each piece.")


def slopes_of_a_plane(learner: Learner) -> None:
    """The critic 3 x + 4 y is as steep as 5, everywhere."""
    learner.expect_close(
        learner(_plane, _drawn(2, 2)),
        _numbers(5.0, 5.0),
        1e-5,
        "3 along one number and 4 along the other: the root of 9 + 16.",
        known=[
            (_numbers(25.0, 25.0), "The root is missing."),
            (_numbers(7.0, 7.0), "The length is the root of the sum of squares, not "
             "the sum of sizes."),
            (_numbers(10.0, 10.0), "From one nudge down to one nudge up are 2 nudges."),
            (_numbers(2.5, 2.5), "From where it stands to one nudge up is 1 nudge, not "
             "2."),
            (_numbers(0.01, 0.01), "Divide the rise by how far you walked: 2 nudges."),
        ],
    )  # fmt: skip
    learner.expect_close(
        learner(_plane, _drawn(2, 2), 0.5),
        _numbers(5.0, 5.0),
        1e-5,
        "On a plane the slope is the same for large nudges, too: use `nudge`.",
    )


def slopes_of_each_piece(learner: Learner) -> None:
    """A critic x^2 has slope 2 x, exactly, measured on both sides."""
    pieces = _numbers(1.0, 2.0, -3.0)[:, None]
    learner.expect_close(
        learner(lambda some: some[:, 0].square(), pieces, 0.1),
        _numbers(2.0, 4.0, 6.0),
        1e-6,
        "The score x^2 has slope 2 x.",
        known=[
            (_numbers(2.1, 4.1, 5.9), "Walk both ways: up from the piece and down from "
             "it. One way alone is off by about a nudge."),
            (_numbers(1.9, 3.9, 6.1), "Walk both ways: up from the piece and down from "
             "it. One way alone is off by about a nudge."),
        ],
    )  # fmt: skip


def slopes_of_many_axes(learner: Learner) -> None:
    """Pieces with several axes have one slope each, over all their numbers."""
    learner.causes["IndexError"] = "Pieces may have any number of axes."
    learner.causes["RuntimeError"] = "Pieces may have any number of axes."
    learner.causes["ValueError"] = "Pieces may have any number of axes."
    got = learner(lambda some: 2 * some.sum(dim=(1, 2)), _drawn(2, 3, 3))
    learner.expect_shape(got, (2,), "Flatten all but the batch before the length.")
    learner.expect_close(
        got, _numbers(6.0, 6.0), 1e-5, "Nine numbers of slope 2: the root of 36."
    )


def _against_the_mean(pieces: Tensor) -> Tensor:
    """Score each piece against the mean of the batch, as BatchNorm does."""
    return 3 * (pieces - pieces.mean(dim=0))[:, 0]


def slopes_nudge_one_piece(learner: Learner) -> None:
    """Where a critic compares pieces, only the nudged one moves."""
    learner.expect_close(
        learner(_against_the_mean, _drawn(3, 1)),
        _numbers(2.0, 2.0, 2.0),
        1e-5,
        "This critic scores 3 (x - the batch's mean). If one piece of three moves by "
        "1, the mean moves by 1/3 and its score by 2.",
        known=[
            (_numbers(0.0, 0.0, 0.0), "All pieces were nudged at once, or the piece "
             "was scored alone. This critic compares each with the batch's mean: the "
             "others have to stay in the batch, and where they are."),
        ],
    )  # fmt: skip


def slopes_agree_with_autograd(learner: Learner) -> None:
    """On a curved critic they are what torch's derivatives give."""
    first, last = _drawn(6, 8), _drawn(8, seed=1)

    def critic(some: Tensor) -> Tensor:
        return torch.tanh(some @ first) @ last

    pieces = _drawn(4, 6, seed=2)
    watched = pieces.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(watched).sum(), watched)
    learner.expect_close(
        learner(critic, pieces),
        gradient.norm(dim=1),
        1e-4,
        "torch's derivatives give something else.",
    )


def slopes_leave_the_pieces_alone(learner: Learner) -> None:
    """What comes back has the pieces' own type, and float32 works as well."""
    pieces = _drawn(2, 2).float()
    got = learner(lambda some: some.sum(dim=1), pieces, 0.25)
    learner.expect_close(
        got, torch.full((2,), 2**0.5), 1e-3, "Two numbers of slope 1: the root of 2."
    )
