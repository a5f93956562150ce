"""A small NSynth: sounds into codes and back (Engel et al. 2017, arXiv 1704.01279).

The encoder turns a sound into frames of 16 numbers; the decoder is a WaveNet that is
told the frame and the pitch at each moment. The codes of two sounds can be mixed, and
what the decoder makes of the mixture is a new sound, not two sounds at once.

NSynth's encoder has 30 layers of 128 channels at every sample and averages over 512;
this one looks at 8 samples at a time and has 6 layers. Its decoder is told the phase of
the tone besides (`note_wavenet`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.note_wavenet import A4, phase_features
from deepcomposer_edu.models.wave_generation import generate
from deepcomposer_edu.models.wavenet import DILATIONS, WaveNet, WaveNetConfig
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.nn.waves import mu_law, mu_law_decode

NAME = "nsynth"
NOTE_CODES = "note_codes"  # beside the weights: see `sound_codes`
TEMPERATURE = 0.5  # of the shipped network, where nothing else is asked for
PITCHES = (12.0, 120.0)  # lowest and highest that can be asked for
HEIGHTS = 2  # numbers that say how high the tone is, besides the phase
MIDDLE_C_HERTZ = 261.63

Progress = Callable[[int, int], None] | None


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
        residual: as in WaveNetConfig, like `skip` and `dilations`.
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
    dilations: tuple[int, ...] = DILATIONS[:10]

    def __post_init__(self) -> None:
        for name in ("instruments", "encoder_dilations", "dilations"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        sizes = (self.hop, self.width, self.patch, self.encoder_channels)
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
        x = self.patches(_three_taps(x, 1))  # (B, N / patch, C)
        layers = zip(self.wide, self.narrow, config.encoder_dilations, strict=True)
        for wide, narrow, dilation in layers:
            taps = _three_taps(torch.relu(x), dilation)
            x = x + narrow(torch.relu(wide(taps)))
        x = self.code(x).unflatten(1, (-1, config.hop // config.patch))
        return torch.tanh(x.mean(dim=2))  # (B, F, W)


def _three_taps(x: Tensor, dilation: int) -> Tensor:
    """Return what lies before, at and after each place, (B, T, 3 C)."""
    padded, n = F.pad(x, (0, 0, dilation, dilation)), x.shape[1]
    return torch.cat([padded[:, :n], x, padded[:, 2 * dilation :]], dim=-1)


class SoundAutoencoder(nn.Module):
    """Sounds into codes, and codes into sounds.

    Args:
        config: the network's settings.
    """

    def __init__(self, config: NSynthConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = SoundEncoder(config)
        self.decoder = WaveNet(config.wavenet)

    def squeezed(self, audio: Tensor) -> Tensor:
        """Return sound with finer steps for what is quiet, in [-1, 1] (mu-law)."""
        n_classes = self.config.wavenet.n_classes
        return mu_law(audio, n_classes).float() / ((n_classes - 1) / 2) - 1

    def condition(self, code: Tensor, hertz: Tensor, start: int = 0) -> Tensor:
        """Return what the decoder is told of some frames.

        Args:
            code: (B, F, W).
            hertz: (B, start + F * hop), how fast the tone swings at each sample.
            start: sample of the tone at which the frames begin.

        Returns:
            (B, F * hop, local_width): each frame held for `hop` samples (Engel et al.
            2017, section 2.1), the phase, and how high the tone is.
        """
        config = self.config
        held = code.repeat_interleave(config.hop, dim=1)  # (B, F * hop, W)
        phase = phase_features(hertz, config.rate, config.harmonics)[:, start:]
        height = torch.log2(hertz[:, start:, None].float() / MIDDLE_C_HERTZ) / 2
        return torch.cat([held, phase, height, height**2], dim=-1)

    def forward(
        self, codes: Tensor, code: Tensor, hertz: Tensor, start: int = 0
    ) -> Tensor:
        """Return the logits (B, N, 256) of mu-law codes (B, N), given those before.

        `code` (B, F, W) and `hertz` are those of `condition`; N = F * hop.
        """
        return self.decoder(codes, self.condition(code, hertz, start))

    @torch.no_grad()
    def encode(self, audio: Tensor | np.ndarray) -> Tensor:
        """Return the codes of sounds.

        Args:
            audio: (B, N) or (N,), in [-1, 1], at the network's rate; silence is added
                up to a whole frame.

        Returns:
            (B, F, W) or (F, W), in (-1, 1).

        Raises:
            InputError: if there is no sound, or not only finite numbers.
        """
        audio = torch.as_tensor(audio, dtype=torch.float32)
        if audio.ndim not in (1, 2) or audio.shape[-1] == 0:
            raise InputError(
                f"The sound has the shape {tuple(audio.shape)}, but it must be "
                "(samples,) or (sounds, samples), with one sample or more."
            )
        if not torch.isfinite(audio).all():
            raise InputError(
                "The sound holds values that are no finite numbers, so that it can't "
                "be encoded; look at what made it."
            )
        rows = audio if audio.ndim == 2 else audio[None]
        rows = F.pad(rows, (0, -rows.shape[1] % self.config.hop))
        code = self.encoder(self.squeezed(rows))
        return code if audio.ndim == 2 else code[0]

    @torch.no_grad()
    def decode(
        self,
        code: Tensor,
        pitch: float | Tensor,
        *,
        seed: int = 0,
        temperature: float = TEMPERATURE,
        engine: str = "auto",
        on_progress: Progress = None,
    ) -> np.ndarray:
        """Return the sound of a code, drawn sample by sample.

        Args:
            code: (F, W), or (B, F, W) for several sounds at once.
            pitch: MIDI, one number for all or (B,).
            seed: of the draws.
            temperature: of the draws; low ones are less noisy, high ones livelier.
            engine: as in `wave_generation.generate`.
            on_progress: called with how many samples are done, and of how many.

        Returns:
            (F * hop,) or (B, F * hop), float32, in [-1, 1].

        Raises:
            InputError: if the code has no such shape, or the pitch is out of range.
        """
        code = torch.as_tensor(code, dtype=torch.float32)
        width = self.config.width
        if code.ndim not in (2, 3) or code.shape[-1] != width or code.shape[-2] < 1:
            raise InputError(
                f"The code has the shape {tuple(code.shape)}, but it must be "
                f"(frames, {width}) or (sounds, frames, {width})."
            )
        rows = code if code.ndim == 3 else code[None]
        pitches = torch.as_tensor(pitch, dtype=torch.float32).expand(len(rows))
        low, high = PITCHES
        if not ((pitches >= low) & (pitches <= high)).all():
            raise InputError(
                f"The pitch is {pitches.tolist()[:4]}, but it must be a MIDI number "
                f"from {low:g} to {high:g}; 60 is middle C."
            )
        n = rows.shape[1] * self.config.hop
        local = self.condition(rows, hertz_of(pitches)[:, None].expand(-1, n))
        drawn = generate(
            self.decoder,
            n,
            local,
            temperature=temperature,
            seed=seed,
            engine=engine,
            on_progress=on_progress,
        )
        audio = mu_law_decode(drawn, self.config.wavenet.n_classes).numpy()
        return audio if code.ndim == 3 else audio.reshape(-1)


def sound_autoencoder_of(
    config: Mapping[str, object], tensors: Mapping[str, Tensor]
) -> SoundAutoencoder:
    """Return the network whose weights are given, ready to encode and decode.

    Raises:
        RuntimeError: if the weights do not fit.
    """
    network = SoundAutoencoder(NSynthConfig.of(config))
    own = {key: x.float() for key, x in tensors.items() if key != NOTE_CODES}
    network.load_state_dict(own)
    return network.eval().requires_grad_(False)


@functools.cache
def load_nsynth(name: str = NAME, folder: Path | None = None) -> SoundAutoencoder:
    """Return the shipped autoencoder of notes, its weights checked.

    Raises:
        InputError: if the weights are missing or damaged.
    """
    weights = load_weights(name, folder)
    return sound_autoencoder_of(weights.info["config"], weights.tensors)
