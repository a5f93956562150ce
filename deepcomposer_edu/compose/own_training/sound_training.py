"""Trainings of the networks that make raw sound: which sounds, which recipe, how long.

Three kinds are trained from the shell and from Python: a WaveNet, a small NSynth and a
discrete autoencoder. Each learns from the course's own notes or from any folder of
recordings (`corpora/sound_folder.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from deepcomposer_edu.compose.own_training import data_note
from deepcomposer_edu.compose.own_training.data_note import whole_path
from deepcomposer_edu.compose.own_training.sound_kinds import KINDS
from deepcomposer_edu.compose.parameters import did_you_mean
from deepcomposer_edu.corpora.sound_folder import folder_sounds
from deepcomposer_edu.corpora.sounds import SoundSet
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.training.estimate import LearnerTimer
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.predictor import (
    Learner,
    Task,
    TrainingSettings,
    read_settings,
)

SECONDS = 1.0  # of a sound, in a folder of recordings
FEW_SOUNDS = 60  # the course's own notes are hundreds


@dataclass(frozen=True)
class SoundPlan:
    """What to train, and on which sounds.

    Args:
        kind: one of KINDS.
        config: the network's settings; its instruments follow from the sounds.
        settings: how it is trained; the learning rate falls over `n_steps`.
        folder: recordings of your own; None: the course's notes.
        seconds: of each sound that a recording is cut into.
        n_steps: training steps.
        seed: from which every random number follows.
    """

    kind: str
    config: object
    settings: TrainingSettings
    folder: str | Path | None = None
    seconds: float = SECONDS
    n_steps: int = 1000
    seed: int = 0


@dataclass(frozen=True)
class PreparedSounds:
    """A plan with its sounds read: all that is needed to begin.

    Args:
        plan: what was asked for, its config fitted to the sounds.
        sounds: what is learned from and judged by.
        report: what became of the files, sentences.
    """

    plan: SoundPlan
    sounds: SoundSet = field(repr=False)
    report: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """What there is to learn from, and what may disappoint, in words."""
        sounds = self.sounds
        learn, judge = len(sounds.train), len(sounds.valid)
        told = list(self.report[:1]) or ["The course's own notes."]
        told.append(
            f"{learn:,} sounds of {sounds.seconds:.2g} s at {sounds.rate:,} samples a "
            f"second to learn from ({', '.join(sounds.instruments)}), {judge:,} kept "
            f"back for the loss; {self.plan.n_steps:,} steps."
        )
        if learn < FEW_SOUNDS:
            told.append(
                f"{learn} sounds are few (the course's notes are hundreds): the "
                "network will soon know them by heart."
            )
        if not judge:
            told.append("So few that none is kept back: the loss is that of learning.")
        return told

    @property
    def sha256(self) -> str:
        """A fingerprint of the sounds, the same wherever the folder lies."""
        digest = hashlib.sha256(self.sounds.audio.tobytes())
        for known in (self.sounds.pitch, self.sounds.instrument, self.sounds.held_out):
            digest.update(known.tobytes())
        return digest.hexdigest()

    def timer(self) -> LearnerTimer:
        """Return what measures how long a step takes."""
        plan = self.plan
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(plan.seed)
            network, batch, loss = KINDS[plan.kind].parts(plan.config, self.sounds)
        count = sum(weight.numel() for weight in network.parameters())
        learner = Learner(network, plan.settings, plan.seed)
        task = Task(batch, loss, lambda _: {})
        return LearnerTimer(learner, task, {"network": count})

    def arguments(self) -> dict[str, object]:
        """Return what the trainer takes of the plan, besides folder, steps and seed."""
        return {
            "config": self.plan.config,
            "settings": self.plan.settings,
            "sounds": self.sounds,
        }


def plan_sounds(
    kind: str,
    recipe: str | None = None,
    folder: str | Path | None = None,
    **given: object,
) -> SoundPlan:
    """Return the plan of a kind and a recipe, by their names.

    Args:
        kind: one of KINDS.
        recipe: one of the kind's; None: the usual.
        folder: recordings of your own.
        given: other fields of a `SoundPlan`.

    Raises:
        InputError: if there is no such kind or recipe.
    """
    if kind not in KINDS:
        raise InputError(
            f"No network that makes sound is called {str(kind)[:40]!r}"
            f"{did_you_mean(str(kind), KINDS)}; there are: {', '.join(KINDS)}."
        )
    chosen = KINDS[kind]
    recipe = next(iter(chosen.recipes)) if recipe is None else recipe
    if recipe not in chosen.recipes:
        raise InputError(
            f"{kind} has no recipe {str(recipe)[:40]!r}"
            f"{did_you_mean(str(recipe), chosen.recipes)}; its recipes are: "
            f"{', '.join(chosen.recipes)}."
        )
    values = {"n_steps": chosen.n_steps, **given}
    settings = replace(chosen.settings, cosine_steps=int(values["n_steps"]))
    return SoundPlan(kind, chosen.recipes[recipe], settings, folder, **values)


def prepare_sounds(
    plan: SoundPlan, on_file: Callable[[int, int], None] | None = None
) -> PreparedSounds:
    """Return a plan with its sounds read.

    Args:
        plan: what to train.
        on_file: called after each file with how many are done, and of how many.

    Raises:
        InputError: if the folder holds no sounds, or none that the network can use.
    """
    kind, report = KINDS[plan.kind], []
    if plan.folder is None:
        sounds = kind.usual(plan.config.rate)
    else:
        sounds, report = folder_sounds(
            plan.folder, plan.config.rate, plan.seconds, on_file
        )
    if kind.needs_pitch and (sounds.pitch < 0).any():
        pitched = sounds.pick(sounds.pitch >= 0)
        if not len(pitched.train):
            raise InputError(
                f"None of the {len(sounds)} sounds in {plan.folder} has one steady "
                f"pitch, but {plan.kind} learns from single notes; give recordings of "
                "single notes, or train a wavenet or an ada."
            )
        report = [
            f"{report[0]} {len(sounds) - len(pitched)} sounds without one steady pitch "
            "are left out.",
            *report[1:],
        ]
        sounds = pitched
    fitted = replace(plan, config=kind.fitted(plan.config, sounds))
    return PreparedSounds(fitted, sounds, tuple(report))


def train_sounds(
    run: str | Path, plan: SoundPlan | PreparedSounds, **options: object
) -> History:
    """Train by a plan in a run folder, and return the history.

    Args:
        run: the run folder; it gets `data.json`, which says what was learned from.
        plan: what to train, its sounds read or not.
        options: what else the trainer takes, such as `on_step`, `control`, `resume`.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or the plan cannot be
            followed.
    """
    prepared = plan if isinstance(plan, PreparedSounds) else prepare_sounds(plan)
    plan = prepared.plan
    begin_note(run, prepared)
    given = {"n_steps": plan.n_steps, "seed": plan.seed, **options}
    return KINDS[plan.kind].trainer(run, **prepared.arguments(), **given)


def begin_note(run: str | Path, prepared: PreparedSounds) -> None:
    """Write what a new run learns from into its folder, see `data_note.begin_note`."""
    sounds = prepared.sounds
    note = {
        "folder": whole_path(prepared.plan.folder),
        "seconds": prepared.plan.seconds,
        "sha256": prepared.sha256,
        "sounds": {
            "learn": len(sounds.train),
            "judge": len(sounds.valid),
            "pitched": int((sounds.pitch >= 0).sum()),
        },
        "report": list(prepared.report),
    }
    data_note.begin_note(run, note)


def resumed_sounds(
    run: str | Path, kind: str, folder: str | Path | None = None
) -> PreparedSounds:
    """Return the sounds that a run learned from, read again, with its settings.

    Args:
        run: the run folder, or that of a population's member.
        kind: what is trained in it.
        folder: where the recordings lie now, if they were moved.

    Raises:
        InputError: if the recordings are gone or not the same any more, or the folder
            holds no such run.
    """
    run = Path(run)
    config, settings, seed = read_settings(_settings_of(run), kind, KINDS[kind].read)
    note = data_note.read_note(run, _checked)
    if note is None:  # a run of the trainer itself, on the usual sounds
        note = {"folder": None, "seconds": SECONDS, "sha256": None}
    place = data_note.place_of(note, run, folder, "the course's own notes")
    plan = SoundPlan(kind, config, settings, place, note["seconds"], seed=seed)
    prepared = prepare_sounds(plan)
    if note["sha256"] not in (None, prepared.sha256):
        raise InputError(
            f"The sounds in {place or 'the course'} are not what the run {run.name} "
            "learned from so far; put them back as they were, or start a new run."
        )
    return prepared


def _settings_of(run: Path) -> Path:
    """Return the folder whose `config.json` says how a run is trained."""
    first = run / "members" / "00"
    is_young = not (run / "config.json").exists() and (first / "config.json").exists()
    return first if is_young else run


def _checked(note: data_note.Note) -> data_note.Note:
    """Return what is read of a run's note."""
    if not isinstance(note["folder"], str | None):
        raise TypeError("the folder is no text")
    return {**note, "seconds": float(note["seconds"]), "sha256": note["sha256"]}
