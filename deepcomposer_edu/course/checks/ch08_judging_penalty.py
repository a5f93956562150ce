"""How the answers of lesson 08 are judged that are about the gradient penalty."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner


def _inputs(*shape: int, seed: int = 0) -> Tensor:
    values = torch.randn(shape, generator=seeded(seed), dtype=torch.float64)
    return values.requires_grad_()


def _weight(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def penalty_is_a_number(learner: Learner) -> None:
    """A penalty is one number."""
    x = _inputs(3, 2)
    got = learner(x @ _weight(3.0, 4.0), [x])
    learner.expect_shape(
        got, (), cause="Take the mean over the pieces; a penalty is one number."
    )


def penalty_of_a_plane(learner: Learner) -> None:
    """The critic 3 x + 4 y is a plane of slope 5: the penalty is 16."""
    x = _inputs(3, 2)
    got = learner(x @ _weight(3.0, 4.0), [x])
    learner.expect_close(
        got,
        _weight(16.0).squeeze(),
        1e-4,
        "The critic is 3 x + 4 y, of slope 5 everywhere, and (5 - 1)^2 = 16.",
        known=[
            (25.0, "The distance from 1 is missing: (norm - 1)^2."),
            (4.0, "The distance from 1 must be squared."),
            (576.0, "The root is missing: (25 - 1)^2."),
            (48.0, "That is the sum over the pieces; take the mean."),
            (
                (math.sqrt(75) - 1) ** 2,
                "One norm was taken over the whole batch. Each piece has its own: sum "
                "over axis 1 only.",
            ),
            (6.5, "The slopes 3 and 4 belong to one gradient, whose length is 5."),
            (36.0, "The length of (3, 4) is 5, the root of 9 + 16."),
        ],
    )


def penalty_of_each_piece(learner: Learner) -> None:
    """Three pieces with slopes 1, 2 and 4: the mean of 0, 1 and 9."""
    x = _inputs(3, 2, 2)
    slopes = _weight(1.0, 2.0, 4.0)
    scores = (x[:, 0, 0] * slopes) + 0 * x.sum((1, 2))
    got = learner(scores, [x])
    learner.expect_close(
        got,
        _weight(10 / 3).squeeze(),
        1e-4,
        "The pieces have the slopes 1, 2 and 4: the penalties are 0, 1 and 9.",
        known=[
            (16 / 9, "First the penalty of each piece, then the mean; not the "
             "penalty of the mean slope."),
            ((math.sqrt(21) - 1) ** 2, "One norm was taken over the whole batch."),
        ],
    )  # fmt: skip


def penalty_of_two_inputs(learner: Learner) -> None:
    """Slope 3 in the voices and 4 in the repeats are a slope of 5 together."""
    voices, repeats = _inputs(2, 3, 4), _inputs(2, 5, seed=1)
    scores = 3 * voices[:, 0, 0] + 4 * repeats[:, 2]
    got = learner(scores, [voices, repeats])
    learner.expect_close(
        got,
        _weight(16.0).squeeze(),
        1e-4,
        "The score has slope 3 by one input and 4 by the other: 5 by both.",
        known=[
            (4.0, "Only the first input was looked at."),
            (9.0, "Only the last input was looked at."),
            (13.0, "The inputs make one gradient: join them before taking the norm."),
            (6.5, "The inputs make one gradient: join them before taking the norm."),
        ],
    )


def penalty_by_finite_differences(learner: Learner) -> None:
    """A curved critic has the slopes that small steps measure."""
    x = _inputs(2, 3, 2)
    weight = torch.randn(6, 4, generator=seeded(4), dtype=torch.float64)

    def critic(points: Tensor) -> Tensor:
        return torch.tanh(points.flatten(1) @ weight).sum(1)

    got = learner(critic(x), [x])
    step = 1e-5
    flat = x.detach().flatten(1)
    slopes = [
        (critic(flat + step * unit) - critic(flat - step * unit)) / (2 * step)
        for unit in torch.eye(6, dtype=torch.float64)
    ]
    right = (torch.stack(slopes, 1).square().sum(1).sqrt() - 1).square().mean()
    learner.expect_close(
        got,
        right,
        1e-4,
        "Measured with small steps along each number, the slopes differ.",
    )


def penalty_teaches_the_critic(learner: Learner) -> None:
    """The penalty has a gradient by the critic's weights: 2 (5 - 1) (3, 4) / 5."""
    weight = _weight(3.0, 4.0).requires_grad_()
    x = _inputs(3, 2)
    got = learner(x @ weight, [x])
    learner.expect(
        getattr(got, "requires_grad", False),
        f"{learner.call}: the value is right, but no gradient leads back to the "
        "critic's weights, so the penalty teaches nothing. Ask for "
        "`create_graph=True`, and detach nothing.",
    )
    (gradient,) = torch.autograd.grad(got, weight)
    learner.call = f"The gradient of {learner.call} by the critic's weights"
    learner.expect_close(
        gradient,
        _weight(4.8, 6.4),
        1e-4,
        "The critic 3 x + 4 y must be made flatter: 2 (5 - 1) (3, 4) / 5.",
    )


def penalty_at_a_flat_place(learner: Learner) -> None:
    """A critic that is flat gives penalty 1, and gradients that are finite."""
    weight = _weight(0.0, 0.0).requires_grad_()
    x = _inputs(2, 2)
    got = learner(x @ weight, [x])
    learner.expect_close(got, _weight(1.0).squeeze(), 1e-4, "(0 - 1)^2 = 1.")
    (gradient,) = torch.autograd.grad(got, weight)
    learner.expect(
        bool(torch.isfinite(gradient).all()),
        f"{learner.call}: where the critic is flat, the penalty's own gradient is "
        f"{gradient.tolist()}. The root has an infinite slope at 0; add 1e-12 under "
        "it.",
    )
