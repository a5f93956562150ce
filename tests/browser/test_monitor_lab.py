"""A real training in JupyterLab: watched, heard, paused, stopped, gone on with."""

from __future__ import annotations

import ast

import pytest
from browser.chromium import HERE
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

START = """
import torch
torch.set_num_threads(1)
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.widgets import TrainingMonitor
tiny = WGANConfig(hidden_channels=8, critic_channels=8, batch_size=4, n_critic=1)
monitor = TrainingMonitor.start("lab_run", tiny, 100_000, sample_every=100_000)
monitor
"""
WAIT = "monitor.wait()"
TELL = """
print((monitor.state, monitor.step in monitor.steps, monitor.history[-1]["step"]))
"""
WITNESS = (HERE / "witness.js").read_text(encoding="utf-8")
REACHED = """
() => Number((document.querySelector(".dc-progress-words").textContent
    .match(/step ([0-9,]+)/)?.[1] ?? "0").replace(/,/g, ""))
"""


def test_a_training_is_watched_heard_paused_stopped_and_gone_on_with(lab_page):
    lab = lab_page([START, WAIT, TELL])
    lab.run(0)  # the cell is done, the training goes on
    page = lab.page
    page.evaluate(WITNESS)
    monitor = page.get_by_role("group", name="Training monitor")
    badge = monitor.locator(".dc-badge")

    def button(name):
        return monitor.get_by_role("button", name=name, exact=True)

    def wait_for_step(beyond):
        page.wait_for_function(f"step => ({REACHED})() > step", arg=beyond)

    expect(badge).to_have_text("Training")
    wait_for_step(3)
    expect(monitor.locator(".dc-values").first).to_contain_text("critic loss")

    # Paused, no step is taken, but what it knows can be heard.
    button("Pause the training").click()
    expect(badge).to_have_text("Paused")
    reached = page.evaluate(REACHED)
    button("Hear what the network makes now").click()
    expect(monitor.locator(".dc-stage")).to_have_text(f"Step {reached:,}")
    page.wait_for_function("window.loudest > 0.005")
    assert page.evaluate(REACHED) == reached

    button("Continue the training").click()
    wait_for_step(reached)

    # A cell is busy with waiting; the buttons reach Python all the same.
    page.evaluate(
        """() => {
            const content = jupyterapp.shell.currentWidget.content;
            content.activeCellIndex = 1;
            jupyterapp.commands.execute("notebook:run-cell");
        }"""
    )
    expect(lab.cell(1).locator(".jp-InputPrompt")).to_have_text("[*]:")
    reached = page.evaluate(REACHED)
    wait_for_step(reached)
    button("Stop the training, keep a checkpoint").click()
    expect(badge).to_have_text("Stopped")
    expect(lab.cell(1).locator(".jp-InputPrompt")).to_have_text("[2]:")

    # From its checkpoint it goes on.
    reached = page.evaluate(REACHED)
    button("Continue the training").click()
    expect(badge).to_have_text("Training")
    wait_for_step(reached)
    button("Stop the training, keep a checkpoint").click()
    expect(badge).to_have_text("Stopped")
    lab.run(2)
    state, is_stage, last = ast.literal_eval(lab.output(2))
    assert (state, is_stage) == ("stopped", True)
    assert last > reached

    # Without its kernel the stages still play, and the monitor says what is lost.
    button("Pause the music").click()
    lab.restart_kernel()
    expect(monitor.locator(".dc-status")).to_contain_text("The kernel is gone")
    expect(button("Continue the training")).to_be_disabled()
    page.evaluate("window.loudest = 0")
    button("Play this stage").click()
    page.wait_for_function("window.loudest > 0.005")
    assert lab.errors == []
