"""A stack of discrete autoencoders: codes of codes, so that a WaveNet sees seconds.

The lower level makes one code of each frame of a sound (`ada.Ada`). The upper level
reads these codes as the lower one reads samples: an encoder and a quantiser make one
code of several, and a WaveNet tells the lower codes from the upper ones. A third
WaveNet, the prior, tells the upper codes from nothing (Dieleman et al. 2018). Each
WaveNet sees about as many units as the others, but its units last longer.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ada import (
    Ada,
    OnProgress,
    check_codes,
    load_ada,
    stacked_field,
)
from deepcomposer_edu.models.ada_upper import UpperConfig, UpperLevel
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.weights import load_weights, weights_dir


class AdaStack:
    """Two levels of codes over a sound, and a prior on top.

    Args:
        lower: an autoencoder of sound.
        upper: a level over its codes.

    Raises:
        InputError: if the upper level was made for another number of codes.
    """

    def __init__(self, lower: Ada, upper: UpperLevel) -> None:
        if lower.config.n_codes != upper.config.n_lower:
            raise InputError(
                f"The upper level reads {upper.config.n_lower} codes, but the lower "
                f"one has {lower.config.n_codes}; train one for the other."
            )
        self.lower, self.upper = lower, upper

    @property
    def hops(self) -> list[int]:
        """For how many units of the level below a unit of each level stands."""
        return [1, self.lower.config.hop, self.upper.config.hop]

    @property
    def fields(self) -> list[int]:
        """The receptive field of each WaveNet in its own units, lowest first."""
        nets = (self.lower.wavenet, self.upper.wavenet, self.upper.prior)
        return [net.config.receptive_field for net in nets]

    @property
    def fields_in_samples(self) -> list[int]:
        """The same in samples, see `stacked_field`."""
        return stacked_field(self.fields, self.hops)

    @torch.no_grad()
    def encode(self, audio: Tensor | np.ndarray) -> tuple[Tensor, Tensor]:
        """Return the lower and the upper codes of a sound.

        Args:
            audio: (B, N) or (N,), in [-1, 1]. What is left after the last whole upper
                code is not read.

        Returns:
            (B, F hop) and (B, F), or without B, int64.

        Raises:
            InputError: if the sound is shorter than one upper code.
        """
        lower = self.lower.encode(audio)
        hop = self.upper.config.hop
        n_upper = lower.shape[-1] // hop
        if n_upper < 1:
            raise InputError(
                f"The sound has {lower.shape[-1]} lower codes, but at least {hop}, one "
                "upper code, are needed; give a longer sound."
            )
        lower = lower[..., : n_upper * hop]
        upper = self.upper.quantise(torch.atleast_2d(lower)).codes
        return lower, upper if lower.ndim == 2 else upper[0]

    @torch.no_grad()
    def lower_codes(
        self, upper: Tensor, *, seed: int = 0, temperature: float = 1.0
    ) -> Tensor:
        """Return lower codes (B, F hop) or (F hop,) for upper codes (B, F) or (F,)."""
        from deepcomposer_edu.models.wave_generation import generate

        upper = check_codes(upper, self.upper.config.n_codes)
        vectors = self.upper.quantiser.vectors(torch.atleast_2d(upper))
        n_lower = upper.shape[-1] * self.upper.config.hop
        local = self.upper.condition(vectors)
        lower = generate(
            self.upper.wavenet, n_lower, local, temperature=temperature, seed=seed
        )
        return lower if upper.ndim == 2 else lower[0]

    def decode(
        self,
        upper: Tensor,
        *,
        seed: int = 0,
        code_temperature: float = 1.0,
        temperature: float = 0.5,
        on_progress: OnProgress = None,
    ) -> np.ndarray:
        """Return the sounds that upper codes stand for.

        Args:
            upper: (B, F) or (F,) int64.
            seed: from which all chance follows.
            code_temperature: of the lower codes, above 0.
            temperature: of the samples, above 0.
            on_progress: called with (samples done, samples in all).

        Returns:
            (B, N) or (N,) float32; N is F times both hops.
        """
        lower = self.lower_codes(upper, seed=seed, temperature=code_temperature)
        return self.lower.decode(
            lower, seed=seed, temperature=temperature, on_progress=on_progress
        )

    @torch.no_grad()
    def compose(
        self,
        seconds: float,
        *,
        seed: int = 0,
        code_temperature: float = 1.0,
        temperature: float = 0.5,
        on_progress: OnProgress = None,
    ) -> np.ndarray:
        """Return a sound made from nothing: the prior first, then each level below.

        Args:
            seconds: how long, rounded up to a whole upper code.
            seed: from which all chance follows.
            code_temperature: of all codes, above 0.
            temperature: of the samples, above 0.
            on_progress: called with (samples done, samples in all).

        Raises:
            InputError: if the length is not between 0 and 60 seconds.
        """
        from deepcomposer_edu.models.wave_generation import generate

        if not 0 < seconds <= 60:
            raise InputError(
                f"{seconds:g} seconds were asked for, but it takes more than 0 and at "
                "most 60."
            )
        unit = self.lower.config.hop * self.upper.config.hop
        n_upper = -(-round(seconds * self.lower.config.rate) // unit)
        upper = generate(
            self.upper.prior, n_upper, temperature=code_temperature, seed=seed
        )
        return self.decode(
            upper,
            seed=seed,
            code_temperature=code_temperature,
            temperature=temperature,
            on_progress=on_progress,
        )


@functools.cache
def _load(name: str, folder: Path) -> AdaStack:
    weights = load_weights(name, folder)
    config = UpperConfig.of(weights.info["config"])
    upper = filled(lambda: UpperLevel(config), weights.tensors)
    lower = load_ada(upper.config.lower, folder)
    return AdaStack(lower, upper.eval().requires_grad_(False))


def load_ada_stack(folder: Path | None = None) -> AdaStack:
    """Return the shipped stack, its weights checked.

    Args:
        folder: where the weights lie; the shipped ones' folder if left out.

    Raises:
        InputError: if the weights are missing or damaged.
    """
    return _load("ada-stack", folder or weights_dir())
