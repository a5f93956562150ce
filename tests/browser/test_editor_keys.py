"""Editing by keys alone, what a screen reader hears of it, and what sounds."""

from __future__ import annotations

import pytest
from browser.editor_page import (
    TUNE,
    WRITTEN,
    button,
    click,
    drag,
    editor,
    notes,
    place,
    press,
    roll,
    said,
    selected,
    surface,
    value,
)
from browser.listening import RECORDER, pitch_of, recording, start_recording
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Score, frequency
from deepcomposer_edu.widgets import Editor

pytestmark = pytest.mark.browser

A4, FLUTE = 69, 73


@pytest.fixture(name="page")
def page_fixture(open_widget):
    """The tune, with the keys on its notes."""
    page = open_widget(editor(TUNE))
    roll(page).focus()
    return page


# --- keys alone


def test_the_notes_are_reached_with_the_tab_key(open_widget):
    page = open_widget(editor(TUNE))
    label = "document.activeElement.getAttribute('aria-label')"
    reached = []
    for _ in range(16):
        press(page, "Tab")
        reached.append(page.evaluate(label))
    assert "Notes, drawing in Track 1" in reached


def test_the_tab_key_leaves_the_notes_again(page):
    press(page, "Tab")
    expect(roll(page)).not_to_be_focused()


def test_a_melody_is_written_with_arrows_and_enter(open_widget):
    page = open_widget(editor(grid="1/4"))
    roll(page).focus()
    press(page, "Enter", "Enter", "ArrowUp", "ArrowUp", "Enter", "Shift+ArrowRight")
    assert notes(page) == [[0, 60, 4, 90], [4, 62, 8, 90]]


def test_arrows_move_the_note_that_was_picked_up(page):
    press(page, "n", "ArrowUp", "ArrowRight", "Shift+ArrowUp")
    assert notes(page)[0] == [1, 73, 4, 80]


def test_a_key_that_is_held_is_one_step_back(page):
    press(page, "n")
    page.keyboard.down("ArrowUp")
    page.keyboard.down("ArrowUp")
    page.keyboard.down("ArrowUp")
    page.keyboard.up("ArrowUp")
    assert notes(page)[0][1] == 63
    press(page, "Control+z")
    assert notes(page) == WRITTEN


def test_delete_erases_the_note_at_the_cursor(page):
    press(page, "Delete")
    assert notes(page) == WRITTEN[1:]


def test_undo_and_redo_have_their_keys(page):
    press(page, "Delete", "Control+z")
    assert notes(page) == WRITTEN
    press(page, "Control+y")
    assert notes(page) == WRITTEN[1:]
    press(page, "Control+z", "Control+Shift+z")
    assert notes(page) == WRITTEN[1:]


def test_everything_is_copied_behind_itself(page):
    press(page, "Control+a", "Control+c", "Control+v")
    assert [note[0] for note in notes(page)] == [0, 4, 8, 16, 20, 24]


def test_escape_lets_go_of_the_selection(page):
    press(page, "Control+a", "Escape")
    assert selected(page) == []


def test_keys_that_belong_to_the_browser_are_left_to_it(page):
    page.evaluate(
        """window.kept = [];
        window.addEventListener("keydown", (event) => {
            window.kept.push([event.key, event.defaultPrevented]);
            event.preventDefault();
        })"""
    )
    press(page, "Control+l", "F5", "n")
    kept = page.evaluate("window.kept.filter(([key]) => key !== 'Control')")
    assert kept == [["l", False], ["F5", False], ["n", True]]


def test_keys_in_a_menu_are_the_menu_s(open_widget):
    page = open_widget(editor(TUNE))
    page.get_by_label("Grid", exact=True).focus()
    press(page, "Delete")
    assert notes(page) == WRITTEN


def test_space_on_a_button_presses_it(open_widget):
    page = open_widget(editor(TUNE))
    button(page, "Erase").focus()
    press(page, "Space")
    assert (value(page, "tool"), value(page, "is_playing")) == ("erase", False)


def test_the_help_lists_the_keys(page):
    items = page.locator(".dc-keys-help")
    expect(items).to_be_hidden()
    press(page, "?")
    expect(items).to_be_visible()
    expect(items).to_contain_text("Ctrl+Z, Ctrl+Y: undo, redo")


def test_a_cursor_out_of_sight_is_scrolled_to(open_widget):
    page = open_widget(Editor(Score.from_notes([(0, 60, 4), (400, 100, 4)])))
    roll(page).focus()
    press(page, "End", "p")
    assert surface(page).evaluate("box => box.scrollLeft") > 1000
    top, rows = surface(page).evaluate("box => [box.scrollTop, box.clientHeight / 13]")
    assert top / 13 <= 127 - 100 <= top / 13 + rows


# --- what is said


def test_each_step_is_told_to_a_screen_reader(page):
    told = []
    for key in ("ArrowRight", "ArrowUp", "n", "ArrowUp", "Delete", "Control+z"):
        press(page, key)
        told.append(said(page))
    assert told == [
        "C4, quarter, bar 1, beat 1, Track 1.",
        "C sharp 4, bar 1, beat 1.25: no note.",
        "D4, quarter, bar 1, beat 2, Track 1.",
        "D sharp 4, quarter, bar 1, beat 2.",
        "Erased D sharp 4, quarter, bar 1, beat 2.",
        "Took back: erase.",
    ]


def test_the_sentence_stands_in_a_live_region(page):
    status = page.locator(".dc-status")
    assert status.get_attribute("aria-live") == "polite"


def test_what_is_not_possible_is_said(page):
    press(page, "Control+a", "ArrowLeft")
    assert said(page) == (
        "The first note begins with the music: it can't begin earlier."
    )


def test_a_lost_kernel_leaves_the_notes_to_be_edited_and_copied(page):
    page.evaluate("loseKernel()")
    assert "run the cell again" in said(page)
    press(page, "Delete", "Control+a", "Control+c")
    assert said(page) == "Copied 2 notes."


# --- what sounds


def test_a_drawn_note_is_heard(open_widget):
    page = open_widget(editor())
    click(page, 4.5, 60)
    page.wait_for_function("window.loudest > 0.005")


def test_a_key_on_the_left_is_heard_and_draws_nothing(open_widget):
    page = open_widget(editor())
    _, y = place(page, 0, 60)
    page.mouse.click(surface(page).bounding_box()["x"] + 10, y)
    page.wait_for_function("window.loudest > 0.005")
    assert notes(page) == []


def test_a_drawn_note_sounds_at_its_pitch_on_the_instrument(open_widget):
    flute = Score.from_notes([(16, 60, 4)])
    flute = Score((flute.tracks[0].__class__((), "Flute", FLUTE),), tempo=100)
    page = open_widget(editor(flute), sampled=True, script=RECORDER)
    page.mouse.click(2, 2)
    start_recording(page)
    click(page, 4.5, A4)
    samples, rate = recording(page, 0.3)
    measured = pitch_of(samples[round(0.1 * rate) :], rate)
    assert measured == pytest.approx(frequency(A4), rel=0.01)


def test_space_plays_from_the_cursor_to_the_end(page):
    press(page, "Control+ArrowRight", "n", "n", "n", "Escape")
    press(page, "Space")
    page.wait_for_function("model.get('is_playing')")
    page.wait_for_function("window.loudest > 0.005")
    page.wait_for_function("!model.get('is_playing')")


def test_editing_goes_on_while_it_plays(page):
    press(page, "Space")
    page.wait_for_function("model.get('is_playing')")
    drag(page, (12, 64), (20, 64))
    assert notes(page)[2] == [16, 64, 8, 80]
    assert value(page, "is_playing") is True
    button(page, "Pause").click()
    page.wait_for_function("window.loudness() < 0.0005")


def test_taken_down_it_is_silent(page):
    press(page, "Space")
    page.wait_for_function("window.loudest > 0.005")
    page.evaluate("takeDown()")
    page.wait_for_function("window.loudness() < 0.0005")
