"""The studio's panels in Chromium on a plain page; see widget_page.py.

from browser.studio_page import change, show_fixture, told  # and the other fixtures
"""

from __future__ import annotations

import json

import pytest

from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.widgets.studio_panel import StudioPanel, panel_view


@pytest.fixture(name="session", scope="module")
def session_fixture(tmp_path_factory):
    """Two versions, made without a network; a mark of the second one is mended."""
    session = Session(tmp_path_factory.mktemp("studio"), technique="random")
    session.compose()
    session.try_again()
    session.choose_technique("wgan")
    session.look()
    for number in range(len(session.marks.faults)):
        session.choose_mark(number)
        if session.find_fix() is not None:
            break
    return session


@pytest.fixture(name="show")
def show_fixture(open_widget, session):
    """Return a function that shows one panel of the session."""

    def shown(panel, changes=None, **options):
        view = panel_view(panel, session)
        widget = StudioPanel(panel, view | (changes or {}), lambda *_: None)
        return open_widget(widget, **options)

    return shown


@pytest.fixture(name="a_wavenet")
def a_wavenet_fixture(tmp_path, monkeypatch):
    """What stands beside the weights of a network that plays notes."""
    about = {"config": {"instruments": ["organ", "space-lead"]}, "sha256": "ab"}
    (tmp_path / "wavenet-notes.json").write_text(json.dumps(about))
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(tmp_path))


def told(page):
    """Return what Python was told: (action, values) of each."""
    return page.evaluate(
        "model.sent.filter(m => m.kind === 'do').map(m => [m.action, m.values])"
    )


def change(page, **values):
    """Let Python change what the panel shows."""
    page.evaluate("v => model.set('view', {...model.get('view'), ...v})", values)


def unfold(page):
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true; })"
    )
