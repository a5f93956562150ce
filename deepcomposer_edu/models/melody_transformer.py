"""A small Transformer over one melody: what lesson 10 builds, breaks and trains.

It is the plainest Transformer that writes a tune: one token for each eighth note, a few
layers of attention, the next token's logits. Two of its parts can be spoilt on purpose,
to hear what they are for: the mask, and the knowledge of distances.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.nn.attention import (
    NOT_ALLOWED,
    Cache,
    SelfAttention,
    TransformerBlock,
    causal_mask,
    relative_bias,
)
from deepcomposer_edu.nn.sampling import sample

LOW, N_PITCHES = 36, 48  # C2 to B5
HOLD, SILENCE = N_PITCHES, N_PITCHES + 1  # the note sounds on; nothing sounds
N_TOKENS = N_PITCHES + 2
STEPS_PER_TOKEN = 2  # sixteenths


@dataclass(frozen=True)
class MelodyTransformerConfig:
    """Settings of a MelodyTransformer.

    Args:
        n_channels: C, numbers that stand for a step inside; a multiple of `n_heads`.
        n_heads: H, how many times each layer looks back.
        n_layers: how many layers, one upon the other.
        n_distances: how many distances a head tells apart; all farther ones are alike.
        looks_ahead: make the mask one step too wide. Never for music.
        has_positions: whether heads know how far back a step lies.
        dropout: share of numbers that are set to 0 in training.

    Raises:
        InputError: if the channels cannot be parted among the heads.
    """

    n_channels: int = 64
    n_heads: int = 4
    n_layers: int = 2
    n_distances: int = 64
    looks_ahead: bool = False
    has_positions: bool = True
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if self.n_heads < 1 or self.n_channels % self.n_heads:
            raise InputError(
                f"{self.n_channels} channels cannot be parted among {self.n_heads} "
                "heads; give a number of channels that is a multiple of the heads."
            )


class LookingAhead(SelfAttention):
    """Attention whose mask is one step too wide: each step sees the next one."""

    def _bias(self, n_queries: int, n_keys: int) -> Tensor:
        bias = relative_bias(self.distance, n_queries, n_keys)
        seen = causal_mask(n_queries, n_keys).roll(-1, dims=0)
        seen[-1] = True  # behind the last step there is nothing to see
        return bias.masked_fill(~seen, NOT_ALLOWED)


class MelodyTransformer(nn.Module):
    """From tokens to the logits of the token that follows: (B, T) -> (B, T, V)."""

    def __init__(self, config: MelodyTransformerConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or MelodyTransformerConfig()
        sizes = (config.n_channels, config.n_heads, config.n_distances)
        self.embed = nn.Embedding(N_TOKENS, config.n_channels)
        self.blocks = nn.ModuleList(
            TransformerBlock(*sizes, config.dropout) for _ in range(config.n_layers)
        )
        self.norm = nn.LayerNorm(config.n_channels)
        self.out = nn.Linear(config.n_channels, N_TOKENS)
        for block in self.blocks:
            if config.looks_ahead:
                block.attention = LookingAhead(*sizes)
            block.attention.distance.requires_grad_(config.has_positions)

    def forward(self, tokens: Tensor, caches: list[Cache] | None = None) -> Tensor:
        """Return for each step the logits of the token after it.

        Args:
            tokens: (B, T), the new steps.
            caches: one for each layer, with the steps before; None without.
        """
        x = self.embed(tokens)  # (B, T, C)
        for i, block in enumerate(self.blocks):
            x = block(x, caches[i] if caches else None)
        return self.out(self.norm(x))  # (B, T, V)

    def new_caches(self) -> list[Cache]:
        """Return an empty cache for each layer."""
        return [Cache() for _ in self.blocks]

    @torch.no_grad()
    def attention(self, tokens: Tensor) -> np.ndarray:
        """Return what each step of (T,) tokens looks at, shape (L, H, T, T)."""
        self.eval()
        x, weights = self.embed(tokens[None]), []
        for block in self.blocks:
            weights.append(block.attention.weights(block.norm_attention(x))[0])
            x = block(x)
        return torch.stack(weights).numpy()

    @torch.no_grad()
    def write(
        self,
        start: Tensor,
        n_tokens: int,
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int = 0,
        uses_cache: bool = True,
    ) -> Tensor:
        """Return the tokens (T,) of `start` with `n_tokens` more behind them.

        Args:
            start: what is there, (T,), at least one token.
            n_tokens: how many are written.
            temperature: see `nn.sampling.sample`, like the next two.
            top_k: how many of the likeliest may come; 0 for all.
            top_p: probability of the nucleus; 1 for all.
            seed: the same seed writes the same tokens.
            uses_cache: whether the keys and values of earlier steps are kept, or
                computed again for every token.
        """
        self.eval()
        random = torch.Generator().manual_seed(seed)
        caches = self.new_caches() if uses_cache else None
        tokens, new = start, start
        for _ in range(n_tokens):
            logits = self(new[None], caches)[0, -1]  # (V,)
            drawn = sample(logits, temperature, top_k, top_p, random)[None]
            tokens = torch.cat([tokens, drawn])
            new = drawn if uses_cache else tokens
        return tokens


def melody_tokens(pitches: np.ndarray, onsets: np.ndarray) -> Tensor:
    """Return melodies on the sixteenth grid as one token for each eighth note.

    Args:
        pitches: (..., T) MIDI numbers, 36 to 83, -1 for a rest.
        onsets: whether a note begins there, (..., T), bool.

    Returns:
        (..., T / 2) int64: the pitch of a note that begins there, counted from 36, or
        HOLD, or SILENCE. A note that begins on an odd sixteenth is heard an eighth
        later, if it still sounds.
    """
    whole = pitches.shape[-1] // STEPS_PER_TOKEN * STEPS_PER_TOKEN
    heard = pitches[..., 0:whole:STEPS_PER_TOKEN]  # on the eighths
    struck = onsets[..., 0:whole:STEPS_PER_TOKEN].copy()
    struck[..., 1:] |= heard[..., 1:] != heard[..., :-1]
    struck[..., 0] = True
    notes = np.where(struck, heard - LOW, HOLD)
    return torch.from_numpy(np.where(heard == REST, SILENCE, notes).astype(np.int64))


def tokens_to_grid(tokens: Tensor) -> Grid:
    """Return the melody, (1, 2 T), that (T,) tokens stand for."""
    pitches, onsets, now = [], [], REST
    for token in tokens.tolist():
        if token != HOLD:
            now = REST if token == SILENCE else token + LOW
        pitches += [now] * STEPS_PER_TOKEN
        onsets += [token < N_PITCHES, *[False] * (STEPS_PER_TOKEN - 1)]
    return Grid(np.array([pitches]), np.array([onsets]))
