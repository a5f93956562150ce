"""Any widget in Chromium on a plain page, with a stub for Jupyter's model.

    def test_the_player_shows_its_title(open_widget):
        page = open_widget(Player(score))

Everything but the model is real: bundle, SoundFont, synthesizer, the values of the
traits. On the page, `model` is the stub (`model.get`, `model.set`, `model.sent`),
`receive(message)` lets a message of Python come in, `loseKernel()` takes the kernel
away, `takeDown()` disposes of the widget, `sound()` is the page's sound.
DC_STATIC names another folder of built bundles.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import threading
from pathlib import Path

import pytest
from browser.labkit import HERE, watch

from deepcomposer_edu.music.soundfont import soundfont_path

STATIC = Path(os.environ.get("DC_STATIC", HERE.parent.parent / "widgets" / "static"))
KINDS = {".css": "text/css", ".js": "text/javascript"}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the page, the real bundles, the real SoundFont and the real traits."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/traits.json":
            number = int(self.path.partition("?")[2])
            self.answer(self.server.traits[number], "application/json")
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
    server.traits = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(name="open_widget")
def open_widget_fixture(new_context, widget_server):
    """Return a function that shows a widget, or several, one below the other.

    `script` runs before the page does; `sampled` gives the page the SoundFont, without
    it the simple sound stays, which opens four times as fast. When the test is over, it
    fails if the page asked for anything outside or had an uncaught error.
    """
    external, errors = [], []

    def show(*widgets, script="", sampled=False, **options):
        context = new_context(**options)
        context.add_init_script(path=HERE / "witness.js")
        shown = []
        for widget in widgets:
            box = " ".join(getattr(widget, "_dom_classes", ()))
            for part in parts_of(widget):
                widget_server.traits.append(json.dumps(trait_values(part)).encode())
                shown.append([bundle_of(part), len(widget_server.traits) - 1, box])
        context.add_init_script(
            f"window.hasSoundFont = {str(sampled).lower()};"
            f"window.shown = {json.dumps(shown)};"
        )
        if script:
            context.add_init_script(script)
        page = context.new_page()
        watch(page, external, errors)
        page.goto(f"http://127.0.0.1:{widget_server.server_port}/widget_page.html")
        page.wait_for_function("window.isReady")
        return page

    yield show
    assert (external, errors) == ([], [])
