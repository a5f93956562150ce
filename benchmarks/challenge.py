"""Do the challenge's points mean anything? Real chorales, imitations, other sounds.

Run `python benchmarks/challenge.py`, about four minutes. Four tables:

1. the machine's points (of 40, without sound) of unseen chorales and of imitations of
   them, and how often a chorale gets more than an imitation (area under the curve);
2. how well a sound agrees with its own notes and with those of another piece, which
   is what the gate "sound" looks at;
3. clicks planted at random into sounds, and how many are found; those that are found
   without having been planted;
4. the minutes that the arranger makes of the shipped tunes: length, points, jumps, how
   far its sections lie apart in loudness. The limit for that (sound.py) is what the
   arranger's plan needs and about as much as one clearly hears on top.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.check import check_entry
from deepcomposer_edu.challenge.criteria import WIDEST_JOIN, judge_criteria
from deepcomposer_edu.challenge.judged import joins_of
from deepcomposer_edu.challenge.measures import Piece
from deepcomposer_edu.challenge.sound import MATCH_FLOOR, SoundFacts, chroma_match
from deepcomposer_edu.challenge.sound_faults import click_times, section_spread
from deepcomposer_edu.compose import arrange, compose, voices_of
from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.corpora.tunes import tune_names
from deepcomposer_edu.models.imitations import IMITATIONS, imitations
from deepcomposer_edu.music.arranging import join_jump
from deepcomposer_edu.music.grid import Grid, from_grid, to_grid
from deepcomposer_edu.music.score import Metre, Score
from deepcomposer_edu.music.synth import render

RATE = 16_000
STEPS = (0.02, 0.05, 0.1, 0.2)  # of full scale: so far the wave jumps
N_PLANTED = 10  # in each piece
N_PLAYED = 2  # pieces
PLAYED_STEPS = 128  # of each
FINE = 44_100  # a click is told from music by its height: as entries are written
PLAYERS = {
    0: "piano",
    6: "harpsichord",
    16: "drawbar organ",
    19: "church organ",
    24: "guitar",
    40: "violin",
    48: "strings",
    52: "choir",
    115: "woodblock",
}
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


def table_of_clicks(chorales: list[Chorale]) -> None:
    """Print how many planted clicks are found, and what is taken for one."""
    print(f"{'':<20}{'unplanted':>10}" + "".join(f"{s:>8.2f}" for s in STEPS))
    for program, name in PLAYERS.items():
        random, n_false, found = np.random.default_rng(0), 0, dict.fromkeys(STEPS, 0)
        for chorale in chorales:
            grid = chorale.grid.crop(0, PLAYED_STEPS)
            score = from_grid(grid, tempo=90, pickup=chorale.pickup)
            tracks = tuple(replace(t, program=program) for t in score.tracks)
            score = replace(score, tracks=tracks)
            audio = render(score, FINE)
            own = click_times(audio, FINE, score)
            n_false += len(own)
            end = int(score.seconds * FINE) - FINE
            at = np.sort(random.choice(end // FINE, N_PLANTED, replace=False)) * FINE
            at += random.integers(FINE // 4, FINE, N_PLANTED)
            for step in STEPS:
                clicked = audio.copy()
                for place in at:  # from here on the wave lies higher, for 50 ms
                    clicked[place : place + FINE // 20] += step
                heard = np.array([-1.0, *click_times(clicked, FINE, score)])
                near = np.abs(heard[:, None] - at / FINE).min(axis=0)
                found[step] += int((near < 0.002).sum())
        n = N_PLANTED * len(chorales)
        cells = "".join(f"{found[step] / n:8.0%}" for step in STEPS)
        print(f"{name:<20}{n_false:>10}{cells}")


def table_of_minutes(names: list[str]) -> None:
    """Print what the arranger makes of tunes that the GAN harmonised."""
    print(
        f"{'':<24}{'seconds':>8}{'points':>8}{'grade':>7}{'widest join':>13}"
        f"{'LU apart':>10}"
    )
    n_wide, points, spreads = 0, [], []
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
        audio = render(made.score, RATE)
        spreads.append(section_spread(audio, RATE, made.score, joins))
        print(
            f"{name:<24}{made.score.seconds:8.1f}{report.points:8.1f}"
            f"{report.grade:7.0f}{widest:13d}{spreads[-1]:10.1f}"
        )
    print(
        f"{len(names)} tunes: mean {np.mean(points):.1f} of 40; in {n_wide} of them a "
        f"voice jumps by more than {WIDEST_JOIN} semitones at a join; sections lie at "
        f"most {max(spreads):.1f} LU apart ({SoundFacts.MOST_SPREAD:g} are allowed)"
    )


def main() -> None:
    """Print all four tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pieces", type=int, default=60)
    n = parser.parse_args().pieces
    chorales = [c for c in load_chorales("test") if c.is_clean][:n]
    print(f"{len(chorales)} chorales of the test split")
    table_of_points(chorales)
    table_of_sounds(chorales[:8])
    table_of_clicks(chorales[:N_PLAYED])
    table_of_minutes([name for name in tune_names() if "off-tune" not in name])


if __name__ == "__main__":
    main()
