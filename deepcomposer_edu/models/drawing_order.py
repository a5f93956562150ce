"""In which order hidden cells are drawn: from coarse to fine, a few cells at a time.

Cells that are drawn in one pass of the network do not know of each other. So a pass
draws only cells that lie a bar apart, of one voice; and it begins with the strong beats
of the bass, which say most about all the rest, and ends with the sixteenths in between,
of which most are held notes.
"""

from __future__ import annotations

import numpy as np
import torch

from deepcomposer_edu.nn.orders import annealed_share

PERIOD = 16  # steps between the cells that are drawn together
VOICE_ORDER = (3, 0, 1, 2)  # the bass, then from the soprano down
BLOCK = 4  # steps of a voice that are hidden together when known music is rewritten
REWRITTEN = 0.5  # share of what is written that is hidden in the first sweep
FIRST_SWEEP, SWEEP = 64, 16  # passes


def positions(period: int = PERIOD) -> list[int]:
    """Return the steps of a bar from coarse to fine: bits read backwards.

    >>> positions(8)
    [0, 4, 2, 6, 1, 5, 3, 7]
    """
    n_bits = period.bit_length() - 1
    return sorted(range(period), key=lambda step: f"{step:0{n_bits}b}"[::-1])


def drawing_order(hidden: np.ndarray, pickup: int = 0) -> list[np.ndarray]:
    """Return the hidden cells as groups that are drawn one after another.

    Args:
        hidden: (4, T) bool.
        pickup: steps before the first bar line.

    Returns:
        Masks (4, T), none of them empty; each hidden cell is in exactly one.
    """
    step = (np.arange(hidden.shape[1]) - pickup) % PERIOD
    groups = []
    for position in positions():
        for voice in VOICE_ORDER:
            group = np.zeros_like(hidden)
            group[voice] = hidden[voice] & (step == position)
            if group.any():
                groups.append(group)
    return groups


def in_passes(groups: list[np.ndarray], n_passes: int) -> list[np.ndarray]:
    """Return at most so many groups, each made of neighbours in the order.

    Args:
        groups: masks (4, T) as `drawing_order` gives them.
        n_passes: at least 1.
    """
    parts = np.array_split(np.arange(len(groups)), min(n_passes, len(groups)) or 1)
    return [
        np.logical_or.reduce([groups[i] for i in part]) for part in parts if len(part)
    ]


def random_blocks(
    n_steps: int, share: float | np.ndarray, pickup: int, random: torch.Generator
) -> np.ndarray:
    """Return blocks of a quarter of a voice, a random share of all, (4, T) bool.

    Args:
        n_steps: T.
        share: chance of a block, or of each cell's block, (4, T).
        pickup: steps before the first bar line.
        random: the source of all chance.
    """
    before = -pickup % BLOCK
    n_blocks = -(-(before + n_steps) // BLOCK)
    chances = torch.rand((4, n_blocks), generator=random).numpy()
    return np.repeat(chances, BLOCK, axis=1)[:, before : before + n_steps] < share


def sweeps(n_passes: int, fills: bool) -> list[tuple[float, int]]:
    """Return the sweeps that so many passes are spent on: (share hidden, passes).

    The first sweep, if it fills what is unknown, gets up to FIRST_SWEEP passes, all
    others SWEEP. The share of what is written that is hidden again falls from sweep to
    sweep.

    >>> sweeps(64, fills=False)[0]
    (0.5, 16)
    """
    sizes = [min(n_passes, FIRST_SWEEP if fills else SWEEP)]
    while sum(sizes) < n_passes:
        sizes.append(min(n_passes - sum(sizes), SWEEP))
    n = len(sizes)
    return [
        (annealed_share(i, n, high=REWRITTEN), size) for i, size in enumerate(sizes)
    ]
