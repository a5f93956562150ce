"""A training of your own, from its plan to its run, and on from there.

The command line, Python and the form in the notebook all make a plan: a `TrainingPlan`
for the harmoniser, an `EditorPlan` for the AR-CNN. `prepare` reads the music and says
what came of it, and `train_own` trains.
The run folder gets `data.json`, which says what was learned from, so that a run that is
resumed learns from the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from deepcomposer_edu.compose.own_training import data_note
from deepcomposer_edu.compose.own_training.data_note import DATA_NOTE, whole_path
from deepcomposer_edu.compose.own_training.editor_plan import (
    EditorPlan,
    PreparedEditor,
    plan_of_run,
    prepare_editor,
)
from deepcomposer_edu.compose.own_training.plan import (
    PreparedTraining,
    TrainingPlan,
    prepare_training,
)
from deepcomposer_edu.corpora.folder_rules import read_rules
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.training.history import History

__all__ = [
    "DATA_NOTE",
    "EditorPlan",
    "PreparedEditor",
    "PreparedTraining",
    "TrainingPlan",
    "begin_note",
    "plan_of_run",
    "prepare",
    "prepare_editor",
    "prepare_training",
    "resumed",
    "train_own",
]

AnyPlan = TrainingPlan | EditorPlan
Prepared = PreparedTraining | PreparedEditor


def train_own(run: str | Path, plan: AnyPlan | Prepared, **options: object) -> History:
    """Train by a plan in a run folder, and return the history.

    Args:
        run: the run folder; its name is that of the network in the studio.
        plan: what to train, its music read or not.
        options: whatever else the trainer takes, such as `on_step` or `control`; see
            `training.wgan.train_wgan` and `training.orderless.train_orderless`.

    Raises:
        InputError: if the folder holds a run already, or the plan cannot be followed.
    """
    prepared = plan if isinstance(plan, Prepared) else prepare(plan)
    arguments = prepared.arguments() | options
    begin_note(run, prepared)
    return prepared.trainer(run, **arguments)


def prepare(
    plan: AnyPlan, on_file: Callable[[int, int], None] | None = None
) -> Prepared:
    """Return a plan of either kind with its music read, see `prepare_training`."""
    if isinstance(plan, EditorPlan):
        return prepare_editor(plan, on_file)
    return prepare_training(plan, on_file)


def begin_note(run: str | Path, prepared: Prepared) -> None:
    """Write what a new run learns from into its folder, see `data_note.begin_note`."""
    plan = prepared.plan
    note = {
        "folder": whole_path(plan.folder),
        "rules": plan.rules.to_dict(),
        "sha256": prepared.sha256,
        **prepared.amounts,
        "files": [asdict(report) for report in prepared.reports],
        "melody": str(plan.melody),
    }
    data_note.begin_note(run, note)


def resumed(
    run: str | Path,
    plan: WGANConfig | AnyPlan,
    folder: str | Path | None = None,
) -> Prepared:
    """Return the music that a run learned from, read again.

    Args:
        run: the run folder.
        plan: its plan, whatever music that names (`editor_plan.plan_of_run`); for a
            WGAN its settings will do.
        folder: where the music lies now, if it was moved.

    Raises:
        InputError: if the music is gone, or is not the same any more.
    """
    if isinstance(plan, WGANConfig):
        plan = TrainingPlan(settings=plan.to_dict())
    note = data_note.read_note(run, _checked)
    if note is None:
        return prepare(replace(plan, folder=folder))
    place = data_note.place_of(note, run, folder, "Bach's chorales")
    plan = replace(plan, folder=place, rules=read_rules(note["rules"]))
    if isinstance(plan, TrainingPlan):
        plan = replace(plan, melody=note["melody"])
    prepared = prepare(plan)
    if prepared.sha256 != note["sha256"]:
        raise InputError(
            f"The music in {place or 'the corpus'} is not what the run "
            f"{Path(run).name} learned from so far; put it back as it was, or start a "
            "new run."
        )
    return prepared


def _checked(note: data_note.Note) -> data_note.Note:
    """Return what is read of a run's note."""
    folder, melody = note["folder"], note["melody"]
    is_whole = isinstance(folder, str | None) and isinstance(melody, str)
    if not is_whole or not isinstance(note["rules"], dict):
        raise ValueError("a value has the wrong type")
    return {**note, "sha256": str(note["sha256"])}
