"""Pieces of several genres as tensors, and the batches that are drawn from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.frames import (
    HIGH,
    LOW,
    N_CLASSES,
    N_PITCHES,
    REST_CLASS,
    VOICES,
    to_classes,
)
from deepcomposer_edu.models.page import bar_times, families_of
from deepcomposer_edu.models.transformer import STEPS_PER_BEAT, Frames
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.repertoire import GENRES

GIVEN_SHARE = 0.2  # of the pieces in a batch whose soprano is known in advance
HIDDEN_BARS = 0.5  # share of the pieces whose bar lines are not told
KEYS = range(-6, 6)  # semitones by which pieces are moved
# How often a piece of each genre is drawn, where there are pieces of it.
SHARES = {
    "chorale": 0.7,
    "palestrina": 0.12,
    "quartet": 0.08,
    "ragtime": 0.02,
    "folk": 0.08,
}


class PieceLike(Protocol):
    """What is asked of a piece: Chorale and GenrePiece have it."""

    grid: Grid
    steps_per_bar: int
    pickup: int


@dataclass(frozen=True)
class PieceFrames:
    """One piece as tensors.

    Args:
        classes: (4, T).
        repeats: (4, T) 1 where a note that stays is struck again.
        bar_beat: (T,) beat of the bar, from 1.
        phase: (T,) step within the beat.
        genre: number in GENRES.
        families: (4,) General MIDI families of the voices.
        taught: (2, 4, T, N_CLASSES) the probabilities that teachers give to each note,
            not told the bar lines and told; None for a piece without teachers.
    """

    classes: Tensor
    repeats: Tensor
    bar_beat: Tensor
    phase: Tensor
    genre: int
    families: Tensor
    taught: Tensor | None = None


def piece_frames(piece: PieceLike, genre: str = "chorale") -> PieceFrames:
    """Return a piece as tensors; voices that it does not have rest."""
    grid = piece.grid
    pitches = np.full((VOICES, grid.n_steps), -1, dtype=np.int16)
    pitches[: grid.n_voices] = grid.pitches[:VOICES]
    classes = to_classes(pitches)
    stays = torch.zeros(classes.shape, dtype=torch.bool)
    stays[:, 1:] = classes[:, 1:] == classes[:, :-1]
    onsets = torch.zeros(classes.shape, dtype=torch.bool)
    onsets[: grid.n_voices] = torch.from_numpy(grid.onsets[:VOICES])
    beat, phase = bar_times(grid.n_steps, piece.steps_per_bar, piece.pickup)
    return PieceFrames(
        classes,
        (onsets & stays & (classes < N_PITCHES)).float(),
        beat,
        phase,
        GENRES.index(genre),
        families_of(genre),
    )


@dataclass(frozen=True)
class Excerpt:
    """A part of a piece, in the key in which it is learned.

    Args:
        piece: the part, T steps of it.
        is_given: whether its soprano is known in advance.
        first: the first step that counts; the step after a cut does not, for what was
            before it is not seen.
    """

    piece: PieceFrames
    is_given: bool
    first: int


@dataclass(frozen=True)
class FrameBatch:
    """B excerpts: the music, which notes are struck again, which cells count.

    Args:
        frames: (B, 4, T).
        repeats: (B, 4, T).
        weights: (B, 4, T) 1 for a cell that is learned, 0 for padding and given notes.
        taught: (B, 4, T, N_CLASSES) probabilities to learn in place of the notes; None
            where no piece of the batch has teachers.
    """

    frames: Frames
    repeats: Tensor
    weights: Tensor
    taught: Tensor | None = None


class PieceSet:
    """Pieces of several genres, from which batches are drawn.

    Args:
        pieces: genre to its pieces; a genre without any is left out.
        n_steps: T, length of an excerpt.
        batch_size: B.
        taught: genre to pieces that are tensors already, with what teachers say of
            them; they stand in place of that genre's `pieces`.
        shares: how often a piece of each genre is drawn; SHARES if None.
    """

    def __init__(
        self,
        pieces: Mapping[str, Sequence[PieceLike]],
        n_steps: int = 192,
        batch_size: int = 16,
        taught: Mapping[str, Sequence[PieceFrames]] | None = None,
        shares: Mapping[str, float] | None = None,
    ) -> None:
        self.n_steps, self.batch_size = n_steps, batch_size
        self.pieces = {
            genre: [piece_frames(piece, genre) for piece in found]
            for genre, found in pieces.items()
            if found
        } | dict(taught or {})
        if not self.pieces:
            raise InputError("There is no piece to learn from; give at least one.")
        self.genres = list(self.pieces)
        chosen = SHARES if shares is None else shares
        weights = torch.tensor([chosen.get(genre, 0.1) for genre in self.genres])
        self.shares = weights / weights.sum()
        self.lengths = {
            genre: torch.tensor([float(p.classes.shape[-1]) for p in found])
            for genre, found in self.pieces.items()
        }

    def batch(self, random: torch.Generator) -> FrameBatch:
        """Return random excerpts in random keys."""
        drawn = torch.multinomial(
            self.shares, self.batch_size, replacement=True, generator=random
        )
        rows = []
        for genre in (self.genres[i] for i in drawn.tolist()):
            lengths = self.lengths[genre]
            place = int(torch.multinomial(lengths, 1, generator=random))
            rows.append(self._excerpt(self.pieces[genre][place], random))
        return stacked(rows, self.n_steps)

    def _excerpt(self, piece: PieceFrames, random: torch.Generator) -> Excerpt:
        """Return a random part of a piece in a random key."""
        spare = piece.classes.shape[-1] - self.n_steps
        start = 0
        if spare > 0:
            n_places = spare // STEPS_PER_BEAT + 1
            # the beginning is drawn more often: it is what every piece has
            place = int(torch.randint(-n_places // 4, n_places, (1,), generator=random))
            start = max(place, 0) * STEPS_PER_BEAT
        shift = _random_shift(piece.classes, random)
        chances = torch.rand(2, generator=random).tolist()
        is_given, tells_bars = chances[0] < GIVEN_SHARE, chances[1] >= HIDDEN_BARS
        cut = slice(start, start + self.n_steps)
        taught = piece.taught
        if taught is not None:  # teachers did not see the soprano in advance
            taught = None if is_given else taught[int(tells_bars), :, cut].float()
        part = PieceFrames(
            moved(piece.classes[:, cut], shift),
            piece.repeats[:, cut],
            piece.bar_beat[cut] * tells_bars,
            piece.phase[cut],
            piece.genre,
            piece.families,
            None if taught is None else moved_probabilities(taught, shift),
        )
        return Excerpt(part, is_given, int(start > 0))


def moved(classes: Tensor, semitones: int) -> Tensor:
    """Return the classes moved up by semitones; rests stay rests."""
    return torch.where(classes < N_PITCHES, classes + semitones, classes)


def moved_probabilities(taught: Tensor, semitones: int) -> Tensor:
    """Return probabilities (..., N_CLASSES) of the music moved up by semitones.

    What would leave the range is lost; the rest is brought to a sum of 1 again.
    """
    pitches = torch.zeros_like(taught[..., :N_PITCHES])
    low, high = max(semitones, 0), N_PITCHES + min(semitones, 0)
    pitches[..., low:high] = taught[..., low - semitones : high - semitones]
    found = torch.cat([pitches, taught[..., N_PITCHES:]], dim=-1)
    return found / found.sum(dim=-1, keepdim=True)


def _random_shift(classes: Tensor, random: torch.Generator) -> int:
    """Return a number of semitones by which a piece can be moved."""
    sounding = classes[classes < N_PITCHES]
    if not len(sounding):
        return 0
    low, high = int(sounding.min()), int(sounding.max())
    fits = [key for key in KEYS if low + key >= 0 and high + key < HIGH - LOW + 1]
    return fits[int(torch.randint(len(fits), (1,), generator=random))]


def stacked(excerpts: Sequence[Excerpt], n_steps: int) -> FrameBatch:
    """Return excerpts as a batch, filled with rests up to `n_steps`."""
    pieces = [excerpt.piece for excerpt in excerpts]
    pads = [n_steps - piece.classes.shape[-1] for piece in pieces]

    def stack(name: str, value: int = 0) -> Tensor:
        padded = (
            F.pad(getattr(piece, name), (0, n), value=value)
            for piece, n in zip(pieces, pads, strict=True)
        )
        return torch.stack(list(padded))

    is_given = torch.tensor([float(excerpt.is_given) for excerpt in excerpts])
    weights = torch.zeros(len(pieces), VOICES, n_steps)
    for b, (excerpt, pad) in enumerate(zip(excerpts, pads, strict=True)):
        weights[b, :, excerpt.first : n_steps - pad] = 1
    weights[:, 0] *= 1 - is_given[:, None]
    classes = stack("classes", REST_CLASS)
    frames = Frames(
        classes,
        torch.tensor([piece.genre for piece in pieces]),
        torch.stack([piece.families for piece in pieces]),
        stack("bar_beat"),
        stack("phase"),
        classes[:, 0],
        is_given,
    )
    taught = None
    if any(piece.taught is not None for piece in pieces):
        taught = F.one_hot(classes, N_CLASSES).float()
        for b, piece in enumerate(pieces):
            if piece.taught is not None:
                taught[b, :, : piece.taught.shape[1]] = piece.taught
    return FrameBatch(frames, stack("repeats"), weights, taught)
