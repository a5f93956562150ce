"""The linked view in a real JupyterLab: what it shows comes from Python, and sounds."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAKE = """
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.widgets import LinkedView

view = LinkedView(load_tune("ode-to-joy"), tokenizer="remi")
view
"""
ASK = "print(view.tokenizer, view.tokens[view.chosen]['text'])"
SOUND = 'globalThis[Symbol.for("deepcomposer-edu.sound")]'
IS_HEARD = f"""() => {{
    const {{analyser}} = {SOUND};
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.max(...samples) > 0.01;
}}"""


def test_a_token_lights_the_notation_and_sounds_and_python_knows(lab_page):
    lab = lab_page([MAKE, ASK])
    lab.run(0)
    page = lab.page
    view = page.locator(".dc-linked")
    expect(view.locator(".dc-staff svg").first).to_be_visible()
    page.wait_for_function(f"{SOUND}?.kind === 'sampled'")

    view.get_by_label("Tokenizer").select_option("note")
    token = view.locator(".dc-token").nth(2)
    expect(token).to_have_text("C5:4")
    token.click()
    expect(view.locator(".dc-staff .note.dc-lit")).to_have_count(1)
    lab.run_until(1, lambda printed: printed == "note C5:4")
    view.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(IS_HEARD)
