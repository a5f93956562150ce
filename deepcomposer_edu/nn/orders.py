"""Any order: which cells are hidden when a network learns, and when it composes.

Torch only; nothing here knows of music.
"""

from __future__ import annotations

import torch
from torch import Tensor


def random_cells(shape: tuple[int, ...], random: torch.Generator) -> Tensor:
    """Return a mask of cells: first how many is drawn, then which.

    Each number of cells from 1 to all is as likely as any other, so the network learns
    to say something when it knows nearly everything and when it knows nearly nothing
    (Uria et al. 2014, eq. 10; Huang et al. 2017, section 3.1).

    Args:
        shape: of the mask, (4, T) say.
        random: all chance comes from here.

    Returns:
        bool of that shape, True where a cell is hidden; at least one is.
    """
    chances = torch.rand(shape, generator=random).flatten()
    n_hidden = int(torch.randint(len(chances), (1,), generator=random)) + 1
    hidden = torch.zeros(len(chances), dtype=torch.bool)
    hidden[chances.argsort()[:n_hidden]] = True
    return hidden.view(shape)


def annealed_share(
    i: int, n: int, high: float = 0.9, low: float = 0.1, over: float = 0.7
) -> float:
    """Return which share of the cells is hidden and drawn anew in a pass of Gibbs.

    It falls in a straight line and then stays (Yao et al. 2014, eq. 5): the first
    passes make a rough draft of everything at once, the last ones mend details with
    nearly all of the piece in view.

    Args:
        i: the pass, from 0 to n - 1.
        n: how many passes there are.
        high: the share in the first pass.
        low: the share at the end.
        over: the share of the passes after which `low` is reached.

    >>> [round(annealed_share(i, 11), 2) for i in (0, 5, 10)]
    [0.9, 0.38, 0.1]
    """
    return max(low, high - (high - low) * i / (over * n))
