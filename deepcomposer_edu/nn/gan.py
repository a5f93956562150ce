"""The game of two networks: what each minimises, and the gradient penalty.

Goodfellow et al. 2014; Arjovsky et al. 2017 (Wasserstein GAN); Gulrajani et al. 2017
(gradient penalty). B is the batch.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LOSSES = ("original", "non-saturating", "wgan-clip", "wgan-gp")


def critic_loss(kind: str, real: Tensor, fake: Tensor) -> Tensor:
    """Return what the critic minimises, given its scores of real and fake pieces.

    "wgan-clip" and "wgan-gp": the mean score of the fakes minus that of the real ones,
    so that it falls as the critic tells them apart; it is the Wasserstein estimate with
    the sign turned (Arjovsky et al. 2017, eq. 3). "original" and "non-saturating":
    binary cross-entropy with D = sigmoid(score), the mean of -log D over the real ones
    plus the mean of -log(1 - D) over the fakes (Goodfellow et al. 2014); -log D is
    softplus(-score), -log(1 - D) is softplus(score).

    Args:
        kind: one of LOSSES.
        real: (B,) scores of real pieces, any real numbers.
        fake: (B,) scores of generated pieces.

    Returns:
        One number, a tensor without axes.
    """
    if kind in ("original", "non-saturating"):
        return F.softplus(-real).mean() + F.softplus(fake).mean()
    return fake.mean() - real.mean()


def generator_loss(kind: str, fake: Tensor) -> Tensor:
    """Return what the generator minimises, given the critic's scores (B,) of its work.

    "original": log(1 - D); "non-saturating": -log D (Goodfellow et al. 2014,
    section 3); the Wasserstein kinds: -critic(fake).
    """
    if kind == "original":
        return -F.softplus(fake).mean()
    if kind == "non-saturating":
        return F.softplus(-fake).mean()
    return -fake.mean()


@torch.no_grad()
def clip_weights(critic: nn.Module, bound: float) -> None:
    """Bring every weight of a critic into [-bound, bound], in place.

    So its slope stays bounded, the first way to come near the Wasserstein distance
    (Arjovsky et al. 2017, algorithm 1).
    """
    for weight in critic.parameters():
        weight.clamp_(-bound, bound)


def mix(real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """Return points between real and fake: share * real + (1 - share) * fake.

    Args:
        real: (B, ...), with one axis or more after the batch.
        fake: the same shape.
        share: (B,) values in [0, 1], one for each piece: 1 gives the real piece, 0 the
            fake one, and all numbers of a piece are mixed alike.

    Returns:
        (B, ...), the shape of `real`.
    """
    share = share.reshape(-1, *[1] * (real.dim() - 1))
    return share * real + (1 - share) * fake


def gradient_penalty(scores: Tensor, inputs: list[Tensor]) -> Tensor:
    """Return the mean of (||gradient|| - 1)^2 (Gulrajani et al. 2017, eq. 3).

    Each piece has one gradient: that of its score by all of its numbers, in every one
    of the inputs together. ||gradient|| is the root of the sum of its squares; 1e-12
    is added under the root, whose own slope at 0 is infinite.

    Args:
        scores: (B,) the critic's scores of `inputs`.
        inputs: tensors (B, ...) that require gradients, between real and fake.

    Returns:
        One number, 0 or more, through which gradients can flow back to the critic
        (`create_graph=True`).
    """
    gradients = torch.autograd.grad(scores.sum(), inputs, create_graph=True)
    flat = torch.cat([g.flatten(1) for g in gradients], dim=1)
    norm = (flat.square().sum(dim=1) + 1e-12).sqrt()  # over everything but the batch
    return (norm - 1).square().mean()
