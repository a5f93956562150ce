"""Building blocks for networks over time: B batch, C channels, T steps."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of each step, (B, C, T) -> (B, C, T).

    Steps are not mixed, so a long piece and a short window sound the same (Ba et al.
    2016, eq. 3).
    """

    def __init__(self, n_channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(n_channels, 1))
        self.shift = nn.Parameter(torch.zeros(n_channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Return x with mean 0 and variance 1 in each step, scaled and shifted."""
        centred = x - x.mean(dim=1, keepdim=True)
        scale = torch.rsqrt(centred.square().mean(dim=1, keepdim=True) + 1e-5)
        return centred * scale * self.gain + self.shift


class Block(nn.Module):
    """Two convolutions over time with a shortcut: (B, C_in, T) -> (B, C_out, T)."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.first = nn.Conv1d(n_in, n_out, 3, padding=1)
        self.norm_first = ChannelNorm(n_out)
        self.second = nn.Conv1d(n_out, n_out, 3, padding=1)
        self.norm_second = ChannelNorm(n_out)
        self.shortcut = nn.Conv1d(n_in, n_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, C_out, T) from (B, C_in, T)."""
        h = F.leaky_relu(self.norm_first(self.first(x)), 0.2)
        h = self.norm_second(self.second(h))
        return F.leaky_relu(h + self.shortcut(x), 0.2)


class KindShift(nn.Module):
    """A learned vector for each of some kinds, added to every step of a layer.

    All vectors begin at zero: a network that was trained without kinds and is given
    them still computes the same, until training moves them.

    Args:
        n_kinds: how many kinds there are.
        n_channels: C, the width of the layer.
    """

    def __init__(self, n_kinds: int, n_channels: int) -> None:
        super().__init__()
        self.table = nn.Embedding(n_kinds, n_channels)
        nn.init.zeros_(self.table.weight)

    def forward(self, x: Tensor, kind: Tensor) -> Tensor:
        """Return x (B, C, T) with the vectors of `kind` (B,), int, added."""
        return x + self.table(kind)[:, :, None]
