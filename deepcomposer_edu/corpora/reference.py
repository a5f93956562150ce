"""What the metrics give for Bach, so that other music can be set beside him."""

from __future__ import annotations

import json
from collections.abc import Sequence

from deepcomposer_edu.corpora.chorales import Chorale
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.battery import battery, battery_crops
from deepcomposer_edu.music.metrics import evaluate
from deepcomposer_edu.paths import data_dir

MEASURED = ("train", "valid", "test")


def reference_metrics(split: str = "test") -> dict[str, float]:
    """Return the metrics of Bach's chorales, as measured once and stored.

    Args:
        split: "test", which no shipped model has learnt from, "train" or "valid".

    Returns:
        What `music.metrics.evaluate` gives for a chorale, on average, where that is a
        number; the metrics of voices (the battery) are pooled over all chorales, so
        that every step counts alike. Names starting with "crops_" hold the battery on
        one random excerpt of 128 steps from each chorale, as published numbers have it.

    Raises:
        InputError: for another split, or if the file is missing or damaged.
    """
    if split not in MEASURED:
        raise InputError(
            f'There are no reference values for the split "{split}"; choose "train", '
            '"valid" or "test".'
        )
    path = data_dir() / "corpora" / "bach_reference.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))["metrics"][split]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"Bach's reference values, {path}, cannot be read ({error!r}); make them "
            "again with `python data/make/reference.py`."
        ) from error


def measure(chorales: Sequence[Chorale]) -> dict[str, float]:
    """Return the metrics that `reference_metrics` describes, measured now."""
    grids = [chorale.grid for chorale in chorales]
    pieces = [evaluate(chorale.to_score()) for chorale in chorales]
    means = {}
    for name in pieces[0]:
        values = [piece[name] for piece in pieces]
        if all(isinstance(value, int | float) for value in values):
            means[name] = sum(values) / len(values)
    crops = {f"crops_{k}": v for k, v in battery(battery_crops(grids)).items()}
    return means | battery(grids) | crops
