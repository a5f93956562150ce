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
from browser.widget_page import (  # noqa: F401  (fixtures, see there)
    open_widget_fixture,
    widget_server_fixture,
)
from needs import require

PATIENCE = 60_000  # ms; a condition that will never hold costs this, on any machine


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

    def open_context(fake_midi=True, **options):
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        if fake_midi:
            context.add_init_script(path=HERE / "fake_midi.js")
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def lab_page(new_context, lab):
    """Return a function that opens a notebook: a path, or the sources of its cells.

    It opens in JupyterLab, or with app="notebook" in Notebook 7.
    """
    opened = []

    def open_page(notebook, fake_midi=True, app="lab", **options):
        place = lab.root / f"notebook-{len(list(lab.root.iterdir()))}.ipynb"
        if isinstance(notebook, str | Path):
            shutil.copy(notebook, place)
        else:
            write_notebook(place, notebook)
        options = {"viewport": {"width": 1280, "height": 900}} | options
        context = new_context(fake_midi, **options)
        opened.append(open_lab_page(lab, context, place.name, app))
        return opened[-1]

    yield open_page
    assert [url for page in opened for url in page.external] == []
