"""MIDI keyboards in the browser: plugged in, played, unplugged, refused."""

from __future__ import annotations

import pytest
from browser.keyboard_page import (  # noqa: F401
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

CONNECT = "Connect MIDI keyboard"
DEVICE = "MIDI keyboard that is heard"
LEARN = "Learn what a knob or button does"
KEEP = "Keep what this control does"


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


# --- two widgets, two tabs


@pytest.fixture
def two_pianos(open_widget):
    """Two keyboards on one page, both connected, the second last."""
    page = open_widget(PianoKeyboard(), PianoKeyboard())
    for number in (0, 1):
        piano(page, number).get_by_role("button", name=CONNECT).click()
        page.wait_for_function(
            "number => widgets[number].model.get('midi_state') === 'ready'", arg=number
        )
    return page


def piano(page, number):
    return page.locator(".dc-piano").nth(number)


def held(page, number):
    return page.evaluate(
        "number => widgets[number].model.get('pressed')",
        number,
    )


def test_a_device_plays_the_piano_that_was_touched_last(two_pianos):
    page = two_pianos
    send(page, [0x90, 60, 80])
    assert (held(page, 0), held(page, 1)) == ([], [60])
    piano(page, 0).get_by_role("button", name="Octave up").click()
    send(page, [0x90, 62, 80])
    assert (held(page, 0), held(page, 1)) == ([62], [])


def test_the_piano_that_is_not_played_says_how_to_take_the_device_back(two_pianos):
    page = two_pianos
    status = piano(page, 0).locator(".dc-status")
    expect(status).to_contain_text("Fake 32 plays another piano on this page now")
    piano(page, 0).get_by_role("button", name="Octave up").focus()
    expect(status).to_contain_text("connected: Fake 32")


def test_two_pianos_with_a_device_each_are_both_played(two_pianos):
    page = two_pianos
    page.evaluate("fakeMidi.plug('Second')")
    for number, name in enumerate(["Fake 32", "Second"]):
        piano(page, number).get_by_label(DEVICE).select_option(name)
    page.wait_for_function("fakeMidi.isOpen('Second')")
    send(page, [0x90, 60, 80])
    send(page, [0x90, 64, 80], device="Second")
    assert (held(page, 0), held(page, 1)) == ([60], [64])


def test_another_tab_takes_the_device_and_a_touch_brings_it_back(page):
    connect(page)
    send(page, [0x90, 60, 80])
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_function("window.isReady")
    connect(other)
    expect(page.locator(".dc-status")).to_contain_text("plays another tab now")
    assert value(page, "pressed") == []
    button(page, "Octave up").click()
    expect(other.locator(".dc-status")).to_contain_text("plays another tab now")
    send(page, [0x90, 60, 80])
    assert value(page, "pressed") == [60]
    other.close()


# --- choosing a device, losing it


def test_only_the_chosen_device_is_heard_and_open(page):
    connect(page)
    page.evaluate("fakeMidi.plug('Second')")
    page.get_by_label(DEVICE).select_option("Second")
    page.wait_for_function("fakeMidi.isOpen('Second') && !fakeMidi.isOpen('Fake 32')")
    send(page, [0x90, 60, 80])
    send(page, [0x90, 64, 80], device="Second")
    assert value(page, "pressed") == [64]
    assert value(page, "midi_device") == "Second"


def test_the_chosen_device_is_chosen_again_on_the_next_visit(page):
    connect(page)
    page.get_by_label(DEVICE).select_option("Fake 32")
    page.reload()
    page.wait_for_function("window.isReady")
    assert value(page, "midi_device") == "Fake 32"


def test_a_device_that_comes_back_plays_again(page):
    connect(page)
    page.evaluate("fakeMidi.unplug('Fake 32'); fakeMidi.plug('Fake 32')")
    page.wait_for_function("fakeMidi.isOpen('Fake 32')")
    send(page, [0x90, 60, 80])
    assert value(page, "pressed") == [60]


def test_a_device_that_another_program_holds_is_said(page):
    page.evaluate("fakeMidi.hold('Fake 32')")
    connect(page)
    expect(page.locator(".dc-status")).to_contain_text("close the program that uses it")


def test_taking_the_widget_down_closes_its_port_and_ends_its_notes(page):
    connect(page)
    send(page, [0x90, 60, 80])
    page.evaluate("takeDown()")
    assert page.evaluate("fakeMidi.isOpen('Fake 32')") is False
    assert value(page, "pressed") == []


def test_disconnecting_closes_the_port(page):
    connect(page)
    button(page, "Disconnect MIDI").click()
    page.wait_for_function("!fakeMidi.isOpen('Fake 32')")
    expect(button(page, CONNECT)).to_have_attribute("aria-pressed", "false")


# --- profiles and learning


def learn(page, target, *messages, device="Fake 32"):
    """Learn what the control of these messages does, by keys alone."""
    page.get_by_role("button", name=LEARN).focus()
    page.keyboard.press("Enter")
    send(page, *messages, device=device)
    page.get_by_label("What it moves").select_option(target)
    page.get_by_role("button", name=KEEP).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=LEARN)).to_be_focused()


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
