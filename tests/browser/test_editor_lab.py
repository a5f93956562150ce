"""The note editor in a real JupyterLab: from a drawn note to the Score, and back."""

from __future__ import annotations

import ast

import pytest
from browser.editor_page import click, press, roll
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOW = """
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import Editor
editor = Editor(Score.from_notes([(0, 60, 4), (4, 62, 4)], tempo=100), max_bars=4)
told = []
editor.on_change(lambda score: told.append(len(score.notes)))
editor
"""
TELL = """
notes = [(note.start, note.pitch, note.duration) for note in editor.score.notes]
print((notes, told, editor.selected, editor.can_undo))
"""
UNDO = "editor.undo()"
REDO = "editor.redo()"


def python_has(lab, notes, selected):
    """Return what the cell TELL prints once it has these."""

    def is_there(printed):
        found = ast.literal_eval(printed)
        return (found[0], found[2]) == (notes, selected)

    return ast.literal_eval(lab.run_until(1, is_there))


def test_from_a_drawn_note_to_the_score_and_back(lab_page):
    lab = lab_page([SHOW, TELL, UNDO, REDO])
    lab.run(0)
    page = lab.page
    expect(roll(page)).to_be_visible()
    status = page.locator(".dc-editor .dc-status")
    count = page.locator(".dc-editor .dc-time")
    n_cells = lab.cells.count()

    # By mouse, then by keys that are shortcuts of JupyterLab's notebook: none of them
    # may reach it (A and B would add cells, D D and X take one away).
    click(page, 16.5, 67)
    expect(count).to_have_text("3 notes, 1 selected")
    press(page, "ArrowUp", "Shift+ArrowRight", "Escape", "d", "d", "a", "Escape")
    press(page, "Control+a", "Control+x", "Control+z")
    assert lab.cells.count() == n_cells

    # In Python it is a Score, its changes were told, the selection is known.
    drawn = [(0, 60, 4), (4, 62, 4), (16, 68, 2)]
    all_three = [[0, 0], [0, 1], [0, 2]]
    _, told, _, can_undo = python_has(lab, notes=drawn, selected=all_three)
    assert told[0] == told[-1] == 3
    assert can_undo is True

    # An undo in a cell is one on the page.
    lab.run(2)
    expect(status).to_contain_text("Took back: ")
    lab.run(3)
    expect(status).to_contain_text("Made again: ")

    # When the kernel has started anew the page says so, and goes on.
    lab.restart_kernel()
    expect(status).to_contain_text("Python no longer hears this editor")
    roll(page).focus()
    press(page, "Control+a", "Delete")
    expect(count).to_have_text("0 notes")
    press(page, "Control+z", "Control+a", "Control+c")
    expect(status).to_have_text("Copied 3 notes.")

    # As the sentence says, the notes come into the new editor.
    lab.run(0)
    expect(count).to_have_text("2 notes")
    roll(page).focus()
    press(page, "Control+a", "Delete", "Control+v")
    python_has(lab, notes=drawn, selected=all_three)
    assert lab.errors == []
