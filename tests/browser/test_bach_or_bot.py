"""Bach or bot in Chromium: a widget on a plain page, and a file without network."""

from __future__ import annotations

import numpy as np
import pytest
from browser.accessibility import WCAG, broken_rules
from browser.listening import RECORDER, level, pitch_of, recording
from browser.waiting import until
from playwright.sync_api import expect

from deepcomposer_edu.compose.blind import BlindTest, Round, read_result
from deepcomposer_edu.compose.blind.page import write_page
from deepcomposer_edu.music.score import Note, Score, Track, frequency
from deepcomposer_edu.widgets import BachOrBot

pytestmark = pytest.mark.browser
TRUTH = [True, False, True, False]
PITCHES = [69, 62, 76, 57]


@pytest.fixture(scope="module", name="test")
def test_fixture():
    """Four rounds of one long note each, with a flute's steady sound."""
    rounds = []
    for i, (is_real, pitch) in enumerate(zip(TRUTH, PITCHES, strict=True)):
        flute = Track((Note(0, pitch, 16),), "Flute", 73)
        score = Score((flute,), tempo=120)
        says = {"Rule grade": i < 3}
        rounds.append(Round(is_real, score, f"piece {i + 1}", "a net", None, says))
    return BlindTest(tuple(rounds), about="flutes")


@pytest.fixture(name="page")
def page_fixture(open_widget, test):
    return open_widget(BachOrBot(test))


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def says(page, words):
    expect(page.locator(".dc-status")).to_contain_text(words)


def test_play_is_heard_at_once_without_any_sound_font(open_widget, test):
    page = open_widget(BachOrBot(test), script=RECORDER)
    button(page, "Play the piece").click()
    until(page, "window.loudest > 0.005")
    expect(button(page, "Stop")).to_be_visible()
    assert page.evaluate("model.sent.length") == 0  # Python was not asked


@pytest.mark.parametrize("number", [0, 1])
def test_each_round_has_its_own_sound_and_all_are_equally_loud(
    open_widget, test, number
):
    page = open_widget(BachOrBot(test), script=RECORDER)
    button(page, "Play the piece").click()  # wakes the sound
    until(page, "window.loudest > 0.005")
    page.evaluate("startRecording()")
    page.locator(".dc-mark").nth(number).click()
    until(page, "!model.get('is_playing')")
    page.evaluate("forgetRecording()")
    button(page, "Play the piece").click()
    samples, rate = recording(page, 1.0)
    found = pitch_of(samples[rate // 3 :], rate)
    wanted = frequency(PITCHES[number])
    assert 12 * np.log2(found / wanted) == pytest.approx(0, abs=0.2)
    assert -32 < level(samples) < -16


def test_a_verdict_follows_the_answer_and_the_answer_stays(page):
    button(page, "Bach made it").click()
    says(page, "Right. It was Bach: piece 1.")
    assert value(page, "clicks") == [True, None, None, None]
    button(page, "Bot made it").click(force=True)
    assert value(page, "clicks") == [True, None, None, None]
    expect(page.locator(".dc-mark").first).to_have_attribute(
        "aria-label", "Round 1: you said Bach, right"
    )


def test_next_plays_the_next_piece(page):
    button(page, "Bach made it").click()
    button(page, "Next piece, and play it").click()
    assert value(page, "place") == 1
    until(page, "model.get('is_playing')")


def test_the_whole_test_by_keys_alone(page):
    button(page, "Play the piece").focus()
    page.keyboard.press("p")
    until(page, "model.get('is_playing')")
    for number, key in enumerate("1111"):
        page.keyboard.press(key)
        until(page, f"model.get('clicks')[{number}] === true")
        page.keyboard.press("n")
        until(page, f"model.get('place') === {number + 1}")
    says(page, "You were right in 2 of 4 rounds, 50 %")
    expect(page.locator(".dc-title")).to_have_text("Result: 2 of 4 right")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Save the result as a file"


def test_the_arrow_keys_go_from_round_to_round(page):
    page.locator(".dc-mark").first.focus()
    for key, place in (("ArrowRight", 1), ("End", 3), ("ArrowRight", 3), ("Home", 0)):
        page.keyboard.press(key)
        assert value(page, "place") == place
    expect(page.locator(".dc-mark[tabindex='0']")).to_have_count(1)


def test_the_result_stands_beside_machines_and_published_figures(page):
    page.evaluate("model.set('clicks', [true, true, false, false])")
    button(page, "See the result so far").click()
    rows = page.locator(".dc-rows tr")
    right = page.locator(".dc-rows").first.locator("tr")
    expect(right.nth(0)).to_contain_text("50 % (2 of 4, 15 % to 85 %)")
    expect(right.nth(1)).to_contain_text("Rule grade75 % (3 of 4")
    expect(rows.filter(has_text="JS Fakes")).to_contain_text("57 % (4,048 answers")
    expect(rows.filter(has_text="BachBot")).to_contain_text("51 % (published share)")


def test_with_verdicts_at_the_end_answers_may_be_changed_until_then(open_widget, test):
    page = open_widget(BachOrBot(test, verdicts="end"))
    button(page, "Bach made it").click()
    says(page, "Noted.")
    expect(page.locator(".dc-truth")).to_have_count(0)
    button(page, "Bot made it").click()
    assert value(page, "clicks")[0] is False
    button(page, "See the result so far").click()
    page.locator(".dc-mark").first.click()
    says(page, "Wrong. It was Bach: piece 1.")
    button(page, "Bach made it").click(force=True)
    assert value(page, "clicks")[0] is False


def test_answers_from_python_are_shown(page):
    page.evaluate("model.set('clicks', [false, null, null, null])")
    says(page, "Wrong. It was Bach")


def test_letters_in_the_name_are_no_commands(page):
    page.evaluate("model.set('place', 4)")
    page.get_by_label("A name for the file, if you like").fill("")
    page.get_by_label("A name for the file, if you like").press_sequentially("pn1")
    page.keyboard.press("Tab")
    assert value(page, "player") == "pn1"
    assert value(page, "clicks") == [None] * 4


def test_without_the_kernel_the_test_goes_on(page):
    page.evaluate("loseKernel()")
    says(page, "The kernel is gone")
    button(page, "Bach made it").click()
    says(page, "Right. It was Bach")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_result_is_accessible_and_fits_a_phone(open_widget, test, scheme):
    page = open_widget(
        BachOrBot(test), color_scheme=scheme, viewport={"width": 380, "height": 740}
    )
    page.evaluate("model.set('clicks', [true, true, null, null])")
    button(page, "See the result so far").click()
    page.get_by_text("Where the published figures come from").click()
    assert broken_rules(page, ".widget", WCAG) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_a_page_from_a_file_needs_no_network_and_saves_what_python_reads(
    new_context, test, tmp_path
):
    path = write_page(test, tmp_path / "page.html")
    context = new_context(offline=True)
    page, asked, errors = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(path.as_uri())
    button(page, "Play the piece").click()
    expect(page.locator(".dc-seek")).not_to_have_value("0")  # it plays
    for key in "1212":
        page.keyboard.press(key)
        page.keyboard.press("n")
    says(page, "You were right in 4 of 4 rounds, 100 %")
    page.get_by_label("A name for the file, if you like").fill("Ada")
    with page.expect_download() as download:
        button(page, "Save the result as a file").click()
    name = download.value.suggested_filename
    download.value.save_as(tmp_path / "result.json")
    result = read_result(tmp_path / "result.json")
    assert (result.player, result.n_right, result.test) == ("Ada", 4, test.digest)
    assert name == f"bach-or-bot-ada-4-of-4-{result.id[:4]}.json"
    assert str(result.judges()["Rule grade"]).startswith("3 of 4")
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []
    assert errors == []


def test_the_browser_counts_as_python_does(page, test):
    page.evaluate("model.set('clicks', [true, true, true, false])")
    widget = BachOrBot(test)
    widget.said = [True, True, True, False]
    low, high = widget.result.interval
    button(page, "See the result so far").click()
    says(page, f"between {low:.0%} and {high:.0%}".replace("%", " %"))
