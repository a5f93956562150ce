"""The class's chorale in Chromium: it plays, says who sings, and keeps to the rules."""

from __future__ import annotations

import numpy as np
import pytest
from browser.accessibility import broken_rules
from browser.waiting import until
from playwright.sync_api import expect

from deepcomposer_edu.classroom.chorale import ClassChorale, Verse
from deepcomposer_edu.classroom.chorale_page import write_chorale
from deepcomposer_edu.classroom.singers import Singer
from deepcomposer_edu.models.choir import Round
from deepcomposer_edu.models.voice_net import LEARNED
from deepcomposer_edu.music.grid import Grid, from_grid

pytestmark = pytest.mark.browser

HOSTILE = "<script>document.title = 'taken over'</script>"


@pytest.fixture(scope="module", name="path")
def path_fixture(tmp_path_factory):
    """Two verses of two bars; of each voice two singers, one of them hostile."""
    names = ["Mina", HOSTILE, "Leo", "W" * 40, "Ada", "Noor"]
    voices = [voice for voice in LEARNED for _ in range(2)]
    about = {"steps": 1000, "seconds": 61.5, "right": 0.64}
    everybody = [
        Singer(name, voice, None, about)
        for name, voice in zip(names, voices, strict=True)
    ]
    one = Grid(np.array([[72], [67], [64], [48]]).repeat(32, axis=1))
    casts = [[[0, 1], [2, 3], [4, 5]], [[1, 0], [3, 2], [5, 4]]]
    rounds = (Round(9, 6, 3), Round(9, 9, 0))
    verses = tuple(Verse(np.array(cast), one, one, rounds) for cast in casts)
    score = from_grid(Grid(np.tile(one.pitches, 2)), tempo=120, title="A <b>tune</b>")
    made = ClassChorale(
        score.title, tuple(everybody), verses, np.array([0, 16, 32]), score
    )
    return write_chorale(made, tmp_path_factory.mktemp("wall") / "wall.html")[0]


def sings(page, voice):
    return page.locator(f"#{voice}").text_content()


def test_a_name_plays_from_there_and_shows_who_sings(new_context, path):
    page = new_context().new_page()
    page.goto(path.as_uri())
    button = page.get_by_role("button", name="Ada, bar 2: play from here")
    button.focus()
    page.keyboard.press("Enter")  # verse 2, bar 2: from 6 s on
    until(page, "document.querySelector('audio').currentTime > 6")
    expect(page.locator("#place")).to_have_text("Verse 2, bar 2")
    assert [sings(page, v) for v in LEARNED] == ["Mina", "Leo", "Ada"]
    assert page.locator("td.sounds").all_text_contents() == ["Mina", "Leo", "Ada"]
    assert page.title().startswith("A class's chorale: A <b>tune")
    page.locator(".roll").click(position={"x": 2, "y": 60})
    expect(page.locator("#place")).to_have_text("Verse 1, bar 1")
    until(page, "document.querySelector('audio').paused === false")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_breaks_no_rule_and_fits_a_narrow_page(new_context, path, scheme):
    page = new_context(
        color_scheme=scheme, viewport={"width": 380, "height": 800}
    ).new_page()
    page.goto(path.as_uri())
    assert broken_rules(page) == []
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
