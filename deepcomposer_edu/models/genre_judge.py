"""Can a genre be heard? A small classifier of how the lower voices move.

It looks at how alto, tenor and bass are written and never at the melody, which
whoever asked for a harmony has chosen. Nothing it looks at depends on the key. It is a
softmax regression: one weight for each feature and genre, so it can be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.battery import battery
from deepcomposer_edu.music.grid import Grid

LOWER = (1, 2, 3)
OF_THE_BATTERY = (
    "triad_rate",
    "dissonant_pair_rate",
    "voice_order_rate",
    "moving_pair_rate",
    "best_scale_rate",
)
OF_A_VOICE = ("rests", "onsets", "off_beats", "repeats", "steps", "leaps")
FEATURES = (
    *OF_THE_BATTERY,
    *(f"{name}_{voice}" for voice in ("alto", "tenor", "bass") for name in OF_A_VOICE),
    "together",
    "distance",
)
PENALTY = 1e-3  # on the squares of the weights; it makes the best weights unique


def texture(grid: Grid) -> np.ndarray:
    """Return how the lower voices of an excerpt are written.

    Args:
        grid: four voices, (4, T), which begin with a bar, T at least 8.

    Returns:
        One number for each of FEATURES, float64. First metrics of `music.battery` of
        the three lower voices. Of each: the share of rests; onsets for each step; of
        these onsets the shares off the beat and on the pitch before; of its moves the
        shares by one or two semitones and by more. Then the share of onsets at which
        two lower voices begin together, and the mean distance between neighbours in
        octaves. What cannot be counted is 0.

    Raises:
        InputError: if there are not four voices or fewer than 8 steps.
    """
    if grid.n_voices != 4 or grid.n_steps < 8:
        raise InputError(
            f"The excerpt has {grid.n_voices} voices and {grid.n_steps} steps, but "
            "four voices of at least 8 steps are needed."
        )
    whole = battery(grid.voices(*LOWER))
    values = [whole[name] or 0.0 for name in OF_THE_BATTERY]
    for voice in LOWER:
        values += _of_a_voice(grid, voice)
    both = [grid.onsets[a] & grid.onsets[b] for a, b in combinations(LOWER, 2)]
    n_onsets = max(grid.onsets[1:].sum(), 1)
    values.append(np.logical_or.reduce(both).sum() / n_onsets)
    pairs = zip(grid.pitches[1:-1].astype(int), grid.pitches[2:], strict=True)
    gaps = [(upper - lower)[(upper >= 0) & (lower >= 0)] for upper, lower in pairs]
    values.append(np.concatenate(gaps).sum() / 12 / max(sum(map(len, gaps)), 1))
    return np.array(values)


def _of_a_voice(grid: Grid, voice: int) -> list[float]:
    pitches, onsets = grid.pitches[voice].astype(int), grid.onsets[voice]
    at = np.flatnonzero(onsets)
    n_onsets, moves = max(len(at), 1), np.abs(np.diff(pitches[at]))
    n_moves = max(int((moves > 0).sum()), 1)
    return [
        float((pitches < 0).mean()),
        float(onsets.mean()),
        float((at % 4 != 0).sum() / n_onsets),
        float((moves == 0).sum() / n_onsets),
        float(((moves == 1) | (moves == 2)).sum() / n_moves),
        float((moves > 2).sum() / n_moves),
    ]


class GenreJudge:
    """A softmax regression from `texture` to genres.

    Args:
        excerpts: for each genre, the excerpts to learn from; at least two genres, with
            at least two excerpts each.

    Raises:
        InputError: if there are fewer.
    """

    def __init__(self, excerpts: Mapping[str, Sequence[Grid]]) -> None:
        if len(excerpts) < 2 or min(map(len, excerpts.values())) < 2:
            raise InputError(
                f"{len(excerpts)} genres were given, but at least two with two "
                "excerpts each are needed to tell them apart."
            )
        self.genres = tuple(excerpts)
        rows = [np.stack([texture(g) for g in some]) for some in excerpts.values()]
        values = np.concatenate(rows)  # (N, F)
        self.mean, self.scale = values.mean(axis=0), values.std(axis=0) + 1e-6
        labels = torch.cat([torch.full((len(some),), k) for k, some in enumerate(rows)])
        weight = 1 / torch.tensor([float(len(some)) for some in rows])  # genres alike
        self._fit(self._standard(values), labels, weight)

    def _standard(self, values: np.ndarray) -> Tensor:
        """Features with mean 0 and deviation 1, and a 1 at the end: (N, F + 1)."""
        scaled = torch.from_numpy((values - self.mean) / self.scale)
        return F.pad(scaled, (0, 1), value=1.0)

    def _fit(self, inputs: Tensor, labels: Tensor, weight: Tensor) -> None:
        n_genres = len(self.genres)
        self.weights = torch.zeros(
            inputs.shape[1], n_genres, dtype=torch.float64, requires_grad=True
        )
        optimiser = torch.optim.LBFGS(
            [self.weights], max_iter=200, line_search_fn="strong_wolfe"
        )

        def loss() -> Tensor:
            optimiser.zero_grad()
            error = F.cross_entropy(inputs @ self.weights, labels, weight.double())
            total = error + PENALTY * self.weights.square().sum()
            total.backward()
            return total

        optimiser.step(loss)
        self.weights.requires_grad_(False)

    def probabilities(self, excerpts: Sequence[Grid]) -> np.ndarray:
        """Return how likely each genre is for each excerpt, (N, number of genres)."""
        values = np.stack([texture(grid) for grid in excerpts])
        return torch.softmax(self._standard(values) @ self.weights, dim=1).numpy()

    def names(self, excerpts: Sequence[Grid]) -> list[str]:
        """Return the likeliest genre of each excerpt."""
        best = self.probabilities(excerpts).argmax(axis=1)
        return [self.genres[k] for k in best]
