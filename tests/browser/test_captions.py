"""While music plays, a line in the widget says what is heard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import Editor, LinkedView, Player

pytestmark = pytest.mark.browser
BARS = 8


def chords():
    """A C major chord, held for bars: what is heard is the same at every moment."""
    held = (Note(16 * bar, pitch, 16) for bar in range(BARS) for pitch in (60, 64, 67))
    return Score((Track(tuple(held)),), title="A chord")


def line(page):
    return page.locator(".dc-caption")


@pytest.mark.parametrize(
    ("make", "play"),
    [(Player, "Play"), (Editor, "Play from the cursor"), (LinkedView, "Play")],
)
def test_what_is_heard_is_said_while_it_plays_and_no_longer(open_widget, make, play):
    page = open_widget(make(chords()))
    expect(line(page)).to_have_count(1)
    expect(line(page)).to_be_empty()
    page.get_by_role("button", name=play, exact=True).click()
    expect(line(page)).to_contain_text("G4, E4 and C4: C major chord")
    expect(line(page)).to_contain_text("Heard in bar")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(line(page)).to_be_empty()


def test_the_line_is_not_read_out_by_itself(open_widget):
    page = open_widget(Player(chords()))
    assert line(page).get_attribute("aria-live") is None
    assert line(page).get_attribute("role") is None
    assert (
        page.locator("[aria-live] .dc-caption, [role=status] .dc-caption").count() == 0
    )


def test_the_line_goes_with_its_widget(open_widget):
    page = open_widget(Player(chords()))
    page.evaluate("takeDown()")
    expect(line(page)).to_have_count(0)
