"""A melody of any length, cut into the windows of bars that a generator knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.models.ear import N_POSITIONS


class Margins(NamedTuple):
    """How a piece is laid under windows that begin at bar lines."""

    before: int  # steps to add before the piece
    hop: int  # steps from window to window
    after: int  # steps to add after it: the last window ends with the piece


def margins(n_steps: int, size: int, steps_per_bar: int, pickup: int) -> Margins:
    """Return how a piece is laid under windows of `size` steps.

    Args:
        n_steps: of the piece.
        size: steps of a window.
        steps_per_bar: length of a bar.
        pickup: steps before the first whole bar.
    """
    before = -pickup % steps_per_bar
    hop = steps_per_bar if 4 <= steps_per_bar <= size // 2 else size // 2
    windows = max(0, -(-(before + n_steps - size) // hop))
    return Margins(before, hop, size + windows * hop - before - n_steps)


def cross_faded(
    window: Callable[[slice], Tensor], n_steps: int, size: int, hop: int
) -> Tensor:
    """Return what a network makes of each window, joined without a seam, (B, C, T).

    Windows overlap and are cross-faded: each counts most in its middle.

    Args:
        window: called with the steps of a window, it returns (B, C, size).
        n_steps: T.
        size: steps of a window.
        hop: steps from window to window.
    """
    ramp = torch.arange(1, size + 1)
    fade = torch.minimum(ramp, ramp.flip(0)).float()
    total, weight = None, torch.zeros(n_steps)
    for begin in range(0, n_steps - size + 1, hop):
        cut = slice(begin, begin + size)
        made = window(cut) * fade  # (B, C, size)
        if total is None:
            total = made.new_zeros(*made.shape[:-1], n_steps)
        total[..., cut] += made
        weight[cut] += fade
    return total / weight


def hold_through_rests(pitches: np.ndarray) -> np.ndarray:
    """Return the melody (T,) with each rest filled by the note before it.

    Bach's sopranos hardly ever rest, so the generator knows no rests; the voices below
    sound on. Rests at the beginning take the first note.
    """
    sounding = np.flatnonzero(pitches >= 0)
    last = np.searchsorted(sounding, np.arange(len(pitches)), side="right") - 1
    return pitches[sounding[np.maximum(last, 0)]]


def bar_positions(n_steps: int, steps_per_bar: int) -> Tensor:
    """Return the step within the bar, (1, T), of a piece that begins with a bar."""
    step = torch.arange(n_steps) % steps_per_bar
    return step.clamp(max=N_POSITIONS - 1)[None]
