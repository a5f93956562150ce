"""NormView in Chromium on a plain page: what is framed, what it says, what is heard."""

from __future__ import annotations

import numpy as np
import pytest
from browser.listening import RECORDER, level, pitch_of, recording, start_recording
from playwright.sync_api import expect

from deepcomposer_edu.music.score import frequency
from deepcomposer_edu.widgets import NormView

pytestmark = pytest.mark.browser


@pytest.fixture(name="page")
def page_fixture(open_widget):
    return open_widget(NormView())


def choose(page, norm):
    page.get_by_label("Norm", exact=True).select_option(norm)


def slide(page, name, value):
    page.get_by_label(name, exact=True).fill(str(value))


def status(page):
    return page.locator(".dc-status")


def shown(page):
    """Return the numbers of the table by their place, "piece voice step"."""
    cells = page.locator(".dc-cell").evaluate_all(
        "cells => cells.map(cell => [cell.dataset.place, cell.textContent])"
    )
    return {place: float(text.replace("−", "-")) for place, text in cells}


def framed(page):
    return set(
        page.locator(".dc-shares").evaluate_all("cs => cs.map(c => c.dataset.place)")
    )


@pytest.mark.parametrize("norm", ["none", "batch", "remembered", "layer", "example"])
def test_the_table_shows_what_python_computes(page, norm):
    view = NormView(norm=norm)
    view.n_pieces, view.n_voices, view.n_steps = 4, 3, 5
    choose(page, norm)
    slide(page, "Pieces (batch)", 4)
    slide(page, "Voices (channels)", 3)
    slide(page, "Steps (time)", 5)
    numbers = shown(page)
    assert len(numbers) == 4 * 3 * 5
    for place, number in numbers.items():
        index = tuple(int(part) for part in place.split())
        assert number == pytest.approx(view.numbers[index], abs=0.0501)


@pytest.mark.parametrize(
    ("norm", "n_shared", "words"),
    [
        ("none", 1, "every number stays as it is"),
        ("batch", 6 * 8, "48 numbers share"),
        ("layer", 4, "the voices of this piece at this step"),
        ("example", 4 * 8, "all voices and steps of this piece"),
    ],
)
def test_those_that_share_a_mean_are_framed_and_told(page, norm, n_shared, words):
    choose(page, norm)
    assert len(framed(page)) == n_shared
    expect(status(page)).to_contain_text(words)


def test_only_batch_norm_depends_on_the_other_pieces(page):
    for norm in ("none", "remembered", "layer", "example"):
        choose(page, norm)
        before = shown(page)
        slide(page, "Pieces (batch)", 2)
        assert all(before[place] == number for place, number in shown(page).items())
        slide(page, "Pieces (batch)", 6)
        expect(status(page)).to_contain_text("does not depend on any other")
    choose(page, "batch")
    before = shown(page)
    slide(page, "Pieces (batch)", 2)
    assert before["0 0 0"] != shown(page)["0 0 0"]
    expect(status(page)).to_contain_text("depends on the others")


def test_a_batch_of_one_at_one_step_leaves_nothing_of_batch_norm(page):
    slide(page, "Pieces (batch)", 1)
    slide(page, "Steps (time)", 1)
    assert set(shown(page).values()) == {0.0}
    expect(status(page)).to_contain_text("0 is left of it")
    choose(page, "layer")
    assert any(shown(page).values())


def test_arrow_keys_go_through_pieces_voices_and_steps(page):
    page.locator("[data-place='0 0 0']").focus()
    for key, place in (
        ("ArrowRight", [0, 0, 1]),
        ("ArrowDown", [0, 1, 1]),
        ("PageDown", [1, 1, 1]),
        ("End", [1, 1, 7]),
        ("ArrowRight", [1, 1, 7]),
        ("Home", [1, 1, 0]),
        ("PageUp", [0, 1, 0]),
        ("ArrowUp", [0, 0, 0]),
    ):
        page.keyboard.press(key)
        assert page.evaluate("model.get('place')") == place
        focused = page.evaluate("document.activeElement.dataset.place")
        assert [int(part) for part in focused.split()] == place
    tabbable = page.locator(".dc-cell[tabindex='0']")
    expect(tabbable).to_have_count(1)


def test_python_moves_the_table(page):
    page.evaluate("model.set('norm', 'layer'); model.set('n_pieces', 1)")
    assert len(shown(page)) == 32
    expect(page.get_by_label("Norm", exact=True)).to_have_value("layer")


@pytest.fixture(name="listen")
def listen_fixture(open_widget):
    page = open_widget(NormView(norm="none"), sampled=True, script=RECORDER)
    start_recording(page)
    return page


def test_a_clicked_number_is_heard_at_its_pitch(listen):
    listen.locator("[data-place='0 0 4']").click()  # E5
    samples, rate = recording(listen, 0.35)
    found = pitch_of(samples[round(0.05 * rate) :], rate)
    assert 12 * np.log2(found / frequency(76)) == pytest.approx(0, abs=0.15)


def test_play_sounds_and_stop_is_silent(listen):
    play = listen.get_by_role("button", name="Play the chosen piece")
    play.click()
    samples, _ = recording(listen, 0.6)
    assert level(samples) > -45  # dB
    assert listen.evaluate("model.get('is_playing')")
    listen.get_by_role("button", name="Stop", exact=True).click()
    listen.wait_for_function("!model.get('is_playing')")
    expect(play).to_be_visible()
    listen.evaluate("forgetRecording()")
    samples, rate = recording(listen, 1.4, whole=True)
    assert level(samples[round(rate) :]) < -60  # when the strings have died away
