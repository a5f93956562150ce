"""Learn the rule grade and write data/corpora/rule_grade.json.

Run `python data/make/rule_grade.py`, half a minute on one core, whenever a rule, a
feature or an imitation has changed. Only the training chorales are looked at.
"""

from __future__ import annotations

import json
from collections import Counter

import numpy as np

from deepcomposer_edu.corpora.chorales import expected_digest, load_chorales
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.imitations import IMITATIONS, imitations
from deepcomposer_edu.models.rule_scale import (
    LENGTHS,
    as_json,
    fit_scale,
    stacked_features,
)
from deepcomposer_edu.music.chorale_features import FEATURES
from deepcomposer_edu.music.faults import BEAT, FAULT_NAMES, find_faults
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.paths import data_dir

WHOLE = LENGTHS[-1]
SEED = 0


def excerpts(grids: list[Grid], n_steps: int, seed: int = SEED) -> list[Grid]:
    """Return one excerpt of each piece that begins at a beat; WHOLE leaves it whole."""
    if n_steps == WHOLE:
        return grids
    random = np.random.default_rng(seed)
    chosen = []
    for grid in grids:
        last = max(grid.n_steps - n_steps, 0)
        start = int(random.integers(last // BEAT + 1)) * BEAT
        piece = grid.crop(start, start + n_steps)
        if piece.sounding.any(axis=1).all():
            chosen.append(piece)
    return chosen


def fault_rates(grids: list[Grid]) -> dict[str, float]:
    """Return how often each fault stands in 100 beats."""
    counts = Counter(fault.name for grid in grids for fault in find_faults(grid))
    beats = sum(grid.n_steps for grid in grids) / BEAT
    return {name: round(100 * counts[name] / beats, 3) for name in FAULT_NAMES}


def main() -> None:
    """Learn a yardstick for each length and write the file."""
    bach = [chorale.grid for chorale in load_chorales("train")]
    made = {kind: imitations(kind, bach, SEED) for kind in IMITATIONS}
    scales = {}
    for length in LENGTHS:
        features = stacked_features(excerpts(bach, length))
        others = {
            kind: stacked_features(excerpts(some, length))
            for kind, some in made.items()
        }
        scales[length] = as_json(fit_scale(features, others))
        print(f"{length} steps: {len(features)} excerpts of Bach", flush=True)
    content = {
        "chorales_sha256": expected_digest(),
        "faults_in_100_beats": fault_rates(bach),
        "scales": scales,
    }
    path = data_dir() / "corpora" / "rule_grade.json"
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(content["faults_in_100_beats"], indent=1))
    columns = scales[WHOLE]["features"]
    print("feature: median, below, above, cost over, cost under")
    for name in sorted(FEATURES, key=lambda n: -sum(columns[n][3:])):
        row = "".join(f"{value:9.3f}" for value in columns[name])
        print(f"{name:>16}{row}")


if __name__ == "__main__":
    main()
