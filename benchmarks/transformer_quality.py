"""How good is the Transformer's music? The battery, and whether a judge can tell.

    python benchmarks/transformer_quality.py            # 10 minutes on one core
    python benchmarks/transformer_quality.py --fast     # a quarter of the pieces

First the battery of `deepcomposer_edu.music.battery`: pieces written from nothing, and
voices under the sopranos of the test split, beside Bach. Then a judge who gets 21
numbers of an excerpt of 128 steps and says Bach or not: the area under its ROC curve,
in five folds, is 0.5 if it cannot tell and 1 if it always can. The logistic judge is
written out here; a random forest judges too where scikit-learn is installed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.stats import rankdata

from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.models.chorale_writer import load_transformer
from deepcomposer_edu.music.battery import CROP_STEPS, battery
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
N_FOLDS = 5
Score = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def features(grid: Grid) -> np.ndarray:
    """Return 21 numbers: the battery, and of each voice onsets, steps and leaps."""
    values = list(battery([grid]).values())
    for row in grid.pitches.astype(int):
        moves = np.abs(np.diff(row))[np.diff(row) != 0]
        n_moves = max(len(moves), 1)
        values += [len(moves) / len(row), (moves <= 2).sum() / n_moves]
        values.append((moves > 4).sum() / n_moves)
    return np.nan_to_num(np.array(values))


def logistic(x: np.ndarray, y: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Fit a logistic regression with a small penalty; return the scores of `new`."""
    design = np.c_[x, np.ones(len(x))]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = design @ w
        penalty = 0.5 * (w[:-1] @ w[:-1])
        gradient = design.T @ (1 / (1 + np.exp(-z)) - y) + np.r_[w[:-1], 0]
        return np.logaddexp(0, z).sum() - y @ z + penalty, gradient

    w = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x
    return np.c_[new, np.ones(len(new))] @ w


def forest(x: np.ndarray, y: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Fit a random forest; return the scores of `new`."""
    from sklearn.ensemble import RandomForestClassifier

    judge = RandomForestClassifier(300, random_state=0).fit(x, y)
    return judge.predict_proba(new)[:, 1]


def auc(real: Sequence[Grid], made: Sequence[Grid], fit: Score) -> float:
    """Return the area under the ROC curve of a judge, over five folds together."""
    x = np.array([features(grid) for grid in (*real, *made)])
    y = np.r_[np.ones(len(real)), np.zeros(len(made))]
    folds = np.random.default_rng(0).permutation(len(x)) % N_FOLDS
    scores = np.zeros(len(x))
    for fold in range(N_FOLDS):
        is_new = folds == fold
        mean, spread = x[~is_new].mean(0), x[~is_new].std(0) + 1e-9
        z = (x - mean) / spread
        found = fit(z[~is_new], y[~is_new], z[is_new])
        scores[is_new] = rankdata(found) / len(found)
    ranks = rankdata(scores)
    n_real, n_made = int(y.sum()), int((1 - y).sum())
    return (ranks[y == 1].sum() - n_real * (n_real + 1) / 2) / (n_real * n_made)


def crops(grids: Sequence[Grid]) -> list[Grid]:
    """Return the first 128 steps of each piece that is long enough."""
    return [g.crop(0, CROP_STEPS) for g in grids if g.n_steps >= CROP_STEPS]


def row(name: str, grids: Sequence[Grid]) -> None:
    values = battery(grids)
    shown = "".join(f"{values[key] * scale:10.2f}" for key, _, scale in COLUMNS)
    print(f"{name:34}{shown}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fast", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    share = 4 if options.fast else 1
    writer = load_transformer()
    train, test = load_chorales("train"), load_chorales("test")
    rest = [*load_chorales("valid"), *test]
    nothing = Grid(np.zeros((4, 0), dtype=np.int16))

    def free(**taste: object) -> list[Grid]:
        return [
            writer.extend(nothing, CROP_STEPS, seed=seed, **taste)
            for seed in range(128 // share)
        ]

    def under(chorales: Sequence[Chorale], **taste: object) -> list[Grid]:
        return [
            writer.harmonise(
                piece.melody.crop(0, CROP_STEPS),
                steps_per_bar=piece.steps_per_bar,
                pickup=piece.pickup,
                seed=seed,
                **taste,
            )
            for seed, piece in enumerate(chorales[::share])
        ]

    bach = crops([p.grid for p in train])
    print(f"{'':34}" + "".join(f"{title:>10}" for _, title, _ in COLUMNS))
    row("Bach, train", bach)
    row("Bach, test", crops([p.grid for p in test]))
    written = {
        "from nothing": free(),
        "  temperature 0.95": free(temperature=0.95),
        "  temperature 0.9": free(temperature=0.9),
        "  parallels allowed": free(avoid_parallels=False),
        "  nucleus 0.95": free(top_p=0.95),
    }
    for name, grids in written.items():
        row(name, grids)
    row("under test sopranos", under(test))
    row("  parallels allowed", under(test, avoid_parallels=False))

    judges: dict[str, Score] = {"logistic": logistic}
    try:
        import sklearn  # noqa: F401 - only whether it is there

        judges["forest"] = forest
    except ImportError:
        print("scikit-learn is not installed: no forest judges")
    print("\nBach or not? Area under the ROC curve, Bach's training pieces against")
    made = {
        "Bach, valid and test (the floor)": crops([p.grid for p in rest]),
        **written,
    }
    for name, grids in made.items():
        values = (
            f"{title} {auc(bach, grids, fit):.3f}" for title, fit in judges.items()
        )
        print(f"  {name:34}" + ", ".join(values), flush=True)


if __name__ == "__main__":
    main()
