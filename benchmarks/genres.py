"""How well does one network write several genres? `wgan-genres` beside its data.

    python benchmarks/genres.py              # some minutes on one core
    python benchmarks/genres.py --quick      # 12 excerpts a genre instead of 60
    python benchmarks/genres.py --run runs/wgan-genres    # a run's newest checkpoint

Excerpts of four bars (64 steps) from pieces that nobody trained on, moved to C major or
A minor. Three questions: (1) asked for the genre of the melody, how far are the voices
from those of the composer? (2) under the same melody, does the genre that is asked for
change anything? (3) does a classifier that knows only real music, and looks at the
lower voices only, recognise the genre that was asked for?
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from deepcomposer_edu.corpora.genres import four_part_windows, load_genre
from deepcomposer_edu.corpora.windows import normalised
from deepcomposer_edu.models.genre_judge import GenreJudge
from deepcomposer_edu.models.harmonise import (
    Harmoniser,
    harmoniser_of,
    load_harmoniser,
)
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.battery import battery
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.repertoire import FOUR_PART_GENRES
from deepcomposer_edu.training.checkpoint import latest_checkpoint
from deepcomposer_edu.training.wgan import read_run

N_STEPS = 64
COLUMNS = (
    ("hold_rate", "hold %", 100),
    ("onsets_per_step", "onsets", 1),
    ("triad_rate", "triads %", 100),
    ("dissonant_pair_rate", "disson. %", 100),
    ("voice_order_rate", "order %", 100),
    ("moving_pair_rate", "moving %", 100),
    ("parallel_fifths_per_1000", "par. 5ths", 1),
    ("parallel_octaves_per_1000", "par. 8ves", 1),
    ("best_scale_rate", "scale %", 100),
)
AS_LEARNED = {
    "temperature": 1.0,
    "inertia": 0.0,
    "avoid_parallels": False,
    "smoothness": 0.0,
}


def excerpts(genre: str, split: str, n: int) -> list[tuple[Grid, int]]:
    """Return up to n excerpts, evenly spread, each with the length of its bars."""
    windows = normalised(four_part_windows(load_genre(genre, split), N_STEPS))
    chosen = windows[np.unique(np.linspace(0, len(windows) - 1, n).astype(int))]
    grids = map(Grid, chosen.pitches, chosen.onsets)
    return list(zip(grids, chosen.steps_per_bar.tolist(), strict=True))


def networks(run: Path | None) -> dict[str, Harmoniser]:
    """Return a harmoniser for each genre, from the shipped weights or a run."""
    if run is None:
        weights = load_weights("wgan-genres")
        config, tensors = WGANConfig(**weights.info["config"]), weights.tensors
    else:
        config, _, _ = read_run(run)
        state = latest_checkpoint(run)
        print(f"the run's checkpoint of step {state.step}")
        parts = {"generator": state.part("average"), "critic": state.part("critic")}
        tensors = {f"{p}.{k}": v for p, some in parts.items() for k, v in some.items()}
    found = {}
    for genre in FOUR_PART_GENRES:
        plain = harmoniser_of(config, tensors, "wgan-genres", "")
        found[genre] = Harmoniser(config, plain.generator, plain.critic, genre=genre)
    return found


def written(
    network: Harmoniser, under: list[tuple[Grid, int]], **options
) -> list[Grid]:
    """Return the melodies of some excerpts with the network's voices below them."""
    return [
        network.harmonise(grid.voices(0), steps_per_bar=bar, seed=seed, **options)
        for seed, (grid, bar) in enumerate(under)
    ]


def row(name: str, grids: list[Grid]) -> None:
    values = battery(grids)
    rests = float(np.mean([(grid.pitches[1:] < 0).mean() for grid in grids]))
    cells = (f"{(values[key] or 0) * scale:>10.2f}" for key, _, scale in COLUMNS)
    print(f"{name:<30}" + "".join(cells) + f"{100 * rests:>10.2f}", flush=True)


def header(title: str) -> None:
    names = "".join(f"{name:>10}" for _, name, _ in COLUMNS) + f"{'rests %':>10}"
    print(f"\n{title}\n{'':<30}{names}")


def confusion(judge: GenreJudge, music: dict[str, list[Grid]]) -> float:
    """Print how often each kind of music is taken for each genre; return the mean."""
    print(f"{'':<30}" + "".join(f"{genre:>12}" for genre in judge.genres))
    hits = []
    for name, grids in music.items():
        heard = judge.names(grids)
        shares = [np.mean([h == genre for h in heard]) for genre in judge.genres]
        hits.append(shares[judge.genres.index(name)])
        print(f"{name:<30}" + "".join(f"{share:>12.0%}" for share in shares))
    return float(np.mean(hits))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="12 excerpts a genre")
    parser.add_argument("--split", default="test", help="test (default) or valid")
    parser.add_argument("--run", type=Path, help="a run folder instead of the shipped")
    options = parser.parse_args()
    torch.set_num_threads(1)
    n = 12 if options.quick else 60
    real = {genre: excerpts(genre, options.split, n) for genre in FOUR_PART_GENRES}
    by_genre, bach = networks(options.run), load_harmoniser("bach")

    header(f"1. Melody and voices of one genre ({options.split} pieces)")
    for genre, some in real.items():
        row(f"{genre}: the composers", [grid for grid, _ in some])
        row("  wgan-genres, default", written(by_genre[genre], some))
        row("  as it learned", written(by_genre[genre], some, **AS_LEARNED))
        row("  wgan-bach, default", written(bach, some))
        row("  wgan-bach, as it learned", written(bach, some, **AS_LEARNED))

    header("2. The same chorale melodies, three genres (as it learned)")
    sopranos = real["chorale"]
    asked = {g: written(by_genre[g], sopranos, **AS_LEARNED) for g in FOUR_PART_GENRES}
    for genre, grids in asked.items():
        row(f"asked for {genre}", grids)
    for first, second in (("chorale", "palestrina"), ("chorale", "quartet")):
        differs = [
            (a.pitches[1:] != b.pitches[1:]).mean()
            for a, b in zip(asked[first], asked[second], strict=True)
        ]
        print(f"cells that differ, {first} from {second}: {np.mean(differs):.0%}")

    train = {
        genre: [grid for grid, _ in excerpts(genre, "train", 400)]
        for genre in FOUR_PART_GENRES
    }
    judge = GenreJudge(train)
    print("\n3. What the judge of the lower voices hears (chance 33%)\n\nreal music:")
    music = {genre: [grid for grid, _ in some] for genre, some in real.items()}
    ceiling = confusion(judge, music)
    print("\nwritten for melodies of the genre, as it learned:")
    own = {g: written(by_genre[g], real[g], **AS_LEARNED) for g in FOUR_PART_GENRES}
    own_rate = confusion(judge, own)
    print("\nwritten under chorale melodies, as it learned:")
    moved = confusion(judge, asked)
    print("\nwritten under chorale melodies with the defaults of compose():")
    default = {g: written(by_genre[g], sopranos) for g in FOUR_PART_GENRES}
    kept = confusion(judge, default)
    print(
        f"\nrecognised: {ceiling:.0%} of real music, {own_rate:.0%} under melodies of "
        f"the genre,\n{moved:.0%} under chorale melodies, {kept:.0%} with the defaults"
    )


if __name__ == "__main__":
    main()
