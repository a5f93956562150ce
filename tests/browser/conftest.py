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
from browser.chromium import CHROMIUM_OPTIONS, PATIENCE, find_chromium, open_context
from browser.labkit import LabPage, start_lab, write_notebook
from browser.widget_page import (  # noqa: F401  (fixtures, see there)
    open_widget_fixture,
    widget_server_fixture,
    widget_windows_fixture,
)
from browser.windows import Windows
from needs import require


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window."""
    from playwright.sync_api import expect, sync_playwright

    chromium = find_chromium()
    require(chromium, "Chromium is not installed (apt: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=CHROMIUM_OPTIONS
        )
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab on a free port, with an empty folder of its own."""
    lab = start_lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.stop()


@pytest.fixture
def new_context(browser):
    """Return a function that opens a fresh browser window, closed after the test."""
    contexts = []

    def open_one(fake_midi=True, **options):
        contexts.append(open_context(browser, fake_midi, **options))
        return contexts[-1]

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def lab_windows(browser):
    """The windows in which one test after the other opens its notebook."""
    windows = Windows(browser)
    yield windows
    windows.close()


@pytest.fixture
def lab_page(lab_windows, lab):
    """Return a function that opens a notebook: a path, or the sources of its cells.

    It opens in JupyterLab, or with app="notebook" in Notebook 7.
    """
    lent = []

    def open_page(notebook, app="lab", **options):
        place = lab.root / f"notebook-{len(list(lab.root.iterdir()))}.ipynb"
        if isinstance(notebook, str | Path):
            shutil.copy(notebook, place)
        else:
            write_notebook(place, notebook)
        options = {"viewport": {"width": 1280, "height": 900}} | options
        window = lab_windows.lend(options)
        lent.append((window, options))
        lab_page = LabPage(lab, window.page, window.external, window.errors)
        lab_page.open(place.name, app)
        return lab_page

    yield open_page
    external = [url for window, _ in lent for url in window.external]
    for window, options in lent:
        lab_windows.take_back(window, options)
    assert external == []
