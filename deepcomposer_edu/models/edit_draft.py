"""A piece while it is edited: its edits so far, within locks and budgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.models.ar_cnn import Edited, EditTask, OnEdit
from deepcomposer_edu.music.edits import (
    Edit,
    edits_between,
    note_numbers,
    notes_added,
    notes_removed,
)
from deepcomposer_edu.music.grid import REST, Grid


class Draft:
    """A piece while it is edited.

    Args:
        task: what is to be done.
        on_edit: called with each edit when it is made.
    """

    def __init__(self, task: EditTask, on_edit: OnEdit = None) -> None:
        self.task, self.on_edit = task, on_edit
        self.start = task.start
        self.pitches = self.start.pitches.copy()  # (4, T)
        self.edits: list[Edit] = []
        self.was_refused = False  # whether a budget prevented an edit of the last pass

    def change(
        self, pitches: np.ndarray, probabilities: np.ndarray, iteration: int
    ) -> None:
        """Edit towards these pitches, as far as locks and budgets allow.

        Where a budget does not suffice, what restores the start comes first and then
        what is likeliest.

        Args:
            pitches: (4, T) MIDI numbers that are wanted, -1 for a rest.
            probabilities: (4, T) of each of them.
            iteration: the pass, from 1.
        """
        wanted = np.where(self.task.may_change, pitches, self.pitches)
        goal, now = self._grid(wanted), self._grid(self.pitches)
        found = edits_between(now, goal, iteration, probabilities)
        self.was_refused = not self._allows(goal)
        if self.was_refused:
            found = self._affordable(found)
        for edit in found:
            stretch = np.s_[edit.voice, edit.start : edit.start + edit.n_steps]
            self.pitches[stretch] = edit.after
            if self.on_edit is not None:
                self.on_edit(edit)
        self.edits += found

    def finished(self, strikes: np.ndarray) -> Edited:
        """Return the result; strikes that the budget does not allow are left out.

        Args:
            strikes: (4, T) chance that an edited note is struck again there, 0 for not
                at all.
        """
        is_edited = self.pitches != self.start.pitches
        if self.task.mode == "repair":
            is_edited &= self.task.unknown
        n_spare = max(self.task.max_added - notes_added(self.start, self.now), 0)
        strikes = np.where(is_edited & self.task.may_change, strikes, 0)
        chosen = np.argsort(-strikes, axis=None, kind="stable")
        chosen = chosen[: min(n_spare, np.count_nonzero(strikes))]
        onsets = self.now.onsets.copy()
        onsets.flat[chosen] = True
        grid = Grid(self.pitches, onsets)
        return Edited(self.start, grid, tuple(self.edits), self._notes())

    @property
    def now(self) -> Grid:
        """The piece as it is now; given notes are struck as they were given."""
        return self._grid(self.pitches)

    def _grid(self, pitches: np.ndarray) -> Grid:
        return Grid(pitches, self._struck(pitches))

    def _struck(self, pitches: np.ndarray) -> np.ndarray:
        """Return where given notes are struck, (4, T); repair keeps what is struck."""
        if self.task.mode == "repair":
            return self.start.onsets & (pitches != REST)
        return self.start.onsets & (pitches == self.start.pitches)

    def _allows(self, grid: Grid) -> bool:
        """Return whether a state keeps within both budgets."""
        return (
            notes_added(self.start, grid) <= self.task.max_added
            and notes_removed(self.start, grid) <= self.task.most_removed
        )

    def _affordable(self, edits: list[Edit]) -> list[Edit]:
        """Return the edits that can be made together without spending too much."""
        ledger = _Ledger(self.task, self.start, self.pitches, self._struck)
        by_worth = sorted(edits, key=lambda edit: -edit.probability)
        by_worth.sort(key=lambda edit: not self._restores(edit))
        chosen = [edit for edit in by_worth if ledger.pays(edit)]
        return sorted(chosen, key=lambda edit: (edit.start, edit.voice))

    def _restores(self, edit: Edit) -> bool:
        stretch = slice(edit.start, edit.start + edit.n_steps)
        return bool((self.start.pitches[edit.voice, stretch] == edit.after).all())

    def _notes(self) -> tuple[str, ...]:
        if not self.was_refused:
            return ()
        return (
            f"The model would have edited more, but at most {self.task.max_added} "
            f"notes may be added and {self.task.most_removed} of the "
            f"{int(self.start.onsets.sum())} notes removed.",
        )


@dataclass
class _Ledger:
    """Notes added and removed so far, voice by voice."""

    task: EditTask
    start: Grid
    pitches: np.ndarray
    struck: Callable[[np.ndarray], np.ndarray]

    def __post_init__(self) -> None:
        self.numbers = note_numbers(self.start)
        self.pitches = self.pitches.copy()
        self.counts = np.array([self._count(v) for v in range(len(self.pitches))])

    def pays(self, edit: Edit) -> bool:
        """Make an edit and return True, or return False if it costs too much."""
        row = self.pitches[edit.voice]
        before = row.copy()
        row[edit.start : edit.start + edit.n_steps] = edit.after
        counts = self.counts.copy()
        counts[edit.voice] = self._count(edit.voice)
        n_added, n_removed = counts.sum(axis=0)
        if n_added <= self.task.max_added and n_removed <= self.task.most_removed:
            self.counts = counts
            return True
        self.pitches[edit.voice] = before
        return False

    def _count(self, voice: int) -> tuple[int, int]:
        """Return how many notes of a voice were added and removed."""
        row, numbers = self.pitches[voice], self.numbers[voice]
        is_same = (row == self.start.pitches[voice]) & (row != REST)  # (T,)
        begins = np.r_[True, row[1:] != row[:-1]] & (row != REST)
        begins |= self.struck(self.pitches)[voice]
        now = np.cumsum(begins)
        n_lost = len(np.unique(numbers[numbers >= 0])) - len(
            np.unique(numbers[is_same])
        )
        return int(now[-1]) - len(np.unique(now[is_same])), n_lost
