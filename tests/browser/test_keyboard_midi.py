"""MIDI keyboards in the browser: plugged in, played, unplugged, refused."""

from __future__ import annotations

import pytest
from browser.keyboard_page import (  # noqa: F401
    DEVICE,
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
    page.wait_for_function("seen.includes('Play back')")


def test_the_volume_slider_of_a_midi_keyboard_sets_the_volume(page):
    connect(page)
    send(page, [0xB0, 7, 127])
    assert value(page, "volume") == 1


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        ("NotAllowedError", "Allow MIDI for this page"),
        ("InvalidStateError", "no MIDI system"),
        ("AbortError", "press Through Python"),
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
    expect(page.get_by_role("status")).to_contain_text("press Through Python")


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


# --- through Python


def test_the_panel_asks_python_for_its_port_where_the_browser_has_none(page):
    page.evaluate(
        "Object.defineProperty(navigator, 'requestMIDIAccess', {value: undefined})"
    )
    connect(page)
    button(page, "Connect through Python").click()
    page.wait_for_function("model.sent.some(m => m.kind === 'midi_connect')")
    page.evaluate(
        "model.set('midi_state', 'kernel'); model.set('midi_inputs', ['Port']);"
    )
    expect(page.locator(".dc-midi-state")).to_have_text("Connected through Python")


def test_another_port_of_python_can_be_chosen(page):
    page.evaluate(
        """() => {
            model.set("midi_state", "kernel");
            model.set("midi_inputs", ["One"]);
            model.set("midi_ports", ["One", "Two"]);
        }"""
    )
    button(page, "MIDI keyboard and knobs").click()
    page.get_by_label(DEVICE).select_option("Two")
    page.wait_for_function("model.sent.at(-1).kind === 'midi_connect'")
    assert page.evaluate("model.sent.at(-1).port") == "Two"


def test_a_lost_kernel_ends_the_notes_of_its_port_and_says_so(page):
    page.evaluate(
        """() => {
            model.set("midi_state", "kernel");
            model.set("midi_inputs", ["Port"]);
            receive({kind: "midi", bytes: [0x90, 60, 80], time: 5000, device: "Port"});
            loseKernel();
        }"""
    )
    assert value(page, "pressed") == []
    assert (value(page, "midi_state"), value(page, "midi_inputs")) == ("", [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_fits_a_phone(open_page, scheme):
    page = open_page(viewport={"width": 380, "height": 900}, color_scheme=scheme)
    connect(page)
    learn(page, "volume", [0xB0, 74, 10])
    page.get_by_role("button", name=LEARN).click()
    send(page, [0xB0, 75, 10])
    page.get_by_label("What it moves").wait_for()
    widths = page.evaluate(
        """() => {
            const panel = document.querySelector(".dc-midi-panel");
            return [panel.scrollWidth - panel.clientWidth,
                document.documentElement.scrollWidth];
        }"""
    )
    assert widths[0] <= 0
    assert widths[1] <= 380


def test_every_control_of_the_panel_has_a_name_and_keeps_lab_shortcuts_away(page):
    connect(page)
    learn(page, "volume", [0xB0, 74, 10])
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll(".dc-midi-panel :is(button, select)")]
            .filter(e => !e.getAttribute("aria-label")
                || e.dataset.lmSuppressShortcuts !== "true")
            .map(e => e.className)"""
    )
    assert unnamed == []
