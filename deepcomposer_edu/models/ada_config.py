"""The settings of an autoregressive discrete autoencoder (`models/ada.py`)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wavenet import WaveNetConfig, check_rate
from deepcomposer_edu.nn.quantise import COMMITMENT

KINDS = ("vq", "argmax")
N_CLASSES = 256  # of mu-law


@dataclass(frozen=True)
class AdaConfig:
    """The autoencoder's settings.

    Args:
        kind: "vq" or "argmax".
        n_codes: K.
        width: D, of the vector of a code.
        hop: samples of a frame; each has one code.
        window: samples around a frame whose spectrum the encoder reads; even.
        hidden: width of the encoder.
        context: numbers that the WaveNet is told of each frame, besides the phase.
        lowest: the lowest pitch that a code may tell, a MIDI number.
        n_pitches: how many semitones up from there it may tell.
        harmonics: of the pitch, whose phases the WaveNet is told.
        residual: channels of the WaveNet.
        skip: of its output.
        kernel: taps of its convolutions.
        dilations: one for each of its layers.
        commitment: beta of VQ-VAE.
        diversity: how much the argmax's diversity loss counts.
        rate: samples per second.
    """

    kind: str = "vq"
    n_codes: int = 32
    width: int = 16
    hop: int = 128
    window: int = 1024
    hidden: int = 128
    context: int = 24
    lowest: int = 60
    n_pitches: int = 13
    harmonics: int = 6
    residual: int = 32
    skip: int = 64
    kernel: int = 4
    dilations: tuple[int, ...] = (1, 4)
    commitment: float = COMMITMENT
    diversity: float = 0.05
    rate: int = 8_000

    def __post_init__(self) -> None:
        object.__setattr__(self, "dilations", tuple(self.dilations))  # a list in JSON
        if self.kind not in KINDS:
            raise InputError(
                f"The autoencoder's kind is {str(self.kind)[:40]!r}; choose "
                f"{' or '.join(KINDS)}."
            )
        check_rate(self.rate)
        sizes = (self.width, self.hop, self.hidden, self.context, self.rate)
        if min(*sizes, self.n_pitches, self.harmonics) < 1:
            raise InputError("Every size of an autoencoder must be at least 1.")
        if self.window < self.hop or (self.window - self.hop) % 2:
            raise InputError(
                f"The window has {self.window} samples and the hop {self.hop}, but the "
                "window must be as long as the hop or longer by an even number."
            )

    @property
    def wavenet(self) -> WaveNetConfig:
        """The settings of the decoder."""
        return WaveNetConfig(
            residual=self.residual,
            skip=self.skip,
            kernel=self.kernel,
            dilations=self.dilations,
            n_classes=N_CLASSES,
            local_width=self.context + 2 * self.harmonics,
        )

    @property
    def bits_per_second(self) -> float:
        """How much the codes can say in a second; 8-bit sound has 8 for each sample."""
        return math.log2(self.n_codes) * self.rate / self.hop

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        return {**asdict(self), "dilations": list(self.dilations)}

    @classmethod
    def of(cls, saved: Mapping[str, object]) -> AdaConfig:
        """Return the settings of a `to_dict`."""
        return cls(**saved)
