"""EditDesk in Chromium on a plain page, with a network that edits at once.

from browser.edit_desk_page import button, edited, page_fixture
"""

from __future__ import annotations

import pytest
from stub_editor import StubEditor

from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import EditDesk

FLUTE = 73  # sounds on, at one pitch
N_BARS = 4


def four_voices(program=0, tempo=30):
    """Four bars of half notes; slow, so that a busy machine finds them playing."""
    tracks = [
        Track(tuple(Note(8 * i, p, 8) for i in range(2 * N_BARS)), program=program)
        for p in (79, 71, 64, 52)
    ]
    return Score(tuple(tracks), tempo=tempo, title="Halves")


def edited(program=0, tempo=30):
    """Return a desk at which bar 2 was edited: five edits or more."""
    music = four_voices(program, tempo)
    desk = EditDesk(music, "vary", bars="1, 3-4", editor=StubEditor())
    desk.edit()
    return desk


@pytest.fixture(name="page")
def page_fixture(open_widget):
    return open_widget(edited())


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def sent(page):
    messages = page.evaluate("model.sent")
    return [one for one in messages if one["kind"] not in ("sound?", "ping")]


def button(page, name, exact=True):
    return page.get_by_role("button", name=name, exact=exact)


def roll(page):
    return page.get_by_role("slider", name="Notes of the piece")


def place(page, step, pitch=None):
    """Return where a step lies on the screen, in the header or in a pitch's row."""
    box = roll(page).bounding_box()
    x = box["x"] + 1 + 34 + (box["width"] - 2 - 34 - 6) * (step + 0.5) / (16 * N_BARS)
    if pitch is None:
        return x, box["y"] + 8
    low, high = 36, 81  # the rows that are always there
    row = (box["height"] - 2 - 18) / (high - low + 1)
    return x, box["y"] + 1 + 18 + row * (high - pitch + 0.5)


def shown(page):
    return int(roll(page).get_attribute("data-shown"))
