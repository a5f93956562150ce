"""A small network that knows one voice: what does the alto sing here, given the others?

A choir of such networks, one for each voice, writes chorales together: each in turn
sings its own notes anew and listens to what the others sing now. That is how DeepBach
works (Hadjeres, Pachet and Nielsen 2017, section 2.2). Networks that were trained apart
need not agree on any one piece, so this is Gibbs sampling without its guarantee: a
dependency network (Heckerman et al. 2000, section 2).

Inside it is the orderless network (`orderless.py`), small, and with scores for one
voice only; so it learns within a minute or two on one core.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.frames import N_CLASSES, N_PITCHES
from deepcomposer_edu.models.orderless import (
    DILATIONS,
    N_ORIGINS,
    N_SCORED,
    Canvas,
    CanvasEmbedding,
    GatedConvolution,
    OrderlessConfig,
    at_intervals,
    nearest_known,
    origins,
)

KIND = "voice"
LEARNED = ("alto", "tenor", "bass")  # the soprano sings the tune
SINGS = {name: row for row, name in enumerate(("soprano", *LEARNED))}  # rows of a grid
# Largest sizes: one network of a class is small, whoever wrote its file.
MOST = {"n_channels": 256, "n_layers": 20, "note_size": 64}


@dataclass(frozen=True)
class VoiceConfig:
    """The network's settings.

    Args:
        voice: which voice it sings, one of LEARNED.
        n_channels: C, width of the network.
        n_layers: how many convolutions over time; five see 31 steps each way.
        note_size: width of the note embedding.
        dropout: share of the channels dropped in training.

    Raises:
        InputError: if a value is not allowed.
    """

    voice: str = "alto"
    n_channels: int = 64
    n_layers: int = 5
    note_size: int = 16
    dropout: float = 0.1

    def __post_init__(self) -> None:
        check_voice(self.voice)
        for name, most in MOST.items():
            value = getattr(self, name)
            if type(value) is not int or not 1 <= value <= most:
                raise InputError(
                    f"The {name} of a voice is {str(value)[:40]}, but it must be a "
                    f"whole number from 1 to {most}."
                )
        if not 0 <= self.dropout < 1:
            raise InputError(
                f"The dropout is {self.dropout:g}, but it must be at least 0 and "
                "below 1."
            )

    @property
    def row(self) -> int:
        """Which row of a grid of four voices it sings, 1 to 3."""
        return SINGS[self.voice]

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        return asdict(self)

    @classmethod
    def of(cls, saved: Mapping[str, object]) -> VoiceConfig:
        """Return the settings of a `to_dict`."""
        return cls(**saved)


def check_voice(voice: object) -> None:
    """Raise an InputError unless a voice can be learned."""
    if voice not in LEARNED:
        raise InputError(
            f"The voice is {str(voice)[:40]!r}, but a network can sing "
            f"{', '.join(LEARNED[:-1])} or {LEARNED[-1]}; the soprano sings the tune."
        )


class VoiceNet(nn.Module):
    """The network: embedding, convolutions, scores for the cells of one voice.

    All scores begin at zero, so an untrained network finds all notes alike.
    """

    def __init__(self, config: VoiceConfig) -> None:
        super().__init__()
        self.config = config
        width = config.n_channels
        self.embedding = CanvasEmbedding(
            OrderlessConfig(width, config.n_layers, config.note_size, config.dropout)
        )
        self.layers = nn.ModuleList(
            GatedConvolution(width, DILATIONS[i % len(DILATIONS)], config.dropout)
            for i in range(config.n_layers)
        )
        self.norm = nn.LayerNorm(width)
        self.by_pitch = nn.Linear(width, N_CLASSES)
        self.by_interval = nn.Linear(width, N_ORIGINS * N_SCORED)
        self.by_repeat = nn.Linear(width, 1)
        for score in (self.by_pitch, self.by_interval):
            nn.init.zeros_(score.weight)
            nn.init.zeros_(score.bias)

    def forward(self, canvas: Canvas) -> tuple[Tensor, Tensor]:
        """Return the logits of its voice's classes, and of striking notes again.

        Args:
            canvas: B pieces; what is not known in them holds MASK.

        Returns:
            (B, T, N_CLASSES), of which those of known cells mean nothing, and (B, T).
        """
        row = self.config.row
        before, after = nearest_known(canvas.classes)
        x = self.embedding(canvas, before, after)  # (B, T, C)
        for layer in self.layers:
            x = layer(x)
        x = self.norm(x)
        scores = self.by_interval(x).unflatten(-1, (N_ORIGINS, N_SCORED))
        notes = origins(canvas.classes, before, after)[:, row]  # (B, origins, T)
        from_notes = at_intervals(scores.transpose(1, 2), notes).sum(1)  # (B, T, P)
        logits = self.by_pitch(x) + F.pad(from_notes, (0, N_CLASSES - N_PITCHES))
        return logits, self.by_repeat(x)[..., 0]
