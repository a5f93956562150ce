"""What can be measured of the pieces of a tiny GAN, to be put beside the data's own."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.tiny_gan import HOLD, N_DEGREES, PLANE, to_bars
from deepcomposer_edu.training.tiny_data import SPREAD, centres, real_bars

NEAR = 4.0  # standard deviations: of real points 3 in 10,000 lie further off
FAIR_SHARE = 0.2  # of the points that a mode should get, and it counts as covered


def modes_covered(points: Tensor, modes: Tensor, radius: float) -> int:
    """Return how many modes the points reach.

    A point belongs to its nearest mode if it lies within `radius` of it. A mode counts
    as covered if at least FAIR_SHARE of its fair share of all points belong to it: with
    1000 points and 8 modes the fair share is 125, and 25 are enough.

    Args:
        points: (N, 2).
        modes: (M, 2) places.
        radius: above 0.

    Returns:
        0 to M.
    """
    distance, nearest = torch.cdist(points, modes).min(dim=1)  # (N,) each
    counts = nearest[distance <= radius].bincount(minlength=len(modes))  # (M,)
    return int((counts >= FAIR_SHARE * len(points) / len(modes)).sum())


def statistics(pieces: Tensor, data: str) -> dict[str, float]:
    """Return what is measured of pieces (N, D), by name.

    Of points: `modes_covered`; `covered_share`, the same as a share of all modes;
    `near_share`, the share of points near any mode; `top_share`, the share of points
    whose nearest mode is the most frequent one.

    Of bars: `distinct_share`, different bars by all bars; `top_share`, the share of the
    most frequent bar; `known_share`, of bars that stand in the data; `onsets_per_bar`;
    `off_beat_share`, of onsets that are not on one of the four beats;
    `sixteenth_share`, of onsets not on an eighth either; `onset_distance`, the mean
    distance of how often each step is struck from how often it is in the data. Of
    melodies, besides: `step_share`, of moves by one step of the scale;
    `repeat_share`, of moves that stay on the note; `degrees_used`, different notes.

    Raises:
        InputError: if there are no pieces.
    """
    if not len(pieces):
        raise InputError("There are no pieces to measure; give one or more.")
    if data in PLANE:
        return _of_points(pieces, data)
    bars = to_bars(pieces, data)
    measured = _of_rhythms(bars, data)
    return measured | _of_melodies(bars) if data == "melody" else measured


def near(data: str) -> float:
    """Return how far from the nearest centre of a shape a point may lie to be near."""
    radius = NEAR * SPREAD[data]
    if data in ("spiral", "moons"):  # between two places of a line, too
        first, second = centres(data)[:2]
        radius += (first - second).norm().item() / 2
    return radius


def _of_points(points: Tensor, data: str) -> dict[str, float]:
    modes, radius = centres(data), near(data)
    distance, nearest = torch.cdist(points, modes).min(dim=1)
    covered = modes_covered(points, modes, radius)
    return {
        "modes_covered": float(covered),
        "covered_share": covered / len(modes),
        "near_share": (distance <= radius).float().mean().item(),
        "top_share": nearest.bincount().max().item() / len(points),
    }


def onsets_of(bars: Tensor, data: str) -> Tensor:
    """Return where notes start in bars (N, 16), the same shape, bool."""
    return bars == 1 if data == "rhythm" else bars < N_DEGREES


def _of_rhythms(bars: Tensor, data: str) -> dict[str, float]:
    onsets = onsets_of(bars, data)
    different, counts = bars.unique(dim=0, return_counts=True)
    per_step = onsets.float().mean(dim=0)  # (16,)
    total = per_step.sum().clamp_min(1e-9).item()
    known = _known(data)
    in_data = [tuple(bar) in known for bar in different.tolist()]
    return {
        "distinct_share": len(different) / len(bars),
        "top_share": counts.max().item() / len(bars),
        "known_share": counts[torch.tensor(in_data)].sum().item() / len(bars),
        "onsets_per_bar": per_step.sum().item(),
        "off_beat_share": 1 - per_step[::4].sum().item() / total,
        "sixteenth_share": per_step[1::2].sum().item() / total,
        "onset_distance": (per_step - _real_per_step(data)).abs().mean().item(),
    }


@cache
def _known(data: str) -> set[tuple[int, ...]]:
    return {tuple(bar) for bar in real_bars(data).tolist()}


@cache
def _real_per_step(data: str) -> Tensor:
    return onsets_of(real_bars(data), data).float().mean(dim=0)


def _of_melodies(bars: Tensor) -> dict[str, float]:
    moves = []
    for bar in bars:
        moves.append(bar[bar < N_DEGREES].diff().abs())
    moves = torch.cat(moves)
    n_moves = max(len(moves), 1)
    return {
        "step_share": (moves == 1).sum().item() / n_moves,
        "repeat_share": (moves == 0).sum().item() / n_moves,
        "degrees_used": float(len(bars[bars < HOLD].unique())),
    }
