"""A WaveNet that plays notes: conditioned on instrument, pitch, velocity and phase.

WaveNet has no clock of its own: it must keep a tone's pitch from the samples that it
made itself. Like vocoders with a source and a filter, this one is told the phase of
the tone that is wanted (sine and cosine of its first harmonics) at each moment, so
that it need not count; what it learns is the sound that belongs to it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.wavenet import (
    DILATIONS,
    WaveNet,
    WaveNetConfig,
    check_rate,
)
from deepcomposer_edu.models.weights import load_weights

NAME = "wavenet-notes"
TEMPERATURE = 0.2  # at which notes are played: low ones are less noisy, click less
SINCE_ONSET = (0.005, 0.04, 0.3)  # seconds in which features fall to 1 / e
SINCE_RELEASE = (0.02, 0.15)
ENVELOPE_WIDTH = 1 + len(SINCE_ONSET) + len(SINCE_RELEASE)
MIDDLE_C, A4 = 60, 69  # MIDI


def phase_features(
    frequency: Tensor, rate: int, harmonics: int = 3, lead: Tensor | None = None
) -> Tensor:
    """Return sine and cosine of a tone's phase and of its first harmonics.

    Args:
        frequency: (B, N), hertz at each sample; it may change.
        rate: samples per second.
        harmonics: how many, the fundamental is the first.
        lead: (B, N), how many turns the phase is ahead of that; None for 0.

    Returns:
        (B, N, 2 * harmonics), in [-1, 1]: all sines, then all cosines. The phase at
        sample 0 is 0, or the lead.
    """
    turns = frequency.double().cumsum(dim=1) / rate  # in float32 it would drift
    turns = turns - frequency[:, :1].double() / rate
    turns = turns if lead is None else turns + lead
    numbers = torch.arange(1, harmonics + 1)
    angles = 2 * math.pi * ((turns[..., None] * numbers) % 1)  # (B, N, H)
    return torch.cat([angles.sin(), angles.cos()], dim=-1).float()


def envelope_features(n_samples: int, held: Tensor, rate: int) -> Tensor:
    """Return where in a note each sample lies: key down, and how long since when.

    Args:
        n_samples: N, counted from the note's onset.
        held: (B,), seconds until the key is let go.
        rate: samples per second.

    Returns:
        (B, N, ENVELOPE_WIDTH), in [0, 1]: whether the key is down, then what falls from
        1 to 0 after the onset, then the same after the release.
    """
    seconds = torch.arange(n_samples) / rate  # (N,)
    since = seconds - held[:, None]  # (B, N), negative while the key is down
    down = (since < 0).float()
    onset = [torch.exp(-seconds / fall).expand_as(since) for fall in SINCE_ONSET]
    release = [
        (1 - down) * torch.exp(-since.clamp(min=0) / fall) for fall in SINCE_RELEASE
    ]
    return torch.stack([down, *onset, *release], dim=-1)


@dataclass(frozen=True)
class NoteConfig:
    """The settings of a WaveNet that plays notes.

    Args:
        instruments: their names, in the order of their numbers.
        rate: samples per second.
        harmonics: of the phase that it is told, 0 for none.
        pitch_width: width of an embedding of the pitch, 0 for none.
        lowest: lowest MIDI pitch that it learned.
        highest: highest MIDI pitch that it learned.
        instrument_width: width of the instruments' embedding.
        residual: as in WaveNetConfig.
        skip: as in WaveNetConfig.
        dilations: as in WaveNetConfig.
    """

    instruments: tuple[str, ...]
    rate: int = 8_000
    harmonics: int = 3
    pitch_width: int = 0
    lowest: int = 36
    highest: int = 84
    instrument_width: int = 8
    residual: int = 32
    skip: int = 64
    dilations: tuple[int, ...] = DILATIONS

    def __post_init__(self) -> None:
        object.__setattr__(self, "dilations", tuple(self.dilations))
        object.__setattr__(self, "instruments", tuple(self.instruments))
        check_rate(self.rate)
        if not self.instruments or not 0 <= self.lowest <= self.highest <= 127:
            raise InputError(
                "A WaveNet that plays notes needs at least one instrument, and MIDI "
                "pitches from 0 to 127, the lowest first."
            )
        if min(self.harmonics, self.pitch_width) < 0 or self.instrument_width < 1:
            raise InputError("The widths of a note's condition must not be negative.")

    @property
    def wavenet(self) -> WaveNetConfig:
        """The settings of the WaveNet inside."""
        return WaveNetConfig(
            self.residual,
            self.skip,
            dilations=self.dilations,
            local_width=2 * self.harmonics + ENVELOPE_WIDTH,
            global_width=self.instrument_width + self.pitch_width + 3,
        )

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        lists = {
            name: list(getattr(self, name)) for name in ("instruments", "dilations")
        }
        return {**asdict(self), **lists}

    @classmethod
    def of(cls, saved: Mapping[str, object]) -> NoteConfig:
        """Return the settings of a `to_dict`."""
        return cls(**saved)


class NoteWaveNet(nn.Module):
    """A WaveNet with the embeddings that notes need.

    Args:
        config: the network's settings.
    """

    def __init__(self, config: NoteConfig) -> None:
        super().__init__()
        self.config = config
        self.wavenet = WaveNet(config.wavenet)
        self.instrument = nn.Embedding(len(config.instruments), config.instrument_width)
        n_pitches = config.highest - config.lowest + 1
        self.pitch = (
            nn.Embedding(n_pitches, config.pitch_width) if config.pitch_width else None
        )

    def condition(
        self,
        pitch: Tensor,
        instrument: Tensor,
        velocity: Tensor,
        n_samples: int,
        held: float | Tensor | None = None,
        start: int = 0,
        lead: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return what the WaveNet is told about notes.

        Args:
            pitch: (B,) MIDI, 60 is middle C; fractions are allowed; -1 for sounds that
                have not one pitch.
            instrument: (B,) numbers of the instruments.
            velocity: (B,) 1 to 127, or 0 where it is not known.
            n_samples: N.
            held: seconds until the key is let go, for all or (B,); None: never.
            start: sample of the note at which the N begin.
            lead: (B, start + N), by how many turns the phase is ahead of a tone that
                begins at 0; None for 0.

        Returns:
            local (B, N, local_width) and whole (B, global_width).

        Raises:
            InputError: if there is no such instrument.
        """
        rate, n_instruments = self.config.rate, len(self.config.instruments)
        pitch, velocity = torch.as_tensor(pitch).float(), torch.as_tensor(velocity)
        instrument = torch.as_tensor(instrument).long()
        if instrument.min() < 0 or instrument.max() >= n_instruments:
            raise InputError(
                f"The instruments have the numbers {instrument.tolist()[:8]}, but this "
                f"WaveNet plays {', '.join(self.config.instruments)}: 0 to "
                f"{n_instruments - 1}."
            )
        n = start + n_samples
        key_up = float("inf") if held is None else held
        held = torch.as_tensor(key_up, dtype=torch.float32).expand(len(pitch))
        hertz = 440 * 2 ** ((pitch - A4) / 12)  # (B,)
        frequency = hertz[:, None].expand(-1, n)  # (B, N)
        phase = phase_features(frequency, rate, self.config.harmonics, lead)
        phase = phase * (pitch >= 0)[:, None, None]
        local = torch.cat([phase, envelope_features(n, held, rate)], dim=-1)
        return local[:, start:], self._whole(pitch, instrument, velocity)

    def _whole(self, pitch: Tensor, instrument: Tensor, velocity: Tensor) -> Tensor:
        """Return (B, G): embeddings, velocity, and height of the pitch, its square."""
        height = torch.where(pitch < 0, 0, (pitch - MIDDLE_C) / 24)
        numbers = torch.stack([velocity.float() / 127, height, height**2], dim=-1)
        parts = [self.instrument(instrument), numbers]
        if self.pitch is not None:
            lowest, highest = self.config.lowest, self.config.highest
            row = pitch.round().long().clamp(lowest, highest) - lowest
            parts.append(self.pitch(row))
        return torch.cat(parts, dim=-1)

    def forward(self, codes: Tensor, local: Tensor, whole: Tensor) -> Tensor:
        """Return the logits of notes' codes (B, N), as `WaveNet.forward` does."""
        return self.wavenet(codes, local, whole)


def note_wavenet_of(
    config: Mapping[str, object], tensors: Mapping[str, Tensor]
) -> NoteWaveNet:
    """Return the network whose weights are given, ready to play.

    Args:
        config: its settings, from `NoteConfig.to_dict`.
        tensors: parameter name to tensor.

    Raises:
        RuntimeError: if the weights do not fit the settings.
    """
    network = filled(lambda: NoteWaveNet(NoteConfig.of(config)), tensors)
    return network.eval().requires_grad_(False)


@functools.cache
def load_notes_wavenet(name: str = NAME, folder: Path | None = None) -> NoteWaveNet:
    """Return the shipped WaveNet that plays notes, its weights checked.

    Args:
        name: name of the weights.
        folder: where they lie; the shipped ones' folder if None.

    Raises:
        InputError: if the weights are missing or damaged.
    """
    weights = load_weights(name, folder)
    return note_wavenet_of(weights.info["config"], weights.tensors)
