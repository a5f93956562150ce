"""Sizes of the harmoniser by name, from minutes on two processor cores to the original.

How large the original was follows from its published code: a generator of 8.3 and a
critic of 2.8 million numbers. Ours are built otherwise (`wgan.py`), so `original` is
their size in numbers to learn, not their layers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wgan import Generator, WGANConfig, critic_of

# 4 x 4 convolutions from 64 to 512 filters, a U-Net of four levels with a noise of 512
# channels at its bottom, four instruments; its critic has four such convolutions.
ORIGINAL_PARAMETERS = {"generator": 8_270_852, "critic": 2_766_785}


@dataclass(frozen=True)
class WGANSize:
    """Settings with a name.

    Args:
        name: what it is called.
        summary: for whom it is, in words.
        config: the settings.
        n_steps: generator steps after which it has learned most of what it can.
    """

    name: str
    summary: str
    config: WGANConfig = field(repr=False)
    n_steps: int = 1000


SIZES: Mapping[str, WGANSize] = {
    size.name: size
    for size in (
        WGANSize("usual", "the size of the shipped harmoniser", WGANConfig()),
        WGANSize(
            "small",
            "minutes on two processor cores",
            WGANConfig(
                hidden_channels=48,
                critic_channels=64,
                batch_size=32,
                n_critic=3,
                generator_rate=1e-3,
                critic_rate=1e-3,
            ),
            800,
        ),
        WGANSize(
            "original",
            "as many numbers to learn as DeepComposer's own, better with a graphics "
            "card or a night",
            WGANConfig(hidden_channels=200, critic_channels=464),
        ),
    )
}


def find_size(name: str) -> WGANSize:
    """Return the size of a name.

    Raises:
        InputError: if there is none; it lists those that there are.
    """
    if name not in SIZES:
        raise InputError(
            f"There is no size {str(name)[:40]!r}; the sizes are: {', '.join(SIZES)}."
        )
    return SIZES[name]


def parameter_counts(config: WGANConfig) -> dict[str, int]:
    """Return how many numbers the generator and the critic learn, without making them.

    >>> parameter_counts(SIZES["small"].config)
    {'generator': 566646, 'critic': 77121}
    """
    with torch.device("meta"):  # shapes only
        networks = {"generator": Generator(config), "critic": critic_of(config)}
    return {
        name: sum(weight.numel() for weight in network.parameters())
        for name, network in networks.items()
    }
