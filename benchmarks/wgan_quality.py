"""How good is the shipped harmoniser? Its voices under the test chorales' sopranos.

    python benchmarks/wgan_quality.py            # about a minute on one core
    python benchmarks/wgan_quality.py --clean    # without tunes that were trained on

Side by side, in the definitions of `deepcomposer_edu.music.battery` (one crop of 128
steps from each chorale, the same for all): Bach himself, the best shipped model in
several settings, the small one, and two baselines. Nothing here was trained on or
chosen by the test pieces.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch

from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.models.baselines import random_in_key
from deepcomposer_edu.models.harmonise import Harmoniser, load_harmoniser
from deepcomposer_edu.models.wgan import Generator
from deepcomposer_edu.music.battery import battery, battery_crops
from deepcomposer_edu.music.grid import Grid

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
TARGETS = (
    "targets: hold and onsets within 10 % of Bach, triads at least 45, dissonance at "
    "most 16,\n         order at least 97, fifths and octaves together at most 15, "
    "scale at least 94"
)
Writer = Callable[[Chorale, int], Grid]


def writer(harmoniser: Harmoniser, **settings: object) -> Writer:
    """Return a function that harmonises a chorale's soprano, given a seed."""

    def write(chorale: Chorale, seed: int) -> Grid:
        return harmoniser.harmonise(
            chorale.melody,
            to_c=chorale.key.to_c,
            steps_per_bar=chorale.steps_per_bar,
            pickup=chorale.pickup,
            seed=seed,
            **settings,
        )

    return write


def untrained(shipped: Harmoniser) -> Harmoniser:
    """Return a harmoniser of the same size whose generator has learned nothing."""
    torch.manual_seed(0)
    return Harmoniser(shipped.config, Generator(shipped.config))


def print_row(name: str, grids: list[Grid]) -> None:
    values = battery(battery_crops(grids))
    cells = (f"{values[key] * scale:>10.2f}" for key, _, scale in COLUMNS)
    print(f"{name:<28}" + "".join(cells), flush=True)


def distinct_share(chorales: list[Chorale], write: Writer, n_seeds: int = 20) -> float:
    """Return the share of different results over seeds, the mean over melodies."""
    shares = []
    for chorale in chorales:
        results = {write(chorale, seed).pitches.tobytes() for seed in range(n_seeds)}
        shares.append(len(results) / n_seeds)
    return float(np.mean(shares))


def listening(chorales: list[Chorale], write: Writer) -> tuple[float, float, float]:
    """Return the share of lower-voice cells that change when one melody beat does.

    The melody's beat in the middle moves a third down. The same seed is used for both.

    Returns:
        The share at the changed beat, within two beats of it, and elsewhere.
    """
    here, near, far = [], [], []
    for chorale in chorales:
        middle = chorale.grid.n_steps // 2 // 4 * 4
        pitches = chorale.melody.pitches.copy()
        pitches[0, middle : middle + 4] -= 3
        changed = Chorale(
            **{
                **chorale.__dict__,
                "grid": Grid(
                    np.concatenate([pitches, chorale.grid.pitches[1:]]),
                    chorale.grid.onsets,
                ),
            }
        )
        moved = (write(chorale, 0).pitches[1:] != write(changed, 0).pitches[1:]).mean(
            axis=0
        )
        distance = np.abs(np.arange(len(moved)) - middle - 1.5)
        here.append(moved[distance <= 2].mean())
        near.append(moved[(distance > 2) & (distance <= 10)].mean())
        far.append(moved[distance > 10].mean())
    return float(np.mean(here)), float(np.mean(near)), float(np.mean(far))


def seconds_for_8_bars(write: Writer, chorale: Chorale) -> float:
    """Return the median time of five harmonisations of 128 steps."""
    short = Chorale(**{**chorale.__dict__, "grid": chorale.grid.crop(0, 128)})
    times = []
    for seed in range(5):
        start = time.perf_counter()
        write(short, seed)
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clean", action="store_true", help="leave out known tunes")
    parser.add_argument("--split", default="test", help="test (default) or valid")
    options = parser.parse_args()
    torch.set_num_threads(1)
    chorales = load_chorales(options.split)
    if options.clean:
        chorales = [chorale for chorale in chorales if chorale.is_clean]
    shipped, small = load_harmoniser("bach"), load_harmoniser("bach-small")
    default = writer(shipped)
    print(f"{len(chorales)} sopranos of the {options.split} split")
    print(" " * 28 + "".join(f"{title:>10}" for _, title, _ in COLUMNS))
    print_row("Bach", [chorale.grid for chorale in chorales])
    rows: list[tuple[str, Writer]] = [
        ("best WGAN-GP (default)", default),
        ("  best of 8 by the critic", writer(shipped, candidates=8)),
        ("  temperature 0.5", writer(shipped, temperature=0.5)),
        ("  temperature 1", writer(shipped, temperature=1.0)),
        ("  no inertia", writer(shipped, inertia=0.0)),
        ("  no smoothness", writer(shipped, smoothness=0.0)),
        ("  parallels allowed", writer(shipped, avoid_parallels=False)),
        (
            "  as it learned (T 1)",
            writer(
                shipped,
                temperature=1.0,
                inertia=0.0,
                avoid_parallels=False,
                smoothness=0.0,
            ),
        ),
        ("small WGAN-GP (default)", writer(small)),
        (
            "  as it learned (T 1)",
            writer(
                small,
                temperature=1.0,
                inertia=0.0,
                avoid_parallels=False,
                smoothness=0.0,
            ),
        ),
        ("untrained", writer(untrained(shipped))),
        (
            "random in-key notes",
            lambda c, seed: random_in_key(c.melody, c.key.to_c, seed),
        ),
    ]
    for name, write in rows:
        print_row(name, [write(chorale, seed) for seed, chorale in enumerate(chorales)])
    print(TARGETS)
    few = chorales[:10]
    share = distinct_share(few, default)
    print(f"\ndifferent results over 20 seeds (10 melodies): {share:.0%}")
    here, near, far = listening(chorales, default)
    print(
        "one melody beat moved a third down changes the lower voices: "
        f"{here:.0%} there, {near:.0%} within two beats, {far:.1%} elsewhere"
    )
    long = next(c for c in chorales if c.grid.n_steps >= 128)
    print(f"8 bars: {seconds_for_8_bars(default, long):.3f} s on one core")


if __name__ == "__main__":
    main()
