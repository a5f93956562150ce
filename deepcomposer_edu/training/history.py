"""The history of a run: one line of numbers a step, in a file that only grows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, read_json_lines, write_error
from deepcomposer_edu.paths import data_dir


class History:
    """Reads and writes `metrics.jsonl` of a run folder, one JSON object a line.

    A line that was cut off by a crash is left out when the file is read.
    """

    def __init__(self, run: Path) -> None:
        self.path = run / "metrics.jsonl"
        self.rows = read_history(run)

    def keep_until(self, step: int) -> None:
        """Drop every row after `step`, as a resumed run will write them again."""
        self.rows = [row for row in self.rows if row["step"] <= step]
        with atomic_path(self.path) as temporary:
            lines = (json.dumps(row) + "\n" for row in self.rows)
            temporary.write_text("".join(lines), encoding="utf-8")

    def add(self, row: dict[str, float]) -> None:
        """Append one row and flush it to the file.

        Raises:
            InputError: if it cannot be written.
        """
        self.rows.append(row)
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        except OSError as error:
            raise write_error(self.path, error) from error


def read_history(run: Path) -> list[dict[str, float]]:
    """Return the rows of a run's `metrics.jsonl`, those cut off by a crash left out."""
    rows = read_json_lines(Path(run) / "metrics.jsonl")
    return [row for row in rows if isinstance(row.get("step"), int | float)]


def has_converged(
    rows: Sequence[Mapping[str, float]],
    reference: Mapping[str, float],
    names: Sequence[str],
    tolerance: float = 0.1,
    patience: int = 3,
) -> bool:
    """Return whether the metrics of a run have come to the data's own values to stay.

    Args:
        rows: the history, in order. Most rows hold losses alone; only those that hold
            every one of `names` count as measured.
        reference: the data's own value of each metric.
        names: the metrics to look at, at least one.
        tolerance: how far from the data's value a metric may be, as a share of that
            value: 0.1 allows 0.9 to 1.1 times of it, both ends included.
        patience: how many measurements in a row must be near enough, 1 or more.

    Returns:
        True if there are at least `patience` measurements and in each of the last
        `patience` of them every metric is near enough. One lucky measurement is no
        reason to stop, and neither is a run that was good once.

    >>> has_converged([{"step": 1, "triad_rate": 0.6}], {"triad_rate": 0.64},
    ...               ["triad_rate"], patience=1)
    True
    """
    measured = [row for row in rows if all(name in row for name in names)]
    last = measured[-patience:]
    return len(last) == patience and all(
        abs(row[name] - reference[name]) <= tolerance * abs(reference[name])
        for row in last
        for name in names
    )


def shipped_run(name: str = "wgan-bach") -> Path:
    """Return the folder with the history and samples of a shipped model's training.

    Raises:
        InputError: if it is missing.
    """
    run = data_dir() / "runs" / name
    if not (run / "metrics.jsonl").is_file():
        raise InputError(
            f"The training history {run} is missing; get it back with "
            "`git checkout data/runs`."
        )
    return run
