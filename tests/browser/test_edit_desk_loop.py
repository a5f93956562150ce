"""EditDesk's loop mode in Chromium: the network edits one bar while somebody plays."""

from __future__ import annotations

import pytest
from browser.edit_desk_page import (  # noqa: F401
    button,
    edited,
    roll,
    sent,
    value,
)
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(name="loop")
def loop_fixture(open_widget):
    page = open_widget(edited(tempo=240))
    page.locator("summary").click()
    return page


def asked(page, kind):
    return [one for one in sent(page) if one["kind"] == kind]


def wait_for(page, kind, n=1):
    page.wait_for_function(
        "([kind, n]) => model.sent.filter(m => m.kind === kind).length >= n",
        arg=[kind, n],
    )


def test_the_loop_goes_round_and_asks_for_a_bar_each_time(loop):
    loop.get_by_label("The network's bar").select_option("1")
    button(loop, "Loop:", exact=False).click()
    wait_for(loop, "again", 2)
    expect(loop.locator(".dc-round")).not_to_have_text("Round 1")
    assert value(loop, "is_looping") and value(loop, "model_bar") == 1
    expect(button(loop, "Go", exact=False).first).to_be_disabled()
    button(loop, "Stop the loop").click()
    assert not value(loop, "is_looping") and not value(loop, "is_playing")


def test_what_python_writes_meanwhile_is_heard_on(loop):
    button(loop, "Loop:", exact=False).click()
    wait_for(loop, "again")
    loop.evaluate(
        """() => {
            const music = structuredClone(model.get("music"));
            music.tracks[0].notes = [[0, 84, 64, 80]];
            model.set("music", music);
        }"""
    )
    assert value(loop, "is_playing") and value(loop, "is_looping")


def test_keys_of_the_screen_play_into_the_piece(loop):
    button(loop, "Loop:", exact=False).click()
    loop.wait_for_function(
        "Number(document.querySelector('.dc-roll').dataset.step) > 1"
    )
    key = loop.locator('[data-note="76"]')
    key.scroll_into_view_if_needed()
    box = key.bounding_box()
    loop.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 8)
    loop.mouse.down()
    expect(key).to_have_attribute("aria-pressed", "true")
    loop.mouse.up()
    wait_for(loop, "played")
    voice, start, n_steps, pitch = asked(loop, "played")[0]["notes"][0]
    assert (voice, pitch) == (0, 76) and 0 <= start < 64 and n_steps >= 1


def test_computer_keys_play_the_voice_that_was_chosen(loop):
    loop.get_by_label("You play").select_option("3")
    button(loop, "Keys an octave down").click()
    button(loop, "Loop:", exact=False).click()
    loop.wait_for_function("model.get('is_playing')")
    loop.keyboard.press("z")
    wait_for(loop, "played")
    voice, _, _, pitch = asked(loop, "played")[0]["notes"][0]
    assert (voice, pitch) == (3, 48)


def test_a_midi_keyboard_plays_and_is_let_go(loop):
    button(loop, "Connect MIDI keyboard").click()
    button(loop, "MIDI off").wait_for()
    button(loop, "Loop:", exact=False).click()
    loop.wait_for_function("model.get('is_playing')")
    loop.evaluate("fakeMidi.send('Fake 32', [0x90, 74, 100])")
    expect(loop.locator('[data-note="74"]')).to_have_attribute("aria-pressed", "true")
    loop.evaluate("fakeMidi.send('Fake 32', [0x90, 74, 0])")
    wait_for(loop, "played")
    assert asked(loop, "played")[0]["notes"][0][3] == 74
    button(loop, "MIDI off").click()
    assert not loop.evaluate("fakeMidi.isOpen('Fake 32')")


def test_without_a_loop_keys_sound_and_change_nothing(loop):
    key = loop.locator('[data-note="72"]')
    key.focus()
    loop.keyboard.down("Enter")
    expect(key).to_have_attribute("aria-pressed", "true")
    loop.keyboard.up("Enter")
    expect(key).to_have_attribute("aria-pressed", "false")
    assert asked(loop, "played") == []
