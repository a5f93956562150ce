"""The player in Chromium on a plain page: what can be clicked and typed."""

from __future__ import annotations

import pytest
from browser.player_page import (  # noqa: F401
    PHONE,
    button,
    page_fixture,
    painted,
    place_of,
    roll,
    song,
    status,
    value,
)
from playwright.sync_api import expect

from deepcomposer_edu.widgets import Player

pytestmark = pytest.mark.browser


# --- playing


def test_play_moves_the_place_and_pause_keeps_it(page):
    button(page, "Play").click()
    page.wait_for_function("model.get('position') > 3")
    button(page, "Pause").click()
    assert not value(page, "is_playing")
    place = value(page, "position")
    expect(status(page)).to_contain_text("Paused at bar")
    expect(button(page, "Play")).to_be_visible()
    assert value(page, "position") == place > 3


def test_it_plays_to_the_end_and_says_so(page):
    page.evaluate("receive({kind: 'seek', step: 124})")
    button(page, "Play").click()
    page.wait_for_function("!model.get('is_playing')")
    assert value(page, "position") == 128
    expect(status(page)).to_have_text("Played to the end.")


def test_a_loop_does_not_end(page):
    page.evaluate("model.set('loop', [0, 1])")
    button(page, "Play").click()
    page.evaluate(
        """async () => {
            let before = 0;
            for (let rounds = 0; rounds < 3;) {
                await new Promise(requestAnimationFrame);
                const now = Number(document.querySelector(".dc-roll").dataset.step);
                if (now < before) rounds += 1;
                before = now;
            }
        }"""
    )
    assert value(page, "is_playing")


def test_the_tempo_shows_in_beats_a_minute_and_reaches_python(page):
    page.get_by_label("Tempo in percent").fill("150")
    assert value(page, "speed") == 1.5
    expect(page.locator(".dc-speed-text")).to_have_text("180 BPM")


def test_a_midi_knob_may_learn_the_tempo_and_a_button_play(page):
    page.evaluate(
        """() => {
            const controls = globalThis[Symbol.for("deepcomposer-edu.controls")];
            controls.find("player.tempo").set(1);
            controls.find("player.play").press();
        }"""
    )
    assert value(page, "speed") == 2
    assert value(page, "is_playing")


def test_one_player_falls_silent_when_another_plays(open_widget):
    page = open_widget(Player(song()), Player(song()))
    first, second = page.get_by_role("button", name="Play", exact=True).all()
    second.click()
    page.wait_for_function("widgets[1].model.get('is_playing')")
    first.click()
    page.wait_for_function("widgets[0].model.get('is_playing')")
    assert not page.evaluate("widgets[1].model.get('is_playing')")


# --- going somewhere


def test_a_click_on_the_roll_goes_there(page):
    page.mouse.click(*place_of(page, 64))
    assert value(page, "position") == pytest.approx(64, abs=0.6)


def test_a_click_on_a_bar_number_goes_there(page):
    page.mouse.click(*place_of(page, 32, y=8))
    assert value(page, "position") == pytest.approx(32, abs=0.6)


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        (["ArrowRight"], 4),
        (["Shift+ArrowRight"], 16),
        (["Shift+ArrowRight", "ArrowLeft"], 12),
        (["PageUp"], 64),
        (["End"], 128),
        (["End", "Home"], 0),
        (["ArrowLeft"], 0),
    ],
)
def test_keys_go_through_the_music(page, typed, step):
    roll(page).focus()
    for name in typed:
        page.keyboard.press(name)
    assert value(page, "position") == step


def test_the_place_is_told_to_screen_readers(page):
    roll(page).focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(roll(page)).to_have_attribute("aria-valuetext", "bar 2, beat 2")
    expect(roll(page)).to_have_attribute("aria-valuemax", "128")


def test_space_on_the_roll_plays_and_pauses(page):
    roll(page).focus()
    page.keyboard.press("Space")
    assert value(page, "is_playing")
    page.keyboard.press("Space")
    assert not value(page, "is_playing")


def test_a_tap_goes_there_and_a_finger_that_moves_scrolls(open_widget):
    page = open_widget(Player(song()), **PHONE)
    surface = "document.querySelector('.dc-roll-surface')"
    box = roll(page).bounding_box()
    x, y = box["x"] + 250, box["y"] + 100
    page.touchscreen.tap(x, y)
    place = value(page, "position")
    assert place > 8
    line = page.context.new_cdp_session(page)

    def touch(kind, *points):
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", {"x": x, "y": y})
    for moved in range(10, 160, 10):
        touch("touchMove", {"x": x - moved, "y": y})
    touch("touchEnd")
    page.wait_for_function(f"{surface}.scrollLeft > 80")
    assert value(page, "position") == place


# --- loops


def test_dragging_over_bar_numbers_loops_whole_bars(page):
    page.mouse.move(*place_of(page, 20, y=8))
    page.mouse.down()
    page.mouse.move(*place_of(page, 44, y=8), steps=3)
    page.mouse.up()
    assert value(page, "loop") == [16, 48]
    expect(button(page, "Loop")).to_have_attribute("aria-pressed", "true")


def test_keys_set_the_ends_of_a_loop(page):
    roll(page).focus()
    for name in ["Shift+ArrowRight", "[", "Shift+ArrowRight", "]"]:
        page.keyboard.press(name)
    assert value(page, "loop") == [16, 48]
    page.keyboard.press("Escape")
    assert value(page, "loop") == []


def test_the_loop_button_loops_everything_and_lets_go(page):
    button(page, "Loop").click()
    assert value(page, "loop") == [0, 128]
    button(page, "Loop").click()
    assert value(page, "loop") == []


# --- tracks


def test_the_menu_offers_the_instruments_of_a_band(page):
    menu = page.get_by_label("Instrument of Tune")
    names = menu.locator("option").all_inner_texts()
    wanted = {
        "Overdriven guitar",
        "Electric guitar (clean)",
        "Electric bass (finger)",
        "Standard kit",
    }
    assert wanted <= set(names)


def test_a_chosen_instrument_reaches_python(page):
    page.get_by_label("Instrument of Tune").select_option("Overdriven guitar")
    assert value(page, "mix")[0]["program"] == 29
    page.get_by_label("Instrument of Tune").select_option("Standard kit")
    assert value(page, "mix")[0]["is_drum"]


def test_mute_and_solo_show_which_tracks_are_heard(page):
    button(page, "Mute Bass").click()
    expect(page.locator(".dc-unheard")).to_have_count(1)
    button(page, "Solo Bass").click()
    button(page, "Mute Bass").click()
    expect(page.locator(".dc-unheard")).to_have_count(2)


def test_a_muted_track_is_drawn_hollow(page):
    rose = "#c2487f"
    page.evaluate("model.set('track_colours', ['#000000', '#c2487f', '#000000'])")
    before = painted(page, rose)
    button(page, "Mute Bass").click()
    assert painted(page, rose) < 0.2 * before
