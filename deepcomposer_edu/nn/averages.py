"""Averaged weights: a second network that follows a training one, and wavers less."""

from __future__ import annotations

import torch
from torch import nn

EARLY = 10  # so many steps long the average follows much faster


def follow(average: nn.Module, network: nn.Module, decay: float, step: int) -> None:
    """Move averaged weights a little towards those of a network.

    average = d * average + (1 - d) * network, with d = `decay`, but less in the first
    steps, (1 + step) / (10 + step), so that the weights that chance gave are forgotten
    soon (Polyak and Juditsky 1992 average all steps alike).

    Args:
        average: it is changed; its parameters are those of `network`.
        network: as it is after the step.
        decay: 0 to below 1; 0.999 averages about the last thousand steps.
        step: how many steps were taken, from 1.
    """
    share = 1 - min(decay, (1 + step) / (EARLY + step))
    with torch.no_grad():
        pairs = zip(average.parameters(), network.parameters(), strict=True)
        for mean, new in pairs:
            mean.lerp_(new, share)
