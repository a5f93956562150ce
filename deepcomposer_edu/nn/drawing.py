"""Drawing from a network's output, with a gradient that flows through the draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

STEPS_PER_DRAW = 4  # steps that share their drawing noise: a quarter


class ShareOfChance:
    """Random numbers for some rows of a batch: those that they get in the whole batch.

    Several processes that share a batch then draw what one process would, and their
    generators stay alike.

    Args:
        random: the generator, in the same state in every process.
        rank: which share of the rows is meant, from 0.
        size: how many equal shares there are.
    """

    def __init__(self, random: torch.Generator, rank: int, size: int) -> None:
        self.random, self.rank, self.size = random, rank, size

    def __call__(self, draw: Callable[..., Tensor], shape: Sequence[int]) -> Tensor:
        """Return this share, of `shape`, of what `torch.rand` or `torch.randn` draws.

        The first axis of the shape counts the rows of the share.
        """
        whole = draw((shape[0] * self.size, *shape[1:]), generator=self.random)
        return whole.chunk(self.size)[self.rank]


def uniform_in(
    shape: Sequence[int], source: torch.Generator | ShareOfChance | None = None
) -> Tensor:
    """Return uniform numbers in [0, 1)."""
    if isinstance(source, ShareOfChance):
        return source(torch.rand, shape)
    return torch.rand(shape, generator=source)


def normal_in(
    shape: Sequence[int], source: torch.Generator | ShareOfChance | None = None
) -> Tensor:
    """Return standard normal numbers."""
    if isinstance(source, ShareOfChance):
        return source(torch.randn, shape)
    return torch.randn(shape, generator=source)


def draw_one_hot(
    logits: Tensor, temperature: float, generator: torch.Generator | None = None
) -> Tensor:
    """Draw a class per step; the gradient is that of the softmax (straight-through).

    The largest of logits + Gumbel noise is a draw from the softmax (Jang et al. 2017,
    section 2.1). All STEPS_PER_DRAW steps of a quarter share their noise: where the
    logits stay, the note stays, as it does when a singer holds it.

    Args:
        logits: (B, T, V).
        temperature: scale of the noise `shared_gumbel(logits.shape, generator)` that is
            added to the logits, 0 or more; 0 adds none and takes the likeliest class.
        generator: the source of the noise.

    Returns:
        (B, T, V), of the logits' dtype: 1 at the largest of the noisy logits and 0
        elsewhere. Its gradient is that of the softmax of the noisy logits, because the
        one-hot itself has none: add the softmax, and take it away again detached.
    """
    if temperature > 0:
        logits = logits + temperature * shared_gumbel(logits.shape, generator)
    soft = logits.softmax(dim=-1)
    hard = F.one_hot(logits.argmax(dim=-1), logits.shape[-1]).to(soft.dtype)
    return hard + soft - soft.detach()


def gumbel(shape: Sequence[int], generator: torch.Generator | None = None) -> Tensor:
    """Return noise that turns the best of some logits into a draw from their softmax.

    Maddison et al. 2017, section 2.
    """
    uniform = uniform_in(shape, generator)
    return -torch.log(-torch.log(uniform.clamp_(1e-9, 1 - 1e-7)))


def shared_gumbel(
    shape: torch.Size, generator: torch.Generator | None = None
) -> Tensor:
    """Return Gumbel noise, (B, T, V), the same for all steps of a quarter."""
    n_windows, n_steps, n_classes = shape
    n_draws = -(-n_steps // STEPS_PER_DRAW)
    noise = gumbel((n_windows, n_draws, n_classes), generator)
    return noise.repeat_interleave(STEPS_PER_DRAW, dim=1)[:, :n_steps]


def draw_bit(
    logits: Tensor, temperature: float, generator: torch.Generator | None = None
) -> Tensor:
    """Draw 0 or 1 per element with probability sigmoid(logits), straight-through."""
    if temperature > 0:
        uniform = uniform_in(logits.shape, generator).clamp_(1e-6, 1 - 1e-6)
        logits = logits + temperature * torch.logit(uniform)
    soft = torch.sigmoid(logits)
    return (logits > 0).to(soft.dtype) + soft - soft.detach()
