"""The training monitor in Chromium while its Python trains, pauses, stops or fails."""

from __future__ import annotations

import pytest
from browser.monitor_page import (  # noqa: F401
    asked,
    button,
    give,
    page_fixture,
    play,
    shipped_fixture,
    slide,
    value,
)
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(name="training")
def training_fixture(page):
    """The same page while its Python trains: five steps of ten are taken."""
    rows = [
        {"step": i, "seconds": 0.5 * i, "critic_loss": 1.0 / (i + 1)} for i in range(6)
    ]
    stages = value(page, "stages")[:2]
    for stage, step in zip(stages, (0, 4), strict=True):
        stage["step"] = step
    give(page, state="training", n_steps=10, can_control=True, rows=rows, stages=stages)
    give(page, step=4, follows_newest=True)
    return page


def test_a_training_shows_how_far_it_is(training):
    expect(training.locator(".dc-badge")).to_have_text("Training")
    words = training.locator(".dc-progress-words")
    expect(words).to_have_text("step 5 of 10 · 3 s · about 5 s left")
    bar = training.get_by_role("progressbar", name="Training done")
    expect(bar).to_have_attribute("aria-valuenow", "50")


def test_buttons_ask_python_and_change_with_the_state(training):
    button(training, "Pause the training").click()
    give(training, wish="pause")
    expect(button(training, "Pause the training")).to_be_disabled()
    status = training.locator(".dc-status")
    expect(status).to_have_text("It pauses after this step.")
    give(training, state="paused", wish="")
    button(training, "Continue the training").click()
    give(training, state="training")
    button(training, "Stop the training, keep a checkpoint").click()
    give(training, state="stopped")
    expect(status).to_contain_text("Continue goes on from there")
    button(training, "Continue the training").click()
    assert asked(training) == ["pause", "resume", "stop", "resume"]


def test_hear_it_now_plays_what_python_then_sends(training):
    button(training, "Hear what the network makes now").click()
    assert asked(training) == ["hear"]
    give(training, wish="hear")
    newest = value(training, "stages")[-1] | {"step": 5}
    give(training, stages=[*value(training, "stages"), newest], step=5)
    assert not training.evaluate("Boolean(window.sound().onStage?.isPlaying())")
    give(training, wish="")
    training.wait_for_function("window.sound().onStage?.isPlaying()")
    expect(training.locator(".dc-stage")).to_have_text("Step 5")


def test_what_python_hears_by_itself_never_starts_to_play(training):
    give(training, wish="hear")
    give(training, wish="")
    assert not training.evaluate("Boolean(window.sound().onStage?.isPlaying())")


def test_a_failure_is_a_sentence(training):
    give(training, state="failed", problem="The disk is full.")
    expect(training.get_by_role("alert")).to_have_text("The disk is full.")
    expect(training.locator(".dc-badge")).to_have_text("Failed")


def test_without_a_kernel_the_stages_still_play_and_it_says_so(training):
    training.evaluate("loseKernel()")
    expect(training.locator(".dc-status")).to_contain_text("The kernel is gone")
    expect(button(training, "Pause the training")).to_be_disabled()
    slide(training, 0)
    play(training)
