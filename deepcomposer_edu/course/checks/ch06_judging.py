"""How the answers of lesson 06 on losses, the best critic and pushes are judged."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.course.values import as_numpy
from deepcomposer_edu.nn.gan import generator_loss

# 6.1 guess_loss -----------------------------------------------------------------

_SAID = torch.tensor([0.8, 0.5, 0.1])
_TRUTH = torch.tensor([True, True, False])  # the truth was given 0.8, 0.5 and 0.9


def guess_is_a_number(learner: Learner) -> None:
    """A loss is one number."""
    got = learner(_SAID, _TRUTH)
    learner.expect_shape(
        got, (), cause="Take the mean over the guesses; a loss is one number."
    )


def guess_by_hand(learner: Learner) -> None:
    """The truth was given 0.8, 0.5 and 0.9."""
    got = learner(_SAID, _TRUTH)
    logs = [math.log(p) for p in (0.8, 0.5, 0.9)]
    turned = [math.log(p) for p in (0.2, 0.5, 0.1)]
    learner.expect_close(
        got,
        torch.tensor(-sum(logs) / 3),
        1e-5,
        "The truth was given 0.8, 0.5 and 1 - 0.1: the mean of -log of these.",
        known=[
            (torch.tensor(sum(logs) / 3), "The sign is missing: -log, not log."),
            (torch.tensor(-sum(logs)), "That is the sum; take the mean."),
            (
                torch.tensor(-sum(turned) / 3),
                "Real and fake are swapped: of a real piece the truth was given D.",
            ),
            (
                torch.tensor(-sum(math.log(p) for p in (0.8, 0.5, 0.1)) / 3),
                "Of a fake the truth was given 1 - D, not D.",
            ),
            (
                torch.tensor(-(logs[0] + logs[1]) / 3),
                "The fakes count, too: of a fake the truth was given 1 - D.",
            ),
            (
                torch.tensor(-math.log((0.8 + 0.5 + 0.9) / 3)),
                "First the logarithm of each, then the mean.",
            ),
            (
                torch.tensor(-sum(logs) / 3 / math.log(2)),
                "That is the logarithm to base 2; `log` is to base e.",
            ),
        ],
    )


def guess_without_knowledge(learner: Learner) -> None:
    """Whoever always says 0.5 pays log 2."""
    got = learner(torch.full((6,), 0.5), torch.arange(6) < 2)
    learner.expect_close(
        got, torch.tensor(math.log(2)), 1e-5, "-log 0.5 is log 2, whatever the truth."
    )


def guess_of_sure_mistakes(learner: Learner) -> None:
    """A sure mistake costs -log LEAST, which is finite."""
    got = learner(torch.tensor([0.0, 1.0]), torch.tensor([True, False]))
    learner.expect_close(
        got,
        torch.tensor(-math.log(1e-6)),
        0.05,
        "Both guesses were sure and wrong; what the truth was given counts as at least "
        "LEAST = 1e-6.",
        known=[
            (
                torch.tensor(math.inf),
                "log 0 is minus infinity, and a single sure mistake would outweigh "
                "everything: use clamp_min(LEAST) before the logarithm.",
            ),
        ],
    )


def guess_is_torchs(learner: Learner) -> None:
    """It is torch's own binary cross-entropy."""
    said = 0.05 + 0.9 * torch.rand(50, generator=seeded(1))
    truth = torch.rand(50, generator=seeded(2)) < 0.3
    learner.expect_close(
        learner(said, truth),
        F.binary_cross_entropy(said, truth.float()),
        1e-5,
        "torch gives something else.",
    )


# 6.2 best_critic ----------------------------------------------------------------


def best_has_a_shape(learner: Learner) -> None:
    """One guess for each kind."""
    got = learner(torch.ones(5), torch.ones(5))
    learner.expect_shape(got, (5,), "One guess for each kind of piece, not a mean.")


def best_by_hand(learner: Learner) -> None:
    """75 of 100, 10 of 40, and a kind that only people write."""
    got = learner(torch.tensor([75.0, 10.0, 5.0]), torch.tensor([25.0, 30.0, 0.0]))
    learner.expect_close(
        got,
        torch.tensor([0.75, 0.25, 1.0]),
        1e-4,
        "Of the first kind 75 of 100 are real, of the second 10 of 40.",
        known=[
            (torch.tensor([0.25, 0.75, 0.0]), "That is the share of the fakes."),
            (
                torch.tensor([3.0, 1 / 3, math.inf]),
                "Divide by the sum of both, not by the fakes: D lies between 0 and 1.",
            ),
            (
                torch.tensor([75.0, 10.0, 5.0]) / 90,
                "Divide by how often this kind comes from both, not by the sum over "
                "all kinds.",
            ),
        ],
        axes=("kind",),
    )


def best_of_a_perfect_fake(learner: Learner) -> None:
    """Where the generator copies the data perfectly, it can only guess."""
    counts = torch.tensor([0.5, 0.3, 0.2])
    learner.expect_close(
        learner(counts, counts.clone()), torch.full((3,), 0.5), 1e-4, "Half are real."
    )


def best_of_the_unheard(learner: Learner) -> None:
    """Of what neither makes it says 0.5."""
    got = learner(torch.tensor([4.0, 0.0]), torch.tensor([4.0, 0.0]))
    is_nan = bool((as_numpy(got) != as_numpy(got)).any())
    learner.expect_close(
        got,
        torch.tensor([0.5, 0.5]),
        1e-4,
        "0 / 0 is not a number; where the sum is 0 the answer is 0.5."
        if is_nan
        else "Of a kind that neither makes, nothing is known: 0.5.",
    )


def best_beats_all_others(learner: Learner) -> None:
    """No other guesses have a smaller loss."""
    real, fake = (torch.rand(20, generator=seeded(i)) + 0.05 for i in (1, 2))

    def loss(guesses: Tensor) -> float:
        return -(real * guesses.log() + fake * (1 - guesses).log()).sum().item()

    got = learner(real, fake)
    learner.expect_shape(got, (20,))
    least = loss(got.clamp(1e-6, 1 - 1e-6))
    others = [
        loss((got + shift).clamp(1e-4, 1 - 1e-4)) for shift in (-0.05, 0.05, -0.2, 0.2)
    ]
    learner.expect(
        min(others) > least,
        f"{learner.call}: expected the guesses of the smallest loss, but others have "
        f"less: {min(others):.3f} instead of {least:.3f}.",
    )


# 6.5 push -----------------------------------------------------------------------

_SCORES = torch.tensor([-20.0, -2.0, 0.0, 2.0, 20.0])
_KINDS = ("original", "non-saturating", "wgan-clip", "wgan-gp")


def push_has_a_shape(learner: Learner) -> None:
    """One push for each score."""
    for kind in _KINDS:
        got = learner(kind, _SCORES)
        learner.expect_shape(
            got, (5,), "One push for each score, for the Wasserstein kinds, too."
        )


def push_of_a_sure_critic(learner: Learner) -> None:
    """At a score of -20 the original loss has no push, the other has a full one."""
    for kind, expected in (("original", 0.0), ("non-saturating", 1.0)):
        got = learner(kind, torch.tensor([-20.0]))
        learner.expect_close(
            got,
            torch.tensor([expected]),
            1e-4,
            "At the score -20, D is nearly 0.",
            known=[
                (
                    torch.tensor([1.0 - expected]),
                    "The two losses have changed places: it is the original one that "
                    "gives no push where the critic is sure of a fake.",
                ),
                (torch.tensor([-20.0]), "D is the sigmoid of the score."),
                (torch.tensor([-expected]), "The push is counted upwards: no minus."),
            ],
        )


def push_is_the_slope(learner: Learner) -> None:
    """It is what torch finds as the slope of each loss, with the sign turned."""
    for kind in _KINDS:
        scores = _SCORES.clone().requires_grad_()
        loss = sum(generator_loss(kind, score[None]) for score in scores)
        (slope,) = torch.autograd.grad(loss, scores)
        learner.expect_close(
            learner(kind, _SCORES),
            -slope,
            1e-5,
            f'The slope of the "{kind}" loss is another.',
            known=[(slope, "The push is counted upwards: turn the sign.")],
            axes=("score",),
        )


def push_stays_a_number(learner: Learner) -> None:
    """Scores of 1000 give no NaN."""
    got = learner("non-saturating", torch.tensor([-1000.0, 1000.0]))
    learner.expect_close(
        got,
        torch.tensor([1.0, 0.0]),
        1e-5,
        "exp(1000) is infinite; torch.sigmoid(...) knows how to avoid it.",
    )
