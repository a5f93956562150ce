"""Between MIDI pitches and the one-hot voices that networks read and write.

Shapes: B batch, K voices, T steps, V classes (the pitches and, last, the rest).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

if TYPE_CHECKING:
    from deepcomposer_edu.models.wgan import WGANConfig


def encode(pitches: Tensor, config: WGANConfig) -> Tensor:
    """Return one-hot voices for MIDI pitches.

    Args:
        pitches: (B, K, T) MIDI numbers, -1 for a rest, all within the range.
        config: says which pitches there are.

    Returns:
        (B, K, T, V) float: 1 at the sounding pitch, or at the last class for a rest.
    """
    classes = torch.where(pitches < 0, config.n_pitches, pitches - config.low)
    return F.one_hot(classes.long(), config.n_classes).float()


def decode(voices: Tensor, config: WGANConfig) -> Tensor:
    """Return MIDI pitches (-1 for a rest), (B, K, T), the inverse of `encode`."""
    classes = voices.argmax(dim=-1)
    return torch.where(classes == config.n_pitches, -1, classes + config.low)


def same_as_before(voices: Tensor) -> Tensor:
    """Return how much each step sounds the pitch of the step before.

    It is the product of the two steps' values, summed over the classes: 1 for equal
    one-hots, 0 for different ones, and something between for mixtures. So it has a
    gradient, which a comparison with == has not.

    Args:
        voices: (B, K, T, V) one-hot, or a mixture of one-hots.

    Returns:
        (B, K, T): 1 where the pitch stays, 0 where it moves and at the first step,
        which has no step before it. A rest after a rest stays, too.
    """
    stays = (voices[:, :, 1:] * voices[:, :, :-1]).sum(-1)  # (B, K, T - 1)
    return F.pad(stays, (1, 0))
