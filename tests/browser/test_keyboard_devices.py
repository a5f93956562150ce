"""MIDI devices in the browser: which one plays which piano, and where one is lost."""

from __future__ import annotations

import pytest
from browser.keyboard_page import (  # noqa: F401
    CONNECT,
    DEVICE,
    button,
    connect,
    open_page_fixture,
    page_fixture,
    send,
    value,
)
from playwright.sync_api import expect

from deepcomposer_edu.widgets import PianoKeyboard

pytestmark = pytest.mark.browser


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
