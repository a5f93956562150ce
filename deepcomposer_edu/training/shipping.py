"""From a run folder to weights that can be shipped."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.weights import save_weights, weights_dir
from deepcomposer_edu.training.checkpoint import checkpoints, load_checkpoint
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.predictor import read_settings

LOGGED = 10  # every step is too much for a repository


def ship(
    run: Path,
    name: str,
    kind: str,
    *,
    data: str,
    made_by: str,
    step: int | None = None,
    more: Mapping[str, object] | None = None,
    logged: int = LOGGED,
    without: Collection[str] = (),
    folder: Path | None = None,
) -> Path:
    """Write the averaged network of a run as NAME.safetensors, .json and .log.jsonl.

    Args:
        run: the run folder of a `train_predictor`.
        name: what the weights are called.
        kind: the kind of the run.
        data: in words, what it learned from.
        made_by: the command that made it.
        step: of the checkpoint; None: the last one.
        more: what else NAME.json should say: a remark on the run, a hash of the data.
        logged: every so manyth row of the log is kept, and each one with metrics.
        without: names of tensors that only the training needs.
        folder: where to write; the shipped weights' folder if None.

    Returns:
        The path of the tensor file, in half precision.

    Raises:
        InputError: if the run has no such checkpoint, or cannot be read.
    """
    config, settings, seed = read_settings(run, kind)
    wanted = [p for p in checkpoints(run) if step is None or f"{step:06d}" in p.name]
    if not wanted:
        which = "checkpoint" if step is None else f"checkpoint of step {step}"
        raise InputError(
            f"The run {run} has no {which}; train it first, or name a step it saved."
        )
    state = load_checkpoint(wanted[-1])
    rows = log_rows(run, state.step, logged)
    write_log((folder or weights_dir()) / f"{name}.log.jsonl", rows)
    info = {
        "kind": kind,
        "config": config,
        "made_by": made_by,
        "data": data,
        "seed": seed,
        "precision": settings.precision,
        "steps": state.step,
        "metrics": rounded(
            next((r for r in reversed(rows) if "valid_loss" in r), rows[-1])
        ),
        **(more or {}),
    }
    tensors = {
        k: x.to(torch.float16) for k, x in state.weights.items() if k not in without
    }
    return save_weights(name, tensors, info, folder)


def log_rows(
    run: Path, last: int, logged: int = LOGGED, measured: str = "valid_loss"
) -> list[dict[str, float]]:
    """Return what is kept of a run's history: some rows, and each one with metrics.

    Args:
        run: the run folder.
        last: the step after which nothing is kept.
        logged: every so manyth row is kept.
        measured: the metric by which a row with metrics is known.
    """
    return [
        row
        for row in read_history(run)
        if row["step"] <= last and (row["step"] % logged == 0 or measured in row)
    ]


def write_log(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows of a history as JSON lines, their numbers with five decimals.

    Raises:
        InputError: if the file cannot be written.
    """
    with atomic_path(path) as temporary:
        lines = (json.dumps(rounded(row)) + "\n" for row in rows)
        temporary.write_text("".join(lines), encoding="utf-8")


def rounded(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row of a history whose numbers have five decimals."""
    return {k: round(x, 5) if isinstance(x, float) else x for k, x in row.items()}
