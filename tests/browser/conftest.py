"""Fixtures for tests in a browser: Chromium, JupyterLab and notebooks in it.

    def test_a_lesson(lab_page):
        lesson = lab_page("lessons/00_first_sound.ipynb")   # or a list of cell sources
        lesson.run_all()
        lesson.page.screenshot(path="lesson.png")

When the test is over, it fails if the page asked for anything outside this computer.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from browser.labkit import (
    CHROMIUM_OPTIONS,
    HERE,
    find_chromium,
    open_lab_page,
    start_lab,
    write_notebook,
)
from needs import require


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window."""
    from playwright.sync_api import sync_playwright

    chromium = find_chromium()
    require(chromium, "Chromium is not installed (apt: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=CHROMIUM_OPTIONS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab on a free port, with an empty folder of its own."""
    lab = start_lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.stop()


@pytest.fixture
def lab_page(browser, lab):
    """Return a function that opens a notebook: a path, or the sources of its cells."""
    contexts, opened = [], []

    def open_page(notebook, fake_midi=True, **options):
        place = lab.root / f"notebook-{len(list(lab.root.iterdir()))}.ipynb"
        if isinstance(notebook, str | Path):
            shutil.copy(notebook, place)
        else:
            write_notebook(place, notebook)
        options = {"viewport": {"width": 1280, "height": 900}} | options
        contexts.append(browser.new_context(**options))
        if fake_midi:
            contexts[-1].add_init_script(path=HERE / "fake_midi.js")
        opened.append(open_lab_page(lab, contexts[-1], place.name))
        return opened[-1]

    yield open_page
    for context in contexts:
        context.close()
    assert [url for page in opened for url in page.external] == []
