"""Learn what is usual in chorales and write data/corpora/habits.json.

Run `python data/make/habits.py`, a minute on one core, when `models/habits.py` or
`models/wrong_notes.py` has changed. Tables and weights are learned from the training
chorales; how sure a doubt must be, from the validation chorales.
"""

from __future__ import annotations

import json

import numpy as np

from deepcomposer_edu.corpora.chorales import expected_digest, load_chorales
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.habits import (
    FILE_NAME,
    View,
    count,
    counts_as_json,
    habits_of,
)
from deepcomposer_edu.models.wrong_notes import doubt_about, doubts
from deepcomposer_edu.music.faults import runs
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.planted_faults import plant
from deepcomposer_edu.paths import data_dir

N_SLIPS = 6  # planted into each training chorale, one at a time
FALSE_ALARMS = 0.2  # doubts in a bar of Bach that are put up with
RIDGE = 0.01


def examples(grids: list[Grid], habits) -> tuple[np.ndarray, np.ndarray]:
    """Return features of right notes and of planted slips, (N, 10) each."""
    right, wrong = [], []
    for i, grid in enumerate(grids):
        right += [doubt.features for doubt in doubts(grid, habits)]
        for j in range(N_SLIPS):
            slip = plant(grid, "wrong note", seed=i * N_SLIPS + j)
            if slip is None:
                continue
            voice, start = slip.voices[0], slip.steps[0]
            (run,) = [r for r in runs(slip.grid, voice) if r.start == start]
            wrong.append(doubt_about(View(slip.grid, habits), voice, run).features)
    return np.array(right), np.array(wrong)


def regression(right: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic regression; both kinds count alike.

    Newton's method on standardised features; no bias, since a limit is set afterwards.
    """
    inputs = np.concatenate([right, wrong])
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0)
    scaled = np.column_stack([(inputs - mean) / spread, np.ones(len(inputs))])
    is_wrong = np.arange(len(inputs)) >= len(right)
    share = np.where(is_wrong, 1 / len(wrong), 1 / len(right))
    weights = np.zeros(scaled.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (share * (is_wrong - chance)) - RIDGE * weights
        bend = scaled.T @ (scaled * (share * chance * (1 - chance))[:, None])
        weights += np.linalg.solve(bend + RIDGE * np.eye(len(weights)), slope)
    return weights[:-1] / spread


def main() -> None:
    """Learn everything and write the file."""
    train = [chorale.grid for chorale in load_chorales("train")]
    valid = [chorale.grid for chorale in load_chorales("valid")]
    halves = train[::2], train[1::2]
    found = [
        examples(halves[i], habits_of(count(halves[1 - i]))) for i in range(2)
    ]  # nobody is judged by tables that have seen the piece
    right, wrong = (np.concatenate(parts) for parts in zip(*found, strict=True))
    weights = regression(right, wrong)
    counts = count(train)
    habits = habits_of(counts)
    scores = [d.features @ weights for grid in valid for d in doubts(grid, habits)]
    n_bars = sum(grid.n_steps for grid in valid) / 16
    limit = np.sort(scores)[::-1][int(FALSE_ALARMS * n_bars)]
    content = {
        "chorales_sha256": expected_digest(),
        "weights": [round(float(weight), 5) for weight in weights],
        "limit": round(float(limit), 5),
        "counts": counts_as_json(counts),
    }
    path = data_dir() / "corpora" / FILE_NAME
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content) + "\n", encoding="utf-8")
    print(f"{len(right)} right notes, {len(wrong)} slips")
    print(f"weights {content['weights']}, limit {content['limit']}")
    print(f"slips found in training: {np.mean(wrong @ weights > limit):.1%}")


if __name__ == "__main__":
    main()
