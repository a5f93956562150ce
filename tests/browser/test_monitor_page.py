"""The training monitor in Chromium: slider, curves and sound move together."""

from __future__ import annotations

import pytest
from browser.monitor_page import (  # noqa: F401
    button,
    give,
    here,
    page_fixture,
    picture_of_roll,
    play,
    roll,
    shipped_fixture,
    slide,
    slider,
    value,
)
from playwright.sync_api import expect

from deepcomposer_edu.widgets import TrainingMonitor

pytestmark = pytest.mark.browser

# Moves the slider to the first stage while it plays. Returns the pitches that should
# begin to sound in that moment, and what the synth is told: [pitch, seconds from now].
SLIDE_AND_LISTEN = """
() => {
  const sound = window.sound();
  const player = sound.onStage;
  const told = [];
  const strike = sound.noteOn;
  sound.noteOn = (channel, pitch, velocity, when) => {
    told.push([pitch, when - sound.context.currentTime]);
    strike(channel, pitch, velocity, when);
  };
  const place = player.position();
  // up to this step the synth has been told all
  const step = player.map().stepAt(player.map().secondsAt(place) + 0.06);
  const pitches = (from, to) => player.notes()
    .filter(({ start, end }) => start <= from && end > to).map(({ pitch }) => pitch);
  const before = new Set([...pitches(step, step), ...pitches(step + 1, step - 1)]);
  const slider = document.querySelector(".dc-machine");
  slider.value = 0;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  sound.noteOn = strike;
  const wanted = pitches(step, step + 0.2).filter((pitch) => !before.has(pitch));
  return { wanted, told, place, now: player.position(), title: player.music().title };
}
"""


def test_the_slider_moves_roll_curves_and_music_together(page):
    assert here(page, "triads") == "63 %"
    before = picture_of_roll(page)
    slide(page, 0)
    assert here(page, "triads") != "63 %"
    expect(page.locator(".dc-stage")).to_have_text("Step 0")
    expect(roll(page)).to_have_attribute(
        "aria-label", "Piano roll of step 0, stage 1 of 10"
    )
    charts = page.locator(".dc-chart-picture").last
    assert "Harmony at step 0: triads 5.4 %" in charts.get_attribute("aria-label")
    assert picture_of_roll(page) != before
    assert value(page, "step") == 0
    assert value(page, "follows_newest") is False


def test_the_sound_follows_the_slider_at_once_and_plays_on_at_its_place(page):
    play(page)
    done = {"wanted": []}
    while not done["wanted"]:  # at a few places both have nothing new
        slide(page, 9)
        done = page.evaluate(SLIDE_AND_LISTEN)
    assert done["title"] == "step 0"
    assert 0 <= done["now"] - done["place"] < 4
    # The notes that the untrained network has there, and the trained one has not, are
    # struck in the same moment, no later than what the synth is told ahead.
    assert {pitch for pitch, _ in done["told"]} >= set(done["wanted"])
    assert max(seconds for _, seconds in done["told"]) < 0.3
    page.wait_for_function(
        "place => sound().onStage.position() > place + 4", arg=done["place"]
    )
    assert page.evaluate("window.sound().onStage.isPlaying()")


def test_a_stage_can_really_be_heard(open_widget, shipped):
    page = open_widget(shipped, sampled=True)
    page.wait_for_function("window.sound().kind === 'sampled'")
    play(page)
    page.evaluate("window.loudest = 0")
    page.wait_for_function("window.loudest > 0.005")
    button(page, "Pause the music").click()
    page.wait_for_function("window.loudness() < 0.0005")
    assert value(page, "is_playing") is False


def test_everything_can_be_done_with_keys(page):
    slider(page).focus()
    page.keyboard.press("ArrowLeft")
    assert value(page, "step") == 3000
    page.keyboard.press("Home")
    assert value(page, "step") == 0
    page.keyboard.press("Period")
    assert value(page, "step") == 200
    page.keyboard.press("Comma")
    assert value(page, "step") == 0
    page.keyboard.press("Space")
    expect(button(page, "Pause the music")).to_be_visible()
    page.keyboard.press("End")
    assert value(page, "step") == 4000
    assert page.evaluate("window.sound().onStage.isPlaying()")
    page.keyboard.press("Space")
    expect(button(page, "Play this stage")).to_be_visible()


def test_every_control_is_named_and_keeps_jupyters_shortcuts_away(page):
    nameless = page.evaluate(
        """[...document.querySelectorAll(
              ".dc-monitor :is(button, input, select, [tabindex='0'])")]
            .filter(element => !element.dataset.lmSuppressShortcuts ||
                !(element.ariaLabel || element.textContent || element.title))
            .map(element => element.outerHTML)"""
    )
    assert nameless == []


def test_python_moves_the_slider_too(page):
    give(page, step=400)
    expect(slider(page)).to_have_attribute("aria-valuetext", "step 400, stage 3 of 10")
    expect(page.locator(".dc-stage")).to_have_text("Step 400")


def test_pointing_into_a_curve_goes_to_the_nearest_stage(page):
    box = page.locator(".dc-chart-picture").last.bounding_box()
    page.mouse.click(box["x"] + 0.47 * box["width"], box["y"] + 60)
    assert value(page, "step") == 2000


def test_other_curves_are_a_choice_in_a_menu(page):
    page.get_by_label("Music in numbers").get_by_role("combobox").select_option(
        "Empty bars, voice by voice"
    )
    assert here(page, "alto") == "0 %"
    assert page.locator(".dc-values").last.locator("tbody tr").count() == 3


def test_the_music_begins_again_when_that_is_asked_for(page):
    button(page, "Begin again at the end").click()
    assert page.evaluate("window.sound().onStage") is None
    play(page)
    assert page.evaluate("window.sound().onStage.loop()") == [0, 256]
    slide(page, 2)
    assert page.evaluate("window.sound().onStage.loop()") == [0, 256]
    button(page, "Begin again at the end").click()
    assert page.evaluate("window.sound().onStage.loop()") is None


def test_a_voice_can_be_silenced(page):
    button(page, "Soprano").click()
    expect(button(page, "Soprano")).to_have_attribute("aria-pressed", "false")
    slide(page, 3)
    expect(button(page, "Soprano")).to_have_attribute("aria-pressed", "false")


def test_a_monitor_that_is_taken_down_falls_silent(page):
    play(page)
    page.evaluate("window.player = window.sound().onStage; takeDown()")
    assert not page.evaluate("window.player.isPlaying()")
    page.wait_for_function("window.loudness() < 0.0005")
    assert page.locator(".dc-monitor").count() == 0


def test_it_fits_a_telephone(open_widget, shipped):
    page = open_widget(shipped, viewport={"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    narrow = page.evaluate(
        """[...document.querySelectorAll(".dc-monitor button")]
            .filter(b => b.offsetParent && b.scrollWidth > b.clientWidth + 1)
            .map(b => b.textContent)"""
    )
    assert narrow == []


def test_nothing_to_show_yet_is_told(open_widget):
    page = open_widget(TrainingMonitor())
    expect(page.locator(".dc-badge")).to_have_text("Waiting")
    expect(page.locator(".dc-status")).to_contain_text("comes with the first sample")
    expect(button(page, "Play this stage")).to_be_disabled()
