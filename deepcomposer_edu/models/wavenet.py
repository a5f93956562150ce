"""WaveNet: a network that predicts a sound sample by sample (van den Oord et al. 2016).

Causal dilated convolutions with gates, residual and skip connections, and a softmax
over mu-law codes. `local` conditions each moment (a code of the sound, the phase of a
tone), `whole` the sound as a whole (its instrument). `wave_generation.generate` draws
from it; `note_wavenet` plays notes with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.waves import causal_convolution, gated, receptive_field

MOST_RATE = 192_000  # samples per second
MOST_FIELD = 1_000_000  # samples that it sees: a minute at 16 kHz
DILATIONS = tuple(2**i for i in range(10)) * 2  # 1, 2, ... 512, twice


@dataclass(frozen=True)
class WaveNetConfig:
    """The network's settings.

    Args:
        residual: R, channels between the layers.
        skip: S, channels of the sum of all layers, and of what follows it.
        kernel: taps of each convolution.
        dilations: one for each layer.
        n_classes: mu-law codes, 256 for 8 bits.
        local_width: numbers that condition each moment, 0 for none.
        global_width: numbers that condition a sound as a whole, 0 for none.
    """

    residual: int = 32
    skip: int = 64
    kernel: int = 2
    dilations: tuple[int, ...] = DILATIONS
    n_classes: int = 256
    local_width: int = 0
    global_width: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "dilations", tuple(self.dilations))  # a list in JSON
        sizes = (self.residual, self.skip, self.kernel, *self.dilations)
        if not self.dilations or min(sizes) < 1 or self.n_classes < 2:
            raise InputError(
                "A WaveNet needs at least one layer, and every size and dilation of "
                "at least 1."
            )
        if self.receptive_field > MOST_FIELD:
            raise InputError(
                f"A WaveNet was to see {self.receptive_field} samples, but it sees "
                f"{MOST_FIELD:,} at most; give smaller dilations."
            )
        if min(self.local_width, self.global_width) < 0:
            raise InputError("The width of a WaveNet's condition must not be negative.")

    @property
    def receptive_field(self) -> int:
        """How many samples before the next one the network sees."""
        return receptive_field(self.dilations, self.kernel)

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        return {**asdict(self), "dilations": list(self.dilations)}

    @classmethod
    def of(cls, saved: Mapping[str, object]) -> WaveNetConfig:
        """Return the settings of a `to_dict`."""
        return cls(**saved)


def check_rate(rate: int) -> None:
    """Raise an InputError if no WaveNet has so many samples per second."""
    if not 1 <= rate <= MOST_RATE:
        raise InputError(
            f"The rate is {rate} samples per second, but it must be 1 to "
            f"{MOST_RATE:,}; 8000 is usual here."
        )


class WaveLayer(nn.Module):
    """One layer: a dilated causal convolution, a gate, and two ways on.

    z = tanh(W_f * x + V_f c) sigmoid(W_g * x + V_g c), where c is what it is
    conditioned on (van den Oord et al. 2016, section 2.5).
    """

    def __init__(self, config: WaveNetConfig, dilation: int) -> None:
        super().__init__()
        width, kernel = config.residual, config.kernel
        self.dilation, self.residual = dilation, width
        reach = (kernel * width) ** -0.5  # as torch begins its own convolutions
        uniform = torch.empty(kernel, width, 2 * width).uniform_(-reach, reach)
        self.taps = nn.Parameter(uniform)  # (K, R, 2 R)
        self.bias = nn.Parameter(torch.zeros(2 * width))
        for name, n in (("local", config.local_width), ("whole", config.global_width)):
            self.add_module(name, nn.Linear(n, 2 * width, bias=False) if n else None)
        self.out = nn.Linear(width, width + config.skip)

    def condition(
        self, n_samples: int, local: Tensor | None, whole: Tensor | None
    ) -> Tensor:
        """Return what is added before the gate, (B or 1, N or 1, 2 R)."""
        added = self.bias[None, None]
        if whole is not None:
            added = added + self.whole(whole)[:, None]
        if local is None:
            return added
        held = self.local(local)  # at the rate of the frames, then repeated
        n_held = n_samples // local.shape[1]
        return added + (held if n_held == 1 else held.repeat_interleave(n_held, dim=1))

    def forward(
        self, x: Tensor, local: Tensor | None, whole: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Return the next layer's input (B, N, R) and this layer's share (B, N, S)."""
        before_gate = causal_convolution(x, self.taps, self.dilation)  # (B, N, 2 R)
        before_gate = before_gate + self.condition(x.shape[1], local, whole)
        out = self.out(gated(before_gate))  # (B, N, R + S)
        return x + out[..., : self.residual], out[..., self.residual :]


class WaveNet(nn.Module):
    """Predicts each code of a sound from those before it.

    Args:
        config: the network's settings.
    """

    def __init__(self, config: WaveNetConfig) -> None:
        super().__init__()
        self.config = config
        self.embed = nn.Embedding(config.n_classes, config.residual)
        self.layers = nn.ModuleList(WaveLayer(config, d) for d in config.dilations)
        self.hidden = nn.Linear(config.skip, config.skip)
        self.logits = nn.Linear(config.skip, config.n_classes)
        self._begin_smoothly()

    def _begin_smoothly(self) -> None:
        """Let neighbouring codes be neighbours from the start: rows of cosines."""
        config = self.config
        turns = torch.linspace(0, math.pi, config.n_classes)[:, None]
        with torch.no_grad():
            self.embed.weight.copy_(torch.cos(turns * torch.arange(config.residual)))
            self.logits.weight.copy_(torch.cos(turns * torch.arange(config.skip)) * 0.3)
            self.logits.bias.zero_()

    def forward(
        self, codes: Tensor, local: Tensor | None = None, whole: Tensor | None = None
    ) -> Tensor:
        """Return the logits of each code, given those before it.

        Args:
            codes: (B, N) mu-law codes. The last one is not looked at.
            local: (B, F, L): what is known of each moment, N a multiple of F; each
                frame is held for N / F samples. None where L is 0.
            whole: (B, G): what is known of each sound, None where G is 0.

        Returns:
            (B, N, n_classes); those at t know the codes before t, and `local` at t and
            before.

        Raises:
            InputError: if the condition does not fit the network or the codes.
        """
        check_condition(self.config, codes.shape[1], local, whole)
        silence = torch.full_like(codes[:, :1], self.config.n_classes // 2)
        x = self.embed(torch.cat([silence, codes[:, :-1]], dim=1))  # (B, N, R)
        total = None
        for layer in self.layers:
            x, share = layer(x, local, whole)
            total = share if total is None else total + share
        return self.read(total)

    def read(self, total: Tensor) -> Tensor:
        """Return logits (..., n_classes) from the sum of all layers (..., S)."""
        return self.logits(torch.relu(self.hidden(torch.relu(total))))


def check_condition(
    config: WaveNetConfig, n_samples: int, local: Tensor | None, whole: Tensor | None
) -> None:
    """Raise an InputError if a condition does not fit the network or the length.

    Args:
        config: the network's settings.
        n_samples: N, how many samples there are.
        local: (B, F, L) or None.
        whole: (B, G) or None.
    """
    for name, given, width in (
        ("local", local, config.local_width),
        ("whole", whole, config.global_width),
    ):
        found = 0 if given is None else given.shape[-1]
        if found != width:
            raise InputError(
                f"The condition `{name}` has {found} numbers, but this WaveNet was "
                f"made for {width}; use the condition that belongs to its weights."
            )
    n_frames = n_samples if local is None else local.shape[-2]
    if n_frames < 1 or n_samples % n_frames:
        raise InputError(
            f"{n_samples} samples can't be divided among {n_frames} frames of the "
            "condition; give a whole number of samples for each frame."
        )
