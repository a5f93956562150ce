"""What a tiny GAN learns: shapes in a plane, and bars of the tune books.

The bars are those in 4/4 of the melodies that MelodyRNN learns from, the train split.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.corpora.melodies import Melody, load_melodies
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.tiny_gan import (
    DATA,
    HOLD,
    LOWEST_DEGREE,
    N_DEGREES,
    PLANE,
    REST,
    from_bars,
)
from deepcomposer_edu.music.keys import MAJOR_SCALE
from deepcomposer_edu.music.score import MIDDLE_C, STEPS_PER_BAR

SPREAD = {"ring": 0.08, "grid": 0.06, "spiral": 0.05, "moons": 0.06}
"""How far points lie from their centre: the standard deviation in each direction."""

_DEGREE_OF = {semitones: degree for degree, semitones in enumerate(MAJOR_SCALE)}


@cache
def centres(data: str) -> Tensor:
    """Return the places around which the points of a shape lie, (M, 2).

    A ring has 8, a grid 25. A spiral and two moons are lines: 24 and 20 places along
    them, close enough to leave no gap. All lie within -2 to 2.

    Raises:
        InputError: for data that are no points of a plane.
    """
    if data == "ring":
        angle = torch.arange(8) * torch.pi / 4
        return 1.5 * torch.stack([angle.cos(), angle.sin()], dim=1)
    if data == "grid":
        line = torch.linspace(-1.6, 1.6, 5)
        return torch.cartesian_prod(line, line)
    if data == "spiral":
        turn = torch.linspace(0.15, 1, 24).sqrt() * 3.5 * torch.pi
        radius = turn / turn[-1] * 1.8
        return torch.stack([radius * turn.cos(), radius * turn.sin()], dim=1)
    if data == "moons":
        angle = torch.linspace(0, torch.pi, 10)
        upper = torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], dim=1)
        return 1.2 * torch.cat([upper, -upper])
    raise InputError(f"{data!r} has no centres; the shapes are {', '.join(PLANE)}.")


class TinyData:
    """A source of real pieces.

    Args:
        data: one of `models.tiny_gan.DATA`.

    Raises:
        InputError: for other data, or where music21's tune books are not installed.
    """

    def __init__(self, data: str) -> None:
        if data not in DATA:
            raise InputError(
                f"There are no data {data!r}; choose one of {', '.join(DATA)}."
            )
        self.data = data
        self.bars = None if data in PLANE else real_bars(data)
        """All real bars, (N, 16) as `to_bars` returns them; None for a shape."""

    def draw(self, n: int, chance: torch.Generator) -> Tensor:
        """Return n real pieces, (n, D), drawn with `chance`."""
        pool = centres(self.data) if self.bars is None else self.bars
        chosen = pool[torch.randint(len(pool), (n,), generator=chance)]
        if self.bars is not None:
            return from_bars(chosen, self.data)
        return chosen + SPREAD[self.data] * torch.randn((n, 2), generator=chance)


@cache
def real_bars(data: str) -> Tensor:
    """Return all bars of a kind, (N, 16) as `models.tiny_gan.to_bars` returns them.

    Args:
        data: "rhythm": every whole bar of a tune in 4/4; "melody": of those, the bars
            of tunes in major that keep to the scale and to the range of two octaves,
            moved to C major.
    """
    tunes = [tune for tune in load_melodies("train") if tune.metre == "4/4"]
    bars = [bar for tune in tunes for bar in _bars_of(tune, data)]
    return torch.from_numpy(np.array(bars, dtype=np.int64))


def _bars_of(tune: Melody, data: str) -> list[np.ndarray]:
    """Return the whole bars of one tune, (16,) each."""
    if data == "rhythm":
        line = tune.grid.onsets[0].astype(int)
    elif tune.key.mode == "major":
        line = _degrees(tune)
    else:
        return []
    stops = tune.bar_starts + STEPS_PER_BAR
    bars = [line[stop - STEPS_PER_BAR : stop] for stop in stops if stop <= len(line)]
    if data == "rhythm":
        return bars
    return [bar for bar in bars if (bar >= 0).all() and bar[0] < N_DEGREES]


def _degrees(tune: Melody) -> np.ndarray:
    """Return a tune as codes, (T,); -1 where a note is not in scale or range."""
    pitches, onsets = tune.grid.pitches[0].astype(int), tune.grid.onsets[0]
    shift = -((tune.key.tonic + 5) % 12 - 5)  # to C by the shortest way
    codes = np.where(pitches < 0, REST, HOLD)
    for step in np.flatnonzero(onsets):
        octave, semitones = divmod(pitches[step] + shift - MIDDLE_C, 12)
        degree = _DEGREE_OF.get(semitones)
        code = -1 if degree is None else 7 * octave + degree - LOWEST_DEGREE
        codes[step] = code if 0 <= code < N_DEGREES else -1
    return codes
