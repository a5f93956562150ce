"""Measure how much unseen Bach repeats Bach, and write data/corpora/novelty.json.

Run `python data/make/novelty.py`, a few seconds. The chorales of valid and test whose
tune no training piece has are compared with the training chorales.
"""

from __future__ import annotations

import json

import numpy as np

from deepcomposer_edu.corpora.chorales import expected_digest, load_chorales
from deepcomposer_edu.corpora.novelty import LONG, SHORT, training_index
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import data_dir


def main() -> None:
    """Measure and write the file."""
    index = training_index()
    unseen = [
        chorale.grid
        for split in ("valid", "test")
        for chorale in load_chorales(split)
        if chorale.is_clean
    ]
    percentiles = {}
    for n in (SHORT, LONG):
        overlaps = [index.overlap(grid, n) for grid in unseen]
        ranks = np.percentile(overlaps, np.arange(101)).tolist()
        percentiles[str(n)] = [round(value, 4) for value in ranks]
        print(f"{n} chords: mean {np.mean(overlaps):.3f}, median {ranks[50]:.3f}, "
              f"95th percentile {ranks[95]:.3f}, most {ranks[100]:.3f}")  # fmt: skip
    content = {
        "chorales_sha256": expected_digest(),
        "n_chorales": len(unseen),
        "percentiles": percentiles,
    }
    path = data_dir() / "corpora" / "novelty.json"
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
