"""The game of 2014 in three small formulas (Goodfellow et al. 2014).

The critic is called D here, as in the paper: D is how probable it finds it that a piece
is real.
"""

from __future__ import annotations

import torch
from torch import Tensor

LEAST = 1e-6  # a guess is never taken as surer than this, so that no loss is infinite


def guess_loss(probability: Tensor, is_real: Tensor) -> Tensor:
    """Return how wrong guesses are: the mean of -log of what the truth was given.

    Of a real piece the truth was given D, of a fake 1 - D. What it was given counts as
    at least LEAST, so that a sure mistake is very dear and not infinitely dear. This is
    binary cross-entropy: what the critic minimises.

    Args:
        probability: (N,) guesses D that a piece is real, 0 to 1.
        is_real: (N,) bool, the truth.

    Returns:
        One number, 0 or more, a tensor without axes; log 2 = 0.69 for whoever always
        says 0.5.
    """
    given_to_truth = torch.where(is_real, probability, 1 - probability)  # (N,)
    return -given_to_truth.clamp_min(LEAST).log().mean()


def best_critic(real: Tensor, fake: Tensor) -> Tensor:
    """Return the best guesses there are, if one knows how often each piece comes.

    D = real / (real + fake), the share of the real ones among all pieces of a kind
    (Goodfellow et al. 2014, proposition 1). Of a kind that neither makes, nothing is
    known: 0.5.

    Args:
        real: (M,) how often each kind of piece comes among the real ones, 0 or more.
        fake: (M,) the same for the generator.

    Returns:
        (M,), 0 to 1.
    """
    both = real + fake
    return torch.where(both > 0, real / both.clamp_min(LEAST), 0.5)


def push(kind: str, score: Tensor) -> Tensor:
    """Return how strongly a loss pushes the generator to raise the critic's scores.

    It is the slope of `generator_loss` by the score, with the sign turned, so that 1 is
    a strong push and 0 none. With D = sigmoid(score):

    - "original", log(1 - D): the push is D;
    - "non-saturating", -log D: the push is 1 - D;
    - "wgan-clip" and "wgan-gp", -score: the push is 1.

    Args:
        kind: one of `nn.gan.LOSSES`.
        score: of any shape, the critic's scores of fakes: far below 0 if it is sure
            that they are fake.

    Returns:
        The shape of `score`.
    """
    if kind == "original":
        return torch.sigmoid(score)
    if kind == "non-saturating":
        return torch.sigmoid(-score)  # 1 - D
    return torch.ones_like(score)
