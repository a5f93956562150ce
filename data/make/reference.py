"""Measure Bach's chorales and write data/corpora/bach_reference.json.

Run `python data/make/reference.py`, about ten seconds, whenever a metric or the
chorales have changed.
"""

from __future__ import annotations

import json

from deepcomposer_edu.corpora.chorales import expected_digest, load_chorales
from deepcomposer_edu.corpora.reference import MEASURED, measure
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import data_dir

DIGITS = 5


def rounded(values: dict[str, float]) -> dict[str, float]:
    """Return the numbers with five digits after the point."""
    return {name: round(value, DIGITS) for name, value in values.items()}


def main() -> None:
    """Measure the three splits and write the file."""
    metrics = {split: rounded(measure(load_chorales(split))) for split in MEASURED}
    content = {"chorales_sha256": expected_digest(), "metrics": metrics}
    path = data_dir() / "corpora" / "bach_reference.json"
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(metrics["test"], indent=2))


if __name__ == "__main__":
    main()
