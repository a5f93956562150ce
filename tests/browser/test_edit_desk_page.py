"""EditDesk in Chromium on a plain page: locked, asked for, seen, heard."""

from __future__ import annotations

import numpy as np
import pytest
from browser.edit_desk_page import (  # noqa: F401
    FLUTE,
    button,
    edited,
    page_fixture,
    place,
    roll,
    sent,
    shown,
    value,
)
from browser.listening import RECORDER, pitch_of, recording, start_recording
from playwright.sync_api import expect

from deepcomposer_edu.music.score import frequency

pytestmark = pytest.mark.browser


# --- locking


def test_a_click_on_a_bars_number_locks_it_and_another_one_frees_it(page):
    page.mouse.click(*place(page, 20))
    assert value(page, "locked_bars") == [0, 1, 2, 3]
    expect(button(page, "Lock bar 2")).to_have_attribute("aria-pressed", "true")
    page.mouse.click(*place(page, 20))
    assert value(page, "locked_bars") == [0, 2, 3]


def test_with_shift_all_other_bars_are_locked(page):
    page.keyboard.down("Shift")
    page.mouse.click(*place(page, 40))
    page.keyboard.up("Shift")
    assert value(page, "locked_bars") == [0, 1, 3]


def test_a_click_on_a_note_locks_it(page):
    page.mouse.click(*place(page, 2, pitch=71))
    assert value(page, "locked_notes") == [[1, 0]]
    expect(roll(page)).to_have_attribute(
        "aria-valuetext", "Alto, B4, bar 1, beat 1, locked"
    )
    page.mouse.click(*place(page, 6, pitch=71))  # the same note, farther on
    assert value(page, "locked_notes") == []


def test_voices_and_bars_are_locked_by_buttons_and_freed_at_once(page):
    button(page, "Lock the tenor").press("Enter")
    first = button(page, "Lock bar 1")
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert value(page, "locked_voices") == [2]
    assert value(page, "locked_bars") == [0, 1, 2, 3]
    button(page, "Unlock all").click()
    assert value(page, "locked_voices") == value(page, "locked_bars") == []
    expect(button(page, "Unlock all")).to_be_disabled()


def test_the_roll_is_gone_through_and_locked_by_keys_alone(page):
    roll(page).focus()
    for key in ("Home", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert value(page, "locked_notes") == [[1, 8]]
    page.keyboard.press("Shift+Enter")
    assert value(page, "locked_bars") == [2, 3]
    page.keyboard.press("Shift+ArrowUp")
    assert sent(page)[-1] == {"kind": "move", "note": [1, 8, 1]}


# --- asking


def test_sliders_menu_and_boxes_set_what_is_asked_for(page):
    page.get_by_label("What it does").select_option("continue")
    page.get_by_label("New bars").fill("4")
    page.get_by_label("New bars").press("Enter")
    page.get_by_label("Notes it may add").press("Home")
    for _ in range(3):
        page.get_by_label("Notes it may add").press("ArrowRight")
    page.get_by_label("It may take away").press("ArrowLeft")
    page.get_by_label("Creative risk").press("ArrowLeft")
    page.get_by_label("No parallel fifths").uncheck()
    button(page, "New chance", exact=False).click()
    names = ("mode", "n_bars", "max_added", "max_removed", "seed", "avoid_parallels")
    found = [value(page, name) for name in names]
    assert found == ["continue", 4, 3, 99, 1, False]
    assert value(page, "temperature") == pytest.approx(0.95)
    page.get_by_label("What it does").select_option("vary")
    expect(page.get_by_label("New bars")).to_be_hidden()


def test_go_cancel_undo_and_redo_ask_python(page):
    button(page, "Go", exact=False).first.click()
    button(page, "Undo").click()
    page.evaluate("model.set('can_redo', true)")
    button(page, "Redo").click()
    roll(page).press("Control+z")
    page.evaluate("model.set('is_working', true)")
    expect(button(page, "Undo")).to_be_disabled()
    page.get_by_role("progressbar").wait_for()
    button(page, "Cancel").click()
    kinds = [one["kind"] for one in sent(page)]
    assert kinds == ["go", "undo", "redo", "undo", "cancel"]


def test_a_button_that_is_switched_off_hands_the_focus_on(page):
    go = button(page, "Go", exact=False).first
    go.focus()
    page.evaluate("model.set('is_working', true)")
    expect(button(page, "Cancel")).to_be_focused()
    page.evaluate("model.set('is_working', false)")
    expect(go).to_be_focused()
    button(page, "One edit back").focus()
    for _ in range(shown(page)):
        page.keyboard.press("Enter")
    expect(page.get_by_role("slider", name="Edit", exact=True)).to_be_focused()


def test_a_problem_is_said(page):
    expect(page.get_by_role("alert")).to_be_hidden()
    page.evaluate("model.set('problem', 'All of it is locked.')")
    expect(page.get_by_role("alert")).to_have_text("All of it is locked.")


# --- watching


def test_new_edits_appear_one_after_another_with_their_words(page):
    n_edits = len(value(page, "thought")["edits"])
    page.evaluate(  # at once, for edits do not wait for a busy machine
        """async () => {
            model.set("thought", {...model.get("thought"), number: 9, is_new: true});
            const {dataset} = document.querySelector(".dc-roll");
            while (Number(dataset.shown) < 2) await new Promise(requestAnimationFrame);
            document.querySelector(".dc-watch").click();
        }"""
    )
    expect(button(page, "Watch the edits")).to_be_visible()
    seen = shown(page)
    assert 2 <= seen < n_edits
    current = page.locator(".dc-edit[aria-current=true]")
    expect(current).to_contain_text(value(page, "thought")["edits"][seen - 1][7])
    button(page, "Watch the edits").click()
    expect(page.locator(".dc-count")).to_have_text(f"Edit {n_edits} of {n_edits}")


def test_one_edit_back_and_on_by_buttons_slider_and_list(page):
    n_edits = shown(page)
    button(page, "One edit back").click()
    assert shown(page) == n_edits - 1
    button(page, "One edit on").click()
    assert shown(page) == n_edits
    page.get_by_role("slider", name="Edit", exact=True).press("Home")
    assert shown(page) == 0
    expect(button(page, "One edit back")).to_be_disabled()
    page.locator(".dc-edit").nth(2).click()
    assert shown(page) == 3
    expect(page.get_by_role("slider", name="Edit", exact=True)).to_have_value("3")


def test_the_last_edit_stands_out_in_the_roll(page):
    """It has a frame, and its probability beside it."""
    page.evaluate(
        """async () => {
            const canvas = document.querySelectorAll(".dc-roll-canvas")[1];
            window.frontPixels = async () => {
                for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
                const {width, height} = canvas;
                return canvas.getContext("2d").getImageData(0, 0, width, height).data;
            };
            window.changedColumns = (one, other) => {
                const found = new Set();
                one.forEach((v, i) => {
                    if (v !== other[i]) found.add((i >> 2) % canvas.width);
                });
                return [Math.min(...found), Math.max(...found)];
            };
        }"""
    )
    scrub = page.get_by_role("slider", name="Edit", exact=True)
    scrub.press("Home")
    page.evaluate("async () => { window.emptyFront = await frontPixels(); }")
    scrub.press("ArrowRight")
    least, most = page.evaluate(
        "async () => changedColumns(window.emptyFront, await frontPixels())"
    )
    start, n_steps = value(page, "thought")["edits"][0][1:3]
    left, right = (place(page, t - 0.5)[0] for t in (start, start + n_steps))
    x = roll(page).bounding_box()["x"]
    assert least + x == pytest.approx(left, abs=6)
    assert most + x == pytest.approx(right, abs=30)


def test_an_edit_sounds_at_its_pitch(open_widget):
    page = open_widget(edited(FLUTE), sampled=True, script=RECORDER)
    start_recording(page)
    page.get_by_role("slider", name="Edit", exact=True).press("Home")
    page.locator('[data-edit="2"]').click()
    edit = value(page, "thought")["edits"][1]
    samples, rate = recording(page, 0.3)
    found = pitch_of(samples[rate // 10 :], rate)
    assert 12 * np.log2(found / frequency(edit[4])) == pytest.approx(0, abs=0.3)


def test_before_and_after_are_heard(page):
    button(page, "Hear the piece before the edits").click()
    page.wait_for_function("model.get('is_playing')")
    assert shown(page) == 0
    button(page, "Hear the piece after the edits").click()
    expect(page.locator(".dc-count")).to_contain_text("Edit")
    assert shown(page) == len(value(page, "thought")["edits"])
    button(page, "Pause the piece").click()
    page.wait_for_function("!model.get('is_playing')")
