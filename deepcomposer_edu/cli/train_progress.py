"""A training that goes on in a terminal: its bar, and Ctrl-C."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deepcomposer_edu.cli.console import say

if TYPE_CHECKING:
    from types import FrameType

    from deepcomposer_edu.training.control import TrainingControl

SHOWN_LOSSES = ("critic_loss", "generator_loss", "loss", "valid_loss")


@contextmanager
def stopped_by_ctrl_c(control: TrainingControl) -> Iterator[None]:
    """Let Ctrl-C end a training after its step, with a checkpoint of it.

    A second Ctrl-C ends it at once; it then goes on from the checkpoint before.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        if control.is_stop_wanted:
            signal.default_int_handler(number, frame)
        control.stop()

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:  # not the main thread, which alone hears Ctrl-C
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Progress:
    """A bar over the steps of a run; it appears with the first step.

    Args:
        options: of the training; `n_steps`, the step at which the run ends, is read at
            the first step.
    """

    def __init__(self, options: Mapping[str, object]) -> None:
        self.options = options
        self.bar = None

    def __enter__(self) -> Progress:
        return self

    def show(self, row: dict[str, float]) -> None:
        """Move the bar to the row's step and show its losses."""
        from tqdm import tqdm

        step = int(row["step"])
        if self.bar is None:
            self.bar = tqdm(
                total=self.options["n_steps"],
                initial=step - 1,
                unit="step",
                file=sys.stderr,
                mininterval=0.5,
            )
        losses = {n: f"{row[n]:.2f}" for n in SHOWN_LOSSES if n in row}
        self.bar.set_postfix(losses, refresh=False)
        self.bar.update(step - self.bar.n)

    def __exit__(self, kind: type | None, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()
            if kind is KeyboardInterrupt:
                say(f"Stopped after step {self.bar.n}; go on with --resume.")
