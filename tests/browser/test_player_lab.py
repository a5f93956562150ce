"""The player in a real JupyterLab: sound, notation, and what Python learns of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAKE = """
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import Player

tune = Track(tuple(Note(4 * i, 60 + i, 4) for i in range(16)), "Tune", 73)
bass = Track(tuple(Note(16 * i, 40, 16) for i in range(4)), "Bass", 33)
player = Player(Score((tune, bass), tempo=60, title="Four bars"))
player
"""
ASK = "print(player.programs, player.position > 1, player.is_playing)"
SOUND = 'globalThis[Symbol.for("deepcomposer-edu.sound")]'


def press(page, name):
    page.locator(".dc-player").get_by_role("button", name=name, exact=True).click()


def test_a_piece_is_heard_seen_and_known_to_python(lab_page):
    lab = lab_page([MAKE, ASK, "player.score = Score((bass,))"])
    lab.run(0)
    page = lab.page
    page.wait_for_function(f"{SOUND}?.kind === 'sampled'")
    player = page.locator(".dc-player")
    player.get_by_label("Instrument of Tune").select_option("Overdriven guitar")
    press(page, "Play")
    page.wait_for_function(
        f"""() => {{
            const {{analyser}} = {SOUND};
            const samples = new Float32Array(analyser.fftSize);
            analyser.getFloatTimeDomainData(samples);
            const bar = document.querySelector(".dc-player .dc-roll").dataset.step;
            return Math.max(...samples) > 0.01 && bar > 4;
        }}"""
    )
    press(page, "Pause")
    expect(player.locator(".dc-status")).to_contain_text("Paused at bar")
    lab.run_until(1, lambda printed: printed == "[29, 33] True False")

    press(page, "Score in notation")
    expect(player.locator(".dc-staff svg").first).to_be_visible()
    lab.run(2)
    expect(player.locator(".dc-track")).to_have_count(1)
