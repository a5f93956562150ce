"""From numbers to a few codes: nearest neighbours, argmax, and gradients past both.

A quantiser replaces each vector of an encoder by one of K codes. To choose has no
gradient, so it is copied past the choice (straight-through, Bengio et al. 2013). Two
ways to choose: the nearest vector of a codebook (van den Oord et al. 2017, VQ-VAE), and
the largest of K shares (Dieleman et al. 2018, argmax autoencoder). Torch only.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError

COMMITMENT = 0.25  # beta in van den Oord et al. 2017, section 3.2


def nearest_code(vectors: Tensor, codebook: Tensor) -> Tensor:
    """Return for each vector which one of the codebook is nearest to it.

    Nearest is what has the smallest squared distance |z - e|^2 = |z|^2 - 2 z.e + |e|^2
    (van den Oord et al. 2017, eq. 1). Of two that are equally near, the first counts.

    Args:
        vectors: z, (..., D).
        codebook: e, (K, D).

    Returns:
        (...) int64, each from 0 to K - 1.

    >>> nearest_code(torch.tensor([[0.9], [0.2]]), torch.tensor([[0.0], [1.0]]))
    tensor([1, 0])
    """
    # |z|^2 is the same for all codes, so it cannot decide which one is nearest
    distances = codebook.square().sum(-1) - 2 * vectors @ codebook.T  # (..., K)
    return distances.argmin(dim=-1)


def straight_through(vectors: Tensor, quantised: Tensor) -> Tensor:
    """Return the values of `quantised`, with the gradient of the vectors themselves.

    Args:
        vectors: what the encoder said, (..., D), with a gradient.
        quantised: what was chosen instead, (..., D).

    Returns:
        (..., D). The gradient passes unchanged to `vectors`; `quantised` gets none.

    >>> said = torch.tensor([0.7], requires_grad=True)
    >>> (3 * straight_through(said, torch.tensor([1.0]))).backward()
    >>> said.grad
    tensor([3.])
    """
    return vectors + (quantised - vectors).detach()


def vq_loss(vectors: Tensor, chosen: Tensor, commitment: float = COMMITMENT) -> Tensor:
    """Return the two terms that draw codes and vectors towards each other.

    |sg[z] - e|^2 moves the codes to the vectors, beta |z - sg[e]|^2 holds the vectors
    to the codes; sg stops the gradient (van den Oord et al. 2017, eq. 3).

    Args:
        vectors: z, (..., D), what the encoder said.
        chosen: e, (..., D), the nearest code of each, with a gradient to the codebook.
        commitment: beta, at least 0.

    Returns:
        One number: each term is the mean over all numbers.

    >>> vq_loss(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 0.0]), 0.5)
    tensor(0.7500)
    """
    to_vectors = F.mse_loss(chosen, vectors.detach())
    to_codes = F.mse_loss(vectors, chosen.detach())
    return to_vectors + commitment * to_codes


def code_use(codes: Tensor, n_codes: int) -> Tensor:
    """Return which share of the codes each one is, (K,); together they are 1.

    Args:
        codes: (...) int64, at least one, each from 0 to K - 1.
        n_codes: K.

    >>> code_use(torch.tensor([0, 3, 3, 3]), 4)
    tensor([0.2500, 0.0000, 0.0000, 0.7500])
    """
    return torch.bincount(codes.flatten(), minlength=n_codes) / codes.numel()


def share_used(codes: Tensor, n_codes: int) -> float:
    """Return which share of the K codes occurs at all, 0 to 1.

    >>> share_used(torch.tensor([0, 3, 3, 3]), 4)
    0.5
    """
    return (code_use(codes, n_codes) > 0).float().mean().item()


def perplexity(codes: Tensor, n_codes: int) -> float:
    """Return how many codes, all used alike, would surprise as much as these do.

    It is e to the entropy of `code_use`: 1 where one code is all there is, K where each
    of the K is as frequent as any other.

    Args:
        codes: (...) int64, at least one, each from 0 to K - 1.
        n_codes: K.
    """
    p = code_use(codes, n_codes)
    return torch.exp(-torch.xlogy(p, p).sum()).item()  # 0 ln 0 counts as 0


def revive_codes(
    codebook: Tensor, n_used: Tensor, vectors: Tensor, random: torch.Generator
) -> Tensor:
    """Return the codebook with each code that nothing chose moved to a vector.

    A code that is nearest to nothing gets no gradient, so it would stay where it is for
    ever. Each is put on a vector drawn at random; none is drawn twice while there are
    enough of them.

    Args:
        codebook: (K, D); it is not changed.
        n_used: (K,), how often each code was chosen of late.
        vectors: (M, D), what the encoder said of late, at least one.
        random: all chance comes from here.

    Returns:
        (K, D).
    """
    dead = (n_used == 0).nonzero().flatten()  # (n_dead,)
    order = torch.randperm(len(vectors), generator=random)  # (M,)
    drawn = order[torch.arange(len(dead)) % len(order)]
    revived = codebook.clone()
    revived[dead] = vectors[drawn]
    return revived


def argmax_shares(scores: Tensor) -> Tensor:
    """Return scores as shares of a whole: negative ones 0, the rest divided by the sum.

    Unlike a softmax it reaches 0 and 1 exactly, so shares can be just what the argmax
    makes of them, and then nothing is lost (Dieleman et al. 2018).

    Args:
        scores: (..., K), any numbers.

    Returns:
        (..., K), from 0 to 1, together (but for 0.00001 in the divisor) 1; all 0 where
        no score is positive.

    >>> argmax_shares(torch.tensor([3.0, -2.0, 1.0])).round(decimals=2)
    tensor([0.7500, 0.0000, 0.2500])
    """
    positive = F.relu(scores)
    return positive / (positive.sum(dim=-1, keepdim=True) + 1e-5)


def argmax_one_hot(shares: Tensor) -> Tensor:
    """Return the one-hot of the largest share, with the gradient of the shares.

    Args:
        shares: (..., K), with a gradient.

    Returns:
        (..., K): 1 at the largest (the first of several), 0 elsewhere. The gradient
        passes unchanged to the shares.

    >>> argmax_one_hot(torch.tensor([0.2, 0.5, 0.3]))
    tensor([0., 1., 0.])
    """
    codes = shares.argmax(dim=-1)
    one_hot = F.one_hot(codes, shares.shape[-1]).to(shares.dtype)
    return straight_through(shares, one_hot)


def diversity_loss(shares: Tensor) -> Tensor:
    """Return how far the mean shares are from using all codes alike.

    The mean over the K codes of (K s_k - 1)^2, where s_k is a code's mean share over
    batch and time: 0 where all have the same, K - 1 where one has everything (Dieleman
    et al. 2018).

    Args:
        shares: (..., K).

    Returns:
        One number with a gradient.

    >>> diversity_loss(torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    tensor(1.)
    """
    mean = shares.flatten(0, -2).mean(dim=0)  # (K,)
    return (len(mean) * mean - 1).square().mean()


@dataclass(frozen=True)
class Quantised:
    """What a quantiser made of a batch.

    Args:
        vectors: (B, F, D), one for each frame, with a gradient to the encoder.
        codes: (B, F) int64.
        loss: what the choice costs; to be added to the reconstruction's loss.
        said: (B, F, D) or (B, F, K), what the encoder said, without a gradient.
    """

    vectors: Tensor
    codes: Tensor
    loss: Tensor
    said: Tensor


class VectorQuantiser(nn.Module):
    """K vectors; each of the encoder's becomes the nearest of them.

    Args:
        n_codes: K, at least 2.
        width: D.
        commitment: beta of `vq_loss`.
    """

    def __init__(
        self, n_codes: int, width: int, commitment: float = COMMITMENT
    ) -> None:
        super().__init__()
        _check_codes(n_codes)
        self.n_codes, self.n_inputs, self.commitment = n_codes, width, commitment
        self.codebook = nn.Parameter(torch.randn(n_codes, width))

    def forward(self, said: Tensor) -> Quantised:
        """Quantise vectors (B, F, D)."""
        said = said.float()  # distances want more than bfloat16's eight bits
        codes = nearest_code(said.detach(), self.codebook.detach())
        chosen = self.codebook[codes]  # (B, F, D)
        loss = vq_loss(said, chosen, self.commitment)
        return Quantised(straight_through(said, chosen), codes, loss, said.detach())

    def vectors(self, codes: Tensor) -> Tensor:
        """Return the vectors (..., D) of codes (...)."""
        return self.codebook[codes]


class ArgmaxQuantiser(nn.Module):
    """The encoder says K scores; the largest wins, and each code has a vector.

    The diversity is that of the choices, with the gradient of the shares. Dieleman et
    al. judge the shares themselves; but those can be spread over many codes while a few
    win everywhere.

    Args:
        n_codes: K, at least 2.
        width: D, of the vectors that the winner is replaced by.
        diversity: how much `diversity_loss` counts.
    """

    def __init__(self, n_codes: int, width: int, diversity: float = 0.1) -> None:
        super().__init__()
        _check_codes(n_codes)
        self.n_codes, self.n_inputs, self.diversity = n_codes, n_codes, diversity
        self.codebook = nn.Parameter(torch.randn(n_codes, width))

    def forward(self, scores: Tensor) -> Quantised:
        """Quantise scores (B, F, K)."""
        said = argmax_shares(scores.float())
        choice = argmax_one_hot(said)  # (B, F, K)
        loss = self.diversity * diversity_loss(choice)
        vectors = choice @ self.codebook
        return Quantised(vectors, said.argmax(dim=-1), loss, said.detach())

    def vectors(self, codes: Tensor) -> Tensor:
        """Return the vectors (..., D) of codes (...)."""
        return self.codebook[codes]


def _check_codes(n_codes: int) -> None:
    if not 2 <= n_codes <= 65_536:
        raise InputError(
            f"A quantiser has {n_codes} codes, but it needs 2 to 65,536; 64 or 256 are "
            "usual."
        )
