"""The training monitor in Chromium on a plain page, with a run that is shipped.

from browser.monitor_page import button, page_fixture, shipped_fixture
"""

from __future__ import annotations

import pytest

from deepcomposer_edu.training.history import shipped_run
from deepcomposer_edu.widgets import TrainingMonitor


@pytest.fixture(name="shipped", scope="module")
def shipped_fixture():
    return TrainingMonitor(shipped_run(), follow=False)


@pytest.fixture(name="page")
def page_fixture(open_widget, shipped):
    return open_widget(shipped)


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def give(page, **traits):
    """Let Python change traits."""
    page.evaluate(
        "traits => Object.entries(traits).forEach(([k, v]) => model.set(k, v))", traits
    )


def asked(page):
    kinds = page.evaluate("model.sent.map(message => message.kind)")
    return [kind for kind in kinds if kind in ("pause", "resume", "stop", "hear")]


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def slider(page):
    return page.get_by_role("slider", name="Stage of the training")


def slide(page, index):
    slider(page).evaluate(
        "(element, index) => { element.value = index;"
        " element.dispatchEvent(new Event('input', { bubbles: true })); }",
        index,
    )


def here(page, name):
    """Return the value beside the name of a curve."""
    row = page.locator(".dc-values tr").filter(has_text=name)
    return row.locator("td").first.inner_text()


def roll(page):
    return page.get_by_role("img", name="Piano roll")


def picture_of_roll(page):
    """Return the pixels of the roll once they are painted."""
    return page.evaluate(
        """() => new Promise((done) => requestAnimationFrame(() =>
            requestAnimationFrame(() =>
                done(document.querySelector(".dc-roll canvas").toDataURL()))))"""
    )


def play(page):
    button(page, "Play this stage").click()
    page.wait_for_function("window.sound().onStage?.isPlaying()")
    page.wait_for_function("window.sound().onStage.position() > 1")
