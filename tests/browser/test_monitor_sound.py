"""The training monitor in Chromium, where a network makes raw sound."""

from __future__ import annotations

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.widgets import TrainingMonitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def monitor(tmp_path_factory):
    run = tmp_path_factory.mktemp("raw")
    rows = [{"step": step, "valid_loss": 5.5 - step / 10} for step in (0, 10)]
    for row in rows:
        tone = 0.4 * np.sin(np.arange(12_000) * 0.3).astype(np.float32)
        write_wav(run / f"samples/step_{row['step']:06d}.wav", tone, 8_000)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (run / "metrics.jsonl").write_text(lines)
    return TrainingMonitor(run, follow=False)


@pytest.fixture
def page(open_widget, monitor):
    return open_widget(monitor)


def test_a_waveform_stands_where_else_the_piano_roll_is(page):
    wave = page.get_by_role(
        "img", name="Waveform of step 10, stage 2 of 2, 1.5 seconds"
    )
    expect(wave).to_be_visible()
    assert "L" in wave.locator("path").get_attribute("d")
    expect(page.get_by_role("img", name="Piano roll of")).to_be_hidden()
    expect(page.locator(".dc-voices button")).to_have_count(0)


def test_play_sounds_moves_on_and_ends(page):
    page.get_by_role("button", name="Play this stage").click()
    page.wait_for_function("model.get('is_playing')")
    page.wait_for_function(
        "document.querySelector('.dc-wave-place').x1.baseVal.value > 20"
    )
    expect(page.get_by_role("button", name="Pause the music")).to_be_visible()
    page.wait_for_function("!model.get('is_playing')")
    expect(page.get_by_role("button", name="Play this stage")).to_be_visible()


def test_the_keyboard_alone_plays_pauses_and_goes_a_stage_back(page):
    page.get_by_role("slider", name="Stage of the training").focus()
    page.keyboard.press("Space")
    page.wait_for_function("model.get('is_playing')")
    page.keyboard.press("Comma")
    page.wait_for_function("model.get('step') === 0")
    wave = page.get_by_role("img", name="Waveform of step 0, stage 1 of 2")
    expect(wave).to_be_visible()
    page.keyboard.press("Space")
    page.wait_for_function("!model.get('is_playing')")


def test_python_plays_and_silences_it(page):
    page.get_by_role("button", name="Play this stage").click()
    page.wait_for_function("model.get('is_playing')")
    page.evaluate("receive({ kind: 'silence' })")
    page.wait_for_function("!model.get('is_playing')")
