"""How good are the rule grade and the novelty measure? Counted on the test chorales.

    python benchmarks/rule_grade.py            # 2 minutes on one core
    python benchmarks/rule_grade.py --fast     # without the Transformer, 1 minute
    python benchmarks/rule_grade.py --prior    # how its two constants were chosen

The area under the ROC curve (AUC) says how often a real chorale gets a better grade
than an imitation: 0.5 is chance, 1 always. Yardsticks and weights come from the
training split, the two constants from the validation split; the test split is looked
at here and nowhere else. "Kind unseen" is a grade that never met this kind of
imitation. Models are not among the imitations that it learned from.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.stats import rankdata

from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.corpora.novelty import novelty, training_index
from deepcomposer_edu.models import rule_scale
from deepcomposer_edu.models.imitations import IMITATIONS, imitations
from deepcomposer_edu.models.rule_grade import grade
from deepcomposer_edu.models.rule_scale import (
    Scale,
    fit_scale,
    load_scales,
    stacked_features,
)
from deepcomposer_edu.music.chorale_features import FEATURES
from deepcomposer_edu.music.faults import FAULT_NAMES, find_faults
from deepcomposer_edu.music.grid import Grid

WHOLE, LONG, SHORT = 256, 128, 64  # the longest yardstick is for whole pieces
SLOW = "Transformer"
SINGLE = ("chords", "key_fit", "parallels", "dissonance")
TARGETS = {
    "mixed voices": 0.999,
    "block triads": 0.995,
    "drone": 0.984,
    "random notes of the key": 1.0,
    "10 % wrong notes": 0.809,
}
PRIORS, PULLS = (0.0, 0.1, 0.2, 0.3, 0.5), (0.003, 0.01, 0.03)


def auc(real: np.ndarray, other: np.ndarray) -> float:
    """Return how often a real score is above another one; ties count half."""
    ranks = rankdata(np.concatenate([real, other]))
    n, m = len(real), len(other)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def excerpts(chorales: Sequence[Grid], n_steps: int) -> list[Grid]:
    """Return `n_steps` from the middle of each piece, from a beat on."""
    found = []
    for grid in chorales:
        start = max(grid.n_steps - n_steps, 0) // 8 * 4
        piece = grid.crop(start, start + n_steps)
        if piece.sounding.any(axis=1).all():
            found.append(piece)
    return found


def of_split(split: str) -> dict[str, np.ndarray]:
    """Return the features of Bach and of each imitation of a whole split."""
    bach = [chorale.grid for chorale in load_chorales(split)]
    found = {"Bach": stacked_features(bach)}
    for kind in IMITATIONS:
        found[kind] = stacked_features(imitations(kind, bach))
    return found


def without(values: Mapping[str, np.ndarray], kind: str) -> Scale:
    """Return a yardstick that never met a kind of imitation."""
    rest = {k: v for k, v in values.items() if k not in ("Bach", kind)}
    return fit_scale(values["Bach"], rest)


def choose_prior() -> None:
    """Print what the two constants do on the validation split."""
    train, valid = of_split("train"), of_split("valid")
    print("AUC on valid, whole pieces: the mean over the kinds, and the worst kind")
    print("prior   pull      kind seen      kind unseen")
    for prior, pull in itertools.product(PRIORS, PULLS):
        rule_scale.PRIOR, rule_scale.PULL = prior, pull
        seen, unseen = [], []
        for kind in IMITATIONS:
            for scores, scale in (
                (seen, without(train, "")),
                (unseen, without(train, kind)),
            ):
                scores.append(auc(scale.score(valid["Bach"]), scale.score(valid[kind])))
        columns = "".join(f"{np.mean(s):9.4f}{min(s):7.3f}" for s in (seen, unseen))
        print(f"{prior:5}{pull:7}{columns}", flush=True)


def constructed(train: Mapping[str, np.ndarray]) -> None:
    """Print the AUC against each constructed imitation of the test split."""
    chorales = load_chorales("test")
    bach = [chorale.grid for chorale in chorales]
    real, short_real = stacked_features(bach), stacked_features(excerpts(bach, SHORT))
    scale, short = load_scales()[WHOLE], load_scales()[SHORT]
    columns = ("whole", "4 bars", "unseen", "target", *SINGLE)
    print(f"{len(bach)} test chorales against imitations of them: AUC")
    print(" " * 26 + "".join(f"{name:>12}" for name in columns))
    for kind in IMITATIONS:
        made = imitations(kind, bach)
        values, cut = stacked_features(made), stacked_features(excerpts(made, SHORT))
        unseen = without(train, kind)
        row = [
            auc(scale.score(real), scale.score(values)),
            auc(short.score(short_real), short.score(cut)),
            auc(unseen.score(real), unseen.score(values)),
            TARGETS.get(kind, float("nan")),
        ]
        for name in SINGLE:
            i = list(FEATURES).index(name)
            sides = [-scale.costs(v)[:, i] for v in (real, values)]
            row.append(auc(*sides))
        print(f"{kind:26}" + "".join(f"{value:12.3f}" for value in row), flush=True)


def writers(is_fast: bool) -> dict[str, Callable[[Chorale, int], Grid]]:
    """Return the shipped harmonisers: functions of a chorale and a seed."""
    from deepcomposer_edu.models.harmonise import load_harmoniser

    harmoniser = load_harmoniser("bach")

    def wgan(chorale: Chorale, seed: int, **settings: object) -> Grid:
        return harmoniser.harmonise(
            chorale.melody,
            to_c=chorale.key.to_c,
            steps_per_bar=chorale.steps_per_bar,
            pickup=chorale.pickup,
            seed=seed,
            **settings,
        )

    found = {
        "WGAN": wgan,
        "WGAN, best of 8": lambda c, seed: wgan(c, seed, candidates=8),
        "WGAN, no smoothness": lambda c, seed: wgan(c, seed, smoothness=0.0),
        "WGAN, as it learned": lambda c, seed: wgan(
            c,
            seed,
            temperature=1.0,
            inertia=0.0,
            avoid_parallels=False,
            smoothness=0.0,
        ),
    }
    if not is_fast:
        from deepcomposer_edu.models.chorale_writer import load_transformer

        transformer = load_transformer()
        found[SLOW] = lambda c, seed: transformer.harmonise(
            c.melody, steps_per_bar=c.steps_per_bar, pickup=c.pickup, seed=seed
        )
    return found


def _beginning(chorale: Chorale) -> Chorale:
    """Return the first eight bars of a chorale."""
    return replace(chorale, grid=chorale.grid.crop(0, LONG))


def models(is_fast: bool) -> None:
    """Print what the grade, the faults and the novelty say of the shipped models."""
    chorales = [_beginning(c) for c in load_chorales("test") if c.grid.n_steps >= LONG]
    music = {"Bach": [chorale.grid for chorale in chorales]}
    for name, write in writers(is_fast).items():
        every = 3 if name == SLOW else 1
        some = list(enumerate(chorales))[::every]
        music[name] = [write(chorale, seed) for seed, chorale in some]
    print(f"\nvoices under the first 8 bars of {len(chorales)} test sopranos", end="")
    print("" if is_fast else f" (the {SLOW}: every third)")
    print(f"{'':26}      AUC   median  grade<5  AUC of  called Bach    called Bach")
    print(f"{'':26}  8 bars percentile      %  4 bars  (p >= 0.5)  (grade >= 10)")
    real = short_real = None
    for name, grids in music.items():
        whole = [grade(grid) for grid in grids]
        cut = [grade(grid) for grid in excerpts(grids, SHORT)]
        scores = np.array([found.score for found in whole])
        short_scores = np.array([found.score for found in cut])
        if real is None:
            real, short_real = scores, short_scores
        ranks = np.array([found.percentile for found in whole])
        likely = np.mean([found.probability >= 0.5 for found in cut])
        usual = np.mean([found.percentile >= 10 for found in cut])
        print(
            f"{name:26}{auc(real, scores):9.3f}{np.median(ranks):10.1f}"
            f"{100 * np.mean(ranks < 5):9.1f}{auc(short_real, short_scores):8.3f}"
            f"{100 * likely:11.1f} %{100 * usual:13.1f} %",
            flush=True,
        )
    print("\nfaults in 100 beats")
    print(" " * 26 + "".join(f"{name.split()[-1][:9]:>10}" for name in FAULT_NAMES))
    for name, grids in music.items():
        counts = Counter(fault.name for grid in grids for fault in find_faults(grid))
        beats = sum(grid.n_steps for grid in grids) / 4
        row = "".join(f"{100 * counts[fault] / beats:10.2f}" for fault in FAULT_NAMES)
        print(f"{name:26}{row}", flush=True)
    print("\nnovelty: share of runs of chords that stand in the training chorales")
    print(f"{'':26}  4: mean     p95   8: mean     p95     max  over 10 %   alike")
    for name, grids in music.items():
        found = [novelty(grid) for grid in grids]
        four = np.array([f.overlap_4 for f in found])
        eight = np.array([f.overlap_8 for f in found])
        alike = np.mean([f.closest.agreement for f in found])
        print(
            f"{name:26}{four.mean():9.3f}{np.percentile(four, 95):8.3f}"
            f"{eight.mean():10.3f}{np.percentile(eight, 95):8.3f}{eight.max():8.3f}"
            f"{100 * np.mean(eight > 0.1):9.1f} %{alike:8.3f}",
            flush=True,
        )


def planted() -> None:
    """Print how many planted parallels are found at the beat where they stand."""
    random = np.random.default_rng(0)
    found, planned = Counter(), Counter()
    for chorale in load_chorales("test"):
        for name, interval in (("parallel fifths", 7), ("parallel octaves", 0)):
            places = _places(chorale.grid)
            if not len(places):
                continue
            step, voice = places[random.integers(len(places))]
            pitches = chorale.grid.pitches.copy()
            bass = pitches[3].astype(int)
            for s in (step - 1, step):
                end = s
                while end < len(bass) and bass[end] == bass[s]:
                    end += 1
                first = s
                while first > 0 and bass[first - 1] == bass[s]:
                    first -= 1
                pitches[voice, first:end] = bass[s] + 12 + interval
            planned[name] += 1
            found[name] += any(
                fault.name == name and fault.step == step and fault.voices == (voice, 3)
                for fault in find_faults(Grid(pitches))
            )
    told = ", ".join(f"{name} {found[name]} of {planned[name]}" for name in planned)
    print(f"\nplanted and found at their step: {told}")


def _places(grid: Grid) -> list[tuple[int, int]]:
    """Return (step, voice) where the bass moves on, so that a voice can follow it."""
    bass = grid.pitches[3].astype(int)
    steps = np.flatnonzero((np.diff(bass) != 0) & (bass[1:] >= 0) & (bass[:-1] >= 0))
    return [(int(step) + 1, voice) for step in steps for voice in (1, 2)]


def seconds() -> None:
    """Print how long a grade and a look-up take."""
    grid = load_chorales("test")[0].grid
    start = time.process_time()
    training_index.cache_clear()
    novelty(grid)
    first = time.process_time() - start
    times = {}
    for name, call in (("grade", grade), ("novelty", novelty)):
        start = time.process_time()
        for _ in range(5):
            call(grid)
        times[name] = (time.process_time() - start) / 5
    print(
        f"\none chorale of {grid.n_steps} steps: grade {times['grade']:.3f} s, novelty "
        f"{times['novelty']:.2f} s ({first:.2f} s the first time), seconds of one core"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fast", action="store_true", help="without the Transformer")
    parser.add_argument("--prior", action="store_true", help="choose the constants")
    options = parser.parse_args()
    if options.prior:
        choose_prior()
        return
    constructed(of_split("train"))
    planted()
    seconds()
    models(options.fast)


if __name__ == "__main__":
    main()
