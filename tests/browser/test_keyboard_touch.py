"""What the piano keyboard shows, and playing it by mouse, fingers and computer keys."""

from __future__ import annotations

import pytest
from browser.keyboard_page import (  # noqa: F401
    button,
    key,
    low_part,
    open_page_fixture,
    page_fixture,
    played,
    record,
    send,
    strike,
    value,
)
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_there_are_32_keys_with_the_names_of_their_notes(page):
    names = page.locator("[data-note]").evaluate_all(
        "keys => keys.map(key => key.getAttribute('aria-label'))"
    )
    assert len(names) == 32
    assert (names[0], names[1], names[7]) == (
        "F3, key Z",
        "F sharp 3, key S",
        "C4, key B",
    )


def test_every_control_has_a_name(page):
    names = page.locator("button, select, input:not(#elsewhere)").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label') ?? '')"
    )
    assert [name for name in names if not name] == []


def test_tab_reaches_every_control_and_one_key(page):
    page.locator("#elsewhere").focus()
    reached = []
    for _ in range(10):
        page.keyboard.press("Tab")
        label = "document.activeElement.getAttribute('aria-label')"
        reached.append(page.evaluate(label))
    assert reached == [
        "Record",
        "Octave down",
        "Octave up",
        "Instrument",
        "Volume",
        "Labels on the keys",
        "Connect MIDI keyboard",
        "More controls",
        "C4, key B",
        None,
    ]


# --- mouse and fingers


def test_a_click_is_a_note_that_begins_and_ends(page):
    record(page)
    strike(page, 60)
    assert played(page) == [(60, True, "mouse"), (60, False, "mouse")]


def test_a_held_key_says_that_it_is_pressed(page):
    page.mouse.move(*low_part(page, 64))
    page.mouse.down()
    expect(key(page, 64)).to_have_attribute("aria-pressed", "true")
    page.mouse.up()
    expect(key(page, 64)).to_have_attribute("aria-pressed", "false")


def test_sliding_over_the_keys_plays_each_of_them(page):
    record(page)
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.mouse.move(*low_part(page, 64), steps=12)
    page.mouse.up()
    strikes = [pitch for pitch, is_down, _ in played(page) if is_down]
    assert strikes == [60, 62, 64]


def test_leaving_the_keys_with_the_mouse_down_ends_the_note(page):
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.mouse.move(5, 5)
    expect(key(page, 60)).to_have_attribute("aria-pressed", "false")


def test_the_right_mouse_button_plays_nothing(page):
    record(page)
    key(page, 60).click(button="right", position={"x": 5, "y": 150})
    assert played(page) == []


def test_a_key_is_louder_nearer_its_edge(page):
    record(page)
    for y in (10, 160):
        key(page, 60).click(position={"x": 4, "y": y})
    button(page, "Stop").click()
    soft, loud = (e["velocity"] for e in value(page, "recorded") if e["velocity"])
    assert 0 < soft < 60 < loud <= 110


def test_three_fingers_hold_three_keys(open_page):
    page = open_page(has_touch=True)
    touch = page.context.new_cdp_session(page)
    points = [
        {"x": x, "y": y, "id": number}
        for number, (x, y) in enumerate(low_part(page, pitch) for pitch in (60, 64, 67))
    ]
    touch.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points}
    )
    page.wait_for_function("model.get('pressed').length === 3")
    assert value(page, "pressed") == [60, 64, 67]
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("model.get('pressed').length === 0")


def test_a_screen_readers_click_plays_a_short_note(page):
    record(page)
    key(page, 60).evaluate("key => key.click()")
    page.wait_for_function("model.get('pressed').length === 0")
    assert [event[:2] for event in played(page)] == [(60, True), (60, False)]


# --- computer keys


def test_computer_keys_play_by_their_place(page):
    record(page)
    for code in ("KeyZ", "KeyS", "Slash", "KeyQ", "Digit3", "KeyO"):
        page.keyboard.press(code)
    strikes = [pitch for pitch, is_down, _ in played(page) if is_down]
    assert strikes == [53, 54, 69, 71, 73, 84]


def test_computer_keys_play_right_after_record_was_clicked(page):
    record(page)
    page.keyboard.press("KeyZ")
    assert played(page) == [(53, True, "computer"), (53, False, "computer")]


def test_a_key_that_repeats_while_held_is_one_note(page):
    record(page)
    page.keyboard.down("KeyB")
    page.keyboard.down("KeyB")
    page.keyboard.up("KeyB")
    assert [event[0] for event in played(page)] == [60, 60]


def test_letters_with_ctrl_play_nothing(page):
    record(page)
    page.keyboard.press("Control+KeyB")
    assert played(page) == []


def test_letters_typed_elsewhere_play_nothing(page):
    record(page)
    page.locator("#elsewhere").focus()
    page.keyboard.press("KeyB")
    assert played(page) == []


def test_losing_the_focus_lets_go_of_a_computer_key(page):
    key(page, 60).focus()
    page.keyboard.down("KeyB")
    expect(key(page, 60)).to_have_attribute("aria-pressed", "true")
    page.locator("#elsewhere").focus()
    expect(key(page, 60)).to_have_attribute("aria-pressed", "false")


def test_leaving_the_window_lets_go_of_everything(page):
    key(page, 60).focus()
    page.keyboard.down("KeyB")
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    assert value(page, "pressed") == []


def test_arrows_walk_over_the_keys_and_space_plays(page):
    record(page)
    key(page, 60).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert [event[0] for event in played(page)] == [62, 62]


def test_arrows_up_and_down_shift_octaves_and_keep_the_focus_on_the_keys(page):
    key(page, 60).focus()
    shown = page.get_by_label("Range of the keys")
    for arrow, names in (
        ("ArrowDown", "F2 – C5"),
        ("ArrowDown", "F1 – C4"),
        ("ArrowUp", "F2 – C5"),
    ):
        page.keyboard.press(arrow)
        expect(shown).to_have_text(names)
        expect(page.locator("[data-note]:focus")).to_have_count(1)


def test_a_key_held_over_an_octave_shift_does_not_hang(page):
    key(page, 60).focus()
    page.keyboard.down("KeyB")
    button(page, "Octave up").click()
    page.keyboard.up("KeyB")
    assert value(page, "pressed") == []


def test_labels_can_be_hidden(page):
    expect(key(page, 60)).to_have_text("BC4")
    page.get_by_label("Labels on the keys").select_option("none")
    expect(key(page, 60)).to_have_text("")
