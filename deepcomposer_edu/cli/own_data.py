"""`deepcomposer train NETWORK --data FOLDER`: how it is read, and what is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.cli.console import say
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from deepcomposer_edu.cli.trainable import Job
    from deepcomposer_edu.compose.own_training.runs import AnyPlan, Prepared

FROM_FOLDERS = ("wgan", "ar-cnn")  # what learns from a folder of music
MAX_REPORTS = 10  # files of a folder that are named as left out


@dataclass(frozen=True)
class OwnData:
    """What `deepcomposer train` takes for networks that learn from a folder of music.

    Args:
        tracks: which tracks are the voices, as text; "": automatically.
        only: filters as texts such as "min_bars=8".
        epochs: how long, instead of steps.
        melody: of a WGAN, a tune's name or a file, heard while it learns; "": the usual
            one.
    """

    tracks: str = ""
    only: tuple[str, ...] = ()
    epochs: float | None = None
    melody: str = ""

    def refuse_for(self, name: str, has_folder: bool, is_resumed: bool) -> None:
        """Raise an InputError if something is given that cannot be used.

        Args:
            name: what is to be trained.
            has_folder: whether a folder of music is given.
            is_resumed: whether a run goes on, which knows its music and its melody.
        """
        given = {
            "--tracks": self.tracks,
            "--only": self.only,
            "--epochs": self.epochs is not None,
            "--melody": self.melody,
        }
        used = [option for option, value in given.items() if value]
        for option in used:
            users = ("wgan",) if option == "--melody" else FROM_FOLDERS
            if name not in users:
                raise InputError(
                    f"{option} is for {' and '.join(users)}, but {name} is to be "
                    "trained; leave it out."
                )
        about_files = [option for option in used if option in ("--tracks", "--only")]
        if about_files and not has_folder:
            raise InputError(
                f"{about_files[0]} chooses from a folder of music, but none was given; "
                "add --data FOLDER."
            )
        if used and is_resumed:
            raise InputError(
                f"A run that is resumed keeps its music, but {used[0]} was given; "
                "leave it out, or start a run in a new folder."
            )


def prepared_of(job: Job) -> Prepared:
    """Return the music of a training, and say what came of it.

    Raises:
        InputError: if it cannot be used, or a resumed run would learn from other music.
    """
    from deepcomposer_edu.compose.model_places import run_kind
    from deepcomposer_edu.compose.own_training.runs import plan_of_run, prepare, resumed
    from deepcomposer_edu.training.wgan import read_run

    if job.config is None:
        is_wgan = run_kind(job.out) == "wgan"
        plan = read_run(job.out)[0] if is_wgan else plan_of_run(job.out)
        return resumed(job.out, plan, job.source)
    prepared = prepare(plan_of(job))
    tell(prepared)
    return prepared


def plan_of(job: Job) -> AnyPlan:
    """Return the plan that a command asks for.

    Raises:
        InputError: if a track or a filter is not allowed.
    """
    from deepcomposer_edu.cli.compose import read_parameters
    from deepcomposer_edu.compose.own_training.editor_recipes import recipe_for
    from deepcomposer_edu.compose.own_training.runs import EditorPlan, TrainingPlan
    from deepcomposer_edu.corpora.folder_rules import read_rules

    own = job.own_data or OwnData()
    values = read_parameters(list(own.only))
    if own.tracks:
        values["tracks"] = own.tracks
    given = {
        "folder": job.source,
        "rules": read_rules(values),
        "n_steps": None if own.epochs is not None else job.options["n_steps"],
        "epochs": own.epochs,
        "seed": job.options["seed"],
    }
    if job.settings is not None:  # those of a WGAN are all in its config
        return EditorPlan(recipe=recipe_for(job.config, job.settings), **given)
    plan = TrainingPlan(settings=job.config.to_dict(), **given)
    return replace(plan, melody=own.melody) if own.melody else plan


def tell(prepared: Prepared) -> None:
    """Say what there is to learn from, and name files that are left out."""
    for sentence in prepared.sentences:
        say(sentence)
    left_out = [report for report in prepared.reports if not report.is_used]
    for report in left_out[:MAX_REPORTS]:
        say(f"  {report}")
    if len(left_out) > MAX_REPORTS:
        say(f"  ... and {len(left_out) - MAX_REPORTS} more; data.json names them all.")


def tell_only(job: Job) -> None:
    """Say what a training would learn from and cost, and do not train.

    Raises:
        InputError: as the training would raise it.
    """
    from deepcomposer_edu.compose.own_training.runs import prepare
    from deepcomposer_edu.corpora.folder import first_tracks

    plan = plan_of(job)
    if plan.folder is not None:
        file, rows = first_tracks(Path(plan.folder))
        say(f"Tracks of {file}, to choose from with --tracks:")
        for row in rows:
            name = f" {row['name']}" if row["name"] else ""
            say(f"  {row['number']}{name}: {row['instrument']}, {row['n_notes']} notes")
    prepared = prepare(plan)
    tell(prepared)
    prepared.arguments()  # the melody, too
    say(plan.timer().measure(prepared.n_steps).sentence)
