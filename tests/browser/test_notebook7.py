"""The widgets in Notebook 7, another app than JupyterLab on the same server."""

from __future__ import annotations

from browser.chromium import HERE

CELLS = [
    """
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.paths import data_dir
from deepcomposer_edu.widgets import (
    Editor, PianoKeyboard, Player, Studio, TrainingMonitor,
)
keyboard = PianoKeyboard(instrument="church organ")
keyboard
""",
    "player = Player(load_tune('ode-to-joy'))\nplayer",
    "editor = Editor(load_tune('ode-to-joy'))\neditor",
    "TrainingMonitor(data_dir() / 'runs' / 'wgan-bach')",
    "Studio('versions')",
    "pitches = [e['pitch'] for e in keyboard.recorded if e.get('velocity')]\n"
    "print(pitches, len(editor.score.notes))",
]
ROOTS = (".dc-piano", ".dc-player", ".dc-editor", ".dc-monitor", ".dc-studio")


def test_every_widget_works_in_notebook_7(lab_page):
    notebook = lab_page(CELLS, app="notebook")
    page = notebook.page
    its_own = list(notebook.errors)
    page.evaluate((HERE / "witness.js").read_text(encoding="utf-8"))
    for index, root in enumerate(ROOTS):
        notebook.run(index, seconds=120)
        notebook.cell(index).locator(root).first.wait_for()
    assert notebook.errors == its_own

    # The piano sounds, and Python gets what was played.
    piano = notebook.cell(0).locator(".dc-piano")
    piano.get_by_role("button", name="Record", exact=True).click()
    piano.locator('[data-note="60"]').focus()
    page.keyboard.down("Enter")
    page.wait_for_function("window.loudness() > 0.003")
    page.keyboard.up("Enter")
    piano.get_by_role("button", name="Stop", exact=True).click()
    notebook.run_until(5, lambda printed: printed == "[60] 62")

    # The player sounds, too, and its letters are not Notebook's shortcuts.
    page.wait_for_function("window.loudness() < 0.0005")
    player = notebook.cell(1).locator(".dc-player")
    n_cells = notebook.cells.count()
    player.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("window.loudness() > 0.003")
    for key in ("b", "d", "d", "x"):
        page.keyboard.press(key)
    player.get_by_role("button", name="Pause", exact=True).click()
    assert notebook.cells.count() == n_cells
