"""What a network did, as plain data and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deepcomposer_edu.music.edits import Edit, notes_added, notes_removed
from deepcomposer_edu.music.grid import Grid

if TYPE_CHECKING:
    from deepcomposer_edu.models.ar_cnn import Edited


def thought_of(edited: Edited | None, steps_per_bar: int, pickup: int) -> dict:
    """Return edits as lists and numbers, for the browser.

    Args:
        edited: what the network did; None: nothing yet.
        steps_per_bar: length of a bar.
        pickup: steps before the first bar line.

    Returns:
        `pitches` and `onsets` of the piece before the first edit, (4, T) lists, and
        `edits`: [voice, start, n_steps, before, after, probability, iteration,
        sentence] of each.
    """
    if edited is None:
        return {"pitches": [], "onsets": [], "edits": []}
    rows = [row_of(edit, steps_per_bar, pickup) for edit in edited.edits]
    return cells_of(edited.start) | {"edits": rows}


def cells_of(grid: Grid) -> dict:
    """Return a grid's `pitches` and `onsets` as lists, (4, T)."""
    onsets = grid.onsets.astype(int)
    return {"pitches": grid.pitches.tolist(), "onsets": onsets.tolist()}


def row_of(edit: Edit, steps_per_bar: int, pickup: int) -> list[int | float | str]:
    """Return an edit as numbers and its sentence; see `thought_of`."""
    values = (edit.voice, edit.start, edit.n_steps, edit.before, edit.after)
    chance = round(float(edit.probability), 4)
    return [*values, chance, edit.iteration, edit.sentence(steps_per_bar, pickup)]


def summary(edited: Edited) -> str:
    """Return in a sentence or two what became of a piece.

    Notes are counted from before the first edit to the end, so a note that came and
    went again counts as nothing.
    """
    n_edits = len(edited.edits)
    if not n_edits:
        words = "Nothing was changed: the network would leave it as it is."
    else:
        added = notes_added(edited.start, edited.grid)
        removed = notes_removed(edited.start, edited.grid)
        edits = "1 edit" if n_edits == 1 else f"{n_edits} edits"
        words = f"{edits}: {_notes(added)} added, {_notes(removed)} taken away."
    return " ".join([words, *edited.notes])


def _notes(n: int) -> str:
    return "1 note" if n == 1 else f"{n} notes"
