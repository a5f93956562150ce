"""How far one heap lies from another, and how steep a critic is.

On a line the Wasserstein distance can be worked out by hand; so can the plan that
reaches it and the critic that measures it. V is the number of bins, B the batch.
Everything here is on numbers; a histogram of pitches is one with a bin per semitone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import torch
from torch import Tensor


def earth_mover_distance(real: Tensor, fake: Tensor, width: float = 1.0) -> Tensor:
    """Return the Wasserstein distance of two histograms: the work to make them alike.

    Work is how much is carried times how far. On a line it can be counted at the
    borders between the bins: across each one goes what lies too much to the left of it,
    which is the difference of the sums up to there (Vallender 1974).

    Args:
        real: (V,) shares, 0 or more, that sum to 1.
        fake: (V,) the same.
        width: from one bin to the next.

    Returns:
        One number, 0 or more, in the unit of `width`. (1, 0, 0) and (0, 0, 1) are 2
        bins apart.
    """
    surplus = (fake - real).cumsum(dim=0)  # what must cross each border
    return width * surplus.abs().sum()


def transport_plan(real: Tensor, fake: Tensor) -> Tensor:
    """Return what is carried from where to where, at the least work, on a line.

    Nobody overtakes: the leftmost of what is left in `fake` goes to the leftmost place
    that is still missing something in `real`, as much as fits.

    Args:
        real: (V,) shares, 0 or more, that sum to 1.
        fake: (V,) the same.

    Returns:
        (V, V): row i, column j is the share carried from bin i of `fake` to bin j of
        `real`. The rows sum to `fake`, the columns to `real`; neither is changed.
    """
    left, missing = fake.clone(), real.clone()
    plan = left.new_zeros(len(left), len(missing))
    i = j = 0
    while i < len(left) and j < len(missing):
        plan[i, j] = torch.minimum(left[i], missing[j])
        left[i] -= plan[i, j]
        missing[j] -= plan[i, j]
        if left[i] == 0:
            i += 1
        else:
            j += 1
    return plan


def work(plan: Tensor, width: float = 1.0) -> Tensor:
    """Return the work of a plan (V, V): how much times how far, added up."""
    bins = torch.arange(len(plan), dtype=plan.dtype)
    return width * (plan * (bins[:, None] - bins[None, :]).abs()).sum()


def jensen_shannon(real: Tensor, fake: Tensor) -> Tensor:
    """Return the Jensen-Shannon divergence of two histograms, from 0 to log 2.

    It is the mean of two Kullback-Leibler divergences, from `real` and from `fake` to
    the histogram in the middle, m = (real + fake) / 2. That from p to m is the sum of
    p (log p - log m), where a bin with p = 0 adds 0. Against its best critic the
    generator of 2014 minimises 2 of these - log 4 (Goodfellow et al. 2014, eq. 6).

    Args:
        real: (V,) shares, 0 or more, that sum to 1.
        fake: (V,) the same.

    Returns:
        One number: 0 if they are alike, log 2 = 0.693 if no bin has a share in both.
    """
    middle = (real + fake) / 2
    both = torch.stack([real, fake])  # (2, V)
    # xlogy(p, m) is p log m, and 0 where p is 0.
    return (torch.xlogy(both, both) - torch.xlogy(both, middle)).sum() / 2


def best_critic(real: Tensor, fake: Tensor, width: float = 1.0) -> Tensor:
    """Return the scores of the best critic whose slope is never above 1, on a line.

    The mean score of the real ones minus that of the fakes is then the Wasserstein
    distance, and no such critic reaches more (Kantorovich and Rubinstein 1958). At each
    border it rises to the right where fakes must be carried to the right, falls where
    they must be carried to the left, and is flat where nothing crosses.

    Args:
        real: (V,) shares, 0 or more, that sum to 1.
        fake: (V,) the same.
        width: from one bin to the next; a slope of 1 changes the score by so much.

    Returns:
        (V,) scores; the first is 0.
    """
    surplus = (fake - real).cumsum(dim=0)  # what must cross each border
    rises = width * surplus[:-1].sign()
    return torch.cat([rises.new_zeros(1), rises.cumsum(dim=0)])


def slope_bound(weights: Sequence[Tensor]) -> Tensor:
    """Return how steep a chain of linear maps can be at most.

    A map can make a difference between two inputs longer, at most by its largest
    singular value; the next one makes that longer again. Bends between the maps make
    no difference longer if their own slope is never above 1, such as relu and tanh.

    Args:
        weights: one matrix (outputs, inputs) for each map, at least one. Biases move
            all inputs alike and do not count.

    Returns:
        One number, 0 or more: the product of the largest singular values. No slope of
        the critic is above it, and most lie far below.
    """
    bound = weights[0].new_ones(())
    for weight in weights:
        bound = bound * torch.linalg.matrix_norm(weight, ord=2)
    return bound


def slopes_by_nudging(
    critic: Callable[[Tensor], Tensor], pieces: Tensor, nudge: float = 1e-3
) -> Tensor:
    """Return how steep a critic is at each piece, measured without any derivative.

    One number of one piece at a time is moved up and down by `nudge`, while all others
    stay where they are; the rise of that piece's own score over 2 nudges is the slope
    along this number. Its slopes together make the gradient of the piece; how steep the
    critic is there is the length of that, the root of the sum of squares.

    Args:
        critic: pieces (B, ...) -> (B,) scores.
        pieces: (B, ...); float64 gives about nine right digits, float32 two or three.
        nudge: how far to move.

    Returns:
        (B,), 0 or more. `pieces` is not changed.
    """
    slopes = torch.zeros_like(pieces)
    for place in product(*map(range, pieces.shape)):
        step = torch.zeros_like(pieces)
        step[place] = nudge
        rise = critic(pieces + step) - critic(pieces - step)  # (B,)
        slopes[place] = rise[place[0]] / (2 * nudge)
    return slopes.flatten(1).square().sum(dim=1).sqrt()
