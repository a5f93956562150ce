"""How the answers to the exercises 8.1 and 8.2 are judged: drawing."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.nn.drawing import STEPS_PER_DRAW, shared_gumbel

# 8.1 draw_one_hot ---------------------------------------------------------------


def _logits(n_steps: int = 8, n_classes: int = 5) -> Tensor:
    return torch.randn((2, n_steps, n_classes), generator=seeded(1))


def _chosen(logits: Tensor) -> Tensor:
    return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)


def drawn_shape(learner: Learner) -> None:
    """A draw has the shape and the dtype of the logits."""
    logits = _logits()
    got = learner(logits, 1.0, seeded())
    learner.expect_shape(
        got, logits.shape, cause="Each step gets one row of V numbers."
    )
    if got.dtype != logits.dtype:
        learner.expect(
            False,
            f"{learner.call}: expected {logits.dtype}, got {got.dtype}. `F.one_hot` "
            "gives whole numbers; bring them to the dtype of the softmax.",
        )


def likeliest_without_noise(learner: Learner) -> None:
    """At temperature 0 it is the one-hot of the largest logit."""
    logits = _logits()
    got = learner(logits, 0.0, seeded())
    learner.expect_close(
        got,
        _chosen(logits),
        1e-5,
        "At temperature 0 no noise is added: 1 at the largest logit, 0 elsewhere.",
        known=[
            (
                logits.softmax(-1),
                "That is the softmax. The next voice and the critic need a decision: "
                "1 for one class and 0 for the others.",
            ),
            (
                F.one_hot(logits.argmax(1), logits.shape[1]).float(),
                "The largest must be looked for among the classes, the last axis.",
            ),
            (
                _chosen(logits + shared_gumbel(logits.shape, seeded())),
                "At temperature 0 no noise may be added.",
            ),
        ],
        axes=("piece", "step", "class"),
    )


def noise_is_scaled(learner: Learner) -> None:
    """The noise is that of the generator, times the temperature."""
    logits = 3 * _logits(64, 12)
    for temperature in (1.0, 0.3, 2.5):
        noise = shared_gumbel(logits.shape, seeded(5))
        got = learner(logits, temperature, seeded(5))
        fresh = torch.rand(logits.shape, generator=seeded(5))
        learner.expect_close(
            got,
            _chosen(logits + temperature * noise),
            1e-5,
            "Add `temperature * shared_gumbel(logits.shape, generator)` to the logits "
            "and take the largest.",
            known=[
                (_chosen(logits), "The noise is missing: this always takes the best."),
                (_chosen(logits + noise), "The noise must be scaled by `temperature`."),
                (
                    _chosen(logits / temperature + noise * temperature),
                    "Scale the noise only, not the logits.",
                ),
                (
                    _chosen(logits - temperature * torch.log(-torch.log(fresh))),
                    f"That noise is new at every step. All {STEPS_PER_DRAW} steps of a "
                    "quarter share theirs: take it from `shared_gumbel`.",
                ),
            ],
            axes=("piece", "step", "class"),
        )


def draws_follow_the_softmax(learner: Learner) -> None:
    """At temperature 1 each class is drawn as often as the softmax says."""
    logits = torch.tensor([2.0, 1.0, 0.0]).expand(4000, STEPS_PER_DRAW, 3)
    got = learner(logits.contiguous(), 1.0, seeded())
    learner.expect_close(
        got[:, 0].mean(0).detach(),
        logits[0, 0].softmax(-1),
        0.04,
        "Drawn 4000 times, the classes do not come as often as the softmax says.",
        axes=("class",),
    )


def gradient_is_the_softmax_one(learner: Learner) -> None:
    """The gradient is that of the softmax of the noisy logits."""
    logits = _logits().requires_grad_()
    weight = torch.randn(logits.shape, generator=seeded(2))
    got = learner(logits, 1.0, seeded(3))
    learner.expect(
        got.requires_grad,
        f"{learner.call}: the values are right, but no gradient reaches the logits, so "
        "the generator cannot learn. `argmax` has none: add soft - soft.detach().",
    )
    (gradient,) = torch.autograd.grad((got * weight).sum(), logits)
    noisy = (logits + shared_gumbel(logits.shape, seeded(3))).detach()
    noisy.requires_grad_()
    (expected,) = torch.autograd.grad((noisy.softmax(-1) * weight).sum(), noisy)
    plain = logits.detach().requires_grad_()
    (without,) = torch.autograd.grad((plain.softmax(-1) * weight).sum(), plain)
    learner.call = f"The gradient of {learner.call}"
    learner.expect_close(
        gradient,
        expected,
        1e-5,
        "It must be the gradient of the softmax.",
        known=[
            (torch.zeros_like(expected), "It is 0: the softmax is detached twice."),
            (2 * expected, "The softmax counts twice: detach one of the two."),
            (-expected, "Its sign is turned: take the detached softmax away."),
            (without, "Take the softmax of the logits with their noise."),
            (weight, "That lets the gradient pass as if there were no softmax."),
        ],
        axes=("piece", "step", "class"),
    )


# 8.2 same_as_before -------------------------------------------------------------


def _voices(*rows: list[int]) -> Tensor:
    """Return one piece with one voice a row, as one-hots over four classes."""
    return F.one_hot(torch.tensor([rows]), 4).float()


def stays_shape(learner: Learner) -> None:
    """There is one number for each voice and step."""
    got = learner(_voices([0, 0, 1, 1, 3, 3], [2, 2, 2, 2, 2, 1]))
    learner.expect_shape(
        got,
        (1, 2, 6),
        cause="Comparing neighbours leaves T - 1 steps; the first step, which has no "
        "step before it, gets 0."
        if getattr(got, "shape", ())[-1:] == (5,)
        else "Sum over the classes, the last axis, and over nothing else.",
    )


def stays_by_hand(learner: Learner) -> None:
    """The voice C C D D rest rest stays at steps 1, 3 and 5."""
    got = learner(_voices([0, 0, 1, 1, 3, 3], [2, 2, 2, 2, 2, 2]))
    learner.expect_close(
        got,
        torch.tensor([[[0, 1, 0, 1, 0, 1], [0, 1, 1, 1, 1, 1]]]).float(),
        1e-6,
        "A step counts as 1 when it sounds the class of the step before.",
        known=[
            (
                torch.tensor([[[1, 0, 1, 0, 1, 0], [1, 1, 1, 1, 1, 0]]]).float(),
                "Each step is compared with the next one, not the one before: the zero "
                "belongs in front.",
            ),
            (
                torch.tensor([[[0, 1, 0, 1, 0, 1], [1, 1, 1, 1, 1, 1]]]).float(),
                "The first step was compared with the last: `roll` goes round.",
            ),
            (
                torch.tensor([[[0, 0, 1, 0, 1, 0], [0, 0, 0, 0, 0, 0]]]).float(),
                "That is where the pitch moves; asked is where it stays.",
            ),
            (
                torch.tensor([[[1, 1, 0, 1, 0, 1], [1, 1, 1, 1, 1, 1]]]).float(),
                "The first step has no step before it, so it cannot stay: 0.",
            ),
        ],
        axes=("piece", "voice", "step"),
    )


def stays_of_mixtures(learner: Learner) -> None:
    """A step that is a quarter of the note before stays by a quarter."""
    voices = _voices([0, 0, 1])
    voices[0, 0, 1] = torch.tensor([0.25, 0.75, 0.0, 0.0])
    got = learner(voices)
    learner.expect_close(
        got,
        torch.tensor([[[0.0, 0.25, 0.75]]]),
        1e-6,
        "Between two one-hots the answer lies between 0 and 1. The critic is shown "
        "such mixtures, so `argmax` and `==` cannot be used: multiply, then sum over "
        "the classes.",
        axes=("piece", "voice", "step"),
    )


def stays_has_a_gradient(learner: Learner) -> None:
    """A gradient reaches the voices."""
    voices = _voices([0, 0, 1]).requires_grad_()
    got = learner(voices)
    learner.expect(
        got.requires_grad,
        f"{learner.call}: the values are right, but no gradient reaches the voices. "
        "Comparing with == has none; multiply, then sum over the classes.",
    )
