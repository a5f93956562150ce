"""The report of `challenge check` as a file in Chromium, without network."""

from __future__ import annotations

import re

import pytest
from browser.accessibility import broken_rules
from playwright.sync_api import expect

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.check import check_entry
from deepcomposer_edu.compose import arrange, compose
from deepcomposer_edu.web_page import write_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report_file(tmp_path_factory):
    """A page about an arrangement whose card is empty; the worst bar is marked."""
    made = arrange(compose("old-hundredth", technique="random"), seconds=20, form="AB")
    report = check_entry(made, Card(title="<img src=x>"), replay=False)
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_page(path, report.page(composition=made))
    return path, report


@pytest.fixture
def page(new_context, report_file):
    page = new_context(fake_midi=False).new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("request", lambda r: page.problems.append(r.url))
    page.goto(report_file[0].as_uri())
    page.problems = [
        url for url in page.problems if not url.startswith(("file", "data"))
    ]
    return page


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_the_worst_bar_is_heard_from_its_beginning_and_stops(page, report_file):
    worst = report_file[1].worst
    button(page, f"Hear bar {worst.bar}").click()
    expect(page.get_by_role("status")).to_have_text(f"Bar {worst.bar}")
    page.wait_for_function(
        "begin => sound.currentTime > begin", arg=worst.start_seconds
    )
    expect(page.get_by_role("status")).to_have_text("")  # it stops by itself
    assert page.evaluate("sound.paused")
    assert page.evaluate("sound.currentTime") < worst.end_seconds + 2
    assert page.problems == []


def test_any_bar_is_heard_by_keyboard_alone_and_a_wrong_one_is_named(page):
    page.get_by_label("Bar", exact=True).focus()
    page.keyboard.type("2")
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Bar 2")
    page.keyboard.press("Control+a")
    page.keyboard.type("999")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("no bar 999")


def test_a_press_on_a_bar_of_the_picture_plays_it(page):
    page.locator('[data-bar="3"]').click()
    expect(page.get_by_role("status")).to_have_text("Bar 3")
    button(page, "Stop").click()
    expect(page.get_by_role("status")).to_have_text("Stopped")
    assert page.evaluate("sound.paused")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it_on_a_small_screen_too(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 380, "height": 800})
    expect(page.get_by_role("heading", level=1)).to_have_text("<img src=x>")
    expect(page.get_by_text(re.compile("gates? (is|are) shut"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 380
    for numbers in page.locator("summary").all():
        numbers.click()
    assert broken_rules(page) == []
