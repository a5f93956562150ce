"""The dashboard in Chromium: read, gone through by keys, and made anew."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from browser.accessibility import broken_rules
from browser.waiting import until
from playwright.sync_api import expect

from deepcomposer_edu.classroom.class_progress import read_class
from deepcomposer_edu.classroom.dashboard import dashboard_page
from deepcomposer_edu.web_page import write_page

pytestmark = pytest.mark.browser

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOSTILE = "<script>document.title = 'taken over'</script>"
SAID = "expected 'C4', got 'C5': " + "a very long word " * 6 + "x" * 60


def row(minutes_ago, item, state, kind="check", lesson="01"):
    """Return one line of a progress file."""
    at = (NOW - timedelta(minutes=minutes_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"at": at, "kind": kind, "lesson": lesson, "item": item, "state": state}
    return json.dumps(said | {"note": SAID, "version": 1})


def write(folder, name, *rows):
    """Write one learner's file."""
    first = json.dumps({"kind": "learner", "name": name, "version": 1})
    path = folder / f"{len(list(folder.iterdir()))}.jsonl"
    path.write_text("\n".join([first, *rows]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module", name="folder")
def folder_fixture(tmp_path_factory):
    """A class of twelve: working, stuck, quiet, hostile, and a file that is none."""
    folder = tmp_path_factory.mktemp("class")
    for number in range(1, 10):
        done = [row(40 - n, f"1.{n}", "passed") for n in range(1, number % 6 + 2)]
        quiz = row(30 - 2 * number, "q1", "right", "quiz")
        write(folder, f"Learner {number}", *done, quiz)
    write(folder, "Ada", *[row(n, "1.2", "refused") for n in (6, 5, 4)])
    write(folder, HOSTILE, *[row(n, "8.7", "refused", lesson="08") for n in (9, 8, 7)])
    write(folder, "W" * 60, row(3, "6.1", "refused", lesson="06"))
    (folder / "noise.jsonl").write_text("noise\n", encoding="utf-8")
    return folder


@pytest.fixture(name="opened")
def opened_fixture(new_context, folder, tmp_path):
    """Return a function that opens the dashboard of the class."""

    def open_page(every=0, **options):
        path = tmp_path / "dashboard.html"
        write_page(path, dashboard_page(read_class(folder), NOW, every))
        page = new_context(**options).new_page()
        page.goto(path.as_uri())
        return page

    return open_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_has_no_barrier(opened, scheme):
    page = opened(color_scheme=scheme, viewport={"width": 380, "height": 700})
    assert page.title() == "Who is stuck where"
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    assert broken_rules(page) == []


def test_it_is_gone_through_by_keys_and_wide_tables_move(opened):
    page = opened(viewport={"width": 380, "height": 700})
    names = []
    for _ in range(2):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        names.append(focused.get_attribute("aria-label"))
        page.keyboard.press("ArrowRight")
        until(page, "document.activeElement.scrollLeft > 0")
    assert names == ["Exercises that hold the class up", "Everybody"]


def test_who_is_stuck_comes_first_the_longest_silent_before_the_others(opened):
    page = opened()
    cards = page.locator(".help li")
    expect(cards).to_have_count(2)
    expect(cards.nth(0)).to_contain_text(f"{HOSTILE} at exercise 8.7")
    expect(cards.nth(1)).to_contain_text("Ada at exercise 1.2")
    expect(cards.nth(1)).to_contain_text("refused 3 times, hints 0; 4 min ago")
    expect(page.locator("tbody tr.stuck")).to_have_count(2)
    expect(page.get_by_text("noise.jsonl holds no progress")).to_be_visible()


def test_an_open_page_shows_what_is_new_by_itself(opened, tmp_path):
    page = opened(every=2)
    shown = page.locator(".tiles li").first
    expect(shown).to_have_text("12 in the class")
    write(tmp_path, "Somebody new", row(1, "1.1", "passed"))
    found = read_class(tmp_path)
    write_page(tmp_path / "dashboard.html", dashboard_page(found, NOW, 2))
    expect(shown).to_have_text("1 in the class")
    expect(page.get_by_role("rowheader", name="Somebody new")).to_be_visible()
