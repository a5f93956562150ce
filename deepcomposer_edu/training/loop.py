"""The loop of every training that leaves a run folder: step, judge, write, attend."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.training.control import TrainingControl
from deepcomposer_edu.training.distributed import ALONE, Team
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.state import told_state


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
            before = history.rows[-1]["seconds"] if history.rows else 0.0
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
