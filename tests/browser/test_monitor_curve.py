"""The curves of a training as sound in Chromium: measured where it leaves the page."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import expect

from deepcomposer_edu.training.history import shipped_run
from deepcomposer_edu.widgets import TrainingMonitor

pytestmark = pytest.mark.browser

AT_THE_END = re.compile("at step 4,?000")
HEAR = "Hear the curves: a higher value is a higher tone"
# The strongest frequency that leaves the page now, in Hz; 0 while it is silent.
LOUDEST_HERTZ = """
() => {
  const { analyser, context } = window.sound();
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const best = bins.indexOf(Math.max(...bins));
  return bins[best] > -60 ? best * context.sampleRate / analyser.fftSize : 0;
}
"""


def monitor_of(*values, **more):
    """Return a monitor of a loop of one's own with these losses."""
    monitor = TrainingMonitor()
    for step, value in enumerate(values):
        monitor.add({"step": step, "loss": value})
    monitor.refresh()
    for name, value in more.items():
        setattr(monitor, name, value)
    return monitor


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def near(hertz):
    """Return the condition that this is the strongest frequency, within two bins."""
    return f"Math.abs(({LOUDEST_HERTZ})() - {hertz}) < 50"


def test_the_tone_is_as_high_as_the_loss_and_falls_with_it(open_widget):
    page = open_widget(monitor_of(*[4.0] * 8, *[1.0] * 8))
    button(page, HEAR).click()
    page.wait_for_function(near(523))  # C5: where it begins
    page.wait_for_function(near(131))  # C3: a quarter is two octaves lower
    page.wait_for_function("!window.sound().onStage.isPlaying()")
    expect(button(page, HEAR)).to_be_visible()


def test_the_line_of_the_charts_runs_along_and_returns(open_widget):
    page = open_widget(TrainingMonitor(shipped_run(), follow=False))
    picture = page.locator(".dc-chart-picture").first
    expect(picture).to_have_attribute("aria-label", AT_THE_END)
    button(page, HEAR).click()
    expect(picture).not_to_have_attribute("aria-label", AT_THE_END)
    button(page, "Stop the curves").click()
    expect(picture).to_have_attribute("aria-label", AT_THE_END)
    expect(page.locator(".dc-curve-words")).to_contain_text("F#4 is 0")


def test_the_music_and_the_curves_never_sound_together(open_widget):
    page = open_widget(TrainingMonitor(shipped_run(), follow=False))
    button(page, HEAR).click()
    expect(button(page, "Stop the curves")).to_be_visible()
    button(page, "Play this stage").click()
    expect(button(page, HEAR)).to_be_visible()
    page.wait_for_function("model.get('is_playing')")
    button(page, HEAR).click()
    page.wait_for_function("!model.get('is_playing')")


def test_each_new_step_is_a_short_tone_if_it_is_wished(open_widget):
    page = open_widget(monitor_of(4.0, 4.0, state="training"))
    live = button(page, "Hear each new step as a short tone while it trains")
    live.click()
    expect(live).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("model.get('hears_training')")
    later = monitor_of(4.0, 4.0, 1.0).curve
    page.evaluate("window.loudest = 0")
    page.evaluate("curve => model.set('curve', curve)", later)
    page.wait_for_function("window.loudest > 0.01")
    page.wait_for_function("window.loudness() < 0.001")


def test_what_is_no_number_is_said_and_heard(open_widget):
    page = open_widget(monitor_of(*[4.0] * 4, *[math.nan] * 4))
    expect(page.locator(".dc-curve-words")).to_contain_text("no number (NaN)")
    button(page, HEAR).click()
    page.wait_for_function("window.loudness() > 0.01")
    page.wait_for_function("!window.sound().onStage.isPlaying()")


def test_python_plays_the_curves_and_silences_them(open_widget):
    page = open_widget(monitor_of(*[4.0] * 40))
    button(page, HEAR).click()
    page.evaluate("receive({ kind: 'silence' })")
    expect(button(page, HEAR)).to_be_visible()
    page.evaluate("receive({ kind: 'curve' })")
    expect(button(page, "Stop the curves")).to_be_visible()


def test_without_losses_there_is_nothing_to_hear(open_widget):
    page = open_widget(TrainingMonitor())
    expect(page.get_by_role("region", name="Sound of the curves")).to_be_hidden()
