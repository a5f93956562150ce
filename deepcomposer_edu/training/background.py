"""A training in a thread of its own, so that the notebook stays free meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.training.control import TrainingControl
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.state import problem_of

LOOK_EVERY = 0.2  # seconds between two looks whether an interrupt has come


class BackgroundTraining:
    """A training that runs beside whatever else Python does.

    Its numbers are those of the training called directly. Python ends it when it ends
    itself; the run folder then goes on from its last checkpoint.

    Args:
        run: the run folder.
        trainer: what trains, `train_writer` say; None: `train_wgan`.
        arguments: its other arguments by name, such as `config`.

    Raises:
        InputError: if the training cannot begin, as `trainer` would raise it.
    """

    def __init__(
        self,
        run: str | Path,
        trainer: Callable[..., object] | None = None,
        **arguments: object,
    ) -> None:
        self.run = Path(run)
        self._trainer = trainer
        self.control = TrainingControl()
        self.error: BaseException | None = None
        self._thread = threading.Thread(
            target=self._train, kwargs=arguments, name="training", daemon=True
        )
        self._thread.start()
        # The networks are drawn from torch's own random numbers, which the notebook
        # uses, too: nobody else may draw until they are made.
        while self.is_alive and not self.control.wait_until_begun(LOOK_EVERY):
            pass
        if self.error is not None and not self.control.has_begun:
            raise self.error

    def _train(self, **arguments: object) -> None:
        from deepcomposer_edu.training.wgan import train_wgan

        try:
            train = self._trainer or train_wgan
            train(self.run, control=self.control, **arguments)
        except BaseException as error:  # told by `problem` and `wait`
            self.error = error

    @property
    def is_alive(self) -> bool:
        """Whether it still trains, or stands still."""
        return self._thread.is_alive()

    @property
    def problem(self) -> str:
        """What went wrong, one sentence; empty if nothing did."""
        return problem_of(self.error) if self.error is not None else ""

    def wait(self, seconds: float | None = None) -> History:
        """Wait until the training is over and return the run's history.

        An interrupt (the notebook's stop button) ends the waiting, not the training.

        Args:
            seconds: wait no longer than that; without it, as long as it takes.

        Raises:
            InputError: if the training failed, or is paused, or takes longer.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        if self.is_alive and self.control.is_pause_wanted:
            raise InputError(
                "The training is paused, so waiting would never end; continue or stop "
                "it, then run this again."
            )
        while self.is_alive:
            if deadline is not None and time.monotonic() > deadline:
                raise InputError(
                    f"The training is not over after {seconds:g} seconds; wait longer, "
                    "or stop it."
                )
            self._thread.join(LOOK_EVERY)
        if self.error is not None:
            raise InputError(self.problem) from self.error
        return History(self.run)
