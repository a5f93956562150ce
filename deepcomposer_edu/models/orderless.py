"""An autoregressive CNN without a fixed order: any cells given, the others predicted.

A canvas holds what four voices sing at each step; cells that are not known hold MASK.
The network says for every cell which notes are likely there, given all known cells
before it, after it, above it and below it. So one network harmonises, repairs, varies
and continues: what it does depends only on what is masked (Uria et al. 2014, "A Deep
and Tractable Density Estimator", section 4; for music Huang et al. 2017, "Counterpoint
by Convolution", section 3).

It is a CNN over time: each layer looks at a step and at one neighbour on each side,
1, 2, 4, 8, 16 steps away in turn. Its cost grows with the length and no faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.frames import (
    BASS,
    N_CLASSES,
    N_INTERVALS,
    N_PITCHES,
    START_CLASS,
    VOICES,
    interval,
)
from deepcomposer_edu.models.transformer import N_BAR_BEATS, STEPS_PER_BEAT

VARIANT = "orderless"  # of the AR-CNN
MASK = START_CLASS  # the class of a cell that is not known; only ever read
REACH = 36  # semitones up and down at which intervals are scored
N_SCORED = 2 * REACH + 1
N_ORIGINS = VOICES + 1  # the notes before and after in this voice, the other voices
MAX_RUN = 32  # steps of one class (or of MASK) in a row that are told apart
DILATIONS = (1, 2, 4, 8, 16)  # steps to the neighbours that a layer looks at, in turn


@dataclass(frozen=True)
class OrderlessConfig:
    """The network's settings.

    Args:
        n_channels: C, width of the network.
        n_layers: how many convolutions over time; five see 31 steps each way.
        note_size: width of the note embedding.
        dropout: share of the channels dropped in training.
        doubts: whether it can be told that notes which it sees may be wrong.
    """

    n_channels: int = 192
    n_layers: int = 10
    note_size: int = 48
    dropout: float = 0.1
    doubts: bool = False

    def __post_init__(self) -> None:
        if min(self.n_channels, self.n_layers, self.note_size) < 1:
            raise InputError("Every size of an orderless network must be at least 1.")
        if not 0 <= self.dropout < 1:
            raise InputError(
                f"The dropout is {self.dropout:g}, but it must be at least 0 and "
                "below 1."
            )

    def to_dict(self) -> dict[str, object]:
        """Return the settings with the variant's name, ready for JSON."""
        return {"variant": VARIANT, **asdict(self)}

    @classmethod
    def of(cls, saved: Mapping[str, object]) -> OrderlessConfig:
        """Return the settings of a `to_dict`."""
        return cls(**{k: v for k, v in saved.items() if k != "variant"})


@dataclass(frozen=True)
class Canvas:
    """B pieces of which some cells are known.

    Args:
        classes: (B, 4, T) what sounds, MASK where it is not known.
        phase: (T,) or (B, T) step within the beat, 0 to 3.
        bar_beat: (T,) or (B, T) beat of the bar from 1 on, 0 where it is not known.
        is_doubtful: (B,) bool, whether notes that are seen may be wrong; the network
            then says for known cells, too, what should stand there. None: for no piece.
    """

    classes: Tensor
    phase: Tensor
    bar_beat: Tensor
    is_doubtful: Tensor | None = None


def nearest_known(classes: Tensor) -> tuple[Tensor, Tensor]:
    """Return for each cell the nearest known class before it, and after it.

    Args:
        classes: (B, 4, T), MASK where nothing is known.

    Returns:
        Two tensors (B, 4, T); MASK where no cell of the voice is known on that side. A
        cell is not its own neighbour.
    """
    return _known_before(classes), _known_before(classes.flip(-1)).flip(-1)


def _known_before(classes: Tensor) -> Tensor:
    step = torch.arange(classes.shape[-1]).expand(classes.shape)
    last = torch.where(classes != MASK, step, -1).cummax(dim=-1).values
    last = F.pad(last[..., :-1], (1, 0), value=-1)  # of the steps before this one
    found = classes.gather(-1, last.clamp(min=0))
    return torch.where(last >= 0, found, MASK)


def run_lengths(classes: Tensor) -> Tensor:
    """Return for how many steps each cell's class has stood, (B, 4, T), 0 to 31."""
    step = torch.arange(classes.shape[-1]).expand(classes.shape)
    is_new = F.pad(classes[..., 1:] != classes[..., :-1], (1, 0), value=True)
    since = torch.where(is_new, step, 0).cummax(dim=-1).values
    return (step - since).clamp(max=MAX_RUN - 1)


class CanvasEmbedding(nn.Module):
    """Each step as one vector: what is known there, and of the notes around it."""

    def __init__(self, config: OrderlessConfig) -> None:
        super().__init__()
        size, width = config.note_size, config.n_channels
        self.note = nn.Embedding(MASK + 1, size)
        self.note_before = nn.Embedding(MASK + 1, size)
        self.note_after = nn.Embedding(MASK + 1, size)
        self.stood = nn.Embedding(MAX_RUN, size)
        self.stays = nn.Embedding(MAX_RUN, size)
        self.moved = nn.Embedding(N_INTERVALS, size)
        self.moves = nn.Embedding(N_INTERVALS, size)
        self.above_bass = nn.Embedding(N_INTERVALS, size)
        self.voices = nn.Linear(VOICES * size, width)
        self.phase = nn.Embedding(STEPS_PER_BEAT, width)
        self.beat = nn.Embedding(N_BAR_BEATS, width)
        if config.doubts:
            self.doubt = nn.Parameter(torch.zeros(width))

    def forward(self, canvas: Canvas, before: Tensor, after: Tensor) -> Tensor:
        """Return (B, T, C); `before` and `after` are those of `nearest_known`."""
        classes = canvas.classes
        here = torch.where(classes == MASK, before, classes)  # what we know best
        x = self.note(classes) + self.note_before(before) + self.note_after(after)
        x = x + self.stood(run_lengths(classes))
        x = x + self.stays(run_lengths(classes.flip(-1)).flip(-1))
        x = (
            x
            + self.moved(interval(before, classes))
            + self.moves(interval(here, after))
        )
        x = x + self.above_bass(interval(here[:, BASS:], here))  # (B, 4, T, E)
        x = self.voices(x.transpose(1, 2).flatten(2))  # (B, T, C)
        if canvas.is_doubtful is not None:
            x = x + self.doubt * canvas.is_doubtful[:, None, None]
        return x + self.phase(canvas.phase) + self.beat(canvas.bar_beat)


class GatedConvolution(nn.Module):
    """A convolution over time with a gate, added to what comes in.

    A convolution with three taps is one linear layer on three steps put side by side;
    written so, it runs twice as fast on a processor. The gate is WaveNet's (van den
    Oord et al. 2016, eq. 2) without its tanh (Dauphin et al. 2017, eq. 1).
    """

    def __init__(self, n_channels: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.dilation = dilation
        self.norm = nn.LayerNorm(n_channels)
        self.taps = nn.Linear(3 * n_channels, 2 * n_channels)
        self.output = nn.Linear(n_channels, n_channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, T, C) from (B, T, C); beyond the ends there are zeros."""
        n_steps, far = x.shape[1], self.dilation
        x_norm = self.norm(x)
        padded = F.pad(x_norm, (0, 0, far, far))  # (B, T + 2 far, C)
        taps = [padded[:, :n_steps], x_norm, padded[:, 2 * far :]]
        value, gate = self.taps(torch.cat(taps, dim=-1)).chunk(2, dim=-1)
        return x + self.dropout(self.output(value * gate.sigmoid()))


class OrderlessNet(nn.Module):
    """The network: embedding, convolutions, scores for every cell.

    A note is scored by its pitch, by its intervals from the notes before and after it
    in its voice, and by its intervals from the other voices; intervals are the same in
    every key. All scores begin at zero, so an untrained network finds all notes alike.
    """

    def __init__(self, config: OrderlessConfig) -> None:
        super().__init__()
        self.config = config
        width = config.n_channels
        self.embedding = CanvasEmbedding(config)
        self.layers = nn.ModuleList(
            GatedConvolution(width, DILATIONS[i % len(DILATIONS)], config.dropout)
            for i in range(config.n_layers)
        )
        self.norm = nn.LayerNorm(width)
        self.by_pitch = nn.Linear(width, VOICES * N_CLASSES)
        self.by_interval = nn.Linear(width, VOICES * N_ORIGINS * N_SCORED)
        self.by_repeat = nn.Linear(width, VOICES)
        for score in (self.by_pitch, self.by_interval):
            nn.init.zeros_(score.weight)
            nn.init.zeros_(score.bias)

    def forward(self, canvas: Canvas) -> tuple[Tensor, Tensor]:
        """Return the logits of every cell's classes, and of striking notes again.

        Returns:
            (B, 4, T, N_CLASSES), for masked and known cells alike (those of known cells
            mean nothing, since the network has seen the answer, unless the piece is
            doubtful), and (B, 4, T).
        """
        classes = canvas.classes  # (B, 4, T)
        before, after = nearest_known(classes)
        x = self.embedding(canvas, before, after)  # (B, T, C)
        for layer in self.layers:
            x = layer(x)
        x = self.norm(x)
        logits = self.by_pitch(x).unflatten(-1, (VOICES, N_CLASSES)).transpose(1, 2)
        scores = self.by_interval(x).unflatten(-1, (VOICES, N_ORIGINS, N_SCORED))
        scores = scores.permute(0, 2, 3, 1, 4)  # (B, 4, origins, T, scored)
        from_notes = at_intervals(scores, origins(classes, before, after))
        from_notes = from_notes.sum(2, dtype=torch.float32)  # (B, 4, T, P)
        logits = logits.float() + F.pad(from_notes, (0, N_CLASSES - N_PITCHES))
        return logits, self.by_repeat(x).transpose(1, 2)


def origins(classes: Tensor, before: Tensor, after: Tensor) -> Tensor:
    """Return the notes from which each cell's intervals are counted.

    Returns:
        (B, 4, N_ORIGINS, T): the voice's known notes before and after, then what the
        other three voices sing at this step, from the soprano down; MASK if not known.
    """
    others = [[u for u in range(VOICES) if u != v] for v in range(VOICES)]
    return torch.cat([before[:, :, None], after[:, :, None], classes[:, others]], dim=2)


def at_intervals(scores: Tensor, notes: Tensor) -> Tensor:
    """Return scores of intervals as scores of pitches, counted from given notes.

    Args:
        scores: (..., N_SCORED) of the intervals from -REACH to REACH semitones.
        notes: (...) classes to count from.

    Returns:
        (..., N_PITCHES); 0 for pitches out of reach, and where the note is a rest or is
        not known.
    """
    padded = F.pad(scores, (0, 1))  # the last place holds a 0
    return padded.gather(-1, _PLACES[notes])


def _places() -> Tensor:
    """Return for each note where the score of each pitch stands, (classes, P)."""
    notes, pitches = torch.arange(MASK + 1)[:, None], torch.arange(N_PITCHES)
    places = pitches - notes + REACH
    is_near = (places >= 0) & (places < N_SCORED) & (notes < N_PITCHES)
    return torch.where(is_near, places, N_SCORED)


_PLACES = _places()
