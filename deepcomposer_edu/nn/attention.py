"""Attention: every step looks back and takes what it needs (Vaswani et al. 2017).

Letters: B batch, H heads, T steps that ask (queries), S steps that are looked at
(keys), C channels of all heads, D = C / H channels of one head.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

NOT_ALLOWED = float("-inf")  # the score of a step that must not be seen


def attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None = None,
    bias: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Return a weighted sum of the values for each query, and the weights.

    weights = softmax(query key^T / sqrt(D) + bias), and 0 where the mask forbids
    (Vaswani et al. 2017, eq. 1, with Shaw et al.'s idea of a term for the distance).

    Args:
        query: (B, H, T, D) what each step asks for.
        key: (B, H, S, D) what each step has to offer.
        value: (B, H, S, D) what it gives.
        mask: (T, S) bool, True where a query may look; every query may look somewhere.
        bias: (H, T, S) added to the scores.

    Returns:
        mixed (B, H, T, D) and weights (B, H, T, S); each row of weights sums to 1.
    """
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if bias is not None:
        scores = scores + bias
    if mask is not None:
        scores = scores.masked_fill(~mask, NOT_ALLOWED)
    weights = scores.softmax(dim=-1)  # (B, H, T, S)
    return weights @ value, weights


def causal_mask(n_queries: int, n_keys: int) -> Tensor:
    """Return which steps each query may look at: itself and those before it.

    The queries are the last ones of the keys' steps, as they are when earlier keys come
    from a cache.

    Args:
        n_queries: T.
        n_keys: S, at least T.

    Returns:
        (T, S) bool, True where a query may look.

    >>> causal_mask(2, 3).int().tolist()
    [[1, 1, 0], [1, 1, 1]]
    """
    queries = torch.arange(n_keys - n_queries, n_keys)  # (T,) their steps
    return torch.arange(n_keys)[None] <= queries[:, None]


def split_heads(x: Tensor, n_heads: int) -> Tensor:
    """Return (B, T, C) as (B, H, T, C / H): each head gets its own channels.

    Head 0 gets the first C / H channels, head 1 the next, and so on.
    """
    return x.unflatten(-1, (n_heads, -1)).transpose(1, 2)


def join_heads(x: Tensor) -> Tensor:
    """Return (B, H, T, D) as (B, T, H * D), undoing `split_heads`."""
    return x.transpose(1, 2).flatten(2)


def relative_bias(table: Tensor, n_queries: int, n_keys: int) -> Tensor:
    """Return what each head adds to its scores for each distance back in time.

    A score that depends on the distance alone makes "a bar ago" the same everywhere in
    a piece (Shaw et al. 2018; in this simple form Raffel et al. 2020, section 2.1).

    Args:
        table: (H, R) one number per head and distance 0 to R - 1; greater distances
            take the last one.
        n_queries: T; the queries are the last of the keys' steps.
        n_keys: S.

    Returns:
        (H, T, S); steps after the query take distance 0, the mask hides them anyway.
    """
    queries = torch.arange(n_keys - n_queries, n_keys)
    distance = queries[:, None] - torch.arange(n_keys)[None]  # (T, S)
    return table[:, distance.clamp(0, table.shape[1] - 1)]


@dataclass
class Cache:
    """Keys and values of the steps so far, so that no step is computed twice.

    Args:
        key: (B, H, S, D), None before the first step.
        value: the same.
    """

    key: Tensor | None = None
    value: Tensor | None = None

    def extend(self, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Put new steps behind the old ones; return all keys and all values.

        Args:
            key: (B, H, T, D) of the new steps.
            value: the same.

        Returns:
            Keys and values (B, H, S + T, D), which are kept for the next call.
        """
        if self.key is not None:
            key = torch.cat([self.key, key], dim=2)
            value = torch.cat([self.value, value], dim=2)
        self.key, self.value = key, value
        return key, value


class SelfAttention(nn.Module):
    """Causal attention of a sequence to itself, with a bias for the distance.

    Args:
        n_channels: C, a multiple of `n_heads`.
        n_heads: H.
        n_distances: R, distances that are told apart.
    """

    def __init__(self, n_channels: int, n_heads: int, n_distances: int) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.to_query_key_value = nn.Linear(n_channels, 3 * n_channels)
        self.to_output = nn.Linear(n_channels, n_channels)
        self.distance = nn.Parameter(torch.zeros(n_heads, n_distances))

    def forward(self, x: Tensor, cache: Cache | None = None) -> Tensor:
        """Return (B, T, C) from (B, T, C); with a cache, T new steps after the old."""
        query, key, value = self._heads(x)
        if cache is not None:
            key, value = cache.extend(key, value)
        bias = self._bias(query.shape[2], key.shape[2])
        # the same as `attend`, by torch's own function
        mixed = F.scaled_dot_product_attention(
            query, key, value, attn_mask=bias.to(query.dtype)
        )
        return self.to_output(join_heads(mixed))

    def weights(self, x: Tensor) -> Tensor:
        """Return what each step of x (B, T, C) looks at: (B, H, T, T)."""
        query, key, value = self._heads(x)
        bias = self._bias(query.shape[2], key.shape[2])
        return attend(query, key, value, bias=bias)[1]

    def _heads(self, x: Tensor) -> list[Tensor]:
        """Return queries, keys and values, each (B, H, T, D)."""
        parts = self.to_query_key_value(x).chunk(3, dim=-1)
        return [split_heads(part, self.n_heads) for part in parts]

    def _bias(self, n_queries: int, n_keys: int) -> Tensor:
        """Return the distances' bias with the future forbidden, (H, T, S)."""
        bias = relative_bias(self.distance, n_queries, n_keys)
        if n_queries == 1:
            return bias  # the newest step may look at all of them
        return bias.masked_fill(~causal_mask(n_queries, n_keys), NOT_ALLOWED)


class TransformerBlock(nn.Module):
    """Attention, then two linear layers on each step, each added to what comes in.

    Normalisation comes first in each part (Xiong et al. 2020), so that the gradient has
    an undisturbed way through the sums.
    """

    def __init__(
        self, n_channels: int, n_heads: int, n_distances: int, dropout: float
    ) -> None:
        super().__init__()
        self.norm_attention = nn.LayerNorm(n_channels)
        self.attention = SelfAttention(n_channels, n_heads, n_distances)
        self.norm_linear = nn.LayerNorm(n_channels)
        self.widen = nn.Linear(n_channels, 4 * n_channels)
        self.narrow = nn.Linear(4 * n_channels, n_channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, cache: Cache | None = None) -> Tensor:
        """Return (B, T, C) from (B, T, C)."""
        x = x + self.dropout(self.attention(self.norm_attention(x), cache))
        wide = F.gelu(self.widen(self.norm_linear(x)))  # (B, T, 4C)
        return x + self.dropout(self.narrow(wide))
