"""EditDesk in a real JupyterLab: Python edits, the page shows, plays and records."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TESTS = Path(__file__).parents[1]
DESK = f"""
import sys
sys.path.insert(0, {str(TESTS)!r})
from stub_editor import StubEditor
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import EditDesk

halves = [Track(tuple(Note(8 * i, p, 8) for i in range(8))) for p in (79, 71, 64, 52)]
desk = EditDesk(Score(tuple(halves), tempo=240), "vary", "soprano", editor=StubEditor())
desk
"""
ASK = """
played = [p for p in desk.grid.pitches[0].tolist() if p == 72]
print(desk.locked_bars, len(desk.edits) > 0, len(played) > 0, desk.can_undo)
"""


def test_edits_and_the_loop_go_between_the_page_and_python(lab_page):
    lab = lab_page([DESK, ASK])
    lab.run(0)
    view = lab.page.locator(".dc-edit_desk")
    view.get_by_role("button", name="Lock bar 1", exact=True).click()
    view.get_by_role("button", name="Go: let").click()
    expect(view.get_by_role("status")).to_contain_text("notes added")
    expect(view.locator(".dc-edit[aria-current=true]")).to_contain_text("bar 2")
    view.locator("summary").click()
    view.get_by_label("The network's bar").select_option("2")
    view.get_by_role("button", name="Loop: the piece").click()
    expect(view.locator(".dc-round")).to_have_text("Round 1")
    view.locator('[data-note="72"]').press("Enter")
    expect(view.locator(".dc-round")).not_to_have_text("Round 1")
    expect(view.locator(".dc-edit").first).to_contain_text("bar 3")
    view.get_by_role("button", name="Stop the loop").click()
    lab.run_until(1, lambda printed: printed == "[0] True True True")
