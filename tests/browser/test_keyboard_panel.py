"""The panel behind More: pedal, scale lock, chords, arpeggio, metronome, takes."""

from __future__ import annotations

import pytest
from browser.keyboard_page import button, key, low_part, record, strike, value
from playwright.sync_api import expect

from deepcomposer_edu.widgets import PianoKeyboard

pytestmark = pytest.mark.browser


@pytest.fixture(name="panel_page")
def panel_page_fixture(open_widget):
    """Return a function that opens the keyboard with its panel and some settings."""
    return lambda **settings: open_widget(PianoKeyboard(show_panel=True, **settings))


def click(page, name):
    button(page, name).click()


def status(page):
    return page.locator(".dc-piano .dc-status")


def test_a_newcomer_sees_keys_and_record_stop_play_only(open_widget):
    page = open_widget(PianoKeyboard())
    expect(page.locator(".dc-panel")).to_be_hidden()
    expect(page.locator(".dc-wheels")).to_be_hidden()
    expect(button(page, "Undo the last take or change")).to_be_hidden()
    click(page, "More controls")
    expect(page.locator(".dc-panel")).to_be_visible()
    expect(page.get_by_role("slider", name="Pitch wheel")).to_be_visible()


def test_opening_the_panel_does_not_move_the_keys(open_widget):
    page = open_widget(PianoKeyboard())
    before = key(page, 60).bounding_box()["y"]
    click(page, "More controls")
    assert key(page, 60).bounding_box()["y"] == before


# --- wheels and pedal


def test_the_pitch_wheel_springs_back_when_its_arrow_key_comes_up(panel_page):
    page = panel_page()
    wheel = page.get_by_role("slider", name="Pitch wheel")
    wheel.focus()
    page.keyboard.down("ArrowUp")
    expect(wheel).to_have_attribute("aria-valuetext", "0.2 semitones")
    page.keyboard.up("ArrowUp")
    expect(wheel).to_have_attribute("aria-valuetext", "in the middle")


def test_the_modulation_wheel_stays_where_it_is_put(panel_page):
    page = panel_page()
    page.get_by_role("slider", name="Modulation wheel").press("End")
    assert value(page, "modulation") == 1


def test_page_up_bends_while_it_is_held(panel_page):
    page = panel_page()
    key(page, 60).focus()
    page.keyboard.down("PageUp")
    assert value(page, "bend") == 1
    page.keyboard.up("PageUp")
    assert value(page, "bend") == 0


def test_the_pedal_is_the_key_beside_1_or_the_button(panel_page):
    page = panel_page()
    key(page, 60).focus()
    page.keyboard.down("Backquote")
    assert value(page, "sustain")
    page.keyboard.up("Backquote")
    assert not value(page, "sustain")
    click(page, "Sustain pedal (or hold the key beside 1)")
    assert value(page, "sustain")


def test_leaving_the_widget_lets_the_pedal_go(panel_page):
    page = panel_page()
    key(page, 60).focus()
    page.keyboard.down("Backquote")
    page.locator("#elsewhere").focus()
    assert not value(page, "sustain")


def test_touch_can_be_all_alike(panel_page):
    page = panel_page(touch="fixed", velocity=77)
    record(page)
    for y in (10, 160):
        key(page, 60).click(position={"x": 4, "y": y})
    click(page, "Stop")
    assert {e["velocity"] for e in value(page, "recorded")} == {77, 0}


# --- scale lock, auto-chord, arpeggiator


def test_scale_lock_dims_other_keys_and_says_so(panel_page):
    page = panel_page()
    page.get_by_label("Key note of the scale").select_option("G")
    click(page, "Only notes of the scale sound")
    assert value(page, "scale") == "G major"
    expect(key(page, 65)).to_have_attribute("aria-disabled", "true")
    expect(key(page, 65)).to_have_attribute("aria-label", "F4, key ,, not in G major")
    strike(page, 65)
    assert value(page, "pressed") == []
    expect(status(page)).to_contain_text("F4 is not in G major")
    expect(key(page, 66)).to_have_attribute("aria-disabled", "false")


def test_the_key_is_guessed_from_what_was_played(panel_page):
    page = panel_page()
    key(page, 60).focus()
    for code in ("KeyX", "KeyC", "KeyV", "KeyB", "KeyN", "KeyM", "KeyL", "Period"):
        page.keyboard.press(code)  # a scale of G major
    click(page, "Guess the key from what was played or loaded")
    assert (value(page, "scale"), value(page, "scale_lock")) == ("G major", True)


def test_auto_chord_lights_three_keys(panel_page):
    page = panel_page(auto_chord=True)
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    for pitch in (60, 64, 67):
        expect(key(page, pitch)).to_have_attribute("aria-pressed", "true")
    page.mouse.up()
    assert value(page, "pressed") == []


def test_the_arpeggiator_lights_one_key_after_another(panel_page):
    page = panel_page(arpeggiator=True, auto_chord=True, tempo=240, arp_rate="1/16")
    page.evaluate("seen = []")
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.wait_for_function("['60', '64', '67'].every(pitch => seen.includes(pitch))")
    page.mouse.up()
    page.wait_for_function("!document.querySelector('.dc-key.dc-on')")


# --- time


def test_tapping_sets_the_tempo(panel_page):
    page = panel_page()
    page.evaluate(
        """() => [0, 400, 800].forEach(at => {
            const tap = new KeyboardEvent("keydown", {code: "Digit1", bubbles: true});
            Object.defineProperty(tap, "timeStamp", {value: 1000 + at});
            document.querySelector(".dc-keys").dispatchEvent(tap);
            document.querySelector(".dc-keys").dispatchEvent(
                new KeyboardEvent("keyup", {code: "Digit1", bubbles: true}));
        })"""
    )
    assert value(page, "tempo") == 150
    expect(page.get_by_label("Tempo in beats a minute")).to_have_value("150")


@pytest.mark.parametrize(("typed", "tempo"), [("90", 90), ("9999", 300), ("", 100)])
def test_a_typed_tempo_stays_between_20_and_300(panel_page, typed, tempo):
    page = panel_page()
    field = page.get_by_label("Tempo in beats a minute")
    field.fill(typed)
    field.press("Tab")
    assert value(page, "tempo") == tempo


def test_a_recording_is_counted_in_and_its_beats_are_shown(panel_page):
    page = panel_page(metronome=True, tempo=240, beats_per_bar=3)
    record(page)
    expect(status(page)).to_contain_text("Count-in: 1 bar")
    page.wait_for_function("document.querySelector('.dc-beats.dc-counting .dc-now')")
    page.wait_for_function(
        "document.querySelector('.dc-beats:not(.dc-counting) .dc-now')"
    )
    page.keyboard.press("KeyB")
    click(page, "Stop")
    assert value(page, "takes")[0]["is_counted"]
    expect(page.locator(".dc-beats")).to_be_hidden()


def test_a_recording_ends_by_itself_after_its_bars(panel_page):
    page = panel_page(metronome=True, tempo=300, max_bars=1, count_in=0)
    record(page)
    page.keyboard.press("KeyB")
    page.wait_for_function("!model.get('is_recording')")
    assert value(page, "n_takes") == 1


# --- takes


def two_takes(page):
    for pitch in (60, 62):
        record(page)
        strike(page, pitch)
        click(page, "Stop")


def pitches(page):
    return {event["pitch"] for event in value(page, "recorded")}


def test_undo_and_redo_by_button(panel_page):
    page = panel_page()
    two_takes(page)
    click(page, "Undo the last take or change")
    assert pitches(page) == {60}
    click(page, "Redo what was undone")
    assert pitches(page) == {62}


def test_undo_and_redo_by_keys(panel_page):
    page = panel_page()
    two_takes(page)
    page.keyboard.press("Control+KeyZ")
    assert pitches(page) == {60}
    page.keyboard.press("Control+Shift+KeyZ")
    assert pitches(page) == {62}


def stepwise(page):
    """Let a take come in: four quarters at 100 BPM, each 40 ms late but the first."""
    page.evaluate(
        """() => {
            const events = [0, 640, 1240, 1840].flatMap((time, i) => [
                {time, pitch: 60 + i, velocity: 90, source: "mouse"},
                {time: time + 300, pitch: 60 + i, velocity: 0, source: "mouse"}]);
            const take = {events, label: "recording", tempo: 100, is_counted: true};
            model.set("takes", [take]);
            model.set("take", 0);
            model.set("recorded", events);
        }"""
    )


def strikes(page):
    return [e["time"] for e in value(page, "recorded") if e["velocity"]]


def test_tidy_moves_the_notes_by_the_chosen_strength(panel_page):
    page = panel_page()
    stepwise(page)
    page.get_by_label("Strength of the rhythm assist").fill("50")
    click(page, "Move the take to the beat")
    assert strikes(page) == [0, 620, 1220, 1820]
    expect(status(page)).to_contain_text("Moved to 1/16 notes")


def test_trim_keeps_the_bars_that_are_chosen(panel_page):
    page = panel_page(beats_per_bar=2)
    stepwise(page)
    page.get_by_label("Bars to keep").select_option("1")
    page.get_by_label("First bar to keep").fill("2")
    click(page, "Keep only these bars of the take")
    assert [time < 700 for time in strikes(page)] == [True, True]
    expect(status(page)).to_contain_text("Kept 1 bar of 2")


def test_after_a_restart_of_the_kernel_it_plays_on_and_says_what_is_lost(panel_page):
    page = panel_page()
    page.evaluate("loseKernel()")
    expect(status(page)).to_contain_text("Python no longer hears it")
    two_takes(page)
    click(page, "Undo the last take or change")
    assert pitches(page) == {60}


def test_taking_the_widget_down_stops_metronome_and_arpeggio(panel_page):
    page = panel_page(arpeggiator=True)
    click(page, "Metronome")
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.wait_for_function("seen.includes('60')")
    page.evaluate("takeDown()")
    assert (value(page, "pressed"), value(page, "sustain")) == ([], False)
    assert page.evaluate("sound().owner") is None
