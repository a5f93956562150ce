"""Any widget in Chromium on a plain page, with a stub for Jupyter's model.

    def test_the_player_shows_its_title(open_widget):
        page = open_widget(Player(score))

Everything but the model is real: bundle, SoundFont, synthesizer, the values of the
traits. On the page, `model` is the stub (`model.get`, `model.set`, `model.sent`),
`receive(message)` lets a message of Python come in, `loseKernel()` takes the kernel
away, `takeDown()` disposes of the widget, `sound()` is the page's sound.
DC_STATIC names another folder of built bundles.

The tests of a file use one window after the other (see windows.py). A test that changes
the window itself (routes, emulated media, handlers) asks for its own: `is_fresh=True`.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import threading
from pathlib import Path

import pytest
from browser.chromium import HERE
from browser.windows import Windows

from deepcomposer_edu.music.soundfont import soundfont_path

STATIC = Path(os.environ.get("DC_STATIC", HERE.parent.parent / "widgets" / "static"))
KINDS = {".css": "text/css", ".js": "text/javascript"}
SCRIPTS = ("held.js", "witness.js")


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the page, the real bundles, the real SoundFont and the real traits."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/traits.json":
            number = int(self.path.partition("?")[2])
            self.answer(self.server.traits[number], "application/json")
        elif path == "/widget_page.html":
            number = int(self.path.partition("?")[2])
            self.answer(self.server.pages[number], "text/html")
        elif path == "/soundfont.sf2":
            self.answer(soundfont_path().read_bytes(), "application/octet-stream")
        elif path.startswith("/static/"):
            file = STATIC / path.split("/")[-1]
            self.answer(file.read_bytes(), KINDS[file.suffix])
        else:
            super().do_GET()

    def answer(self, content, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def trait_values(widget):
    """Return what the browser gets to know of a widget."""
    skipped = {"layout", "tabbable", "tooltip"}
    return {
        name: value
        for name, value in widget.get_state().items()
        if not name.startswith("_") and name not in skipped
    }


def parts_of(widget):
    """Return the widgets with a bundle of their own that a widget is made of."""
    if not hasattr(widget, "children"):
        return [widget]
    return [part for child in widget.children for part in parts_of(child)]


def bundle_of(widget):
    """Return the name of a widget's bundle, such as "keyboard"."""
    return type(widget).bundle


@pytest.fixture(name="widget_server", scope="module")
def widget_server_fixture():
    handler = functools.partial(Handler, directory=str(HERE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.traits, server.pages = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def page_text(shown, sampled):
    """Return the page that shows widgets: [bundle, number of traits, box] of each."""
    begin = (
        f"<script>window.hasSoundFont = {json.dumps(sampled)};"
        f"window.shown = {json.dumps(shown)};</script>\n"
    )
    text = (HERE / "widget_page.html").read_text("utf-8")
    return text.replace("<script", begin + "<script", 1).encode()


@pytest.fixture(name="widget_windows", scope="module")
def widget_windows_fixture(browser):
    windows = Windows(browser, SCRIPTS)
    yield windows
    windows.close()


@pytest.fixture(name="open_widget")
def open_widget_fixture(widget_windows, widget_server):
    """Return a function that shows a widget, or several, one below the other.

    `script` runs before the page does; `sampled` gives the page the SoundFont, without
    it the simple sound stays, which opens four times as fast. Both have a window of
    their own: what sounds shall not begin with a page that was touched. When the test
    is over, it fails if the page asked for anything outside or had an uncaught error.
    """
    lent, own = [], []

    def show(*widgets, script="", sampled=False, is_fresh=False, **options):
        if script or sampled or is_fresh:
            window = widget_windows.open(options, script)
            own.append(window)
        else:
            window = widget_windows.lend(options)
            lent.append((window, options))
        shown = []
        for widget in widgets:
            box = " ".join(getattr(widget, "_dom_classes", ()))
            for part in parts_of(widget):
                widget_server.traits.append(json.dumps(trait_values(part)).encode())
                shown.append([bundle_of(part), len(widget_server.traits) - 1, box])
        widget_server.pages.append(page_text(shown, sampled))
        address = f"http://127.0.0.1:{widget_server.server_port}/widget_page.html"
        window.page.goto(f"{address}?{len(widget_server.pages) - 1}")
        window.page.wait_for_function("window.isReady")
        return window.page

    yield show
    windows = [*own, *(window for window, _ in lent)]
    external = [url for window in windows for url in window.external]
    errors = [error for window in windows for error in window.errors]
    for window in own:
        window.page.context.close()
    for window, options in lent:
        widget_windows.take_back(window, options)
    assert (external, errors) == ([], [])
