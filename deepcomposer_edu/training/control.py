"""What others may ask of a training while it runs: pause, go on, stop, play a sample.

Requests come from any thread. The loop attends to them between two steps, where nothing
is half done, so they change when the numbers are made and never the numbers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class TrainingControl:
    """The wishes of whoever watches a training, kept until the loop comes to them.

    >>> control = TrainingControl()
    >>> control.pause()
    >>> control.is_pause_wanted
    True
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_pause_wanted = False
        self._is_stop_wanted = False
        self._is_sample_wanted = False
        self._begun = threading.Event()

    # --- for whoever watches

    def pause(self) -> None:
        """Let the training stand still after the step it is in."""
        self._set(_is_pause_wanted=True)

    def resume(self) -> None:
        """Let a training that stands still go on."""
        self._set(_is_pause_wanted=False)

    def stop(self) -> None:
        """Let the training end after the step it is in, with a checkpoint of it.

        A training that stands still ends, too.
        """
        self._set(_is_stop_wanted=True)

    def hear(self) -> None:
        """Ask for a sample of the step it is in; it comes while standing still, too."""
        self._set(_is_sample_wanted=True)

    @property
    def is_pause_wanted(self) -> bool:
        """Whether the training stands still, or will after its step."""
        return self._is_pause_wanted and not self._is_stop_wanted

    @property
    def is_stop_wanted(self) -> bool:
        """Whether the training ends after its step."""
        return self._is_stop_wanted

    @property
    def has_begun(self) -> bool:
        """Whether the networks are made."""
        return self._begun.is_set()

    def wait_until_begun(self, timeout: float | None = None) -> bool:
        """Wait until the networks are made; return False if that took too long."""
        return self._begun.wait(timeout)

    # --- for the loop

    def begin(self) -> None:
        """Say that networks and random numbers are made and the first step comes."""
        self._begun.set()

    def attend(
        self,
        write_sample: Callable[[], object],
        save: Callable[[], object],
        tell: Callable[[str], object],
    ) -> float:
        """Do what was asked for between two steps, and stand still while asked to.

        Args:
            write_sample: writes a sample of the step that was just taken.
            save: writes its checkpoint; called before a pause and before the end, so
                that nothing is lost if the computer is switched off.
            tell: is told "paused" when a pause begins and "training" when it is over.

        Returns:
            The seconds spent standing still.
        """
        began, is_paused = time.monotonic(), False
        while True:
            if self._take_sample_wish():
                write_sample()
                continue
            if self._is_stop_wanted:
                save()
                break
            if not self.is_pause_wanted:
                break
            if not is_paused:
                is_paused = True
                save()
                tell("paused")
            with self._changed:
                self._changed.wait_for(self._has_something_to_do)
        if not is_paused:
            return 0.0
        if not self._is_stop_wanted:
            tell("training")
        return time.monotonic() - began

    def _take_sample_wish(self) -> bool:
        with self._changed:
            wanted, self._is_sample_wanted = self._is_sample_wanted, False
        return wanted

    def _has_something_to_do(self) -> bool:
        return not self.is_pause_wanted or self._is_sample_wanted

    def _set(self, **wishes: bool) -> None:
        with self._changed:
            for name, value in wishes.items():
                setattr(self, name, value)
            self._changed.notify_all()
