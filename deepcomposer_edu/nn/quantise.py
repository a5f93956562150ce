"""From numbers to a few codes: nearest neighbours, argmax, and gradients past both.

A quantiser replaces each query of an encoder by one of K codes. To choose has no
gradient, so it is copied past the choice (straight-through, Bengio et al. 2013). Two
ways to choose: a codebook of vectors (van den Oord et al. 2017, VQ-VAE), and the largest
of K shares (Dieleman et al. 2018, argmax autoencoder). Torch only.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError

COMMITMENT = 0.25  # beta in van den Oord et al. 2017, section 3.2
_SMALL = 1e-5  # against 0 / 0 where no share is above 0


def nearest_code(queries: Tensor, codebook: Tensor) -> Tensor:
    """Return for each query which vector of the codebook is nearest to it.

    Nearest is what has the smallest squared distance |q - e|^2 = |q|^2 - 2 q.e + |e|^2
    (van den Oord et al. 2017, eq. 1). Of two that are equally near, the first counts.

    Args:
        queries: (..., D).
        codebook: (K, D).

    Returns:
        (...) int64, each from 0 to K - 1.

    >>> nearest_code(torch.tensor([[0.9], [0.2]]), torch.tensor([[0.0], [1.0]]))
    tensor([1, 0])
    """
    # |q|^2 is the same for all codes, so it cannot decide which one is nearest
    distances = codebook.square().sum(-1) - 2 * queries @ codebook.T  # (..., K)
    return distances.argmin(dim=-1)


def straight_through(query: Tensor, quantised: Tensor) -> Tensor:
    """Return the value of `quantised`, with a gradient as if it were the query itself.

    Args:
        query: what the encoder said, (..., D), with a gradient.
        quantised: what was chosen instead, (..., D).

    Returns:
        (..., D). The gradient passes unchanged to `query`; `quantised` gets none.
    """
    return query + (quantised - query).detach()


def codebook_loss(
    query: Tensor, quantised: Tensor, commitment: float = COMMITMENT
) -> Tensor:
    """Return the two terms that draw codes and queries towards each other.

    |sg[q] - e|^2 moves the codes to the queries, beta |q - sg[e]|^2 holds the queries
    to the codes; sg stops the gradient (van den Oord et al. 2017, eq. 3).

    Args:
        query: (..., D), what the encoder said.
        quantised: (..., D), the nearest code of each, with a gradient to the codebook.
        commitment: beta, at least 0.

    Returns:
        One number: means over all numbers of the queries.
    """
    to_queries = F.mse_loss(quantised, query.detach())
    to_codes = F.mse_loss(query, quantised.detach())
    return to_queries + commitment * to_codes


def count_codes(codes: Tensor, n_codes: int) -> Tensor:
    """Return how often each code occurs, (K,) int64.

    Args:
        codes: (...) int64, each from 0 to K - 1.
        n_codes: K.
    """
    return torch.bincount(codes.flatten(), minlength=n_codes)


def code_use(codes: Tensor, n_codes: int) -> float:
    """Return which share of the K codes occurs at all, 0 to 1.

    Args:
        codes: (...) int64, each from 0 to K - 1.
        n_codes: K.

    >>> code_use(torch.tensor([0, 3, 3]), 4)
    0.5
    """
    return (count_codes(codes, n_codes) > 0).float().mean().item()


def perplexity(codes: Tensor, n_codes: int) -> float:
    """Return how many codes, all used alike, would surprise as much as these do.

    It is e to the entropy of the code's distribution: 1 where one code is all there is,
    K where each of the K is as frequent as any other.

    Args:
        codes: (...) int64, at least one, each from 0 to K - 1.
        n_codes: K.
    """
    shares = count_codes(codes, n_codes) / codes.numel()  # (K,)
    return torch.exp(-torch.xlogy(shares, shares).sum()).item()


def revive_dead_codes(
    codebook: Tensor, counts: Tensor, queries: Tensor, random: torch.Generator
) -> Tensor:
    """Return the codebook with each code that nobody chose moved to a query.

    A code that is nearest to no query gets no gradient, so it would stay where it is
    for ever. Each is put on a query drawn at random, no query twice while there are
    enough of them.

    Args:
        codebook: (K, D); it is not changed.
        counts: (K,), how often each code was chosen of late.
        queries: (M, D), what the encoder said of late, at least one.
        random: all chance comes from here.

    Returns:
        (K, D).
    """
    dead = (counts == 0).nonzero().flatten()  # (n_dead,)
    order = torch.randperm(len(queries), generator=random)
    chosen = order[torch.arange(len(dead)) % len(order)]
    revived = codebook.clone()
    revived[dead] = queries[chosen]
    return revived


def shares(scores: Tensor) -> Tensor:
    """Return scores as shares of a whole: negative ones 0, the rest divided by the sum.

    Unlike a softmax it reaches 0 and 1 exactly, so a query can be what the argmax makes
    of it, and nothing is lost (Dieleman et al. 2018, section 3.2).

    Args:
        scores: (..., K), any numbers.

    Returns:
        (..., K), from 0 to 1, together (nearly) 1; all 0 where no score is positive.

    >>> shares(torch.tensor([3.0, -2.0, 1.0])).round(decimals=2)
    tensor([0.7500, 0.0000, 0.2500])
    """
    positive = F.relu(scores)
    return positive / (positive.sum(dim=-1, keepdim=True) + _SMALL)


def one_hot_of_largest(query: Tensor) -> Tensor:
    """Return the one-hot of the largest share, with the gradient of the query.

    Args:
        query: (..., K), with a gradient.

    Returns:
        (..., K): 1 at the largest (the first of several), 0 elsewhere. The gradient
        passes unchanged to the query.
    """
    codes = query.argmax(dim=-1)
    return straight_through(query, F.one_hot(codes, query.shape[-1]).to(query.dtype))


def diversity_loss(query: Tensor) -> Tensor:
    """Return how far the mean query is from using all channels alike.

    The mean over the K channels of (K q_k - 1)^2, where q_k is a channel's mean over
    batch and time: 0 where all have the same share, K - 1 where one has everything
    (Dieleman et al. 2018; there the squares are added up).

    Args:
        query: (..., K), the shares.

    Returns:
        One number with a gradient.
    """
    mean = query.flatten(0, -2).mean(dim=0)  # (K,)
    return (len(mean) * mean - 1).square().mean()


@dataclass(frozen=True)
class Quantised:
    """What a quantiser made of the queries of a batch.

    Args:
        vectors: (B, F, D), one for each frame, with a gradient to the encoder.
        codes: (B, F) int64.
        loss: what the choice costs; to be added to the reconstruction's loss.
        queries: (B, F, D) or (B, F, K), what the encoder said, without a gradient.
    """

    vectors: Tensor
    codes: Tensor
    loss: Tensor
    queries: Tensor


class VectorQuantiser(nn.Module):
    """K vectors; each query becomes the nearest of them.

    Args:
        n_codes: K, at least 2.
        width: D.
        commitment: beta of `codebook_loss`.
    """

    def __init__(
        self, n_codes: int, width: int, commitment: float = COMMITMENT
    ) -> None:
        super().__init__()
        _check_codes(n_codes)
        self.n_codes, self.n_inputs, self.commitment = n_codes, width, commitment
        self.codebook = nn.Parameter(torch.randn(n_codes, width))

    def forward(self, query: Tensor) -> Quantised:
        """Quantise queries (B, F, D)."""
        query = query.float()  # distances want more than bfloat16's eight bits
        codes = nearest_code(query.detach(), self.codebook.detach())
        quantised = self.codebook[codes]  # (B, F, D)
        loss = codebook_loss(query, quantised, self.commitment)
        vectors = straight_through(query, quantised)
        return Quantised(vectors, codes, loss, query.detach())

    def vectors(self, codes: Tensor) -> Tensor:
        """Return the vectors (..., D) of codes (...)."""
        return self.codebook[codes]


class ArgmaxQuantiser(nn.Module):
    """Each query is K shares; the largest wins, and each code has a vector.

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

    def forward(self, query: Tensor) -> Quantised:
        """Quantise scores (B, F, K)."""
        query = shares(query.float())
        loss = self.diversity * diversity_loss(query)
        vectors = one_hot_of_largest(query) @ self.codebook
        return Quantised(vectors, query.argmax(dim=-1), loss, query.detach())

    def vectors(self, codes: Tensor) -> Tensor:
        """Return the vectors (..., D) of codes (...)."""
        return self.codebook[codes]


def _check_codes(n_codes: int) -> None:
    if not 2 <= n_codes <= 65_536:
        raise InputError(
            f"A quantiser has {n_codes} codes, but it needs 2 to 65,536; 64 or 256 are "
            "usual."
        )
