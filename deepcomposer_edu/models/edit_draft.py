"""A piece while it is edited: its edits so far, within locks and budgets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from deepcomposer_edu.models.ar_cnn import Edited, EditTask, OnEdit
from deepcomposer_edu.models.note_balance import NoteBalance
from deepcomposer_edu.music.edits import Edit, edits_between
from deepcomposer_edu.music.grid import Grid


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
        self.balance = NoteBalance(self.start, keeps_strikes=task.mode == "repair")
        self.counts = np.zeros(2, dtype=int)  # notes added and removed so far

    def change(
        self,
        pitches: np.ndarray,
        probabilities: np.ndarray,
        iteration: int,
        first: int = 0,
    ) -> None:
        """Edit towards these pitches, as far as locks and budgets allow.

        Where a budget does not suffice, what restores the start comes first and then
        what is likeliest. The cost is that of the S steps and of the notes they touch,
        however long the piece is.

        Args:
            pitches: (4, S) MIDI numbers that are wanted, -1 for a rest.
            probabilities: (4, S) of each of them.
            iteration: the pass, from 1.
            first: from which step on they are wanted, from 0.
        """
        here = np.s_[:, first : first + pitches.shape[1]]
        now = self.pitches[here]
        wanted = np.where(self.task.may_change[here], pitches, now)
        found = [
            replace(edit, start=first + edit.start)
            for edit in edits_between(Grid(now), Grid(wanted), iteration, probabilities)
        ]
        counts = self.counts + self.balance.change(self.pitches, wanted, first)
        self.was_refused = not self._allows(counts)
        if self.was_refused:
            found = self._make_affordable(found)
        else:
            self.pitches[here], self.counts = wanted, counts
        for edit in found if self.on_edit is not None else ():
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
        n_spare = max(self.task.max_added - int(self.counts[0]), 0)
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
        return Grid(self.pitches, self.balance.struck(self.pitches))

    def _allows(self, counts: np.ndarray) -> bool:
        """Return whether so many notes added and removed keep within both budgets."""
        n_added, n_removed = counts
        return n_added <= self.task.max_added and n_removed <= self.task.most_removed

    def _make_affordable(self, edits: list[Edit]) -> list[Edit]:
        """Make the edits that do not, together, spend too much; return them."""
        by_worth = sorted(edits, key=lambda edit: -edit.probability)
        by_worth.sort(key=lambda edit: not self._restores(edit))
        chosen = [edit for edit in by_worth if self._pays(edit)]
        return sorted(chosen, key=lambda edit: (edit.start, edit.voice))

    def _pays(self, edit: Edit) -> bool:
        """Make an edit and return True, or return False if it costs too much."""
        here = np.s_[:, edit.start : edit.start + edit.n_steps]
        wanted = self.pitches[here].copy()
        wanted[edit.voice] = edit.after
        counts = self.counts + self.balance.change(self.pitches, wanted, edit.start)
        is_allowed = self._allows(counts)
        if is_allowed:
            self.pitches[here], self.counts = wanted, counts
        return is_allowed

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
