"""A piece that a network edits: what is locked, what is asked for, undo.

The widget EditDesk shows it; all that can go wrong is decided here. What is locked
never changes, to the bit. What a learner plays while the network works is kept: only
cells that are still as the network saw them take its notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.compose.edit_desk.history import History, State
from deepcomposer_edu.compose.edit_desk.layout import (
    Bars,
    dressed,
    laid_out,
    longer,
    merged,
    note_span,
    written,
)
from deepcomposer_edu.compose.edit_desk.locks import Locks, find_locks, locked_cells
from deepcomposer_edu.compose.edit_desk.window import around_bar, put_back
from deepcomposer_edu.compose.edit_desk.wishes import VARIANTS, Wish
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.edits import Edit
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Score

if TYPE_CHECKING:
    from deepcomposer_edu.models.ar_cnn import Edited, Editor, EditTask

NO_LOCKS = Locks()
Progress = Callable[[int, int], None] | None


class EditingDesk(History):
    """A piece in four voices with locks, a network that edits it, undo and redo.

    Args:
        score: one to four voices, the highest first; drums are left out. Voices that
            are missing rest until the network writes them.
        editor: what edits; None: the shipped network of `variant`, loaded when it is
            first needed.
        variant: "orderless" or "edit-events".

    Raises:
        InputError: if there is no note, more than four voices or more than 256 bars,
            or no such variant.

    >>> from deepcomposer_edu.music.score import Score
    >>> desk = EditingDesk(Score.from_notes([(0, 60, 16), (16, 62, 16)]))
    >>> desk.grid.pitches.shape, desk.bars
    ((4, 32), ((0, 16, 1), (16, 32, 2)))
    """

    def __init__(
        self, score: Score, editor: Editor | None = None, variant: str = "orderless"
    ) -> None:
        if variant not in VARIANTS:
            raise InputError(
                f"The variant is {variant!r}, but it is {' or '.join(VARIANTS)}."
            )
        self._frame = score
        self._editor, self.variant = editor, variant
        super().__init__(State(*laid_out(score)))

    # --- what there is

    @property
    def editor(self) -> Editor:
        """The network at work."""
        if self._editor is None:
            from deepcomposer_edu.models.ar_cnn import load_ar_cnn

            self._editor = load_ar_cnn(self.variant)
        return self._editor

    @property
    def grid(self) -> Grid:
        """The cells, (4, T)."""
        return self._state.grid

    @property
    def bars(self) -> Bars:
        """Start, end (in steps) and number of each bar."""
        return self._state.bars

    @property
    def edited(self) -> Edited | None:
        """What the network did last; None before that and after a change by hand."""
        return self._state.edited

    @property
    def steps_per_bar(self) -> int:
        """Length of a whole bar in steps, by the first time signature."""
        return max(1, round(self._frame.metres[0].steps_per_bar))

    @property
    def pickup(self) -> int:
        """Length in steps of an incomplete first bar, 0 if it is whole."""
        return round(self._frame.pickup)

    @property
    def score(self) -> Score:
        """The piece as it stands, with its tempo, metres and instruments."""
        return dressed(self.grid, self._frame)

    def find(self, voices: str = "", bars: str = "", notes: str = "") -> Locks:
        """Return locks on what texts name; see `find_locks`."""
        return find_locks(self.grid, self.bars, voices, bars, notes)

    # --- the network at work

    def task(self, wish: Wish, locks: Locks = NO_LOCKS) -> EditTask:
        """Return the task for the network.

        Raises:
            InputError: if nothing is left to edit, because all is locked or empty.
        """
        from deepcomposer_edu.models.ar_cnn import EditTask

        grid, free = self.grid, ~locked_cells(self.grid, self.bars, locks)
        if wish.mode == "continue":
            grid, _ = self._longer(wish.n_bars)
            free = np.zeros(grid.pitches.shape, dtype=bool)
            free[:, self.grid.n_steps :] = True
        elif wish.mode == "harmonise":
            free[0] = False
        elif wish.mode != "inpaint":  # a voice that is not there has nothing to vary
            free &= grid.sounding.any(axis=1, keepdims=True)
        is_anew = wish.mode in ("continue", "harmonise", "inpaint")
        unknown = free.copy() if is_anew else np.zeros_like(free)
        if not free.any():
            aside = ", and harmonising never changes the soprano"
            raise InputError(
                "There is nothing that may be edited: all of it is locked or empty"
                f"{aside if wish.mode == 'harmonise' else ''}; unlock a voice, a bar "
                "or a note."
            )
        return EditTask(
            grid,
            free,
            unknown,
            mode="repair" if wish.mode == "repair" else "rewrite",
            steps_per_bar=self.steps_per_bar,
            pickup=self.pickup,
            iterations=wish.iterations,
            temperature=wish.temperature,
            max_added=wish.max_added,
            max_removed=wish.max_removed,
            avoid_parallels=wish.avoid_parallels,
            seed=wish.seed,
        )

    def edit(
        self,
        wish: Wish,
        locks: Locks = NO_LOCKS,
        on_progress: Progress = None,
        on_edit: Callable[[Edit], None] | None = None,
    ) -> Edited:
        """Let the network edit, and return what it did. It can be undone.

        Args:
            wish: what is asked for.
            locks: what must not change.
            on_progress: called with (parts done, parts in all); what it raises ends the
                work, and nothing has changed.
            on_edit: called with each edit as soon as it is made.

        Raises:
            InputError: if nothing may be edited.
        """
        before = self._state
        task = self.task(wish, locks)
        edited = self.editor.edit(task, on_progress, on_edit)
        with self._changing:
            is_longer = wish.mode == "continue"
            bars = self._longer(wish.n_bars)[1] if is_longer else before.bars
            self.remember()
            self._take(before, edited, task.may_change, bars)
        return edited

    def edit_bar(
        self,
        place: int,
        wish: Wish,
        locks: Locks = NO_LOCKS,
        on_progress: Progress = None,
    ) -> Edited:
        """Let the network write one bar anew; no step of its own for undo.

        It reads the bars around, so a long piece takes no longer than a short one.

        Args:
            place: which of `bars`, from 0.
            wish: mode "vary" goes on from the notes that are there, every other mode
                writes the bar anew.
            locks: what must not change; all other bars do not in any case.
            on_progress: as in `edit`.

        Raises:
            InputError: if there is no such bar or all of it is locked.
        """
        before, whole = self._state, self.bar_task(place, wish, locks)
        task, offset = around_bar(whole, self.bars, place)
        edited = self.editor.edit(task, on_progress=on_progress)
        edited = put_back(edited, whole.start, offset)
        with self._changing:
            self._take(before, edited, whole.may_change, before.bars)
        return edited

    def bar_task(self, place: int, wish: Wish, locks: Locks = NO_LOCKS) -> EditTask:
        """Return the task of writing one bar anew; see `edit_bar`.

        Raises:
            InputError: if there is no such bar or all of it is locked.
        """
        if not 0 <= place < len(self.bars):
            raise InputError(
                f"There is no bar at place {place}; there are {len(self.bars)}, "
                "counted from 0."
            )
        others = frozenset(range(len(self.bars))) - {place}
        wish = replace(wish, mode="vary" if wish.mode == "vary" else "inpaint")
        return self.task(wish, replace(locks, bars=others))

    def _take(
        self, before: State, edited: Edited, may_change: np.ndarray, bars: Bars
    ) -> None:
        """Take up edits, but not where somebody has played meanwhile."""
        if self.grid.n_steps == before.grid.n_steps:  # else it was undone meanwhile
            grid = merged(before.grid, self.grid, edited.grid, may_change)
            self._state = State(grid, bars, edited)

    def _longer(self, n_bars: int) -> tuple[Grid, Bars]:
        """Return the piece with bars of rests at its end, and all bars."""
        start, end, _ = self.bars[-1]
        length = end - start if len(self.bars) > 1 else self.steps_per_bar
        return longer(self.grid, self.bars, n_bars, length)

    # --- changes by hand

    def play_notes(self, notes: Iterable[tuple[int, int, int, int]]) -> None:
        """Write notes over what a voice sings there; no step of its own for undo.

        Args:
            notes: (voice, start, n_steps, pitch) of each; pitch -1 writes a rest. What
                reaches beyond the end is cut.

        Raises:
            InputError: if there is no such voice, place or pitch.
        """
        with self._changing:
            grid = written(self.grid, notes)
            self._state = replace(self._state, grid=grid, edited=None)

    def move_note(self, voice: int, step: int, semitones: int) -> int:
        """Move the note that sounds there, and return its new pitch. It can be undone.

        Raises:
            InputError: if no note sounds there or it would leave 0 to 127.
        """
        span = note_span(self.grid, voice, step)
        if span is None:
            raise InputError("No note sounds at that place, so none can be moved.")
        pitch = int(self.grid.pitches[voice, span[0]]) + int(semitones)
        if not 0 <= pitch <= 127:
            raise InputError(f"The note would get the pitch {pitch}, outside 0 to 127.")
        with self._changing:
            self.remember()
            self.play_notes([(voice, span[0], span[1] - span[0], pitch)])
        return pitch
