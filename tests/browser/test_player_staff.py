"""The Player's score view in Chromium: notes light up, a click goes to one, keys do."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import Player
from deepcomposer_edu.widgets.player_pages import pages_message

pytestmark = pytest.mark.browser

N_BARS = 12


def song():
    """Twelve bars: a melody in quarters above a bass in whole notes."""
    melody = tuple(Note(4 * i, 67 + i % 7, 4) for i in range(4 * N_BARS))
    bass = tuple(Note(16 * i, 43 + i % 5, 16) for i in range(N_BARS))
    return Score((Track(melody, "Melody"), Track(bass, "Bass")), tempo=240)


def answer(page, score):
    """Answer the page's last question for notation, as Python does."""
    page.wait_for_function("model.sent.some(({ kind }) => kind === 'pages?')")
    asked = page.evaluate("model.sent.findLast(({ kind }) => kind === 'pages?')")
    message = pages_message(score, asked["width"])
    page.evaluate(
        "message => receive(message)",
        {"kind": "pages", "asked": asked["asked"], **message},
    )


@pytest.fixture(name="page")
def page_fixture(open_widget):
    """A player that shows its music in notation."""
    page = open_widget(Player(song()))
    page.locator(".dc-as-score").click()
    answer(page, song())
    expect(page.locator(".dc-staff-page").first).to_be_visible()
    return page


def staff(page):
    return page.get_by_role("slider", name="Place in the notation")


def lit(page):
    """Return how many written notes are lit."""
    return page.locator(".dc-staff .note.dc-sounds").count()


def head_x(page):
    return page.locator(".dc-staff-head").bounding_box()["x"]


def position(page):
    return page.evaluate("model.get('position')")


def test_every_note_is_on_a_page(page):
    assert page.locator(".dc-staff .note").count() == len(song().notes)


def test_the_notes_under_the_playhead_are_lit(page):
    assert lit(page) == 2


def test_the_right_arrow_goes_to_the_next_note_and_says_what_is_there(page):
    staff(page).press("ArrowRight")
    assert position(page) == 4
    said = staff(page).get_attribute("aria-valuetext")
    assert said == "bar 1, beat 2: Melody A flat 4, Bass G 2"


def test_shift_and_arrow_go_by_bars_and_home_goes_back(page):
    staff(page).press("Shift+ArrowRight")
    assert position(page) == 16
    staff(page).press("Home")
    assert position(page) == 0


def test_a_click_on_a_note_goes_there(page):
    page.locator(".dc-staff .note .notehead").nth(2).click()
    first = page.locator(".dc-staff .note .notehead").nth(2).bounding_box()
    assert position(page) == 8
    assert head_x(page) == pytest.approx(first["x"] + first["width"] / 2, abs=6)


def test_every_click_goes_to_the_note_that_is_clicked(page):
    """Noteheads in the order of the page: bar by bar, melody before bass."""
    expected = []
    for bar in range(N_BARS):
        expected += [16 * bar + 4 * beat for beat in range(4)] + [16 * bar]
    heads = page.locator(".dc-staff .note .notehead")
    for i in range(0, len(expected), 7):
        heads.nth(i).scroll_into_view_if_needed()
        box = heads.nth(i).bounding_box()  # the middle of a whole note is hollow
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert position(page) == expected[i]


def test_the_playhead_moves_while_the_music_plays(page):
    before = head_x(page)
    staff(page).press(" ")
    page.wait_for_function(
        "x => document.querySelector('.dc-staff-head').getBoundingClientRect().x > x",
        arg=before + 30,
    )
    page.wait_for_function("document.querySelectorAll('.dc-sounds').length > 0")
    staff(page).press(" ")
    assert page.evaluate("model.get('is_playing')") is False


def test_a_later_system_is_scrolled_into_view(page):
    staff(page).press("End")
    page.wait_for_function(
        """() => {
            const head = document.querySelector('.dc-staff-head');
            const box = document.querySelector('.dc-staff').getBoundingClientRect();
            const { top, bottom } = head.getBoundingClientRect();
            return top >= box.top - 1 && bottom <= box.bottom + 1;
        }"""
    )


def test_changed_notes_are_ringed(page):
    page.evaluate("model.set('changed', [[1, 2], [0, 5]])")
    assert page.locator(".dc-staff .note.dc-changed").count() == 2
    width = page.locator(".dc-changed .notehead").first.evaluate(
        "note => parseFloat(getComputedStyle(note).strokeWidth)"
    )
    assert width > 50


def test_the_notes_of_a_muted_track_are_pale(page):
    page.get_by_role("button", name="Mute Bass").click()
    assert page.locator(".dc-staff .note.dc-muted").count() == N_BARS


def test_new_music_asks_for_new_pages_and_old_answers_are_ignored(page):
    asked = page.evaluate("model.sent.findLast(({ kind }) => kind === 'pages?').asked")
    page.evaluate(
        """() => {
            const music = structuredClone(model.get("music"));
            music.tracks.pop();
            model.set("mix", model.get("mix").slice(0, 1));
            model.set("music", music);
        }"""
    )
    page.wait_for_function(
        "old => model.sent.findLast(({ kind }) => kind === 'pages?').asked > old",
        arg=asked,
    )
    page.evaluate(
        "message => receive(message)",
        {"kind": "pages", "asked": asked, **pages_message(song(), 800)},
    )
    assert page.locator(".dc-staff .note").count() != len(song().notes) * 2
    one = Score(song().tracks[:1])
    answer(page, one)
    expect(page.locator(".dc-staff .note")).to_have_count(len(one.notes))


def test_a_problem_is_said(page):
    page.evaluate("model.set('changed', [])")
    asked = page.evaluate("model.sent.findLast(({ kind }) => kind === 'pages?').asked")
    page.evaluate(
        "message => receive(message)",
        {"kind": "pages", "asked": asked, "problem": "It cannot be written down."},
    )
    expect(page.get_by_text("It cannot be written down.")).to_be_visible()


def test_without_a_kernel_it_says_that_the_notation_is_lost(open_widget):
    page = open_widget(Player(song()))
    page.evaluate("loseKernel()")
    page.locator(".dc-as-score").click()
    expect(page.get_by_text("run the cell again to see the notes")).to_be_visible()


def test_notes_are_light_on_dark(open_widget):
    page = open_widget(Player(song()), color_scheme="dark")
    page.locator(".dc-as-score").click()
    answer(page, song())
    ink = page.locator(".dc-staff .note:not(.dc-sounds) .notehead use").first.evaluate(
        "note => getComputedStyle(note).fill"
    )
    red, green, blue = (
        int(part) for part in ink[ink.index("(") + 1 : -1].split(",")[:3]
    )
    assert min(red, green, blue) > 200
    lines = page.locator(".dc-staff .staff > path").first.evaluate(
        "line => getComputedStyle(line).stroke"
    )
    assert lines == ink


def test_on_a_phone_the_pages_fit(open_widget):
    page = open_widget(
        Player(song()), viewport={"width": 380, "height": 800}, has_touch=True
    )
    page.locator(".dc-as-score").click()
    answer(page, song())
    expect(page.locator(".dc-staff-page").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    heads = page.locator(".dc-staff .note .notehead").all()
    assert all(0 < head.bounding_box()["x"] < 372 for head in heads[:30])


def test_taking_the_player_down_ends_everything(page):
    page.evaluate("takeDown()")
    assert page.locator(".dc-staff").count() == 0
