"""The player in Chromium: what its roll shows, and when there is nothing to show."""

from __future__ import annotations

import pytest
from browser.player_page import (  # noqa: F401
    button,
    page_fixture,
    painted,
    roll,
    song,
    value,
)
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import Player

pytestmark = pytest.mark.browser


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
