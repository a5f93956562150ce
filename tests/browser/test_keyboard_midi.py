"""MIDI keyboards in the browser: plugged in, played, unplugged, refused."""

from __future__ import annotations

import pytest
from browser.keyboard_page import (  # noqa: F401
    address_fixture,
    button,
    connect,
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


def test_midi_is_not_asked_for_before_a_click(page):
    assert page.evaluate("fakeMidi.nRequests") == 0
    connect(page)
    assert page.evaluate("fakeMidi.nRequests") == 1
    expect(page.get_by_role("status")).to_have_text("MIDI keyboard connected: Fake 32.")


def test_midi_notes_are_recorded_even_beyond_the_keys(page):
    connect(page)
    record(page)
    send(page, [0x90, 36, 64], [0x90, 36, 0], [0x90, 72, 127], [0x80, 72, 0])
    assert played(page) == [
        (36, True, "midi"),
        (36, False, "midi"),
        (72, True, "midi"),
        (72, False, "midi"),
    ]


def test_a_note_beyond_the_keys_lights_the_end_block_with_its_name(page):
    connect(page)
    send(page, [0x90, 36, 64])
    expect(page.locator(".dc-below")).to_have_text("C2")


def test_a_keyboard_plugged_in_later_plays(page):
    connect(page)
    page.evaluate("fakeMidi.plug('Second')")
    record(page)
    send(page, [0x90, 74, 9], [0x90, 74, 0], device="Second")
    assert value(page, "midi_inputs") == ["Fake 32", "Second"]
    assert [event[0] for event in played(page)] == [74, 74]


def test_unplugging_ends_the_notes_that_are_held(page):
    connect(page)
    send(page, [0x90, 60, 64])
    assert value(page, "pressed") == [60]
    page.evaluate("fakeMidi.unplug('Fake 32')")
    assert value(page, "pressed") == []
    expect(page.get_by_role("status")).to_contain_text("no keyboard is plugged in")


def test_the_buttons_of_the_deepcomposer_keyboard_work(page):
    connect(page)
    send(page, [0xB0, 107, 127])
    expect(button(page, "Record")).to_have_attribute("aria-pressed", "true")
    send(page, [0x90, 60, 64], [0x80, 60, 0], [0xB0, 106, 0])
    expect(button(page, "Record")).to_have_attribute("aria-pressed", "false")
    send(page, [0xB0, 105, 127])
    assert page.evaluate("seen.at(-1)") == "Play back"


def test_the_volume_slider_of_a_midi_keyboard_sets_the_volume(page):
    connect(page)
    send(page, [0xB0, 7, 127])
    assert value(page, "volume") == 1


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        ("NotAllowedError", "Allow MIDI for this page"),
        ("InvalidStateError", "no MIDI system"),
        ("AbortError", "keyboard.connect_midi()"),
    ],
)
def test_a_refusal_of_midi_is_said_in_a_sentence(page, refusal, sentence):
    page.evaluate("name => { fakeMidi.refusal = name; }", refusal)
    connect(page)
    expect(page.get_by_role("status")).to_contain_text(sentence)


def test_a_browser_without_web_midi_says_what_to_use(page):
    page.evaluate(
        "Object.defineProperty(navigator, 'requestMIDIAccess', {value: undefined})"
    )
    connect(page)
    expect(page.get_by_role("status")).to_contain_text("keyboard.connect_midi()")


def test_the_browsers_own_midi_answers_with_a_sentence(open_page):
    page = open_page(fake_midi=False)
    connect(page)
    expect(page.get_by_role("status")).to_contain_text("MIDI")
    assert value(page, "status") != PianoKeyboard().status


def test_kernel_midi_keeps_the_times_of_the_kernel(page):
    record(page)
    page.evaluate(
        """() => [[5000, 100], [5250, 0]].forEach(([time, velocity]) => receive(
            {kind: "midi", bytes: [0x90, 60, velocity], time, device: "Port"}))"""
    )
    assert [event[:2] for event in played(page)] == [(60, True), (60, False)]
    begin, end = (event["time"] for event in value(page, "recorded"))
    assert abs(end - begin) < 251  # 250 at most: the fastest message sets the clock
