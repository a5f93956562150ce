"""One bar of a long piece, with the bars around it that the network reads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.compose.edit_desk.layout import Bars
from deepcomposer_edu.music.grid import Grid

if TYPE_CHECKING:
    from deepcomposer_edu.models.ar_cnn import Edited, EditTask

N_AROUND = 4  # bars on each side: the network sees 62 steps each way


def around_bar(task: EditTask, bars: Bars, place: int) -> tuple[EditTask, int]:
    """Return a task of the bars around one bar, and at which step they begin.

    Args:
        task: of the whole piece, in which only cells of that bar may change.
        bars: all bars.
        place: which of them, from 0.
    """
    start = bars[max(0, place - N_AROUND)][0]
    end = bars[min(len(bars) - 1, place + N_AROUND)][1]
    window = slice(start, end)
    near = replace(
        task,
        grid=task.grid.crop(start, end),
        may_change=task.may_change[:, window],
        unknown=task.unknown[:, window],
        pickup=task.pickup if start == 0 else 0,
    )
    return near, start


def put_back(edited: Edited, whole: Grid, offset: int) -> Edited:
    """Return edits of some bars as edits of the whole piece.

    Args:
        edited: the bars, from `offset` on.
        whole: the piece before the first edit, (4, T).
        offset: the step at which the bars begin.
    """
    grid = _with_part(whole, edited.grid, offset)
    start = _with_part(whole, edited.start, offset)
    edits = tuple(replace(edit, start=edit.start + offset) for edit in edited.edits)
    return replace(edited, start=start, grid=grid, edits=edits)


def _with_part(whole: Grid, part: Grid, offset: int) -> Grid:
    """Return a grid with some of its steps replaced."""
    pitches, onsets = np.array(whole.pitches), np.array(whole.onsets)
    pitches[:, offset : offset + part.n_steps] = part.pitches
    # what goes on from before the window is not struck at its first step
    first = onsets[:, offset].copy()
    onsets[:, offset : offset + part.n_steps] = part.onsets
    onsets[:, offset] = np.where(
        part.pitches[:, 0] == whole.pitches[:, offset], first, part.onsets[:, 0]
    )
    return Grid(pitches, onsets)
