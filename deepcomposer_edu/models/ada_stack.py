"""A stack of discrete autoencoders: codes of codes, so that a WaveNet sees seconds.

The lower level makes one code of each frame of a sound (`ada.Ada`). The upper level
reads these codes as the lower one reads samples: an encoder and a quantiser make one
code of several, and a WaveNet tells the lower codes from the upper ones. A third
WaveNet, the prior, tells the upper codes from nothing (Dieleman et al. 2018, section
3.3). Each WaveNet sees about as many units as the others, but its units last longer.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ada import (
    KINDS,
    Ada,
    OnProgress,
    check_codes,
    load_ada,
    quantiser_of,
    stacked_field,
    with_neighbours,
)
from deepcomposer_edu.models.wavenet import WaveNet, WaveNetConfig
from deepcomposer_edu.models.weights import load_weights, weights_dir
from deepcomposer_edu.nn.quantise import COMMITMENT, Quantised


@dataclass(frozen=True)
class UpperConfig:
    """The settings of the upper level and of the prior.

    Args:
        kind: its quantiser, "vq" or "argmax".
        lower: which shipped autoencoder is below, "vq" or "argmax".
        n_lower: codes of the level below.
        n_codes: K, its own codes.
        width: D, of the vector of a code.
        hop: lower codes that one upper code stands for.
        hidden: width of the encoder.
        context: numbers that the WaveNet is told of each upper code.
        residual: channels of both WaveNets.
        skip: of their output.
        dilations: of the WaveNet that tells the lower codes, with two taps a layer.
        prior_dilations: of the one that tells the upper codes.
        diversity: how much the argmax's diversity loss counts.
    """

    kind: str = "vq"
    lower: str = "vq"
    n_lower: int = 128
    n_codes: int = 64
    width: int = 16
    hop: int = 8
    hidden: int = 128
    context: int = 64
    residual: int = 32
    skip: int = 64
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16)
    prior_dilations: tuple[int, ...] = (1, 2, 4, 8)
    diversity: float = 0.1

    def __post_init__(self) -> None:
        for name in ("dilations", "prior_dilations"):  # lists in JSON
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for kind in (self.kind, self.lower):
            if kind not in KINDS:
                raise InputError(
                    f"A level's kind is {str(kind)[:40]!r}; choose "
                    f"{' or '.join(KINDS)}."
                )
        if min(self.width, self.hop, self.hidden, self.context) < 1:
            raise InputError("Every size of an upper level must be at least 1.")

    def wavenet(self, *, prior: bool) -> WaveNetConfig:
        """Return the settings of the prior, or of the WaveNet of the lower codes."""
        return WaveNetConfig(
            residual=self.residual,
            skip=self.skip,
            dilations=self.prior_dilations if prior else self.dilations,
            n_classes=self.n_codes if prior else self.n_lower,
            local_width=0 if prior else self.context,
        )

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        lists = {k: list(getattr(self, k)) for k in ("dilations", "prior_dilations")}
        return {**asdict(self), **lists}

    @classmethod
    def of(cls, saved: Mapping[str, object]) -> UpperConfig:
        """Return the settings of a `to_dict`."""
        return cls(**saved)


class UpperLevel(nn.Module):
    """Codes as fewer codes and back again, and a prior for the fewer.

    Args:
        config: its settings.
    """

    def __init__(self, config: UpperConfig) -> None:
        super().__init__()
        self.config, hidden = config, config.hidden
        self.embed = nn.Embedding(config.n_lower, config.width)
        self.read = nn.Linear(config.hop * config.width, hidden)
        self.think = nn.Linear(3 * hidden, hidden)
        self.quantiser = quantiser_of(
            config.kind, config.n_codes, config.width, COMMITMENT, config.diversity
        )
        self.say = nn.Linear(hidden, self.quantiser.n_inputs)
        self.tell = nn.Linear(3 * config.width, config.context)
        self.wavenet = WaveNet(config.wavenet(prior=False))
        self.prior = WaveNet(config.wavenet(prior=True))

    def said(self, lower: Tensor) -> Tensor:
        """Return what the encoder says of lower codes (B, F hop), (B, F, D or K)."""
        frames = self.embed(lower).unflatten(1, (-1, self.config.hop)).flatten(2)
        h = torch.relu(self.read(frames))
        h = torch.relu(self.think(with_neighbours(h)))
        said = self.say(h)
        return F.layer_norm(said, said.shape[-1:]) if self.config.kind == "vq" else said

    def quantise(self, lower: Tensor) -> Quantised:
        """Return the upper codes (B, F) and their vectors of lower codes (B, F hop)."""
        return self.quantiser(self.said(lower))

    def condition(self, vectors: Tensor) -> Tensor:
        """Return what the WaveNet is told, (B, F, context), from vectors (B, F, D)."""
        return torch.tanh(self.tell(with_neighbours(vectors)))

    def forward(self, lower: Tensor) -> tuple[Tensor, Tensor, Quantised]:
        """Return logits of the lower codes, of the upper ones, and the upper ones.

        Args:
            lower: (B, F hop) int64.

        Returns:
            (B, F hop, n_lower), (B, F, K), and what the quantiser made.
        """
        quantised = self.quantise(lower)
        logits = self.wavenet(lower, self.condition(quantised.vectors))
        return logits, self.prior(quantised.codes), quantised


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
    upper = UpperLevel(UpperConfig.of(weights.info["config"]))
    upper.load_state_dict({k: v.float() for k, v in weights.tensors.items()})
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
