"""Sounds into frames of a few numbers: NSynth's encoder, and what its decoder is told.

NSynth's encoder has 30 layers of 128 channels at every sample and averages over 512
(Engel et al. 2017, section 2.1); this one looks at 8 samples at a time and has 6
layers. Its decoder is told the phase of the tone besides (`note_wavenet`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.note_wavenet import A4, phase_features
from deepcomposer_edu.models.wavenet import MOST_FIELD, WaveNetConfig, check_rate
from deepcomposer_edu.nn.waves import mu_law

HEIGHTS = 2  # numbers that say how high the tone is, besides the phase
MIDDLE_C_HERTZ = 261.63
N_CLASSES = 256  # mu-law codes


@dataclass(frozen=True)
class NSynthConfig:
    """The network's settings.

    Args:
        instruments: whose sounds it learned, in the order of their numbers.
        rate: samples per second.
        hop: samples of a frame, a multiple of `patch`.
        width: W, numbers of a frame.
        patch: samples that the encoder takes at a time.
        encoder_channels: width of its layers.
        encoder_dilations: in patches, one for each layer.
        noise: standard deviation of what is added to the codes, -1 to 1, while
            learning: neighbouring codes must so mean nearly the same.
        harmonics: of the phase that the decoder is told.
        residual: as in WaveNetConfig, like what follows; with 4 taps, half as many
            layers as with 2 see as far.
    """

    instruments: tuple[str, ...]
    rate: int = 8_000
    hop: int = 160
    width: int = 16
    patch: int = 8
    encoder_channels: int = 64
    encoder_dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    noise: float = 0.1
    harmonics: int = 4
    residual: int = 32
    skip: int = 64
    kernel: int = 4
    dilations: tuple[int, ...] = (1, 4, 16, 64, 256)

    def __post_init__(self) -> None:
        for name in ("instruments", "encoder_dilations", "dilations"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        check_rate(self.rate)
        if not all(1 <= d <= MOST_FIELD for d in (*self.encoder_dilations, self.hop)):
            raise InputError(
                f"A frame has {self.hop} samples, and the encoder's dilations are "
                f"{self.encoder_dilations}, but all must be 1 to {MOST_FIELD:,}."
            )
        sizes = (self.width, self.patch, self.encoder_channels)
        if min(sizes) < 1 or self.hop % self.patch or self.harmonics < 0:
            raise InputError(
                f"A frame has {self.hop} samples, but it must be a multiple of the "
                f"{self.patch} of a patch, and every size at least 1."
            )

    @property
    def wavenet(self) -> WaveNetConfig:
        """The settings of the decoder."""
        return WaveNetConfig(
            self.residual,
            self.skip,
            self.kernel,
            dilations=self.dilations,
            local_width=self.width + 2 * self.harmonics + HEIGHTS,
        )

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        lists = ("instruments", "encoder_dilations", "dilations")
        return {**asdict(self), **{name: list(getattr(self, name)) for name in lists}}

    @classmethod
    def of(cls, saved: Mapping[str, object]) -> NSynthConfig:
        """Return the settings of a `to_dict`."""
        return cls(**saved)


def hertz_of(pitch: Tensor) -> Tensor:
    """Return the frequencies of MIDI pitches, which may be fractions; any shape."""
    return 440 * 2 ** ((pitch.double() - A4) / 12)


class SoundEncoder(nn.Module):
    """Convolutions that see both ways, then the mean over each frame.

    Each layer adds conv1(relu(conv3(relu(x)))) to x, where conv3 has three taps, one
    dilation apart (Engel et al. 2017, section 2.1 and figure 1b).
    """

    def __init__(self, config: NSynthConfig) -> None:
        super().__init__()
        self.config, channels = config, config.encoder_channels
        n_layers = len(config.encoder_dilations)
        self.patches = nn.Linear(3 * config.patch, channels)
        self.wide = nn.ModuleList(
            nn.Linear(3 * channels, channels) for _ in range(n_layers)
        )
        self.narrow = nn.ModuleList(
            nn.Linear(channels, channels) for _ in range(n_layers)
        )
        self.code = nn.Linear(channels, config.width)

    def forward(self, audio: Tensor) -> Tensor:
        """Return the codes (B, F, W) of sounds (B, N), N a multiple of the hop."""
        config = self.config
        x = audio.unflatten(1, (-1, config.patch))  # (B, N / patch, patch)
        x = self.patches(three_taps(x, 1))  # (B, N / patch, C)
        layers = zip(self.wide, self.narrow, config.encoder_dilations, strict=True)
        for wide, narrow, dilation in layers:
            taps = three_taps(torch.relu(x), dilation)
            x = x + narrow(torch.relu(wide(taps)))
        x = self.code(x).unflatten(1, (-1, config.hop // config.patch))
        return torch.tanh(x.mean(dim=2))  # (B, F, W)


def three_taps(x: Tensor, dilation: int) -> Tensor:
    """Return what lies before, at and after each place, (B, T, 3 C)."""
    padded, n = F.pad(x, (0, 0, dilation, dilation)), x.shape[1]
    return torch.cat([padded[:, :n], x, padded[:, 2 * dilation :]], dim=-1)


def tone_condition(
    config: NSynthConfig, code: Tensor, hertz: Tensor, lead: Tensor | None = None
) -> Tensor:
    """Return what a decoder is told of some frames.

    Args:
        config: the network's settings.
        code: (B, F, W).
        hertz: (B, F * hop), how fast the tone swings at each sample.
        lead: (B, F * hop), how many turns its phase is ahead of that; None for 0.

    Returns:
        (B, F * hop, W + 2 * harmonics + HEIGHTS): each frame held for `hop` samples
        (Engel et al. 2017, section 2.1), the phase, and how high the tone is.
    """
    held = code.repeat_interleave(config.hop, dim=1)  # (B, F * hop, W)
    phase = phase_features(hertz, config.rate, config.harmonics, lead)
    height = torch.log2(hertz[:, :, None].float() / MIDDLE_C_HERTZ) / 2
    return torch.cat([held, phase, height, height**2], dim=-1)


def squeezed(audio: Tensor) -> Tensor:
    """Return sound with finer steps for what is quiet (mu-law), any shape, -1 to 1."""
    return mu_law(audio, N_CLASSES).float() / ((N_CLASSES - 1) / 2) - 1


def whole_frames(audio: Tensor | np.ndarray, hop: int) -> Tensor:
    """Return sounds with silence added up to a whole frame.

    Args:
        audio: (B, N) or (N,), in [-1, 1].
        hop: samples of a frame.

    Returns:
        (B, N) or (N,), float32, N a multiple of the hop.

    Raises:
        InputError: if there is no sound, or it is not of finite numbers.
    """
    audio = torch.as_tensor(audio, dtype=torch.float32)
    if audio.ndim not in (1, 2) or audio.shape[-1] == 0:
        raise InputError(
            f"The sound has the shape {tuple(audio.shape)}, but it must be (samples,) "
            "or (sounds, samples), with one sample or more."
        )
    if not torch.isfinite(audio).all():
        raise InputError(
            "The sound holds values that are no finite numbers; look at what made it."
        )
    return F.pad(audio, (0, -audio.shape[-1] % hop))
