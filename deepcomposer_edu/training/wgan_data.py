"""Windows of chorales as the tensors that the networks learn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.corpora.windows import Windows, normalised
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ear import N_POSITIONS
from deepcomposer_edu.models.one_hot import encode
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.repertoire import genre_index

# The critic of several genres hears this share of pieces without their melody
HIDDEN_SHARE = 0.5
# Windows of one kind of music, or of several by the names of their genres
TrainingWindows = Windows | Mapping[str, Windows]


@dataclass(frozen=True)
class TrainingSet:
    """N windows of four voices in C major or A minor, ready for batches.

    Args:
        pitches: (N, 4, T) MIDI numbers, -1 for a rest.
        repeats: (N, 4, T) 1 where a note begins on the pitch that already sounds.
        position: (N, T) step within the bar, 0 to 15.
        genre: (N,) number of each window's genre; None where there is only one kind.
    """

    pitches: Tensor
    repeats: Tensor
    position: Tensor
    genre: Tensor | None = None

    def __len__(self) -> int:
        return len(self.pitches)

    @classmethod
    def of(cls, windows: TrainingWindows, config: WGANConfig) -> TrainingSet:
        """Return windows of one kind, or of several genres by name, one after another.

        Raises:
            InputError: if a genre is none of those that the config knows.
        """
        if isinstance(windows, Windows):
            return cls.from_windows(windows, config)
        parts, genres = [], []
        for name, some in windows.items():
            number = genre_index(name)
            if number >= config.n_genres:
                raise InputError(
                    f"There are windows of {name}, genre {number + 1}, but the "
                    f"networks know {config.n_genres}; raise n_genres."
                )
            parts.append(cls.from_windows(some, config))
            genres.append(torch.full((len(some),), number))
        columns = ("pitches", "repeats", "position")
        joined = (torch.cat([getattr(p, name) for p in parts]) for name in columns)
        return cls(*joined, torch.cat(genres))

    @classmethod
    def from_windows(cls, windows: Windows, config: WGANConfig) -> TrainingSet:
        """Return the windows moved to C major or A minor, within the config's range."""
        moved = normalised(windows, config.low, config.low + config.n_pitches - 1)
        pitches = moved.pitches.astype(np.int64)
        repeats = np.zeros(pitches.shape, dtype=np.float32)
        stays = pitches[..., 1:] == pitches[..., :-1]
        repeats[..., 1:] = moved.onsets[..., 1:] & stays
        steps = np.arange(pitches.shape[-1])[None]
        position = np.minimum(steps % moved.steps_per_bar[:, None], N_POSITIONS - 1)
        return cls(*(torch.from_numpy(a) for a in (pitches, repeats, position)))

    def batch(self, config: WGANConfig, random: torch.Generator) -> Batch:
        """Return a random batch, drawn with replacement; every genre is as likely."""
        size = config.batch_size
        if self.genre is None:
            rows = torch.randint(len(self), (size,), generator=random)
            return self.rows(rows, config)
        share = 1 / torch.bincount(self.genre)[self.genre]
        rows = torch.multinomial(share, size, replacement=True, generator=random)
        is_hidden = torch.rand(size, generator=random) < HIDDEN_SHARE
        return replace(self.rows(rows, config), is_hidden=is_hidden)

    def rows(self, rows: Tensor | slice, config: WGANConfig) -> Batch:
        """Return the chosen windows as a batch."""
        pitches = self.pitches[rows]
        starts = torch.ones(pitches[:, 0].shape)
        starts[:, 1:] = (pitches[:, 0, 1:] != pitches[:, 0, :-1]).float()
        repeats = self.repeats[rows]
        starts = torch.maximum(starts, repeats[:, 0]) * (pitches[:, 0] >= 0)
        genre = None if self.genre is None else self.genre[rows]
        voices = encode(pitches, config)
        return Batch(voices, repeats, starts, self.position[rows], genre)


@dataclass(frozen=True)
class Batch:
    """B windows as the networks see them.

    Args:
        voices: (B, 4, T, V) one-hot, the melody first.
        repeats: (B, 4, T) 1 where a note that stays is struck again.
        starts: (B, T) 1 where a melody note begins.
        position: (B, T) step within the bar.
        genre: (B,) number of each window's genre, or None.
        is_hidden: (B,) bool, which melodies the critic does not hear, or None.
    """

    voices: Tensor
    repeats: Tensor
    starts: Tensor
    position: Tensor
    genre: Tensor | None = None
    is_hidden: Tensor | None = None

    @property
    def melody(self) -> Tensor:
        """The soprano, (B, T, V)."""
        return self.voices[:, 0]

    def with_lower(self, voices: Tensor, repeats: Tensor) -> tuple[Tensor, Tensor]:
        """Return these melodies over other lower voices: (B, 4, T, V) and (B, 4, T)."""
        return (
            torch.cat([self.voices[:, :1], voices], dim=1),
            torch.cat([self.repeats[:, :1], repeats], dim=1),
        )

    def crossed(self, chosen: Tensor, random: torch.Generator) -> Batch:
        """Return the batch with some melodies taken from other windows of it.

        Training has only melodies and voices of one genre together, so a generator
        could do without being told the genre: the melody gives it away. A quartet's
        melody over which a chorale is asked for does not.

        Args:
            chosen: (B,) bool, which rows get another melody.
            random: the source of the shuffling.
        """
        other = torch.randperm(len(chosen), generator=random)
        rows = torch.where(chosen, other, torch.arange(len(chosen)))
        return replace(
            self,
            voices=torch.cat([self.voices[rows, :1], self.voices[:, 1:]], dim=1),
            repeats=torch.cat([self.repeats[rows, :1], self.repeats[:, 1:]], dim=1),
            starts=self.starts[rows],
        )


def hide_melody(
    voices: Tensor, repeats: Tensor, is_hidden: Tensor
) -> tuple[Tensor, Tensor]:
    """Return four voices with the melody a rest in the rows where it is hidden.

    Args:
        voices: (B, 4, T, V) one-hot, or mixtures.
        repeats: (B, 4, T).
        is_hidden: (B,) bool.
    """
    rest = torch.zeros_like(voices[:, :1])
    rest[..., -1] = 1
    hidden = is_hidden[:, None, None]
    melody = torch.where(hidden[..., None], rest, voices[:, :1])
    struck = repeats[:, :1] * ~hidden
    return (
        torch.cat([melody, voices[:, 1:]], dim=1),
        torch.cat([struck, repeats[:, 1:]], dim=1),
    )
