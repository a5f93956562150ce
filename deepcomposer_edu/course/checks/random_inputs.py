"""Random inputs of the checks: the same each time, so that answers can be repeated."""

from __future__ import annotations

import torch
from torch import Tensor


def seeded(seed: int = 0) -> torch.Generator:
    """Return a source of random numbers that begins at `seed`."""
    return torch.Generator().manual_seed(seed)


def normals(*shape: int, seed: int = 0) -> Tensor:
    """Return numbers from the normal distribution, of this shape."""
    return torch.randn(shape, generator=seeded(seed))
