"""Lesson 00 as a newcomer meets it: in JupyterLab, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def lesson(lab_page):
    return lab_page(ROOT / "lessons" / "00_first_sound.ipynb")


def seconds_of_players(lesson):
    """Let the browser read the sound of each player; return how long it lasts."""
    return lesson.page.evaluate(
        """() => Promise.all([...document.querySelectorAll("audio")].map(
            audio => new Promise((resolve, reject) => {
                audio.onloadedmetadata = () => resolve(audio.duration);
                audio.onerror = () => reject(audio.error.message);
                audio.load();
            })))"""
    )


def test_the_first_sound_needs_three_cells_and_no_click(lesson):
    for index in range(3):
        lesson.run(index)
    durations = seconds_of_players(lesson)
    assert len(durations) == 2
    assert min(durations) > 1  # 2 seconds in quick mode


def test_run_all_works_and_every_choice_can_be_made_by_hand(lesson):
    lesson.run_all()
    assert lesson.page.locator("audio[autoplay]").count() == 0

    # what the cells did, the studio shows
    studio = lesson.page.locator(".dc-studio-box")
    expect(studio.locator(".dc-studio-keep")).to_contain_text("composition.mid")

    # another tune, chosen in the menu, is composed by hand and heard in step 3
    studio.get_by_label("Tune", exact=True).select_option("twinkle-twinkle")
    studio.get_by_role("button", name="Compose", exact=True).click()
    listen = studio.locator(".dc-studio-listen")
    expect(listen.locator(".dc-now")).to_contain_text("Twinkle")

    # a wrong answer in the quiz says why
    quiz = lesson.page.get_by_text("The lowest voice")
    quiz.scroll_into_view_if_needed()
    quiz.click()
    reason = lesson.page.get_by_role("status").filter(has_text="Not quite")
    expect(reason).to_contain_text("the bass is the network's")
    assert lesson.errors == []


def test_artist_mode_shows_nothing_but_values_and_what_they_make(lab_page):
    book = lab_page(ROOT / "lessons" / "artist_mode.ipynb")
    book.run_all()
    expect(book.page.locator(".dc-player")).to_have_count(2)
    expect(
        book.page.locator(".jp-CodeCell .cm-content", has_text="import")
    ).to_have_count(0)
    assert book.errors == []
