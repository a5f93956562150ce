"""What stands on the keys: letters, numbers, do re mi, colours with shapes."""

from __future__ import annotations

import pytest
from browser.keyboard_page import button, key, value
from playwright.sync_api import expect

from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.music.key_names import COLOURS, KEY_NAMES, in_key_names, key_name
from deepcomposer_edu.music.score import NOTE_NAMES, Score, Track
from deepcomposer_edu.widgets import PianoKeyboard
from deepcomposer_edu.widgets.recording import score_to_song

pytestmark = pytest.mark.browser
PITCHES = range(60, 72)


def choose(page, names):
    page.get_by_label("Labels on the keys").select_option(names)


def name_on(page, pitch):
    return key(page, pitch).locator(".dc-name")


def keyboard(**settings):
    """A keyboard that holds the first bars of a tune, in G major."""
    shown = PianoKeyboard(scale="G major", **settings)
    tune = load_tune("ode-to-joy")
    shown.song = score_to_song(tune)
    return shown


def test_the_menu_changes_what_stands_on_the_keys(open_widget):
    page = open_widget(PianoKeyboard(show_labels=False))
    choose(page, "numbers")
    expect(name_on(page, 64)).to_have_text("3")
    assert value(page, "show_labels") is True
    choose(page, "solfege")
    expect(name_on(page, 64)).to_have_text("mi")
    choose(page, "letters")
    expect(name_on(page, 64)).to_have_text("E4")
    choose(page, "none")
    expect(name_on(page, 64)).to_have_count(0)


def test_python_sets_what_stands_on_the_keys(open_widget):
    page = open_widget(PianoKeyboard())
    page.evaluate("model.set('key_names', 'colours')")
    expect(key(page, 60).locator(".dc-shape")).to_be_visible()
    expect(page.get_by_label("Labels on the keys")).to_have_value("colours")


def test_numbers_count_from_the_home_note_of_the_scale(open_widget):
    page = open_widget(keyboard(key_names="numbers"))
    expect(name_on(page, 67)).to_have_text("1")
    expect(name_on(page, 66)).to_have_text("7")  # F#, a black key of the scale
    expect(name_on(page, 68)).to_have_count(0)  # G#, a black key outside of it


def test_every_letter_has_a_shape_of_its_own_and_black_keys_hollow_ones(open_widget):
    page = open_widget(PianoKeyboard(key_names="colours"))
    found = {}
    for pitch in PITCHES:
        shape = key(page, pitch).locator(".dc-shape")
        expect(shape).to_have_count(1)
        is_hollow = "dc-hollow" in shape.get_attribute("class")
        assert is_hollow == ("#" in NOTE_NAMES[pitch % 12])
        found[NOTE_NAMES[pitch % 12]] = shape.get_attribute("data-shape")
    assert {letter: found[letter] for letter in COLOURS} == {
        letter: shape for letter, (_, _, shape) in COLOURS.items()
    }


@pytest.mark.parametrize("names", KEY_NAMES)
def test_a_screen_reader_hears_the_name_that_python_gives(open_widget, names):
    page = open_widget(PianoKeyboard(key_names=names))
    for pitch in PITCHES:
        said = key(page, pitch).get_attribute("aria-label")
        words = key_name(pitch, names).replace("#", " sharp")
        assert names == "letters" or said.endswith(f", {words}")


def test_a_loaded_tune_stands_below_the_keys_in_their_names(open_widget):
    page = open_widget(keyboard(key_names="numbers"))
    notes = page.locator(".dc-sheet-note")
    expect(notes.first).to_be_visible()
    tune = Score((Track(load_tune("ode-to-joy").tracks[0].notes[:12]),))
    written = in_key_names(tune, "numbers", tonic=7).replace("|", "").replace("-", "")
    assert notes.all_inner_texts()[:12] == written.split()
    choose(page, "letters")
    expect(page.locator(".dc-sheet")).to_be_hidden()


def test_the_tune_below_the_keys_follows_what_plays(open_widget):
    page = open_widget(keyboard(key_names="colours"))
    now = page.locator(".dc-sheet-note[aria-current]")
    expect(now).to_have_count(0)
    button(page, "Play back").click()
    expect(now).to_have_count(1)
    expect(now).to_have_attribute("aria-label", "pink cross")
    button(page, "Stop").click()
    expect(now).to_have_count(0)
