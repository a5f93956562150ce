"""A training run's folder, read for pictures and videos."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import parsed_json, read_json_lines
from deepcomposer_edu.music.midi import read_midi
from deepcomposer_edu.music.score import Score

_SAMPLE = re.compile(r"step_(\d+)\.mid")


@dataclass(frozen=True)
class Stage:
    """What the model made of the fixed melody after some steps of training.

    Args:
        step: of training.
        score: the melody, harmonised.
        measured: what each key of metrics.jsonl held last, at `step` or before.
    """

    step: int
    score: Score
    measured: Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """A training run.

    Args:
        history: the lines of metrics.jsonl, in order of their steps.
        reference: the data's own values of the metrics.
        stages: the samples, in order of their steps; at least one.
    """

    history: tuple[Mapping[str, float], ...]
    reference: Mapping[str, float]
    stages: tuple[Stage, ...]


def load_run(run_dir: str | Path, n_stages: int | None = None) -> Run:
    """Read a run folder: metrics.jsonl, reference.json and samples/step_*.mid.

    Args:
        run_dir: the folder that training wrote.
        n_stages: keep at most that many samples, spread evenly, with the first and the
            last; all if None.

    Raises:
        InputError: if the folder has no samples, or a file in it is damaged.
    """
    folder = Path(run_dir)
    found = {
        int(match[1]): path
        for path in sorted((folder / "samples").glob("step_*.mid"))
        if (match := _SAMPLE.fullmatch(path.name))
    }
    if not found:
        raise InputError(
            f"{folder} holds no samples (samples/step_*.mid); give the folder of a "
            "training run, or train until its first sample is written."
        )
    steps = sorted(found)
    if n_stages is not None and n_stages < len(steps):
        last = len(steps) - 1
        chosen = {round(i * last / max(n_stages - 1, 1)) for i in range(n_stages)}
        steps = [steps[i] for i in sorted(chosen)] if n_stages > 1 else steps[-1:]
    history = _read_history(folder / "metrics.jsonl")
    stages, measured, rows = [], {}, deque(history)
    for step in steps:
        while rows and rows[0]["step"] <= step:
            measured |= rows.popleft()
        stages.append(Stage(step, read_midi(found[step]), dict(measured)))
    reference = _read_reference(folder / "reference.json")
    return Run(history, reference, tuple(stages))


def _read_history(path: Path) -> tuple[dict[str, float], ...]:
    """Return the lines that are whole; a run that was stopped may leave half of one."""
    rows = [
        row for row in read_json_lines(path) if isinstance(row.get("step"), int | float)
    ]
    return tuple(sorted(rows, key=lambda row: row["step"]))


def _read_reference(path: Path) -> dict[str, float]:
    """Return the data's own values; none if the file is missing."""
    if not path.is_file():
        return {}
    try:
        values = parsed_json(path.read_text(encoding="utf-8"))
        return {name: float(value) for name, value in values.items()}
    except (ValueError, TypeError, AttributeError):
        raise InputError(
            f"{path} is damaged: it should hold one number for each metric; "
            "delete it, or train again."
        ) from None
