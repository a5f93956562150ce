"""Edit events: learn which notes to add or take away, and make one such edit per pass.

A roll says for each step and pitch whether it sounds. To edit a cell is to turn it
around: silence becomes a note, a note becomes silence. A network reads a spoiled roll
and gives each cell a logit: how much it would like to edit there. This is how the
autoregressive CNN of AWS DeepComposer composes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError


def edit_target(now: Tensor, goal: Tensor) -> Tensor:
    """Return which edits lead from one roll to another, as probabilities.

    They are the cells in which the rolls differ (their symmetric difference): notes to
    add and notes to take away. Each of a piece's cells is as good as any other.

    Args:
        now: (B, T, P) bool, or 0 and 1, what sounds.
        goal: (B, T, P) what should sound.

    Returns:
        (B, T, P) float. Each piece sums to 1; one without any difference is all zeros.

    >>> edit_target(torch.tensor([[[1, 0, 0]]]), torch.tensor([[[0, 0, 1]]]))
    tensor([[[0.5000, 0.0000, 0.5000]]])
    """
    differs = (now.bool() != goal.bool()).float()  # (B, T, P)
    n_edits = differs.sum(dim=(-2, -1), keepdim=True)  # (B, 1, 1)
    return differs / n_edits.clamp(min=1)


def corrupt(
    roll: Tensor, removed: float, added: float, random: torch.Generator
) -> Tensor:
    """Return a roll that has lost notes at random and got others that are wrong.

    Args:
        roll: (T, P) bool.
        removed: the chance of each sounding cell to be lost, 0 to 1.
        added: the chance of each EMPTY cell to be filled, 0 to 1.
        random: all chance comes from here: one number for each cell.

    Returns:
        (T, P) bool.
    """
    chances = torch.rand(roll.shape, generator=random)  # (T, P)
    turns_around = chances < torch.where(roll, removed, added)
    return roll ^ turns_around


def edit_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Return how far the network's edits are from the right ones, in nats.

    It is the Kullback-Leibler divergence from the target to the softmax over ALL cells
    of ONE piece: 0 where the network knows exactly which edits are right.

    Args:
        logits: (B, T, P).
        target: (B, T, P), as `edit_target` gives it.

    Returns:
        One number with a gradient: the mean over the pieces that have edits.
    """
    log_p = logits.flatten(1).log_softmax(dim=-1)  # (B, T P)
    wanted = target.flatten(1)
    # 0 ln 0 counts as 0
    nats = (torch.xlogy(wanted, wanted) - wanted * log_p).sum(dim=-1)  # (B,)
    has_edits = wanted.sum(dim=-1) > 0
    return (nats * has_edits).sum() / has_edits.sum().clamp(min=1)


def allowed_edits(
    now: Tensor, start: Tensor, max_added: int, max_removed: int, may_change: Tensor
) -> Tensor:
    """Return where the one next edit may be made.

    Budgets are counted against the start: cells that sound now and did not have been
    added, cells that did and do not any more have been removed. A spent budget forbids
    the edits that would spend more of it; to undo an edit is always allowed.

    Args:
        now: (T, P) bool, the roll after the edits so far.
        start: (T, P) bool, the roll before the first edit.
        max_added: how many cells may be added in all, 0 or more.
        max_removed: how many may be removed in all, 0 or more.
        may_change: (T, P) bool, False for cells that are locked.

    Returns:
        (T, P) bool.
    """
    allowed = may_change.clone()
    if (now & ~start).sum() >= max_added:
        allowed &= now | start  # an empty cell only if it sounded at the start
    if (start & ~now).sum() >= max_removed:
        allowed &= ~(now & start)
    return allowed


def edit_probabilities(
    logits: Tensor, allowed: Tensor, temperature: float = 1.0
) -> Tensor:
    """Return the probability of each edit: a softmax over the cells that are allowed.

    Args:
        logits: (T, P), any numbers, large ones too.
        allowed: (T, P) bool.
        temperature: above 0. Below 1 the likely edits become likelier still, above 1
            all become more alike.

    Returns:
        (T, P), 0 where an edit is not allowed and together 1; all zeros where none is.
    """
    if not allowed.any():
        return torch.zeros_like(logits)
    scaled = logits / temperature
    # the largest is taken away first: exp of a large number is infinite
    scaled = (scaled - scaled[allowed].max()).masked_fill(~allowed, float("-inf"))
    powers = torch.exp(scaled)
    return powers / powers.sum()


def draw_edit(probabilities: Tensor, random: torch.Generator) -> tuple[int, int]:
    """Return (step, pitch) of one edit, drawn with the given probabilities, (T, P).

    Raises:
        InputError: if no edit is possible, that is if all probabilities are 0.
    """
    heights = probabilities.flatten().double().cumsum(dim=0)  # (T P,)
    if not heights[-1] > 0:
        raise InputError(
            "No edit is possible: every cell is locked or both budgets are spent; "
            "unlock a cell or allow more notes to be added or removed."
        )
    level = torch.rand(1, generator=random, dtype=torch.float64) * heights[-1]
    place = int(torch.searchsorted(heights, level, right=True))
    return divmod(min(place, len(heights) - 1), probabilities.shape[-1])


def apply_edit(roll: Tensor, step: int, pitch: int) -> Tensor:
    """Return the roll, (T, P) bool, with one cell turned around."""
    edited = roll.clone()
    edited[step, pitch] = ~edited[step, pitch]
    return edited


def edit_roll(
    network: Callable[[Tensor], Tensor],
    start: Tensor,
    n_passes: int,
    random: torch.Generator,
    *,
    may_change: Tensor | None = None,
    max_added: int = 500,
    max_removed: int = 10_000,
    temperature: float = 1.0,
) -> Iterator[tuple[Tensor, int, int, float]]:
    """Edit a roll, one cell per pass of the network; stop where nothing is allowed.

    Args:
        network: gives logits (B, 1, T, P) for a roll (B, 1, T, P).
        start: (T, P) bool.
        n_passes: how many edits are made at most.
        random: all chance comes from here.
        may_change: (T, P) bool, False for cells that are locked; all may if left out.
        max_added: how many cells may be added, see `allowed_edits`.
        max_removed: how many may be removed.
        temperature: above 0, see `edit_probabilities`.

    Yields:
        The roll after the edit, the edit's step and pitch, and its probability.
    """
    may_change = torch.ones_like(start) if may_change is None else may_change
    now = start
    for _ in range(n_passes):
        logits = network(now[None, None].float())[0, 0].detach().float()
        allowed = allowed_edits(now, start, max_added, max_removed, may_change)
        probabilities = edit_probabilities(logits, allowed, temperature)
        if not allowed.any():
            return
        step, pitch = draw_edit(probabilities, random)
        now = apply_edit(now, step, pitch)
        yield now, step, pitch, float(probabilities[step, pitch])
