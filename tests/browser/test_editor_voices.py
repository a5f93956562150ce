"""Voices in the editor, and what can be done with selected notes."""

from __future__ import annotations

import pytest
from browser.editor_page import (
    TUNE,
    button,
    click,
    drag,
    editor,
    notes,
    said,
    selected,
    surface,
    value,
)
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import Editor

pytestmark = pytest.mark.browser

DUET = Score((TUNE.tracks[0], Track((Note(0, 55, 16),), "Alto")), tempo=100)


# --- voices


def test_a_click_on_a_note_chooses_its_voice(open_widget):
    page = open_widget(editor(DUET))
    click(page, 6, 55)
    assert value(page, "voice") == 1
    expect(button(page, "Alto")).to_have_attribute("aria-pressed", "true")


def test_the_chosen_voice_is_drawn_in(open_widget):
    page = open_widget(editor(DUET))
    button(page, "Alto").click()
    click(page, 20.5, 57)
    assert notes(page, 1)[1] == [20, 57, 1, 90]


def test_a_locked_voice_cannot_be_dragged(open_widget):
    page = open_widget(editor(DUET))
    button(page, "Lock Alto").click()
    drag(page, (6, 55), (12, 50))
    assert (notes(page, 1), said(page)) == ([[0, 55, 16, 80]], "Alto is locked.")
    assert value(page, "locked") == [1]


def test_one_voice_alone_needs_no_choice(open_widget):
    page = open_widget(editor(TUNE))
    expect(page.locator(".dc-voices")).to_be_hidden()
    expect(page.get_by_label("Give the notes to another voice")).to_be_hidden()


def test_selected_notes_are_given_to_another_voice(open_widget):
    page = open_widget(editor(DUET))
    click(page, 1, 60)
    page.get_by_label("Give the notes to another voice").select_option("1")
    assert (len(notes(page)), len(notes(page, 1))) == (2, 2)


def test_a_voice_or_everything_is_selected_with_a_button(open_widget):
    page = open_widget(editor(DUET, voice=1))
    button(page, "All of it: select the notes of the voice").click()
    assert selected(page) == [[1, 0]]
    button(page, "All: select all notes").click()
    assert len(selected(page)) == 4


def test_drums_are_drawn_on_their_rows(open_widget):
    kit = Score((Track((Note(0, 36, 1),), "Kit", is_drum=True),), tempo=100)
    page = open_widget(Editor(kit, max_bars=4))
    box = surface(page).bounding_box()
    page.mouse.click(box["x"] + 300, box["y"] + box["height"] / 2)
    drawn = [note[1] for note in notes(page) if note[0] > 0]
    assert len(drawn) == 1
    assert 35 <= drawn[0] <= 81


# --- what can be done with selected notes


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("+8: an octave higher", [8, 76, 8, 80]),
        ("−8: an octave lower", [8, 52, 8, 80]),
        ("Into key: bring notes there", [8, 63, 8, 80]),
    ],
)
def test_a_button_changes_the_selected_note(open_widget, name, expected):
    page = open_widget(editor(TUNE, key="F minor", in_key=False))
    click(page, 10, 64)
    button(page, name).click()
    changed = [note for note in notes(page) if note[0] == 8]
    assert changed == [expected]


def test_the_velocity_of_the_selection_is_set(open_widget):
    page = open_widget(editor(TUNE))
    click(page, 10, 64)
    page.get_by_label("Velocity", exact=True).fill("110")
    assert notes(page)[2] == [8, 64, 8, 110]
