"""`deepcomposer train wavenet | nsynth | ada`, alone or as a population."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.cli.console import say, seconds_words

if TYPE_CHECKING:
    from deepcomposer_edu.cli.trainable import Job
    from deepcomposer_edu.compose.own_training.sound_training import PreparedSounds
    from deepcomposer_edu.nn.population import Population, Turn
    from deepcomposer_edu.training.history import History
    from deepcomposer_edu.training.predictor import TrainingSettings

MAX_REPORTS = 10  # files of a folder that are told one by one
N_ROUNDS = 5
POPULATION = "population.json"  # in a run folder that holds one


def settings_of(name: str, recipe: str) -> tuple[object, TrainingSettings]:
    """Return the settings of a recipe."""
    from deepcomposer_edu.compose.own_training.sound_training import plan_sounds

    plan = plan_sounds(name, recipe)
    return plan.config, plan.settings


def train(name: str, job: Job) -> History:
    """Train by a command, and say what is learned from."""
    from deepcomposer_edu.compose.own_training.sound_kinds import KINDS
    from deepcomposer_edu.compose.own_training.sound_training import begin_note

    prepared = prepared_of(name, job)
    begin_note(job.out, prepared)
    return KINDS[name].trainer(job.out, **prepared.arguments(), **job.options)


def prepared_of(name: str, job: Job) -> PreparedSounds:
    """Return the sounds of a training; those of a new one are told.

    Raises:
        InputError: if they cannot be used, or are not those of the resumed run.
    """
    from dataclasses import replace

    from deepcomposer_edu.compose.own_training.sound_training import (
        SECONDS,
        SoundPlan,
        prepare_sounds,
        resumed_sounds,
    )

    if job.config is None:
        return resumed_sounds(job.out, name, job.source)
    steps = int(job.options["n_steps"])
    settings = job.settings
    if settings.cosine_steps == settings_of(name, _usual(name))[1].cosine_steps:
        settings = replace(settings, cosine_steps=steps)  # nobody chose another
    plan = SoundPlan(
        name,
        job.config,
        settings,
        job.source,
        SECONDS if job.seconds is None else job.seconds,
        n_steps=steps,
        seed=int(job.options["seed"]),
    )
    prepared = prepare_sounds(plan)
    tell(prepared)
    return prepared


def _usual(name: str) -> str:
    from deepcomposer_edu.compose.own_training.sound_kinds import KINDS

    return next(iter(KINDS[name].recipes))


def tell(prepared: PreparedSounds) -> None:
    """Say what there is to learn from, and what became of each file."""
    for sentence in prepared.sentences:
        say(sentence)
    files = prepared.report[1:]
    for line in files[:MAX_REPORTS]:
        say(f"  {line}")
    if len(files) > MAX_REPORTS:
        say(f"  ... and {len(files) - MAX_REPORTS} more; data.json names them all.")


def tell_only(name: str, job: Job) -> None:
    """Say what a training would learn from and cost, and do not train."""
    prepared = prepared_of(name, job)
    say(prepared.timer().measure(prepared.plan.n_steps).sentence)


# --- populations -----------------------------------------------------------------


def holds_population(out: Path) -> bool:
    """Return whether a run folder holds a population."""
    return (out / POPULATION).is_file()


def train_several(
    name: str, job: Job, n_members: int | None, n_rounds: int | None, ray: str | None
) -> Population:
    """Train a population by a command.

    Args:
        name: what is trained.
        job: the command; its steps are those of each member.
        n_members: None for one that is resumed: as many as there are.
        n_rounds: how often they are compared, in all; None: five times, or as often as
            was said when it was begun.
        ray: the address of a Ray cluster, "local" for this computer; None: no Ray.

    Raises:
        InputError: as `population_run.train_population`.
    """
    from deepcomposer_edu.compose.own_training.sound_kinds import KINDS
    from deepcomposer_edu.compose.own_training.sound_training import begin_note
    from deepcomposer_edu.training.lineage import read_plan
    from deepcomposer_edu.training.population_run import train_population

    prepared, options = prepared_of(name, job), dict(job.options)
    steps, kind = int(options.pop("n_steps")), KINDS[name]
    resume, control = bool(options.pop("resume")), options.pop("control")
    seed = options.pop("seed")
    options.pop("checkpoint_every")
    if resume:
        saved = read_plan(job.out)
        ranges = {key: tuple(pair) for key, pair in saved["ranges"].items()}
        n_members, seed = saved["n_members"], saved["seed"]
        n_rounds, round_steps = n_rounds or saved["n_rounds"], saved["round_steps"]
        ray = (ray or "local") if saved["engine"] == "ray" else None
    else:
        ranges = kind.ranges(prepared.plan.config, prepared.plan.settings)
        n_rounds = N_ROUNDS if n_rounds is None else n_rounds
        round_steps = -(-steps // max(1, n_rounds))
    begin_note(job.out, prepared)
    told = ", ".join(
        f"{key} {low:.2g} to {high:.2g}" for key, (low, high) in ranges.items()
    )
    say(
        f"{n_members} members with {told}; compared every {round_steps} steps, "
        f"{n_rounds} times."
    )
    return train_population(
        job.out,
        kind.trainer,
        ranges,
        n_members,
        n_rounds,
        round_steps,
        engine="here" if ray is None else "ray",
        address=None if ray in (None, "local") else ray,
        arguments={**prepared.arguments(), **options},
        seed=seed,
        resume=resume,
        on_turn=_Turns(),
        control=control,
    )


class _Turns:
    """Says what came of each turn, and how long it took."""

    def __init__(self) -> None:
        self.before = time.monotonic()

    def __call__(self, turn: Turn) -> None:
        now = time.monotonic()
        settings = ", ".join(f"{key} {x:.2g}" for key, x in turn.settings.items())
        came = turn.problem if turn.score is None else f"loss {turn.score:.4f}"
        say(
            f"round {turn.round + 1}, member {turn.member}: {came} with {settings} "
            f"({seconds_words(now - self.before)})"
        )
        self.before = now


def tell_population(population: Population, out: Path) -> None:
    """Say how the best came to be."""
    best = population.best
    line = " -> ".join(str(turn.member) for turn in population.lineage())
    settings = ", ".join(f"{key} {x:.2g}" for key, x in best.settings.items())
    say(
        f"The best after {population.n_rounds} rounds is member {best.member}, "
        f"{population.metric} {best.score:.4f}, with {settings}; round by round it was "
        f"member {line}. The run {out} holds it; lineage.jsonl tells of all."
    )
