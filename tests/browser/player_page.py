"""The player in Chromium on a plain page, with a song of eight bars.

from browser.player_page import button, page_fixture
"""

from __future__ import annotations

import pytest

from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import Player

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
