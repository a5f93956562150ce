"""A small network that continues a tune, made of the course's own layers.

It looks at the last notes of a melody and predicts the next: its pitch and length
together, as one code. It is small enough to be trained in seconds, ten times over, to
see what each way against overfitting does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.music.grid import Grid, voice_notes
from deepcomposer_edu.nn.layers import (
    BatchNorm,
    Conv1d,
    Dropout,
    Embedding,
    LayerNorm,
    Linear,
)
from deepcomposer_edu.nn.sampling import sample

LOW, HIGH = 48, 84  # C3 to C6: every melody of the chorales in every key
LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16)  # steps; others become the nearest
N_CODES = (HIGH - LOW + 1) * len(LENGTHS)
NOTHING = N_CODES  # stands before the first note
NORMS = ("none", "batch", "layer")


@dataclass(frozen=True)
class TuneNetConfig:
    """Settings of the network.

    Args:
        context: how many notes it looks back, 2 or more.
        embedding: numbers for each note.
        channels: of the convolution over the notes.
        hidden: width of the fully connected layer.
        norm: "none", "batch" (BatchNorm) or "layer" (LayerNorm).
        dropout: share of the numbers that are dropped while it learns, 0 to below 1.
    """

    context: int = 12
    embedding: int = 32
    channels: int = 64
    hidden: int = 128
    norm: str = "none"
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if self.norm not in NORMS:
            raise InputError(
                f"The norm is {self.norm!r}, but it must be one of {', '.join(NORMS)}."
            )
        if min(self.context - 1, self.embedding, self.channels, self.hidden) < 1:
            raise InputError(
                f"The context is {self.context} notes and the layers have "
                f"{self.embedding}, {self.channels} and {self.hidden} numbers; give 2 "
                "notes and 1 number or more."
            )

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        return asdict(self)


class TuneNet(nn.Module):
    """Embedding, convolution, two linear layers: (B, T) codes -> (B, V) logits."""

    def __init__(self, config: TuneNetConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = Embedding(N_CODES + 1, config.embedding)
        self.conv = Conv1d(config.embedding, config.channels)
        self.norm_conv = _norm(config.norm, config.channels)
        self.linear = Linear(config.channels * config.context, config.hidden)
        self.norm_linear = _norm(config.norm, config.hidden)
        self.dropout = Dropout(config.dropout)
        self.last = Linear(config.hidden, N_CODES)

    def forward(self, codes: Tensor) -> Tensor:
        """Return the logits of the next note, (B, V), from (B, context) codes."""
        x = self.embedding(codes).transpose(1, 2)  # (B, D, T)
        x = self.norm_conv(self.conv(x)).relu()  # (B, C, T)
        x = self.dropout(x).flatten(start_dim=1)  # (B, C * T)
        x = self.norm_linear(self.linear(x)).relu()  # (B, H)
        return self.last(self.dropout(x))  # (B, V)


def _norm(kind: str, n_channels: int) -> nn.Module:
    if kind == "batch":
        return BatchNorm(n_channels)
    return LayerNorm(n_channels, axis=1) if kind == "layer" else nn.Identity()


def to_codes(melody: Grid) -> np.ndarray:
    """Return the notes of a melody as codes, shape (n,), int64; rests are left out.

    code = (pitch - LOW) * number of lengths + number of the length.

    Args:
        melody: one voice, shape (1, T).

    Raises:
        InputError: if there is more than one voice, or a pitch outside LOW to HIGH.
    """
    if melody.n_voices != 1:
        raise InputError(
            f"There are {melody.n_voices} voices, but one melody is needed; choose one "
            "with grid.voices(0)."
        )
    notes = voice_notes(melody, 0)
    outside = [note.pitch for note in notes if not LOW <= note.pitch <= HIGH]
    if outside:
        raise InputError(
            f"The melody has the pitch {outside[0]}, but the network knows {LOW} to "
            f"{HIGH}; transpose it."
        )
    lengths = np.array([note.duration for note in notes]).reshape(-1, 1)  # (n, 1)
    nearest = np.abs(lengths - LENGTHS).argmin(axis=1)  # (n,)
    pitches = np.array([note.pitch for note in notes], dtype=np.int64)
    return (pitches - LOW) * len(LENGTHS) + nearest


def from_codes(codes: Sequence[int] | np.ndarray) -> Grid:
    """Return the melody that codes stand for, shape (1, T)."""
    pitches, onsets = [], []
    for code in codes:
        length = LENGTHS[int(code) % len(LENGTHS)]
        pitches += [LOW + int(code) // len(LENGTHS)] * length
        onsets += [True] + [False] * (length - 1)
    return Grid(np.array([pitches], dtype=int), np.array([onsets], dtype=bool))


def examples(melodies: Sequence[Grid], context: int) -> tuple[Tensor, Tensor]:
    """Return everything there is to learn: what came before each note, and the note.

    Args:
        melodies: grids of one voice.
        context: how many notes are looked back; NOTHING stands before the first.

    Returns:
        Codes (N, context) and the next codes (N,), both int64.
    """
    before, after = [], []
    for melody in melodies:
        codes = to_codes(melody)
        padded = np.concatenate([np.full(context, NOTHING), codes])
        before += [padded[i : i + context] for i in range(len(codes))]
        after.append(codes)
    return torch.tensor(np.stack(before)), torch.tensor(np.concatenate(after))


def continue_tune(
    network: TuneNet,
    beginning: Grid,
    n_notes: int,
    temperature: float = 1.0,
    seed: int = 0,
) -> Grid:
    """Return a melody with notes added that the network draws one by one.

    The network is used as it is: `network.eval()` is the caller's business.

    Args:
        network: in eval() or train().
        beginning: one voice, shape (1, T).
        n_notes: how many notes are added.
        temperature: above 0; 1 draws as it has learned.
        seed: from which the draws follow.

    Returns:
        One voice: the beginning and its continuation.
    """
    generator = torch.Generator().manual_seed(seed)
    n_back = network.config.context
    codes = [NOTHING] * n_back + to_codes(beginning).tolist()
    with torch.no_grad():
        for _ in range(n_notes):
            logits = network(torch.tensor([codes[-n_back:]]))  # (1, V)
            codes.append(int(sample(logits, temperature, generator=generator)))
    return from_codes(codes[n_back:])


def longest_copy(melody: Grid, known: Sequence[Grid], skip: int = 0) -> tuple[int, int]:
    """Return the longest run of notes that stands in one of the known melodies, too.

    A run counts as copied if its intervals and lengths agree; in which key is no
    matter.

    Args:
        melody: one voice.
        known: melodies to look in.
        skip: notes at its beginning that are not looked at.

    Returns:
        How many notes it has, and the number of the known melody.
    """
    ours = _moves(to_codes(melody)[skip:])
    best = (0, 0)
    for number, other in enumerate(known):
        theirs = _moves(to_codes(other))
        # lengths[j]: of the common run that ends at i in ours and at j in theirs
        lengths = np.zeros(len(theirs) + 1, dtype=int)
        for move in ours:
            same = np.array([move == other_move for other_move in theirs], dtype=bool)
            lengths[1:] = np.where(same, lengths[:-1] + 1, 0)
            if lengths.max() and lengths.max() + 1 > best[0]:
                best = (int(lengths.max()) + 1, number)
    return best


def _moves(codes: np.ndarray) -> list[tuple[int, int, int]]:
    """Return the interval between neighbours and the lengths of both, for each pair."""
    pitches, lengths = codes // len(LENGTHS), codes % len(LENGTHS)
    steps = np.diff(pitches)
    return list(
        zip(steps.tolist(), lengths[:-1].tolist(), lengths[1:].tolist(), strict=True)
    )


def load_tune_net(name: str) -> TuneNet:
    """Return a shipped network, ready to compose: "overfit" or "regularised".

    Raises:
        InputError: if its file is missing or damaged.
    """
    weights = load_weights(f"tune-net-{name}")
    config = TuneNetConfig(**weights.info["config"])
    network = filled(lambda: TuneNet(config), weights.tensors)
    return network.eval()
