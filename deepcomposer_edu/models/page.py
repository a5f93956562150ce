"""A piece while a network writes it: what is given, drawn and forbidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.counterpoint import parallel_classes
from deepcomposer_edu.models.frames import (
    LOW,
    N_CLASSES,
    N_PITCHES,
    REST_CLASS,
    VOICES,
    to_classes,
    to_pitches,
)
from deepcomposer_edu.models.transformer import (
    N_BAR_BEATS,
    STEPS_PER_BEAT,
    Frames,
)
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.repertoire import GENRES, genre_info
from deepcomposer_edu.nn.sampling import check_sampling


@dataclass(frozen=True)
class Taste:
    """How notes are drawn.

    Args:
        temperature: above 0; 1 draws as the network learned.
        top_k: draw from the k likeliest only; 0 for no limit.
        top_p: draw from the nucleus of this probability only; 1 for no limit.
        max_rest: steps that a voice may rest; 0 for no limit.
        max_note: steps after which a note that stays is struck again; 0 for no limit.
        avoid_parallels: whether parallel fifths and octaves are passed over.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    max_rest: int = 0
    max_note: int = 0
    avoid_parallels: bool = True

    def __post_init__(self) -> None:
        check_sampling(self.temperature, self.top_k, self.top_p, N_CLASSES)
        if self.max_rest < 0 or self.max_note < 0:
            raise InputError(
                f"The longest rest is {self.max_rest} steps and the longest note "
                f"{self.max_note}, but both must be 0 (no limit) or more."
            )


def families_of(genre: str) -> Tensor:
    """Return the General MIDI family of each voice of a genre, (4,)."""
    return torch.tensor([program // 8 for program in genre_info(genre).programs])


def bar_times(n_steps: int, steps_per_bar: int, pickup: int) -> tuple[Tensor, Tensor]:
    """Return the beat of the bar (from 1 on) and the step within the beat, (T,) each.

    Beats beyond the eighth count as the eighth.
    """
    step = (torch.arange(n_steps) - pickup) % steps_per_bar
    beat = (step // STEPS_PER_BEAT + 1).clamp(max=N_BAR_BEATS - 1)
    return beat, step % STEPS_PER_BEAT


class Page:
    """The piece while it is written: what sounds, what is struck, how long it lasts.

    Args:
        grid: four voices; REST where nothing is given yet.
        n_steps: T of the whole piece.
    """

    def __init__(self, grid: Grid, n_steps: int) -> None:
        n_given = grid.n_steps
        self.classes = torch.full((VOICES, n_steps), REST_CLASS)
        self.classes[:, :n_given] = to_classes(grid.pitches)
        self.onsets = np.zeros((VOICES, n_steps), dtype=bool)
        self.onsets[:, :n_given] = grid.onsets
        self.is_given = np.zeros((VOICES, n_steps), dtype=bool)

    def steps_since(self, voice: int, t: int) -> int:
        """Return for how many steps before t the voice rested, or held its note."""
        n, before = 0, self.classes[voice, max(t - 1, 0)]
        while t - 1 - n >= 0 and self.classes[voice, t - 1 - n] == before:
            n += 1
            if before != REST_CLASS and self.onsets[voice, t - n]:
                break
        return n

    def forbidden(self, voice: int, t: int, drawn: list[int], taste: Taste) -> set[int]:
        """Return the classes that a voice must not take at step t.

        Args:
            voice: which.
            t: the step.
            drawn: voices whose class of step t is known.
            taste: what is passed over.
        """
        if t == 0:
            return set()
        before = int(self.classes[voice, t - 1])
        banned = set()
        rests_long = taste.max_rest and self.steps_since(voice, t) >= taste.max_rest
        if before == REST_CLASS and rests_long:
            banned.add(REST_CLASS)
        if taste.avoid_parallels and before != REST_CLASS:
            then, now = (
                to_pitches(self.classes[drawn, s]).tolist() for s in (t - 1, t)
            )
            for pitch in parallel_classes(before + LOW, then, now):
                if 0 <= pitch - LOW < N_PITCHES:
                    banned.add(pitch - LOW)
        return banned

    def frames(self, genre: str, steps_per_bar: int, pickup: int) -> Frames:
        """Return the piece as the network reads it; it grows with the page.

        Args:
            genre: one of `music.repertoire.GENRES`.
            steps_per_bar: length of a bar.
            pickup: steps before the first bar line.
        """
        beat, phase = bar_times(self.classes.shape[1], steps_per_bar, pickup)
        return Frames(
            self.classes[None],  # shares its memory with the page
            torch.tensor([GENRES.index(genre)]),
            families_of(genre)[None],
            beat[None],
            phase[None],
        )

    def to_grid(self) -> Grid:
        """Return the piece as a grid, (4, T)."""
        return Grid(to_pitches(self.classes), self.onsets)


def four_voices(grid: Grid) -> Grid:
    """Return a grid of four voices; those that are missing rest."""
    missing = np.full((VOICES - grid.n_voices, grid.n_steps), -1)
    silent = np.zeros(missing.shape, dtype=bool)
    return Grid(
        np.concatenate([grid.pitches, missing]), np.concatenate([grid.onsets, silent])
    )


def with_given(grid: Grid, given: Grid) -> Grid:
    """Return the grid with the given notes as they were, in their own octaves."""
    pitches, onsets = grid.pitches.copy(), grid.onsets.copy()
    place = np.s_[: given.n_voices, : given.n_steps]
    pitches[place], onsets[place] = given.pitches, given.onsets
    return Grid(pitches, onsets)
