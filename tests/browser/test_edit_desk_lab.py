"""EditDesk in a real JupyterLab: the shipped network edits, the page shows it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESK = """
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.widgets import EditDesk

four_bars = load_chorales("valid")[3].grid.crop(0, 64)
desk = EditDesk(from_grid(four_bars, 240), "vary", "soprano")
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
    current = view.locator(".dc-edit[aria-current=true]")
    expect(current).to_contain_text(re.compile("bar [234]"))
    view.locator("summary").click()
    view.get_by_label("The network's bar").select_option("2")
    view.get_by_role("button", name="Loop: the piece").click()
    expect(view.locator(".dc-round")).to_have_text("Round 1")
    view.locator('[data-note="72"]').press("Enter")
    expect(view.locator(".dc-round")).not_to_have_text("Round 1")
    expect(view.locator(".dc-edit").first).to_contain_text("bar 3")
    view.get_by_role("button", name="Stop the loop").click()
    lab.run_until(1, lambda printed: printed == "[0] True True True")
