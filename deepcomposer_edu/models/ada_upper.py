"""The upper level of a stack of discrete autoencoders: codes of codes, and a prior.

It reads the codes of the level below as that one reads frames of sound: an encoder and
a quantiser make one code of several, and a WaveNet tells the lower codes from the upper
ones. A second WaveNet, the prior, tells the upper codes from nothing (Dieleman et al.
2018).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ada import quantiser_of, with_neighbours
from deepcomposer_edu.models.ada_config import KINDS
from deepcomposer_edu.models.wavenet import WaveNet, WaveNetConfig
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
    n_lower: int = 32
    n_codes: int = 32
    width: int = 16
    hop: int = 8
    hidden: int = 128
    context: int = 64
    residual: int = 32
    skip: int = 64
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16)
    prior_dilations: tuple[int, ...] = (1, 2, 4, 8)
    diversity: float = 0.05

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
        return F.layer_norm(said, said.shape[-1:])

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
