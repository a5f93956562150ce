"""Do the challenge's points mean anything? Real chorales, imitations, other sounds.

Run `python benchmarks/challenge.py`, about two minutes. Three tables:

1. the machine's points (of 40, without sound) of unseen chorales and of imitations of
   them, and how often a chorale gets more than an imitation (area under the curve);
2. how well a sound agrees with its own notes and with those of another piece, which
   is what the gate "sound" looks at;
3. the minutes that the arranger makes of the shipped tunes: length, points, jumps.
"""

from __future__ import annotations

import argparse

import numpy as np

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.check import check_entry
from deepcomposer_edu.challenge.criteria import WIDEST_JOIN, judge_criteria
from deepcomposer_edu.challenge.judged import joins_of
from deepcomposer_edu.challenge.measures import Piece
from deepcomposer_edu.challenge.sound import MATCH_FLOOR, chroma_match
from deepcomposer_edu.compose import arrange, compose, voices_of
from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.corpora.tunes import tune_names
from deepcomposer_edu.models.imitations import IMITATIONS, imitations
from deepcomposer_edu.music.arranging import join_jump
from deepcomposer_edu.music.grid import Grid, from_grid, to_grid
from deepcomposer_edu.music.score import Metre, Score
from deepcomposer_edu.music.synth import render

RATE = 16_000
NAMES = ("originality", "rhythm", "accompaniment", "cleanliness")


def points_of(grid: Grid, chorale: Chorale) -> np.ndarray:
    """Return the points of the four criteria, shape (4,)."""
    above, _, below = chorale.metre.partition("/")
    piece = Piece(grid, Metre(0, int(above), int(below)), chorale.pickup)
    found = judge_criteria(piece, chorale.key, (), 1.0)
    return np.array([criterion.points for criterion in found])


def area(real: np.ndarray, other: np.ndarray) -> float:
    """Return how often a real one gets more than another, ties counted half."""
    more = (real[:, None] > other).mean()
    return float(more + (real[:, None] == other).mean() / 2)


def table_of_points(chorales: list[Chorale]) -> None:
    """Print the points of real chorales and of imitations."""
    grids = [chorale.grid for chorale in chorales]
    kinds = {"chorales": grids}
    kinds |= {kind: imitations(kind, grids) for kind in IMITATIONS}
    rows = {
        kind: np.array([points_of(g, c) for g, c in zip(own, chorales, strict=True)])
        for kind, own in kinds.items()
    }
    real = rows["chorales"].sum(axis=1)
    print(
        f"{'':<26}{'of 40':>7}" + "".join(f"{n[:7]:>9}" for n in NAMES) + f"{'AUC':>7}"
    )
    for kind, values in rows.items():
        cells = "".join(f"{mean:9.1f}" for mean in values.mean(axis=0))
        auc = "" if kind == "chorales" else f"{area(real, values.sum(axis=1)):7.3f}"
        print(f"{kind:<26}{values.sum(axis=1).mean():7.1f}{cells}{auc}")


def table_of_sounds(chorales: list[Chorale]) -> None:
    """Print how well sounds agree with their notes, and with those of others."""
    scores = [from_grid(c.grid, tempo=90, pickup=c.pickup) for c in chorales]
    sounds = [render(score, RATE).mean(axis=1) for score in scores]

    def matches(shift: int) -> np.ndarray:
        moved: list[Score] = scores[shift:] + scores[:shift]
        pairs = zip(sounds, moved, strict=True)
        return np.array([chroma_match(sound, RATE, score) for sound, score in pairs])

    own, others = matches(0), np.concatenate([matches(1), matches(2), matches(3)])
    print(
        f"own notes: {own.min():.2f} to {own.max():.2f}; notes of another piece: "
        f"{others.min():.2f} to {others.max():.2f}; the gate asks for {MATCH_FLOOR}"
    )


def table_of_minutes(names: list[str]) -> None:
    """Print what the arranger makes of tunes that the GAN harmonised."""
    print(f"{'':<24}{'seconds':>8}{'points':>8}{'grade':>7}{'widest join':>13}")
    n_wide, points = 0, []
    for name in names:
        before = compose(name)
        made = arrange(before)
        grid = to_grid(voices_of(made))
        joins = joins_of(made)
        widest = max(
            join_jump(grid.crop(0, s), grid.crop(s, grid.n_steps)) for s in joins
        )
        n_wide += widest > WIDEST_JOIN
        report = check_entry(made, Card(), replay=False)
        points.append(report.points)
        print(
            f"{name:<24}{made.score.seconds:8.1f}{report.points:8.1f}"
            f"{report.grade:7.0f}{widest:13d}"
        )
    print(
        f"{len(names)} tunes: mean {np.mean(points):.1f} of 40; in {n_wide} of them a "
        f"voice jumps by more than {WIDEST_JOIN} semitones at a join"
    )


def main() -> None:
    """Print all three tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pieces", type=int, default=60)
    n = parser.parse_args().pieces
    chorales = [c for c in load_chorales("test") if c.is_clean][:n]
    print(f"{len(chorales)} chorales of the test split")
    table_of_points(chorales)
    table_of_sounds(chorales[:8])
    table_of_minutes([name for name in tune_names() if "off-tune" not in name])


if __name__ == "__main__":
    main()
