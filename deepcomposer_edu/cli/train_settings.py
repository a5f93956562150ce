"""What was typed for a training: options that go together, and its settings."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.cli.compose import read_parameters
from deepcomposer_edu.cli.train_sound import holds_population
from deepcomposer_edu.compose.model_places import run_kind
from deepcomposer_edu.compose.own_training.plan import check_length
from deepcomposer_edu.compose.parameters import (
    NO,
    YES,
    checked_seed,
    did_you_mean,
)
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from deepcomposer_edu.cli.trainable import Trainable
    from deepcomposer_edu.training.predictor import TrainingSettings


def check_numbers(steps: int, sample_every: int, seed: int) -> None:
    """Raise an InputError unless a run can have these numbers."""
    check_length(steps, None)
    if sample_every < 1:
        raise InputError(
            f"A sample every {sample_every} steps was asked for, but it must be 1 or "
            "more."
        )
    checked_seed(seed)


def refuse_lonely(
    chosen: Trainable,
    data: Path | None,
    seconds: float | None,
    population: int | None,
    ray: str | None,
    resume: bool,
    check: bool,
) -> None:
    """Raise an InputError if an option lacks what it goes with."""
    from deepcomposer_edu.cli.trainable import TRAINABLE

    if chosen.several is None and (population is not None or ray is not None):
        names = " and ".join(t.name for t in TRAINABLE.values() if t.several)
        raise InputError(
            f"--population and --ray are for {names}, but {chosen.name} is to be "
            "trained; leave them out."
        )
    if ray is not None and population is None and not resume:
        raise InputError("--ray trains a population; add --population 4, say.")
    if seconds is not None and (chosen.several is None or data is None or resume):
        raise InputError(
            "--seconds is for a new run of wavenet, nsynth or ada with --data; leave "
            "it out."
        )
    if check and (chosen.tell is None or resume):
        names = " or ".join(t.name for t in TRAINABLE.values() if t.tell)
        raise InputError(f"--check is for a new run of {names}; leave it out.")


def read_settings_of(
    chosen: Trainable, out: Path, recipe: str | None, texts: list[str], resume: bool
) -> tuple[object, TrainingSettings | None]:
    """Return the settings of a run with those given as NAME=VALUE changed.

    Args:
        chosen: what is to be trained.
        out: the run folder.
        recipe: what to begin with; None: the usual.
        texts: changes such as "batch_size=8".
        resume: whether the run in the folder goes on; it then keeps its settings.

    Raises:
        InputError: if a name is unknown, a value has the wrong type, or the folder
            does not fit.
    """
    if resume:
        if texts or recipe is not None:
            what = "--param" if texts else "--recipe"
            raise InputError(
                f"A run that is resumed keeps its settings, but {what} was given; "
                "leave it out, or start a run in a new folder."
            )
        _refuse_another(chosen, out)
        return None, None
    if (out / "config.json").exists():
        raise InputError(
            f"The folder {out} already holds a run; add --resume to go on with it, or "
            "give a new folder."
        )
    recipe = chosen.recipes[0] if recipe is None else recipe
    if recipe not in chosen.recipes:
        raise InputError(
            f"{chosen.name} has no recipe {recipe[:40]!r}"
            f"{did_you_mean(recipe, chosen.recipes)}; its recipes are: "
            f"{', '.join(chosen.recipes)}."
        )
    config, settings = chosen.settings_of(recipe)
    return changed_settings(config, settings, texts)


def changed_settings(
    config: object, settings: TrainingSettings | None, texts: list[str]
) -> tuple[object, TrainingSettings | None]:
    """Return settings with those named in texts such as "batch_size=8" changed.

    Raises:
        InputError: if a name is unknown or a value is not allowed.
    """
    parts = [part for part in (config, settings) if part is not None]
    known = {
        field.name: i
        for i, part in enumerate(parts)
        for field in dataclasses.fields(part)
        if isinstance(getattr(part, field.name), bool | int | float | str)
    }
    changes: list[dict[str, object]] = [{} for _ in parts]
    for name, text in read_parameters(texts).items():
        if name not in known:
            raise InputError(
                f"There is no setting {name[:40]!r}{did_you_mean(name, known)}; the "
                f"settings are: {', '.join(known)}."
            )
        i = known[name]
        changes[i][name] = _converted(name, str(text), getattr(parts[i], name))
    changed = [
        dataclasses.replace(part, **change)
        for part, change in zip(parts, changes, strict=True)
    ]
    return changed[0], changed[1] if settings is not None else None


def _converted(name: str, text: str, default: object) -> bool | int | float | str:
    """Return a text in the type of a setting's default."""
    try:
        if isinstance(default, bool):
            if text.lower() not in (*YES, *NO):
                raise ValueError(text)
            return text.lower() in YES
        return type(default)(text)
    except ValueError:
        words = {int: "a whole number", float: "a number", bool: "true or false"}
        raise InputError(
            f"The setting {name} is {text[:40]!r}, but it must be "
            f"{words[type(default)]}."
        ) from None


def _refuse_another(chosen: Trainable, out: Path) -> None:
    """Raise an InputError if a folder holds a run of another network."""
    if holds_population(out) and not (out / "config.json").is_file():
        return  # its first round is not over; its members will say what they are
    if not (out / "config.json").is_file():
        raise InputError(
            f"The folder {out} holds no run to resume; start one without --resume."
        )
    found = run_kind(out)
    if found != chosen.name:
        raise InputError(
            f"The folder {out} holds a run of {found}, but {chosen.name} is to be "
            f"trained; give another folder, or `deepcomposer train {found}`."
        )
