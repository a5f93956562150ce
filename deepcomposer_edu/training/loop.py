"""The loop of every training that leaves a run folder: step, judge, write, attend."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Unpack

import torch
from torch import nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.training.checkpoint import (
    check_is_new,
    latest_checkpoint,
    restore,
    save_checkpoint,
)
from deepcomposer_edu.training.claim import claimed
from deepcomposer_edu.training.control import TrainingControl
from deepcomposer_edu.training.distributed import ALONE, Team, joined
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions, every
from deepcomposer_edu.training.state import told_state


class Learns(Protocol):
    """Who learns in a run: what a checkpoint holds of it."""

    networks: dict[str, nn.Module]
    optimisers: dict[str, torch.optim.Optimizer]
    random: torch.Generator


@dataclass(frozen=True)
class Training:
    """A training that is ready to begin, or to go on.

    Args:
        learner: networks, optimisers and chance, as they are before the first step.
        take_step: takes the step of a number, from 1, and returns its row.
        judge: measures the network.
        write_sample: writes what the network makes now, at a step.
        write_settings: writes what a new run folder says of the training.
    """

    learner: Learns
    take_step: Callable[[int], dict[str, float]]
    judge: Callable[[], dict[str, float]]
    write_sample: Callable[[int], object]
    write_settings: Callable[[], object]


def train_in(
    run: Path,
    n_steps: int,
    prepare: Callable[[Team], Training],
    *,
    resume: bool,
    **options: Unpack[RunOptions],
) -> History:
    """Train in a run folder until `n_steps` steps are taken.

    A run that was stopped, even by a power cut, goes on from its last checkpoint to the
    same numbers as a run that was not. Started by `torchrun`, the processes share each
    batch (`training/distributed.py`).

    Args:
        run: the run folder.
        n_steps: steps in all, counted from the beginning of the run.
        prepare: makes the training, when the folder is claimed for it.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 100 steps if not said.

    Returns:
        The history of the run.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed,
            or another training is at work in it.
    """
    options = every(100, options)
    check_steps(n_steps, options["sample_every"], options["checkpoint_every"])
    with joined() as team, claimed(run, team.leads):
        if team.leads and not resume:
            check_is_new(run)
        training = prepare(team)
        learner = training.learner
        parts = learner.networks, learner.optimisers, learner.random
        state = latest_checkpoint(run) if resume else None
        if state is not None:
            restore(state, *parts)
        team.begin_alike(
            list(learner.networks.values())
        )  # and all have read the folder
        if team.leads and not resume:
            training.write_settings()
        loop = Loop(
            run,
            n_steps,
            take_step=training.take_step,
            judge=training.judge,
            write_sample=training.write_sample,
            save=lambda step: save_checkpoint(run, step, *parts),
            sample_every=options["sample_every"],
            checkpoint_every=options["checkpoint_every"],
            on_step=options.get("on_step"),
            control=options.get("control") or TrainingControl(),
            team=team,
        )
        return loop.go(first=state.step if state is not None else 0)


@dataclass
class Loop:
    """What is done in a run, and when.

    Args:
        run: the run folder.
        n_steps: steps in all, counted from the beginning of the run.
        take_step: takes the step of a number, from 1, and returns its row.
        judge: measures the network.
        write_sample: writes what the network makes now, at a step.
        save: writes the checkpoint of a step.
        sample_every: steps between samples and metrics.
        checkpoint_every: steps between checkpoints.
        on_step: called after each step with its row.
        control: asked between two steps whether to pause, to stop, or to write a
            sample now. It never changes the numbers.
        team: the processes that take each step together. The first of them does
            everything else, and alone is paused, stopped and asked for samples.
    """

    run: Path
    n_steps: int
    take_step: Callable[[int], dict[str, float]]
    judge: Callable[[], dict[str, float]]
    write_sample: Callable[[int], object]
    save: Callable[[int], object]
    sample_every: int = 100
    checkpoint_every: int = 100
    on_step: Callable[[dict[str, float]], None] | None = None
    control: TrainingControl = field(default_factory=TrainingControl)
    team: Team = ALONE

    def go(self, first: int) -> History:
        """Take the steps after `first` and return the history of the run."""
        if self.team.leads:
            history = self._lead(first)
            self.team.wait()
            return history
        self.control.begin()
        for step in range(first + 1, self.n_steps + 1):
            self.take_step(step)
            if self.team.any(self.control.is_stop_wanted):
                break
        self.team.wait()
        return History(self.run)

    def _lead(self, first: int) -> History:
        with told_state(self.run, self.n_steps) as tell:
            history = History(self.run)
            history.keep_until(first)
            self.control.begin()
            started = time.monotonic()
            before = history.rows[-1].get("seconds", 0.0) if history.rows else 0.0
            if first == 0:
                row = {"step": 0, "seconds": 0.0, **self.judge()}
                history.keep_until(-1)
                history.add(row)
                self.write_sample(0)
            for step in range(first + 1, self.n_steps + 1):
                row = {"step": step, **self.take_step(step)}
                row["seconds"] = round(before + time.monotonic() - started, 3)
                is_last = step == self.n_steps
                if step % self.sample_every == 0 or is_last:
                    row |= self.judge()
                    self.write_sample(step)
                history.add(row)
                if step % self.checkpoint_every == 0 or is_last:
                    self.save(step)
                if self.on_step is not None:
                    self.on_step(row)
                started += self.control.attend(
                    write_sample=lambda step=step: self.write_sample(step),
                    save=lambda step=step: self.save(step),
                    tell=tell,
                )
                is_asked = self.control.is_stop_wanted
                if self.team.any(is_asked):
                    if not is_asked:  # another process was asked, and told us
                        self.save(step)
                    break
            is_whole = history.rows[-1]["step"] >= self.n_steps
            tell("finished" if is_whole else "stopped")
        return history


def check_steps(n_steps: int, sample_every: int, checkpoint_every: int) -> None:
    """Raise an InputError unless all three are at least 1."""
    if n_steps < 1 or sample_every < 1 or checkpoint_every < 1:
        raise InputError(
            f"{n_steps} steps, a sample every {sample_every} and a checkpoint every "
            f"{checkpoint_every} were asked for, but each must be at least 1."
        )
