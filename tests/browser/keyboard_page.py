"""The piano keyboard in Chromium on a plain page; see widget_page.py.

from browser.keyboard_page import button, page_fixture  # and the other fixtures
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from deepcomposer_edu.widgets import PianoKeyboard
from deepcomposer_edu.widgets.recording import score_to_song

CONNECT = "Connect MIDI keyboard"
DEVICE = "MIDI keyboard that is heard"
LEARN = "Learn what a knob or button does"
KEEP = "Keep what this control does"


@pytest.fixture(name="open_page")
def open_page_fixture(open_widget):
    """Return a function that opens the keyboard."""
    return lambda script="", **options: open_widget(
        PianoKeyboard(), script=script, **options
    )


@pytest.fixture(name="page")
def page_fixture(open_page):
    """The keyboard, with the simple sound: opening it takes a quarter of the time."""
    return open_page()


@pytest.fixture(name="sampled_page")
def sampled_page_fixture(open_page):
    """The keyboard with its sampled sound, an organ: a held key sounds on and on."""
    page = open_page(sampled=True)
    page.get_by_label("Instrument").select_option("19")
    page.wait_for_function("window.sound().kind === 'sampled'")
    strike(page, 60)
    page.wait_for_function("window.loudness() < 0.0005")
    return page


def key(page, pitch):
    return page.locator(f'[data-note="{pitch}"]')


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def record(page):
    button(page, "Record").click()


def played(page):
    """Stop the recording; return (pitch, is down, source) of each event."""
    button(page, "Stop").click()
    events = value(page, "recorded")
    return [(e["pitch"], e["velocity"] > 0, e["source"]) for e in events]


def low_part(page, pitch):
    """Return a place on a key where no black key lies."""
    box = key(page, pitch).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] - 12


def strike(page, pitch):
    page.mouse.move(*low_part(page, pitch))
    page.mouse.down()
    page.mouse.up()


def load(page, score):
    song = score_to_song(score)
    page.evaluate(
        "song => { model.set('song', song); receive({kind: 'show_song'}); }", song
    )


def connect(page):
    button(page, "Connect MIDI keyboard").click()
    page.wait_for_function("model.get('midi_state') !== ''")


def send(page, *messages, device="Fake 32"):
    page.evaluate(
        "([name, messages]) => messages.forEach(m => fakeMidi.send(name, m))",
        [device, messages],
    )


def learn(page, target, *messages, device="Fake 32"):
    """Learn what the control of these messages does, by keys alone."""
    page.get_by_role("button", name=LEARN).focus()
    page.keyboard.press("Enter")
    send(page, *messages, device=device)
    page.get_by_label("What it moves").select_option(target)
    page.get_by_role("button", name=KEEP).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=LEARN)).to_be_focused()
