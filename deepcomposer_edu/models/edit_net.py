"""The network of the edit-event model: a small U-Net over a piano roll.

It reads one roll in which all voices stand together, as DeepComposer's autoregressive
CNN does (Ronneberger et al. 2015 for the U-Net), and says for each cell whether to edit
it: to add the note where there is none, to take it away where there is one. Three
things make it about a hundred times smaller than the original's 31 million weights:

- only the pitches 36 to 83 are seen, C2 to B5;
- the four sixteenths of a beat are four channels of one cell, so the widest layers work
  on a quarter of the cells;
- each level has one or two convolutions, which add to what comes in.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError

LOW, N_PITCHES = 36, 48  # MIDI pitches 36 to 83
STEPS_PER_BEAT = 4
HALVINGS = 2  # of time and pitch between the widest level and the narrowest
MULTIPLE = STEPS_PER_BEAT * 2**HALVINGS  # what the network makes a roll's length
STEM_PITCHES = 25  # a cell's first look: an octave up and an octave down


@dataclass(frozen=True)
class EditNetConfig:
    """The network's settings.

    Args:
        n_channels: C, width of the first level; the second has twice, the third four
            times as many.
        n_layers: convolutions on the way down, in each of the three levels.
        dropout: share of the narrowest level's channels dropped in training.
    """

    n_channels: int = 16
    n_layers: tuple[int, int, int] = (1, 2, 3)
    dropout: float = 0.05

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "n_layers", tuple(int(n) for n in self.n_layers))
        except (TypeError, ValueError) as error:
            raise InputError(
                f"n_layers is {self.n_layers!r}, but three whole numbers are needed."
            ) from error
        if self.n_channels < 1 or not all(0 <= n <= 16 for n in self.n_layers):
            raise InputError(
                f"The edit network has {self.n_channels} channels and "
                f"{self.n_layers} layers, but it needs at least 1 channel and 0 to 16 "
                "layers in each level."
            )
        if len(self.n_layers) != HALVINGS + 1:
            raise InputError(
                f"n_layers has {len(self.n_layers)} numbers, but the edit network has "
                f"{HALVINGS + 1} levels; give one number for each."
            )
        if not 0 <= self.dropout < 1:
            raise InputError(
                f"The dropout is {self.dropout:g}, but it must be at least 0 and "
                "below 1."
            )

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        return {**asdict(self), "n_layers": list(self.n_layers)}


class Convolution(nn.Conv2d):
    """A convolution that is as fast for one roll on one thread as it can be.

    For small kernels on a single thread, PyTorch leaves the fast library out, which
    costs about a fifth of the time of a roll (`benchmarks/accelerated.py`). So it is
    asked for by name, where it is there and no gradient is wanted.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return what nn.Conv2d returns."""
        if torch.is_grad_enabled() or not torch.backends.mkldnn.is_available():
            return super().forward(x)
        return torch.mkldnn_convolution(
            x,
            self.weight,
            self.bias,
            self.padding,
            self.stride,
            self.dilation,
            self.groups,
        )


class Level(nn.Module):
    """Convolutions on one level, each added to what comes in: (B, C, T, P) -> same."""

    def __init__(
        self, n_channels: int, n_layers: int, kernel: tuple[int, int] = (3, 3)
    ) -> None:
        super().__init__()
        around = (kernel[0] // 2, kernel[1] // 2)
        self.layers = nn.ModuleList(
            Convolution(n_channels, n_channels, kernel, padding=around)
            for _ in range(n_layers)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, C, T, P) from (B, C, T, P)."""
        for layer in self.layers:
            x = x + F.relu(layer(x))
        return x


class Widening(nn.ConvTranspose2d):
    """From one level to the next wider one: each cell becomes two by two cells.

    A transposed convolution whose kernel and stride are both 2 is one linear layer for
    each cell. Written so, it is faster for one roll with gradients and no faster else.
    """

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__(n_in, n_out, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, C_out, 2 T, 2 P) from (B, C_in, T, P)."""
        made = x.movedim(1, -1) @ self.weight.permute(0, 2, 3, 1).flatten(1)
        made = made.unflatten(-1, (2, 2, self.out_channels))  # (B, T, P, 2, 2, C)
        made = made.transpose(2, 3).flatten(3, 4).flatten(1, 2)  # (B, 2 T, 2 P, C)
        return (made + self.bias).movedim(-1, 1)


class EditNet(nn.Module):
    """The U-Net: (B, 1, T, P) -> (B, 1, T, P), any T, P = N_PITCHES."""

    def __init__(self, config: EditNetConfig) -> None:
        super().__init__()
        self.config = config
        widths = [config.n_channels * 2**i for i in range(HALVINGS + 1)]
        self.stem = Convolution(
            STEPS_PER_BEAT,
            widths[0],
            (3, STEM_PITCHES),
            padding=(1, STEM_PITCHES // 2),
        )
        kernels = [(3, 3)] * HALVINGS + [(3, 5)]  # the last one reaches far in pitch
        self.down = nn.ModuleList(map(Level, widths, config.n_layers, kernels))
        self.up = nn.ModuleList(Level(width, 1) for width in widths[:-1])
        steps = list(pairwise(widths))
        self.narrow = nn.ModuleList(Convolution(a, b, 2, stride=2) for a, b in steps)
        self.widen = nn.ModuleList(Widening(b, a) for a, b in steps)
        self.dropout = nn.Dropout2d(config.dropout)
        self.head = Convolution(widths[0], STEPS_PER_BEAT, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.constant_(self.head.bias, -3.0)  # at first few cells seem wrong
        self.to(memory_format=torch.channels_last)

    def forward(self, roll: Tensor) -> Tensor:
        """Return the logits of the edits: ln of each cell's chance to need one.

        Args:
            roll: (B, 1, T, P), 1 where a note sounds and 0 elsewhere.

        Returns:
            (B, 1, T, P), below 0. The softmax over all cells says which edit to make
            next; exp says of each cell by itself how likely it is to be wrong.
        """
        return F.logsigmoid(self.log_odds(roll))

    def log_odds(self, roll: Tensor) -> Tensor:
        """Return ln(p / (1 - p)) of each cell's chance p to need an edit."""
        n_steps = roll.shape[2]
        x = to_beats(roll)  # (B, 4, T', P)
        x = F.relu(self.stem(x))  # (B, C, T', P)
        kept = []
        for level, narrow in zip(self.down[:-1], self.narrow, strict=True):
            kept.append(level(x))
            x = narrow(kept[-1])  # half the time, half the pitches, twice as wide
        x = self.dropout(self.down[-1](x))
        for i in reversed(range(HALVINGS)):
            x = self.up[i](self.widen[i](x) + kept[i])
        return from_beats(self.head(x))[:, :, :n_steps]


def to_beats(roll: Tensor) -> Tensor:
    """Return a roll (B, 1, T, P) with the steps of a beat as channels, (B, 4, T', P).

    Silence is added at the end until the length is a multiple of MULTIPLE steps.
    """
    padded = F.pad(roll, (0, 0, 0, -roll.shape[2] % MULTIPLE))
    beats = padded[:, 0].unflatten(1, (-1, STEPS_PER_BEAT))  # (B, T', 4, P)
    return beats.transpose(1, 2).contiguous(memory_format=torch.channels_last)


def from_beats(x: Tensor) -> Tensor:
    """Return (B, 1, T, P) from (B, 4, T', P)."""
    return x.transpose(1, 2).flatten(1, 2)[:, None]
