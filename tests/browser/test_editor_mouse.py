"""Editing notes by mouse and by finger, and what Python gets of it."""

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
    selected,
    surface,
    touch,
    value,
)
from playwright.sync_api import expect

from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets.editor import GRIDS

pytestmark = pytest.mark.browser

DUET = Score((TUNE.tracks[0], Track((Note(0, 55, 16),), "Alto")), tempo=100)


# --- drawing


def test_a_click_draws_a_note_in_its_cell_of_the_grid(open_widget):
    page = open_widget(editor(grid="1/8"))
    click(page, 5.5, 67)
    assert notes(page) == [[4, 67, 2, 90]]


def test_a_drag_draws_as_long_as_it_is(open_widget):
    page = open_widget(editor(grid="1/4"))
    drag(page, (4.5, 60), (11.5, 60))
    assert notes(page) == [[4, 60, 8, 90]]


def test_a_note_is_drawn_into_the_key(open_widget):
    page = open_widget(editor(key="C major"))
    click(page, 0.5, 66)
    assert notes(page)[0][1] == 65


def test_the_grid_is_chosen_in_the_menu(open_widget):
    page = open_widget(editor())
    page.get_by_label("Grid", exact=True).select_option("1/8T")
    click(page, 3, 60)
    assert notes(page) == [[8 / 3, 60, 4 / 3, 90]]


def test_the_menus_have_what_python_knows(open_widget):
    page = open_widget(editor())

    def choices(label):
        options = page.get_by_label(label, exact=True).locator("option")
        return options.evaluate_all("all => all.map(one => [one.value, one.text])")

    assert [grid for grid, _ in choices("Grid")] == list(GRIDS)
    keys = [Key(tonic, mode) for mode in ("major", "minor") for tonic in range(12)]
    assert [name for _, name in choices("Key")] == ["No key", *(k.name for k in keys)]


def test_a_key_chosen_in_the_menu_is_kept_to(open_widget):
    page = open_widget(editor())
    page.get_by_label("Key", exact=True).select_option("G major")
    click(page, 0.5, 65)
    key = {"tonic": 7, "mode": "major", "name": "G major"}
    assert (notes(page)[0][1], value(page, "key")) == (64, key)


def test_a_double_click_draws_while_the_mouse_selects(open_widget):
    page = open_widget(editor())
    button(page, "Select").click()
    page.mouse.dblclick(*place(page, 4.5, 67))
    assert [note[:2] for note in notes(page)] == [[4, 67]]


def test_nothing_is_drawn_behind_the_last_bar(open_widget):
    page = open_widget(editor())
    page.evaluate("document.querySelector('.dc-roll-surface').scrollLeft = 1e6")
    drag(page, (60.5, 60), (63.9, 60))
    assert notes(page) == [[60, 60, 4, 90]]


# --- moving and stretching


def test_a_dragged_note_snaps_to_the_grid(open_widget):
    page = open_widget(editor(TUNE, grid="1/4"))
    drag(page, (10, 64), (14.7, 67))
    assert notes(page) == [*WRITTEN[:2], [12, 67, 8, 80]]


def test_a_click_on_a_note_selects_it_and_changes_nothing(open_widget):
    page = open_widget(editor(TUNE))
    click(page, 5.5, 62)
    assert (selected(page), notes(page)) == ([[0, 1]], WRITTEN)


def test_a_drag_at_its_end_makes_a_note_longer(open_widget):
    page = open_widget(editor(TUNE))
    drag(page, (15.8, 64), (19.8, 64))
    assert notes(page)[2] == [8, 64, 12, 80]


def test_a_drag_at_its_beginning_moves_only_the_beginning(open_widget):
    page = open_widget(editor(TUNE))
    drag(page, (8.1, 64), (10.1, 64))
    assert notes(page)[2] == [10, 64, 6, 80]


def test_escape_gives_a_drag_up(open_widget):
    page = open_widget(editor(TUNE))
    page.mouse.move(*place(page, 10, 64))
    page.mouse.down()
    page.mouse.move(*place(page, 14, 70), steps=3)
    press(page, "Escape")
    page.mouse.up()
    assert notes(page) == WRITTEN


def test_one_drag_is_one_step_back(open_widget):
    page = open_widget(editor(TUNE))
    drag(page, (10, 64), (14, 70))
    button(page, "Undo").click()
    assert notes(page) == WRITTEN
    button(page, "Redo").click()
    assert notes(page)[2] == [12, 70, 8, 80]


# --- erasing and selecting


def test_the_eraser_takes_every_note_that_it_meets(open_widget):
    page = open_widget(editor(TUNE))
    button(page, "Erase").click()
    page.mouse.move(*place(page, 1, 60))
    page.mouse.down()
    page.mouse.move(*place(page, 5, 62), steps=6)
    page.mouse.up()
    assert notes(page) == [WRITTEN[2]]


def test_the_right_button_erases(open_widget):
    page = open_widget(editor(TUNE))
    click(page, 5.5, 62, button="right")
    assert notes(page) == [WRITTEN[0], WRITTEN[2]]


def test_a_box_selects_and_delete_erases(open_widget):
    page = open_widget(editor(TUNE))
    button(page, "Select").click()
    drag(page, (3, 66), (12, 61))
    assert selected(page) == [[0, 1], [0, 2]]
    button(page, "Delete").click()
    assert notes(page) == WRITTEN[:1]


def test_shift_adds_a_note_to_the_selection(open_widget):
    page = open_widget(editor(TUNE))
    click(page, 1, 60)
    page.keyboard.down("Shift")
    click(page, 10, 64)
    page.keyboard.up("Shift")
    assert selected(page) == [[0, 0], [0, 2]]


def test_copied_notes_are_pasted_where_the_ruler_was_clicked(open_widget):
    page = open_widget(editor(TUNE))
    click(page, 10, 64)
    button(page, "Copy").click()
    x, _ = place(page, 24.2, 64)
    page.mouse.click(x, surface(page).bounding_box()["y"] + 9)
    button(page, "Paste at the cursor").click()
    assert notes(page)[3] == [24, 64, 8, 80]


def test_notes_go_from_one_editor_to_another(open_widget):
    page = open_widget(editor(TUNE), editor())
    page.get_by_role("button", name="Copy").first.click()  # the one at the cursor
    page.get_by_role("button", name="Paste at the cursor").nth(1).click()
    music = page.evaluate("widgets[1].model.get('music')")
    assert music["tracks"][0]["notes"] == WRITTEN[:1]


# --- fingers


def test_a_finger_draws_a_note(open_widget):
    page = open_widget(editor(), has_touch=True)
    touch(page, "touchStart", (4.5, 64))
    touch(page, "touchMove", (9.5, 64))
    touch(page, "touchEnd")
    assert notes(page) == [[4, 64, 6, 90]]


def test_a_finger_moves_a_note(open_widget):
    page = open_widget(editor(TUNE), has_touch=True)
    touch(page, "touchStart", (12, 64))
    touch(page, "touchMove", (14, 66))
    touch(page, "touchMove", (16, 67))
    touch(page, "touchEnd")
    assert notes(page)[2] == [12, 67, 8, 80]


def test_two_fingers_move_the_view_and_no_note(open_widget):
    page = open_widget(editor(TUNE), has_touch=True)
    before = surface(page).evaluate("box => box.scrollTop")
    touch(page, "touchStart", (12, 64))
    touch(page, "touchStart", (12, 64), (30, 64))
    touch(page, "touchMove", (12, 61), (30, 61))
    touch(page, "touchMove", (12, 61), (30, 61))
    touch(page, "touchEnd")
    assert notes(page) == WRITTEN
    assert surface(page).evaluate("box => box.scrollTop") < before


def test_two_fingers_that_part_zoom_in(open_widget):
    page = open_widget(editor(TUNE), has_touch=True)
    width = "box => box.firstElementChild.getBoundingClientRect().width"
    before = surface(page).evaluate(width)
    touch(page, "touchStart", (10, 64))
    touch(page, "touchStart", (10, 64), (20, 64))
    touch(page, "touchMove", (10, 64), (21, 64))
    touch(page, "touchMove", (10, 64), (26, 64))
    touch(page, "touchEnd")
    assert surface(page).evaluate(width) > 1.2 * before
    assert notes(page) == WRITTEN


# --- from Python


def test_music_that_python_sets_is_shown_and_can_be_undone(open_widget):
    page = open_widget(editor(TUNE))
    page.evaluate(
        """() => {
            const music = structuredClone(model.get("music"));
            music.tracks[0].notes = [[0, 72, 16, 80]];
            model.set("music", music);
            model.set("change", { kind: "edit", by: "python", label: "x", number: 1 });
        }"""
    )
    click(page, 12, 72)
    assert selected(page) == [[0, 0]]
    button(page, "Undo").click()
    assert notes(page) == WRITTEN


def test_what_python_selects_is_selected(open_widget):
    page = open_widget(editor(TUNE))
    page.evaluate("model.set('selected', [[0, 0]])")
    button(page, "Delete").click()
    assert notes(page) == WRITTEN[1:]


def test_taken_down_nothing_is_left(open_widget):
    page = open_widget(editor(TUNE))
    page.evaluate("takeDown()")
    expect(roll(page)).to_have_count(0)
