"""The page of progress and the certificate in Chromium, from files alone."""

from __future__ import annotations

import json

import pytest
from browser.accessibility import broken_rules
from playwright.sync_api import expect

from deepcomposer_edu.course.catalogue import find_lesson
from deepcomposer_edu.course.certificate import certificate_page
from deepcomposer_edu.course.progress import parse_progress
from deepcomposer_edu.course.progress_page import progress_page
from deepcomposer_edu.web_page import write_page

pytestmark = pytest.mark.browser
NAME = "<script>document.title = 'taken over'</script>"


def row(item, state, minute, kind="check", lesson="01"):
    at = f"2026-03-01T10:{minute:02d}:00Z"
    return json.dumps(
        {"at": at, "kind": kind, "lesson": lesson, "item": item, "state": state}
        | {"note": NAME, "version": 1}
    )


@pytest.fixture(scope="module", name="files")
def files_fixture(tmp_path_factory):
    """Write both pages for a learner who is in the middle of lesson 01."""
    folder = tmp_path_factory.mktemp("pages")
    learner = json.dumps({"kind": "learner", "name": NAME, "version": 1})
    lines = [learner, row("1.1", "passed", 1), row("1.2", "refused", 2)]
    lines += [row("1.2", "passed", 3), row("1.3", "refused", 4)]
    lines += [row("q1", "right", 5, "quiz")]
    found = parse_progress("\n".join(lines))
    write_page(folder / "progress.html", progress_page(found))
    write_page(folder / "certificate.html", certificate_page(found, NAME[:60]))
    return folder


@pytest.fixture(name="opened")
def opened_fixture(new_context, files):
    """Return a function that opens one of the pages."""

    def open_page(name, **options):
        page = new_context(**options).new_page()
        page.goto((files / name).as_uri())
        return page

    return open_page


@pytest.mark.parametrize("name", ["progress.html", "certificate.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_a_phone_and_has_no_barrier(opened, name, scheme):
    page = opened(name, color_scheme=scheme, viewport={"width": 380, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    assert broken_rules(page) == []
    assert page.title() != "taken over"
    expect(page.get_by_role("main")).to_contain_text("<script>")


def test_the_page_says_what_is_passed_and_what_is_next(opened):
    page = opened("progress.html")
    task = find_lesson("01").tasks[1].title
    expect(page.get_by_text("1.2 ✓")).to_have_attribute("title", f"{task}: passed")
    expect(page.get_by_text("1.3 …")).to_be_visible()
    expect(page.locator(".next")).to_contain_text("exercise 1.3")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the fold of the lesson's exercises
    expect(page.get_by_role("row", name="1.2")).to_contain_text("2026-03-01")


def test_the_certificate_is_printed_on_one_page(opened):
    paper = opened("certificate.html").pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == 1
