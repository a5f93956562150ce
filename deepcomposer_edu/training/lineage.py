"""The files of a population: how it was begun, and who went on from whom."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, parsed_json, read_json_lines
from deepcomposer_edu.nn.population import Population, Turn

LINEAGE = "lineage.jsonl"  # in a run folder: one line a turn
PLAN = "population.json"  # in a run folder: how it was begun


def read_plan(run: str | Path) -> dict[str, object]:
    """Return how the population of a run folder was begun.

    Raises:
        InputError: if the folder holds none, or a damaged one.
    """
    path = Path(run) / PLAN
    try:
        plan = parsed_json(path.read_text(encoding="utf-8"))
        if not isinstance(plan["ranges"], dict) or not isinstance(plan["seed"], int):
            raise ValueError("a value has the wrong type")
        return plan
    except FileNotFoundError as error:
        raise InputError(
            f"The folder {run} holds no population ({PLAN} is missing); train one."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read ({error}); start a new population."
        ) from error


def load_population(run: str | Path) -> Population:
    """Return the population of a run folder, as far as it has come.

    Raises:
        InputError: if the folder holds none, or a damaged one.
    """
    run = Path(run)
    plan = read_plan(run)
    try:
        turns = tuple(Turn(**row) for row in read_json_lines(run / LINEAGE))
        return Population(
            turns, str(plan["metric"]), bool(plan["lower_is_better"]), run
        )
    except (TypeError, KeyError) as error:
        raise InputError(
            f"{run / LINEAGE} is damaged ({error}); start a new population."
        ) from error


def write_lineage(run: Path, population: Population) -> None:
    """Write who learned with what and goes on from whom, all or nothing."""
    with atomic_path(run / LINEAGE) as temporary:
        lines = (json.dumps(asdict(turn)) + "\n" for turn in population.turns)
        temporary.write_text("".join(lines), encoding="utf-8")
