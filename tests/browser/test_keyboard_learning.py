"""What knobs and buttons of a MIDI keyboard do: known by the course, or learnt."""

from __future__ import annotations

import pytest
from browser.keyboard_page import (  # noqa: F401
    LEARN,
    button,
    connect,
    learn,
    open_page_fixture,
    page_fixture,
    played,
    record,
    send,
    value,
)
from playwright.sync_api import expect

from deepcomposer_edu.widgets import PianoKeyboard

pytestmark = pytest.mark.browser


def test_the_deepcomposer_keyboard_is_known_and_its_first_knob_sets_the_tempo(page):
    page.evaluate("fakeMidi.unplug('Fake 32'); fakeMidi.plug('AKM322')")
    connect(page)
    kind = page.get_by_label("Kind of MIDI keyboard")
    expect(kind.locator("option").first).to_contain_text("AWS DeepComposer")
    before = value(page, "tempo")
    send(page, [0xB0, 21, 127], device="AKM322")
    page.wait_for_function("before => model.get('tempo') > before", arg=before)
    expect(page.locator(".dc-heard")).to_have_text(
        "Knob 1 (controller 21) = 127: Tempo"
    )


# What the keyboard's controls send, as its owner measured it, and what that sets.
HARDWARE = {
    "pitch wheel up": ([0xE0, 127, 127], "bend", 1),
    "pitch wheel down": ([0xE0, 0, 0], "bend", -1),
    "pitch wheel back": ([0xE0, 0, 64], "bend", 0),
    "modulation wheel": ([0xB0, 1, 127], "modulation", 1),
    "volume slider": ([0xB0, 7, 0], "volume", 0),
    "encoder 0": ([0xB0, 10, 19], "instrument", 19),
    "knob 1 to the left": ([0xB0, 21, 0], "tempo", 40),
    "knob 1 to the right": ([0xB0, 21, 127], "tempo", 240),
    "record": ([0xB0, 107, 127], "is_recording", True),
    "lowest key": ([0x90, 41, 80], "pressed", [41]),
    "highest key": ([0x90, 72, 80], "pressed", [41, 72]),
    "key with octaves up": ([0x90, 120, 80], "pressed", [41, 72, 120]),
    "key up": ([0x80, 41, 64], "pressed", [72, 120]),
    "stop": ([0xB0, 106, 0], "is_recording", False),
    "play": ([0xB0, 105, 127], "is_playing", True),
    "stop again": ([0xB0, 106, 127], "is_playing", False),
}


def test_each_control_of_the_deepcomposer_keyboard_does_its_work(page):
    page.evaluate("fakeMidi.unplug('Fake 32'); fakeMidi.plug('AKM322')")
    connect(page)
    # A take of a few notes may be over before anybody looks whether it plays.
    page.evaluate(
        """() => model.on('change:is_playing', () => {
            window.played ||= model.get('is_playing'); })"""
    )
    found = {}
    for control, (message, trait, _) in HARDWARE.items():
        send(page, message, device="AKM322")
        page.evaluate("() => new Promise(requestAnimationFrame)")
        found[control] = value(page, trait)
        if control == "play":
            found[control] = page.evaluate("Boolean(window.played)")
    assert found == {control: wanted for control, (_, _, wanted) in HARDWARE.items()}


def test_a_learnt_knob_moves_what_was_chosen_now_and_on_the_next_visit(page):
    connect(page)
    learn(page, "volume", [0xB0, 74, 10], [0xB0, 74, 11])
    send(page, [0xB0, 74, 0])
    page.wait_for_function("model.get('volume') === 0")
    expect(page.locator(".dc-learnt")).to_contain_text("controller 74 · Fake 32")
    page.reload()
    page.wait_for_function("window.isReady")
    connect(page)
    send(page, [0xB0, 74, 127])
    page.wait_for_function("model.get('volume') === 1")


def test_python_knows_what_was_learnt(page):
    connect(page)
    learn(page, "record", [0x90, 36, 99], [0x80, 36, 0])
    entry = value(page, "midi_map")[0]
    keyboard = PianoKeyboard()
    keyboard.midi_map = [entry]
    assert (entry["kind"], entry["mode"], entry["target"]) == (
        *("note", "button"),
        "record",
    )


def test_a_learnt_control_is_forgotten(page):
    connect(page)
    learn(page, "volume", [0xB0, 74, 10])
    page.get_by_role("button", name="Forget controller 74").click()
    assert value(page, "midi_map") == []
    before = value(page, "volume")
    send(page, [0xB0, 74, 0])
    assert value(page, "volume") == before


def test_escape_cancels_learning_then_closes_the_panel(page):
    connect(page)
    page.get_by_role("button", name=LEARN).click()
    send(page, [0xB0, 74, 10])
    page.get_by_label("What it moves").wait_for()
    page.keyboard.press("Escape")
    assert value(page, "midi_map") == []
    expect(page.get_by_role("button", name=LEARN)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".dc-midi-panel")).to_be_hidden()
    expect(page.locator(".dc-button.dc-midi")).to_be_focused()


def test_a_slider_that_another_widget_offers_can_be_learnt(page):
    page.evaluate(
        """() => globalThis[Symbol.for("deepcomposer-edu.controls")].offer(
            {name: "studio.heat", label: "Heat", kind: "slider",
             set: (share) => { window.heat = share; }})"""
    )
    connect(page)
    learn(page, "studio.heat", [0xB0, 74, 10])
    send(page, [0xB0, 74, 127])
    assert page.evaluate("window.heat") == 1


def test_a_slider_of_the_notebook_is_told_where_the_knob_stopped(open_widget):
    keyboard = PianoKeyboard()
    name = keyboard.offer_midi(print, label="Heat")
    keyboard.learn_midi(74, name)
    page = open_widget(keyboard)
    connect(page)
    send(page, *([0xB0, 74, value] for value in range(128)))
    page.wait_for_function("model.sent.at(-1).value === 1")
    sent = page.evaluate("model.sent.filter(m => m.kind === 'midi_control')")
    assert sent[-1] == {"kind": "midi_control", "name": name, "value": 1}
    assert len(sent) < 10
