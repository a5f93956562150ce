"""The linked view in Chromium: what is pointed at lights up everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from browser.listening import RECORDER, level, pitch_of, recording, start_recording
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Note, Score, Track, frequency
from deepcomposer_edu.music.tokens import Token
from deepcomposer_edu.widgets import LinkedView
from deepcomposer_edu.widgets.player_pages import pages_message

pytestmark = pytest.mark.browser

FLUTE = 73  # sounds on, at one pitch


def song(tempo=120):
    """Two bars: a melody in quarters above a bass in whole notes."""
    melody = tuple(Note(4 * i, 67 + i, 4) for i in range(8))
    bass = (Note(0, 48, 16), Note(16, 43, 16))
    return Score((Track(melody, "Melody", FLUTE), Track(bass, "Bass", FLUTE)), tempo)


def answer_pages(page, score):
    """Answer the page's last question for notation, as Python does."""
    page.wait_for_function("model.sent.some(({ kind }) => kind === 'pages?')")
    asked = page.evaluate("model.sent.findLast(({ kind }) => kind === 'pages?')")
    message = pages_message(score, asked["width"])
    page.evaluate(
        "message => receive(message)",
        {"kind": "pages", "asked": asked["asked"], **message},
    )
    expect(page.locator(".dc-staff-page").first).to_be_visible()


@pytest.fixture(name="page")
def page_fixture(open_widget):
    page = open_widget(LinkedView(song(), tokenizer="note"))
    answer_pages(page, song())
    return page


def tokens(page):
    return page.get_by_role("listbox", name="Tokens").get_by_role("option")


def token(page, text):
    return tokens(page).get_by_text(text, exact=True)


def roll(page):
    return page.get_by_role("slider", name="Note of the roll")


def lit_tokens(page):
    return page.locator(".dc-token[aria-selected=true]").all_inner_texts()


def lit_in_roll(page):
    """Return the lit notes as "track:index"."""
    return page.evaluate("document.querySelector('.dc-roll').dataset.lit")


def lit_on_staff(page):
    return page.locator(".dc-staff .note.dc-lit").count()


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def test_a_token_that_is_pointed_at_lights_its_note_in_the_roll_and_on_the_staff(page):
    token(page, "A4:4").hover()
    assert lit_tokens(page) == ["A4:4"]
    assert lit_in_roll(page) == "0:2"
    assert lit_on_staff(page) == 1
    expect(page.get_by_role("status").last).to_contain_text("Melody A4")


def test_a_note_of_the_roll_lights_its_tokens(page):
    roll(page).focus()
    roll(page).press("ArrowRight")  # the first note of all, the melody's
    roll(page).press("ArrowRight")
    assert lit_in_roll(page) == "1:0"
    assert lit_tokens(page) == ["voice 1", "C3:16"]
    assert lit_on_staff(page) == 1


def test_pointing_with_the_mouse_at_the_roll_finds_the_note_under_it(page):
    place = page.evaluate(
        """() => {
            const box = document.querySelector(".dc-roll").getBoundingClientRect();
            const room = document.querySelector(".dc-roll-space").clientWidth;
            return [box.left, box.top, (room - 34 - 6) / 32];
        }"""
    )
    left, top, step = place
    # 74 to 43 with two semitones of room: 76 is the highest row, each 130 / 36 or more
    height = roll(page).bounding_box()["height"] - 20
    row = height / 36
    y = top + 1 + 18 + (76 - 74 + 0.5) * row
    page.mouse.move(left + 1 + 34 + 29.5 * step, y)
    assert lit_in_roll(page) == "0:7"
    assert lit_tokens(page) == ["D5:4"]


def test_a_note_on_the_staff_lights_its_token_and_the_roll(page):
    page.locator(".dc-staff .note .notehead").nth(1).hover()
    assert len(lit_tokens(page)) == 1
    assert lit_in_roll(page) in ("0:1", "1:0")
    assert lit_on_staff(page) == 1


def test_a_mark_lights_what_begins_there(open_widget):
    page = open_widget(LinkedView(song(), tokenizer="remi"))
    token(page, "bar").nth(1).hover()
    assert lit_in_roll(page).split() == ["0:4", "1:1"]


def test_the_keys_walk_through_the_tokens(page):
    tokens(page).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert lit_tokens(page) == [tokens(page).nth(2).inner_text()]
    page.keyboard.press("End")
    assert lit_tokens(page) == ["G2:16"]
    assert value(page, "chosen") == len(value(page, "tokens")) - 1


def test_only_one_token_is_a_tab_stop(page):
    assert page.locator(".dc-token[tabindex='0']").count() == 1


def test_while_it_plays_the_tokens_of_what_sounds_are_lit(page):
    token(page, "G4:4").focus()
    page.keyboard.press("Space")
    expect(page.locator(".dc-token[aria-selected=true]")).to_have_count(2)
    page.keyboard.press("Space")
    assert value(page, "is_playing") is False


def test_a_token_that_python_chooses_lights_up(page):
    page.evaluate("model.set('chosen', 3)")
    assert lit_tokens(page) == [tokens(page).nth(3).inner_text()]


def test_another_tokenizer_is_asked_for(page):
    page.get_by_role("combobox", name="Tokenizer").select_option("grid")
    assert value(page, "tokenizer") == "grid"


def test_given_tokens_have_no_menu(open_widget):
    page = open_widget(LinkedView(song(), tokens=[Token("one", 0, 4, 0, None)]))
    assert page.get_by_role("combobox").count() == 0
    token(page, "one").hover()
    assert lit_in_roll(page) == "0:0"


def test_a_clicked_token_is_heard_at_its_pitch_and_alone(open_widget):
    view = LinkedView(song(tempo=60), tokenizer="note")
    page = open_widget(view, sampled=True, script=RECORDER)
    start_recording(page)
    token(page, "A4:4").click()
    samples, rate = recording(page, 0.8)
    samples = samples[round(0.25 * rate) :]
    assert level(samples) > -40
    assert abs(12 * np.log2(pitch_of(samples, rate) / frequency(69))) < 0.5
