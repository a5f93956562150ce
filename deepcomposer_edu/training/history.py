"""The history of a run: one line of numbers a step, in a file that only grows."""

from __future__ import annotations

import json
from pathlib import Path

from deepcomposer_edu.files import atomic_path


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
        """Append one row and flush it to the file."""
        self.rows.append(row)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def read_history(run: Path) -> list[dict[str, float]]:
    """Return the rows of a run's `metrics.jsonl`, those cut off by a crash left out."""
    path = Path(run) / "metrics.jsonl"
    rows = []
    if path.exists():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if isinstance(row, dict) and "step" in row:
                rows.append(row)
    return rows
