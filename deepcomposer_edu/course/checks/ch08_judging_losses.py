"""How the answers to the exercises 8.4 and 8.5 are judged: critic and mixtures."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner

# 8.4 critic_loss ----------------------------------------------------------------

_REAL, _FAKE = torch.tensor([2.0, 4.0, 6.0]), torch.tensor([1.0, -3.0])


def loss_is_a_number(learner: Learner) -> None:
    """A loss is one number."""
    got = learner("wgan-gp", _REAL, _FAKE)
    learner.expect_shape(
        got, (), cause="Take the mean over the pieces; a loss is one number."
    )


def wasserstein_by_hand(learner: Learner) -> None:
    """Bach at 4, the fakes at -1: the loss is -5."""
    got = learner("wgan-gp", _REAL, _FAKE)
    learner.expect_close(
        got,
        torch.tensor(-5.0),
        1e-5,
        "The mean score of Bach is 4 and that of the fakes -1.",
        known=[
            (
                torch.tensor(5.0),
                "The sign is turned: a critic that tells them apart well must have a "
                "small loss, and this would teach it to praise the fakes.",
            ),
            (torch.tensor(-14.0), "Those are sums; means do not depend on B."),
            (torch.tensor(3.0), "The two means must be taken one from the other."),
            (
                F.softplus(-_REAL).mean() + F.softplus(_FAKE).mean(),
                "That is cross-entropy. A Wasserstein critic's scores are not turned "
                "into probabilities.",
            ),
        ],
    )


def both_wasserstein_kinds(learner: Learner) -> None:
    """Clipping and penalty share the loss; they differ elsewhere."""
    got = learner("wgan-clip", _REAL, _FAKE)
    learner.expect_close(
        got,
        torch.tensor(-5.0),
        1e-5,
        '"wgan-clip" has the same loss as "wgan-gp".',
    )


def cross_entropy_as_in_torch(learner: Learner) -> None:
    """The other two kinds agree with torch's own cross-entropy."""
    bce = F.binary_cross_entropy_with_logits
    right = bce(_REAL, torch.ones(3)) + bce(_FAKE, torch.zeros(2))
    swapped = bce(_REAL, torch.zeros(3)) + bce(_FAKE, torch.ones(2))
    for kind in ("original", "non-saturating"):
        learner.expect_close(
            learner(kind, _REAL, _FAKE),
            right,
            1e-5,
            "It is the mean of softplus(-real) plus the mean of softplus(fake).",
            known=[
                (swapped, "Real and fake are swapped: real pieces should get D = 1."),
                (-right, "The sign is turned: -log, not log."),
                (
                    torch.tensor(-5.0),
                    f'"{kind}" is cross-entropy, not the Wasserstein loss.',
                ),
            ],
        )


def loss_of_sure_scores(learner: Learner) -> None:
    """A very sure critic has no infinite loss."""
    sure = torch.tensor([300.0])
    got = learner("original", -sure, sure)
    learner.expect_close(
        got,
        torch.tensor(600.0),
        1e-2,
        "log(sigmoid(-300)) is log(0), which is infinite; softplus is not.",
    )


# 8.5 mix ------------------------------------------------------------------------


def _two_kinds(*shape: int) -> tuple[Tensor, Tensor]:
    real = torch.rand(shape, generator=seeded(1)) + 1
    return real, -torch.rand(shape, generator=seeded(2))


def mix_shape(learner: Learner) -> None:
    """A mixture has the shape of what is mixed."""
    learner.causes["RuntimeError"] = (
        "`share` has one axis; give it the shape (B, 1, 1, ...)."
    )
    real, fake = _two_kinds(3, 2, 5)
    got = learner(real, fake, torch.tensor([0.2, 0.5, 0.9]))
    learner.expect_shape(got, (3, 2, 5))


def mix_at_the_ends(learner: Learner) -> None:
    """1 gives Bach, 0 gives the generator."""
    real, fake = _two_kinds(2, 3, 4)
    got = learner(real, fake, torch.tensor([1.0, 0.0]))
    right = torch.stack([real[0], fake[1]])
    learner.expect_close(
        got,
        right,
        1e-6,
        "With share 1 the piece is the real one, with share 0 the fake one.",
        known=[
            (torch.stack([fake[0], real[1]]), "Real and fake are swapped."),
            (real + fake, "Both must be weighed: share and 1 - share."),
            ((real + fake) / 2, "Each piece has its own share."),
        ],
        axes=("piece", "row", "column"),
    )


def mix_piece_by_piece(learner: Learner) -> None:
    """All numbers of a piece are mixed alike, and each piece by its own share."""
    real, fake = _two_kinds(3, 2, 3)
    share = torch.tensor([0.25, 0.5, 1.0])
    got = learner(real, fake, share)
    right = torch.stack(
        [
            s * r + (1 - s) * f
            for r, f, s in zip(real, fake, share.tolist(), strict=True)
        ]
    )
    learner.expect_close(
        got,
        right,
        1e-6,
        "Piece 0 must be a quarter real in all its numbers.",
        known=[
            (
                share * real + (1 - share) * fake,
                "`share` was lined up with the last axis, not with the pieces. Here "
                "both happen to have 3 places, so torch does not complain. Give it the "
                "shape (B, 1, 1).",
            ),
            (
                share.mean() * real + (1 - share.mean()) * fake,
                "Each piece has its own share, not the mean of all.",
            ),
            (
                share[0] * real + (1 - share[0]) * fake,
                "Each piece has its own share, not that of the first.",
            ),
        ],
        axes=("piece", "row", "column"),
    )


def mix_of_any_shape(learner: Learner) -> None:
    """It works for one axis after the batch, and for three."""
    for shape in ((4, 6), (4, 3, 5, 7)):
        real, fake = _two_kinds(*shape)
        share = torch.tensor([0.1, 0.4, 0.6, 0.8])
        got = learner(real, fake, share)
        right = fake + torch.einsum("b,b...->b...", share, real - fake)
        learner.expect_close(
            got,
            right,
            1e-5,
            "Repeats and voices have different numbers of axes: count them with "
            "`real.dim()`.",
        )
