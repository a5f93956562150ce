"""Measure Bach's chorales as the challenge measures entries.

Run `python data/make/challenge.py`, about a minute; it writes
data/challenge/reference.json. Everything but the known runs is measured on the
training chorales; how much of a piece stands in these, on clean chorales of valid and
test, whose tunes no training piece has.
"""

from __future__ import annotations

import json

import numpy as np

from deepcomposer_edu.challenge.judged import ends_on_tonic
from deepcomposer_edu.challenge.measures import (
    MEASURES,
    Piece,
    measured,
    note_lengths,
)
from deepcomposer_edu.corpora.chorales import Chorale, expected_digest, load_chorales
from deepcomposer_edu.corpora.novelty import SHORT, training_index
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.music.score import Metre
from deepcomposer_edu.paths import data_dir


def piece_of(chorale: Chorale) -> Piece:
    """Return a chorale as the piece that is measured; its tune is its soprano."""
    above, _, below = chorale.metre.partition("/")
    return Piece(chorale.grid, Metre(0, int(above), int(below)), chorale.pickup)


def main() -> None:
    """Measure and write the file."""
    train = load_chorales("train")
    unseen = [c for split in ("valid", "test") for c in load_chorales(split)]
    unseen = [chorale for chorale in unseen if chorale.is_clean]
    counts = sum(note_lengths(chorale.grid) for chorale in train)
    lengths = counts / counts.sum()
    known = set(training_index().places)
    rows = [measured(piece_of(chorale), lengths, set()) for chorale in train]
    values = {name: [row[name] for row in rows] for name in MEASURES}
    values["known_runs"] = [training_index().overlap(c.grid, SHORT) for c in unseen]
    percentiles = {}
    for name, found in values.items():
        ranks = np.percentile(found, np.arange(101))
        percentiles[name] = [round(value, 5) for value in ranks.tolist()]
        low, middle, high = ranks[[5, 50, 95]]
        print(f"{name:<14} {low:7.3f} {middle:7.3f} {high:7.3f}")
    tonic = float(np.mean([ends_on_tonic(c.grid, c.key) for c in train]))
    print(f"{len(train)} chorales, {len(known)} runs; {tonic:.0%} end on the tonic")
    content = {
        "chorales_sha256": expected_digest(),
        "n_chorales": len(train),
        "tonic_rate": round(tonic, 4),
        "lengths": [round(share, 6) for share in lengths.tolist()],
        "percentiles": percentiles,
    }
    path = data_dir() / "challenge" / "reference.json"
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
