"""What is chosen for a training by hand, and what a new network may be called."""

from __future__ import annotations

import math
import re

from deepcomposer_edu.compose.genres import STYLES
from deepcomposer_edu.compose.model_places import NAME, kept_models
from deepcomposer_edu.compose.own_training.plan import check_length
from deepcomposer_edu.corpora.folder_rules import AUTO, TEXTURE
from deepcomposer_edu.corpora.tunes import tune_info, tune_names
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.paths import work_dir

__all__ = [
    "AUTO",
    "EPOCHS",
    "FIRST_NAME",
    "STEPS",
    "TEXTURE",
    "checked_length",
    "checked_run_name",
    "free_name",
    "melody_choices",
]

FIRST_NAME = "my-first"
STEPS, EPOCHS = "steps", "epochs"


def melody_choices() -> list[list[str]]:
    """Return the melodies that can be heard during a training, as [name, title]."""
    return [[name, tune_info(name)["title"]] for name in tune_names()]


def checked_length(unit: str, value: float) -> tuple[str, float]:
    """Return how long a training takes, in "steps" or "epochs".

    Raises:
        InputError: if it is counted in something else, or cannot be so long.
    """
    if unit not in (STEPS, EPOCHS):
        raise InputError(
            f"Lengths are counted in {str(unit)[:40]!r}, but it must be {STEPS} or "
            f"{EPOCHS}."
        )
    is_number = isinstance(value, int | float) and math.isfinite(value)
    if not is_number or (unit == STEPS and value != int(value)):
        raise InputError(
            f"The training's length is {str(value)[:40]} {unit}, but it must be a "
            f"{'whole ' if unit == STEPS else ''}number."
        )
    check_length(*((int(value), None) if unit == STEPS else (None, value)))
    return unit, value


def checked_run_name(name: str) -> str:
    """Return the name of a new network.

    Raises:
        InputError: if it cannot be used, or is taken.
    """
    if not NAME.fullmatch(name):
        raise InputError(
            f"The name {name[:60]!r} cannot be used; use small letters, digits, - and "
            "_, at most 40, such as my-first."
        )
    if name in STYLES or name in {model.name for model in kept_models()}:
        raise InputError(f"{name} is the name of a genre already; choose another one.")
    if (work_dir() / "runs" / name).exists():
        raise InputError(f"There is a run {name} already; choose another name.")
    return name


def free_name(wish: str) -> str:
    """Return a name for a new network that is like a wish, and free.

    >>> free_name("  ")
    'my-first'
    """
    plain = re.sub(r"[^a-z0-9_-]+", "-", wish.lower()).strip("-_")[:36] or FIRST_NAME
    options = [plain, *(f"{plain}-{n}" for n in range(2, 1000))]
    for name in options:
        try:
            return checked_run_name(name)
        except InputError:
            continue
    return plain
