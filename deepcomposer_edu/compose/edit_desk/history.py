"""Undo and redo for a piece that is edited."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deepcomposer_edu.compose.edit_desk.layout import Bars
from deepcomposer_edu.music.grid import Grid

if TYPE_CHECKING:
    from deepcomposer_edu.models.ar_cnn import Edited

MAX_UNDO = 50  # steps that can be taken back


@dataclass(frozen=True)
class State:
    """The piece at one moment: its cells, its bars and the edits that led to it."""

    grid: Grid  # (4, T)
    bars: Bars  # start, end, number of each
    edited: Edited | None = None


class History:
    """A state that changes, and the states before and after it."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._past: list[State] = []
        self._future: list[State] = []
        self._changing = threading.RLock()  # a network may work in another thread

    def remember(self) -> None:
        """Make what there is now a step that `undo` comes back to."""
        with self._changing:
            self._past = [*self._past, self._state][-MAX_UNDO:]
            self._future = []

    def undo(self) -> bool:
        """Take the last step back; False if there is none."""
        return self._go(self._past, self._future)

    def redo(self) -> bool:
        """Take the step again that was undone last; False if there is none."""
        return self._go(self._future, self._past)

    def _go(self, source: list[State], other: list[State]) -> bool:
        with self._changing:
            if not source:
                return False
            other.append(self._state)
            self._state = source.pop()
            return True

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return bool(self._future)
