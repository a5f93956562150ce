"""The GAN game and the clinic in a real JupyterLab: Python trains while one watches."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GAME = """
from deepcomposer_edu.widgets import GANGame

game = GANGame(data="rhythm", width=16, batch=16)
game
"""
ASK = "print(game.live.config.loss, game.game.n_steps > 0, game.live.is_training)"
CLINIC = """
from deepcomposer_edu.widgets import FailureClinic

clinic = FailureClinic(["mode-collapse"])
clinic
"""
SOUND = 'globalThis[Symbol.for("deepcomposer-edu.sound")]'
IS_HEARD = f"""() => {{
    const {{analyser}} = {SOUND};
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.max(...samples) > 0.01;
}}"""


def test_it_trains_live_its_loss_is_changed_and_it_is_heard(lab_page):
    lab = lab_page([GAME, ASK])
    lab.run(0)
    view = lab.page.locator(".dc-gan_game")
    count = view.locator(".dc-step-count")
    expect(count).to_have_text("Step 0 · seed 0")
    view.get_by_role("button", name="Train").click()
    expect(count).not_to_have_text("Step 0 · seed 0")
    view.get_by_label("Loss", exact=True).select_option("wgan-gp")
    lab.page.wait_for_function(f"{SOUND}?.kind === 'sampled'")
    view.get_by_role("button", name="Hear what is generated").click()
    lab.page.wait_for_function(IS_HEARD)
    view.get_by_role("button", name="Pause the training").click()
    lab.run_until(1, lambda printed: printed == "wgan-gp True False")


def test_a_patient_is_trained_diagnosed_and_mended(lab_page):
    lab = lab_page([CLINIC, "print(clinic, clinic.case.findings['top_share'] > 0.5)"])
    lab.run(0)
    view = lab.page.locator(".dc-clinic")
    view.get_by_role("button", name="Patient 1").click()
    expect(view.locator(".dc-choice")).to_have_count(4)
    view.get_by_role("button", name="The critic never learns").click()
    expect(view.locator(".dc-why")).to_have_count(1)
    view.get_by_role("button", name="Mode collapse").click()
    view.get_by_role("button", name="Apply the fix").click()
    expect(view.get_by_role("button", name="Hear it mended")).to_be_enabled()
    done = "FailureClinic: 1 patients, 1 diagnosed, 1 mended True"
    lab.run_until(1, lambda printed: printed == done)
