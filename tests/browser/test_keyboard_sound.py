"""Recording, sound and playing back in the browser."""

from __future__ import annotations

import pytest
from browser.keyboard_page import (  # noqa: F401
    button,
    connect,
    key,
    load,
    low_part,
    open_page_fixture,
    page_fixture,
    played,
    record,
    sampled_page_fixture,
    send,
    strike,
    value,
)
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Note, Score, Track

pytestmark = pytest.mark.browser


# --- recording


def test_times_are_those_of_the_browsers_events(page):
    record(page)
    times = page.evaluate(
        """async () => {
            const root = document.querySelector(".dc-keys");
            const down = new KeyboardEvent("keydown", {code: "KeyB", bubbles: true});
            const up = new KeyboardEvent("keyup", {code: "KeyB", bubbles: true});
            // The page is busy between the touch and its handling.
            const until = performance.now() + 120;
            while (performance.now() < until);
            root.dispatchEvent(down);
            root.dispatchEvent(up);
            return [down.timeStamp, up.timeStamp];
        }"""
    )
    button(page, "Stop").click()
    begin, end = (event["time"] for event in value(page, "recorded"))
    assert end - begin == pytest.approx(times[1] - times[0], abs=0.11)


def test_a_second_finger_on_a_sounding_key_changes_nothing(page):
    connect(page)
    record(page)
    send(page, [0x90, 60, 64])
    page.keyboard.press("KeyB")
    send(page, [0x80, 60, 0])
    assert [event[:2] for event in played(page)] == [(60, True), (60, False)]


def test_stopping_ends_what_is_still_held(page):
    connect(page)
    record(page)
    send(page, [0x90, 60, 64])
    assert played(page) == [(60, True, "midi"), (60, False, "midi")]


def test_an_empty_recording_says_so_and_counts(page):
    record(page)
    assert played(page) == []
    assert value(page, "n_takes") == 1
    expect(page.get_by_role("status")).to_contain_text("Nothing was played")


def test_a_new_recording_forgets_the_one_before(page):
    for pitch in (60, 62):
        record(page)
        strike(page, pitch)
        button(page, "Stop").click()
    assert {event["pitch"] for event in value(page, "recorded")} == {62}


# --- sound


def test_the_sampled_sound_is_ready_before_the_first_touch(open_page):
    page = open_page(sampled=True)
    page.wait_for_function("window.sound().kind === 'sampled'")
    # The test touches nothing. Whether the sound's clock runs yet cannot be asked:
    # asking counts as a user's gesture and starts it.
    assert page.evaluate("window.loudness()") < 0.0005


def test_the_first_key_sounds_before_any_soundfont(page):
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.wait_for_function("window.loudness() > 0.005")
    assert page.evaluate("window.sound().kind") == "simple"
    page.mouse.up()
    page.wait_for_function("window.loudness() < 0.0005")


def test_without_an_audio_worklet_the_keys_still_sound(open_page):
    page = open_page("delete BaseAudioContext.prototype.audioWorklet;", sampled=True)
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.wait_for_function("window.loudness() > 0.005")
    assert page.evaluate("window.sound().kind") == "simple"


def test_the_sampled_organ_sounds_while_held_and_dies_away(sampled_page):
    page = sampled_page
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.wait_for_function("window.loudness() > 0.005")
    page.mouse.up()
    page.wait_for_function("window.loudness() < 0.0005")


def test_volume_zero_is_silent(sampled_page):
    page = sampled_page
    page.get_by_label("Volume").fill("0")
    page.wait_for_function("window.loudness() < 0.0001")
    page.mouse.down()
    now = page.evaluate("window.sound().context.currentTime")
    page.wait_for_function(f"window.sound().context.currentTime > {now} + 0.15")
    assert page.evaluate("window.loudness()") < 0.0001


def test_choosing_an_instrument_tells_python(page):
    page.get_by_label("Instrument").select_option("40")
    assert value(page, "instrument") == 40


def four_voices():
    voices = [Track((Note(0, pitch, 8),)) for pitch in (72, 67, 64, 48)]
    return Score(tuple(voices), tempo=60, title="A chord")


# --- playing back


def test_play_is_off_while_there_is_nothing_to_play(page):
    expect(button(page, "Play back")).to_be_disabled()


def test_a_recording_is_played_back_with_sound_and_light(sampled_page):
    page = sampled_page
    record(page)
    page.keyboard.down("KeyB")
    page.wait_for_function(
        "window.loudness() > 0.005 && sound().context.currentTime > 1"
    )
    page.keyboard.up("KeyB")
    button(page, "Stop").click()
    page.wait_for_function("window.loudness() < 0.0005")
    page.evaluate("window.loudest = 0; window.seen = [];")
    button(page, "Play back").click()
    # waited for: on a busy machine it may not have begun when one looks at once
    page.wait_for_function("window.loudest > 0.005")
    page.wait_for_function("!model.get('is_playing')")
    assert "60" in page.evaluate("window.seen")
    expect(page.get_by_role("status")).to_have_text("Played to the end.")


def test_a_score_lights_its_keys_in_the_colours_of_its_tracks(page):
    load(page, four_voices())
    button(page, "Play back").click()
    page.wait_for_function("!model.get('is_playing')")
    lit = page.evaluate("window.seen")
    assert {"72:0", "67:1", "64:2", "48:3"} <= set(lit)
    expect(key(page, 72)).to_have_attribute("aria-pressed", "false")


def test_loading_moves_the_keys_to_where_the_score_lies(page):
    load(page, Score.from_notes([(0, 36, 4), (4, 40, 4)]))
    assert value(page, "octave_shift") == -2


def test_stop_ends_the_sound_of_the_playback(sampled_page):
    page = sampled_page
    load(page, Score.from_notes([(0, 60, 64)]))
    button(page, "Play back").click()
    page.wait_for_function("window.loudness() > 0.005")
    button(page, "Stop").click()
    page.wait_for_function("window.loudness() < 0.0005")
    expect(key(page, 60)).to_have_attribute("aria-pressed", "false")


def test_python_can_press_the_buttons(page):
    page.evaluate("receive({kind: 'record'})")
    assert value(page, "is_recording")
    page.evaluate("receive({kind: 'stop'})")
    assert not value(page, "is_recording")


def test_taking_the_widget_down_stops_everything(page):
    connect(page)
    record(page)
    send(page, [0x90, 60, 64])
    page.evaluate("takeDown()")
    assert page.locator(".dc-piano").count() == 0
    assert (value(page, "pressed"), value(page, "is_recording")) == ([], False)
    send(page, [0x90, 62, 64])
    assert value(page, "pressed") == []
