"""What a screen shows of a tiny GAN: points on the critic's landscape, bars, music."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from deepcomposer_edu.models.tiny_gan import PLANE, bars_to_score, to_bars
from deepcomposer_edu.music.keys import MAJOR_SCALE
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.training.tiny_data import centres
from deepcomposer_edu.training.tiny_gan import TinyGame
from deepcomposer_edu.training.tiny_statistics import near

REACH = 2.4
"""The landscape is drawn from -REACH to REACH in both directions."""
N_CELLS = 36  # in each direction
N_POINTS, N_HEARD, N_BARS = 200, 16, 8
N_SCORED = 60  # bars, real and generated, whose scores are shown
_BLOCK = 76  # General MIDI drum: high wood block, for a point near no place


def picture_of(game: TinyGame) -> dict[str, object]:
    """Return what a screen shows of this moment, as plain values.

    Returns:
        "step"; "score", the music of what is generated, a Score; of points "points" (x
        and y in turn, in hundredths) and "landscape"; of bars "scores", the critic's of
        "real" and "fake" bars. The noise is always the same, so that each piece can be
        followed through the training.
    """
    data = game.config.data
    shown: dict[str, object] = {"step": game.n_steps}
    if data in PLANE:
        points = game.points(N_POINTS, seed=0)
        shown["points"] = hundredths(points)
        shown["landscape"] = landscape(game)
    else:
        points = game.points(N_SCORED, seed=0)
        real = game.real(N_SCORED, seed=0)
        shown["scores"] = {
            "real": [finite(score) for score in game.score(real).tolist()],
            "fake": [finite(score) for score in game.score(points).tolist()],
        }
    return shown | {"score": heard(points, data)}


def picture_of_data(game: TinyGame) -> dict[str, object]:
    """Return the same of real pieces, without the critic: "points", "score"."""
    data = game.config.data
    pieces = game.real(N_POINTS, seed=0)
    points = {"points": hundredths(pieces)} if data in PLANE else {}
    return points | {"score": heard(pieces, data)}


def landscape(game: TinyGame, n_cells: int = N_CELLS) -> dict[str, object]:
    """Return the critic's scores over the plane, ready for a screen.

    Returns:
        "n", the cells in each direction; "low" and "high", the scores' range; "levels",
        n * n whole numbers from 0 (low) to 255 (high), row by row from below; "middle",
        the score that parts real from fake: 0 (D = 0.5) for the losses with a sigmoid,
        else half-way between the mean scores of real and generated points;
        "is_sigmoid".
    """
    line = torch.linspace(-REACH, REACH, n_cells)
    y, x = torch.meshgrid(line, line, indexing="ij")
    scores = game.score(torch.stack([x.flatten(), y.flatten()], dim=1))
    scores = scores.nan_to_num(0.0, 0.0, 0.0)
    low, high = scores.min().item(), scores.max().item()
    levels = ((scores - low) / max(high - low, 1e-9) * 255).round().int()
    middle = 0.0
    is_sigmoid = not game.config.loss.startswith("wgan")
    if not is_sigmoid:
        pair = game.real(N_POINTS, seed=0), game.points(N_POINTS, seed=0)
        middle = sum(game.score(points).mean().item() for points in pair) / 2
    return {
        "n": n_cells,
        "low": low,
        "high": high,
        "levels": levels.tolist(),
        "middle": finite(middle) or 0.0,
        "is_sigmoid": is_sigmoid,
    }


def heard(pieces: Tensor, data: str) -> Score:
    """Return what pieces (N, D) sound like: N_BARS bars, or N_HEARD points.

    A point sounds as the note of the place it lies at: the eight places of the ring are
    the scale from C4 to C5, those of other shapes a scale from C3 on. A point that lies
    near no place is a wood block.
    """
    if data not in PLANE:
        return bars_to_score(to_bars(pieces[:N_BARS], data), data)
    modes = centres(data)
    distance, nearest = torch.cdist(pieces[:N_HEARD], modes).min(dim=1)
    first = 60 if len(modes) == 8 else 48
    notes, strays = [], []
    for i, (far, mode) in enumerate(
        zip(distance.tolist(), nearest.tolist(), strict=True)
    ):
        if far <= near(data):
            octave, degree = divmod(mode, len(MAJOR_SCALE))
            pitch = first + 12 * octave + MAJOR_SCALE[degree]
            notes.append(Note(2 * i, pitch, 2, 90))
        else:
            strays.append(Note(2 * i, _BLOCK, 1, 70))
    tracks = (
        Track(tuple(notes), "At a place", program=12),  # marimba
        Track(tuple(strays), "Astray", is_drum=True),
    )
    return Score(tracks, tempo=110.0)


def hundredths(points: Tensor) -> list[int]:
    """Return the coordinates of points (N, 2) in turn, in hundredths within ±20."""
    plain = points.nan_to_num(0.0).clamp(-20, 20)
    return (100 * plain).round().int().flatten().tolist()


def finite(value: float) -> float | None:
    """Return a number with five digits, or None if it is NaN, which JSON lacks."""
    return float(f"{value:.5g}") if math.isfinite(value) else None
