"""How the answers of lesson 05 are judged that are about running statistics."""

import torch
from torch import nn

from deepcomposer_edu.course.checks.random_inputs import normals
from deepcomposer_edu.course.learner import Learner

_BATCH = torch.tensor([[1.0, 10.0], [3.0, 20.0]])  # two pieces, two channels


def memory_is_a_pair(learner: Learner) -> None:
    """A mean and a variance come back, one for each channel."""
    got = learner(_BATCH, torch.zeros(2), torch.ones(2))
    learner.expect_type(got, tuple, list, cause="Return the mean and the variance.")
    learner.expect_equal(
        len(got), 2, cause="Return the mean and the variance, two tensors."
    )
    for numbers in got:
        learner.expect_shape(numbers, (2,), "One number for each channel, axis 1.")


def memory_by_hand(learner: Learner) -> None:
    """A quarter of the new batch and three quarters of the old memory."""
    mean, variance = learner(
        _BATCH, torch.tensor([4.0, 0.0]), torch.tensor([1.0, 1.0]), momentum=0.25
    )
    learner.expect_close(
        mean,
        torch.tensor([3.5, 3.75]),
        1e-4,
        "0.75 * 4 + 0.25 * 2 is 3.5, and 0.75 * 0 + 0.25 * 15 is 3.75.",
        known=[
            (
                torch.tensor([2.5, 11.25]),
                "Old and new have changed places: momentum is the share of the new "
                "batch.",
            ),
            (torch.tensor([2.0, 15.0]), "That is the batch alone; the memory is lost."),
            (
                torch.tensor([4.375, 2.875]),
                "The mean was taken over the channels; each channel has its own.",
            ),
        ],
    )
    learner.expect_close(
        variance,
        torch.tensor([1.25, 13.25]),
        1e-4,
        "The variances of the batch are 2 and 50 (divided by n - 1, which is 1).",
        known=[
            (
                torch.tensor([1.0, 7.0]),
                "The variance is divided by n; here it is n - 1.",
            ),
            (
                torch.tensor([1.75, 37.75]),
                "Old and new have changed places: momentum is the share of the new "
                "batch.",
            ),
        ],
    )


def memory_of_three_axes(learner: Learner) -> None:
    """For (B, C, T) the steps count like the pieces."""
    x = normals(4, 3, 5)
    mean, variance = learner(x, torch.zeros(3), torch.zeros(3), momentum=1.0)
    learner.expect_close(
        mean, x.mean(dim=(0, 2)), 1e-5, "Take the mean over pieces and steps."
    )
    learner.expect_close(
        variance,
        x.var(dim=(0, 2)),
        1e-5,
        "Take the variance over pieces and steps together.",
    )


def memory_keeps_no_gradient(learner: Learner) -> None:
    """Nothing flows back through the memory."""
    x = normals(4, 3).requires_grad_()
    for numbers in learner(x, torch.zeros(3), torch.ones(3)):
        learner.expect(
            not numbers.requires_grad,
            f"{learner.call}: expected a memory without a gradient, got one with it. "
            "It would hold on to every batch of the training: use x.detach().",
        )


def memory_is_torchs(learner: Learner) -> None:
    """After three batches it is torch's own memory, to 1e-5."""
    layer = nn.BatchNorm1d(3)
    mean, variance = torch.zeros(3), torch.ones(3)
    for seed in range(3):
        x = 2 * normals(5, 3, 4, seed=seed) + 1
        layer(x)
        mean, variance = learner(x, mean, variance)
    learner.expect_close(
        mean, layer.running_mean, 1e-5, "torch remembers another mean."
    )
    learner.expect_close(
        variance, layer.running_var, 1e-5, "torch remembers another variance."
    )
