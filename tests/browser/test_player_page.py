"""The player in Chromium on a plain page: what can be clicked, typed and seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import Player

pytestmark = pytest.mark.browser
PHONE = {
    "viewport": {"width": 380, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}


def quarters(first, n=32):
    return tuple(Note(4 * i, first + i % 12, 4) for i in range(n))


def song(**options):
    """Eight bars: two voices and drums."""
    beat = tuple(Note(4 * i, 36 + 2 * (i % 2), 1) for i in range(32))
    tracks = (
        Track(quarters(60), "Tune", 73),
        Track(quarters(40), "Bass", 33),
        Track(beat, "Beat", is_drum=True),
    )
    return Score(tracks, tempo=120, title="Eight bars", **options)


@pytest.fixture(name="page")
def page_fixture(open_widget):
    return open_widget(Player(song()))


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def roll(page):
    return page.get_by_role("slider", name="Place in the music")


def place_of(page, step, y=100):
    """Return where a step lies in the window, with 34 or 66 px of keys on the left."""
    box = roll(page).bounding_box()
    room = page.evaluate("document.querySelector('.dc-roll-space').clientWidth")
    width = (room - 66 - 6) / 128  # of a step; eight bars fit
    return box["x"] + 1 + 66 + width * step, box["y"] + y


def painted(page, colour):
    """Return how many pixels of the roll, the playhead aside, have about a colour."""
    return page.evaluate(
        """async colour => {
            await new Promise(requestAnimationFrame);
            const wanted = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
            const canvas = document.querySelector(".dc-roll-canvas");
            const {width, height} = canvas;
            const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
            let n = 0;
            for (let at = 0; at < data.length; at += 4) {
                if (wanted.every((v, i) => Math.abs(v - data[at + i]) <= 12)) n += 1;
            }
            return n;
        }""",
        colour,
    )


def status(page):
    return page.locator(".dc-status")


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


# --- what the roll shows


def test_every_track_is_seen_in_its_own_colour(page):
    for colour in value(page, "track_colours")[:3]:
        assert painted(page, colour) > 300


def test_changed_notes_stand_out_and_all_others_fade(page):
    blue = value(page, "track_colours")[0]
    before = painted(page, blue)
    page.evaluate("model.set('changed', [[1, 3]])")
    assert painted(page, blue) < 0.1 * before
    page.evaluate("model.set('changed', [])")
    assert painted(page, blue) == before


def test_the_note_that_sounds_is_lit(page):
    page.evaluate("receive({kind: 'seek', step: 64})")
    button(page, "Play").click()
    page.wait_for_function("model.get('position') > 65")
    assert page.locator(".dc-roll").get_attribute("data-sounding") != ""


def test_zoom_makes_it_wider_and_fit_shows_it_all(page):
    width = "document.querySelector('.dc-roll-space').clientWidth"
    whole = page.evaluate(width)
    button(page, "Zoom in").click()
    assert page.evaluate(width) > 1.4 * whole
    button(page, "Fit the whole music").click()
    surface = "document.querySelector('.dc-roll-surface')"
    assert page.evaluate(f"{surface}.scrollWidth <= {surface}.clientWidth")


def test_the_page_turns_with_the_music_unless_following_is_off(open_widget):
    page = open_widget(Player(song()))
    scrolled = "document.querySelector('.dc-roll-surface').scrollLeft"
    for _ in range(5):
        button(page, "Zoom in").click()
    roll(page).focus()
    page.keyboard.press("Home")
    button(page, "Follow the music").click()
    button(page, "Play").click()
    page.wait_for_function("model.get('position') > 24")
    assert page.evaluate(scrolled) == 0
    button(page, "Follow the music").click()
    page.wait_for_function(f"{scrolled} > 100")


def test_a_dark_page_has_a_dark_roll(open_widget):
    page = open_widget(Player(song()), color_scheme="dark")
    assert painted(page, "#17191d") > 10_000
    assert painted(page, "#ffffff") < 1_000


def test_a_roll_made_before_it_is_on_the_page_has_the_pages_colours(open_widget):
    page = open_widget(Player(song()), color_scheme="dark")
    page.evaluate(
        """async () => {
            const {default: create} = await import("/static/player.js");
            const widget = await create();
            const el = document.createElement("div");
            await widget.initialize({model});
            await widget.render({model, el}); // JupyterLab shows it only later
            document.querySelector(".widget").replaceWith(el);
            await new Promise(requestAnimationFrame);
        }"""
    )
    assert painted(page, "#17191d") > 10_000


def test_an_empty_player_says_so(open_widget):
    page = open_widget(Player())
    expect(page.get_by_text("There is no music here yet.")).to_be_visible()
    expect(button(page, "Play")).to_be_disabled()


def test_python_can_give_it_other_music(page):
    other = Player(Score.from_notes([(0, 60, 4)], title="Other")).music
    page.evaluate("music => model.set('music', music)", other)
    expect(page.get_by_role("heading", name="Other")).to_be_visible()
    expect(page.locator(".dc-track")).to_have_count(1)


def test_when_the_kernel_is_gone_it_still_plays(page):
    page.evaluate("loseKernel()")
    button(page, "Play").click()
    page.wait_for_function("model.get('position') > 1")


def test_a_page_that_is_zoomed_far_out_shows_the_notes(open_widget):
    page = open_widget(Player(song()), device_scale_factor=0.1)
    expect(roll(page)).to_be_visible()
    page.wait_for_function(
        "document.querySelector('.dc-roll canvas').getContext('2d')"
        ".getImageData(0, 0, 90, 20).data.some(part => part > 0)"
    )
