"""A widget whose code loads late, as on a busy computer, hears Python all the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAKE = """
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import Player

player = Player(Score(title="the first"))
player
"""
# anywidget waits for AbortSignal.timeout(2000); here these two seconds are over at
# once.
NO_PATIENCE = """
const patient = AbortSignal.timeout.bind(AbortSignal);
window.nHurried = 0;
AbortSignal.timeout = (ms) => {
  if (ms !== 2000) return patient(ms);
  window.nHurried += 1;
  return patient(0);
};
"""


def test_python_is_heard_by_a_widget_that_loaded_late(lab_page):
    lab = lab_page([MAKE, "player.score = Score(title='the second')"])
    lab.page.evaluate(NO_PATIENCE)
    lab.run(0)
    player = lab.page.locator(".dc-player")
    expect(player.get_by_text("the first").first).to_be_visible()
    lab.run(1)
    expect(player.get_by_text("the second").first).to_be_visible()
    assert lab.page.evaluate("window.nHurried") > 0  # else nothing was late
