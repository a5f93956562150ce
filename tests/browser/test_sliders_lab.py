"""The sliders in a real JupyterLab: a key moves one, the player has other music."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAKE = """
from deepcomposer_edu.models.ngram import NGram
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.music.tokens import make_tokenizer
from deepcomposer_edu.widgets import Sliders

tokenizer = make_tokenizer("note")


def write(order, seed):
    model = NGram([["C4:4", "D4:4", "E4:4", "C4:4", "G4:8"]], order)
    tokens = model.generate(12, seed=seed)
    grid = tokenizer.decode(tokens)
    return from_grid(grid, tempo=60, title=f"order {order}, seed {seed}")


sliders = Sliders(write, order=(1, 4, 2), seed=(0, 9, 0))
sliders
"""
ASK = "print(sliders.values['order'], sliders.player.score.title)"
SOUND = 'globalThis[Symbol.for("deepcomposer-edu.sound")]'


def test_a_key_on_a_slider_changes_what_is_heard(lab_page):
    lab = lab_page([MAKE, ASK])
    lab.run(0)
    page = lab.page
    title = page.locator(".dc-player").get_by_text("order 2, seed 0")
    expect(title.first).to_be_visible()

    # to the right it goes, and JupyterLab keeps its hands off the key
    page.get_by_role("slider", name="Order", exact=True).press("ArrowRight")
    expect(page.locator(".dc-sliders .dc-status")).to_have_text("order 3, seed 0")
    changed = page.locator(".dc-player").get_by_text("order 3, seed 0")
    expect(changed.first).to_be_visible()

    page.wait_for_function(f"{SOUND}?.kind === 'sampled'")
    page.locator(".dc-player").get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        f"""() => {{
            const {{analyser}} = {SOUND};
            const samples = new Float32Array(analyser.fftSize);
            analyser.getFloatTimeDomainData(samples);
            return Math.max(...samples) > 0.01;
        }}"""
    )
    lab.run_until(1, lambda printed: printed == "3 order 3, seed 0")
