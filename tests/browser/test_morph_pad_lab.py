"""MorphPad in a real JupyterLab: the kernel decodes in a thread, and it is heard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAD = """
import numpy as np
from deepcomposer_edu.widgets import MorphPad

def decode(weights, pitch):
    turns = 2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * np.arange(8000) / 8000
    return sum(w * np.sin((i + 1) * turns) for i, w in enumerate(weights)) / 2

pad = MorphPad(decode, ["one", "two", "three", "four"], n_side=3)
pad
"""
ASK = "print(pad.pitch, pad.place, pad.n_decoded, pad.is_decoding)"
SOUND = 'globalThis[Symbol.for("deepcomposer-edu.sound")]'
IS_HEARD = f"""() => {{
    const {{analyser}} = {SOUND};
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.max(...samples) > 0.01;
}}"""


def test_a_pitch_is_chosen_decoded_in_the_kernel_and_heard(lab_page):
    lab = lab_page([PAD, ASK])
    lab.run(0)
    view = lab.page.locator(".dc-morph_pad")
    expect(view.locator(".dc-count")).to_have_text("9 of 9 decoded")
    view.get_by_role("button", name="E4").click()
    expect(view.locator(".dc-count")).to_have_text("9 of 9 decoded")
    view.get_by_role("button", name="Begin again at the end").click()
    view.get_by_role("application").focus()
    lab.page.keyboard.press("4")
    lab.page.wait_for_function(IS_HEARD)
    lab.run_until(1, lambda printed: printed == "64 [2, 2] 9 False")
