"""One member of a population: an ordinary training, with settings of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, parsed_json
from deepcomposer_edu.training.checkpoint import Checkpoint
from deepcomposer_edu.training.history import read_history

CONFIG = "config.json"


def train_member(
    folder: Path,
    trainer: Callable[..., object],
    arguments: Mapping[str, object],
    settings: Mapping[str, float],
    n_steps: int,
    round_steps: int,
    metric: str,
) -> float:
    """Train one member until `n_steps` steps are taken; return its metric.

    Args:
        folder: its run folder; the training in it goes on, or begins.
        trainer: as for `RunMembers`.
        arguments: what else the trainer takes.
        settings: changed settings of the network or of the training, by name.
        n_steps: steps in all.
        round_steps: of these, in the last round.
        metric: a value of the history.

    Raises:
        InputError: if there is no such setting or metric, or as the trainer.
    """
    goes_on = (folder / CONFIG).exists()
    if goes_on:
        _write_settings(folder, settings)
        arguments = {k: v for k, v in arguments.items() if k != "seed"}
    else:
        arguments = changed_arguments(arguments, settings)
    arguments = {"sample_every": round_steps, **arguments}
    trainer(
        folder,
        n_steps=n_steps,
        resume=goes_on,
        checkpoint_every=round_steps,
        **arguments,
    )
    measured = [row for row in read_history(folder) if row["step"] <= n_steps]
    if not measured or metric not in measured[-1]:
        known = [name for name in (measured[-1] if measured else {}) if name != "step"]
        raise InputError(
            f"The training measured no {metric!r} at step {n_steps}, only "
            f"{', '.join(known)}; compare the members by one of these."
        )
    return float(measured[-1][metric])


def with_chance(state: Checkpoint, seed: int) -> Checkpoint:
    """Return a checkpoint that goes on with other chance, by seed and step."""
    random = torch.Generator().manual_seed(seed * 1_000_003 + state.step)
    tensors = {**state.tensors, "random.state": random.get_state()}
    return Checkpoint(state.step, tensors)


def changed_arguments(
    arguments: Mapping[str, object], settings: Mapping[str, float]
) -> dict[str, object]:
    """Return a trainer's arguments with settings of the network or training changed.

    Raises:
        InputError: if neither has such a setting; it names those that are numbers.
    """
    parts = {
        name: part
        for name in ("config", "settings")
        if is_dataclass(part := arguments.get(name))
    }
    known = {
        one.name: name
        for name, part in parts.items()
        for one in fields(part)
        if isinstance(getattr(part, one.name), float)
    }
    changed = dict(arguments)
    for name, value in settings.items():
        if name not in known:
            raise InputError(
                f"There is no setting {name!r} that could differ between the members; "
                f"there are: {', '.join(known)}."
            )
        part = known[name]
        changed[part] = replace(changed[part], **{name: value})
    return changed


def _write_settings(folder: Path, settings: Mapping[str, float]) -> None:
    """Change settings in the `config.json` of a run."""
    path = folder / CONFIG
    try:
        content = parsed_json(path.read_text(encoding="utf-8"))
        for name, value in settings.items():
            part = "settings" if name in content["settings"] else "config"
            content[part][name] = value
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} cannot be read ({error}).") from error
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
