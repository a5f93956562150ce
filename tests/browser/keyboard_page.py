"""The piano keyboard in Chromium on a plain page, with a stub for Jupyter's model.

    from browser.keyboard_page import button, page_fixture  # and the other fixtures

Everything but the model is real: the bundle, the SoundFont, the values of the traits.
"""

from __future__ import annotations

import functools
import http.server
import json
import threading

import pytest
from browser.labkit import HERE, watch

from deepcomposer_edu.music.soundfont import soundfont_path
from deepcomposer_edu.widgets import PianoKeyboard
from deepcomposer_edu.widgets.recording import score_to_song


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the page, the real bundle, the real SoundFont and the real traits."""

    def do_GET(self):
        if self.path == "/traits.json":
            self.answer(self.server.traits, "application/json")
        elif self.path == "/soundfont.sf2":
            self.answer(soundfont_path().read_bytes(), "application/octet-stream")
        elif self.path.startswith("/static/"):
            kind = "text/css" if self.path.endswith("css") else "text/javascript"
            folder = HERE.parent.parent / "widgets" / "static"
            self.answer((folder / self.path.split("/")[-1]).read_bytes(), kind)
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


def trait_values(keyboard):
    state = keyboard.get_state()
    skipped = {"layout", "tabbable", "tooltip"}
    return {
        name: value
        for name, value in state.items()
        if not name.startswith("_") and name not in skipped
    }


@pytest.fixture(name="address", scope="module")
def address_fixture():
    handler = functools.partial(Handler, directory=str(HERE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.traits = json.dumps(trait_values(PianoKeyboard())).encode()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/keyboard_page.html"
    server.shutdown()
    server.server_close()


@pytest.fixture(name="open_page")
def open_page_fixture(new_context, address):
    external, errors = [], []

    def show(script="", sampled=False, **options):
        context = new_context(**options)
        context.add_init_script(path=HERE / "witness.js")
        context.add_init_script(f"window.hasSoundFont = {str(sampled).lower()};")
        if script:
            context.add_init_script(script)
        page = context.new_page()
        watch(page, external, errors)
        page.goto(address)
        page.wait_for_function("window.isReady")
        return page

    yield show
    assert (external, errors) == ([], [])


@pytest.fixture(name="page")
def page_fixture(open_page):
    """The keyboard, with the simple sound: opening it takes a quarter of the time."""
    return open_page()


@pytest.fixture(name="sampled_page")
def sampled_page_fixture(open_page):
    """The keyboard with its sampled sound, an organ: a held key sounds on and on."""
    page = open_page(sampled=True)
    page.get_by_label("Instrument").select_option("19")
    page.wait_for_function("window.sound().kind === 'sampled'")
    strike(page, 60)
    page.wait_for_function("window.loudness() < 0.0005")
    return page


def key(page, pitch):
    return page.locator(f'[data-note="{pitch}"]')


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def record(page):
    button(page, "Record").click()


def played(page):
    """Stop the recording; return (pitch, is down, source) of each event."""
    button(page, "Stop").click()
    events = value(page, "recorded")
    return [(e["pitch"], e["velocity"] > 0, e["source"]) for e in events]


def low_part(page, pitch):
    """Return a place on a key where no black key lies."""
    box = key(page, pitch).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] - 12


def strike(page, pitch):
    page.mouse.move(*low_part(page, pitch))
    page.mouse.down()
    page.mouse.up()


def load(page, score):
    song = score_to_song(score)
    page.evaluate(
        "song => { model.set('song', song); receive({kind: 'show_song'}); }", song
    )


def connect(page):
    button(page, "Connect MIDI keyboard").click()
    page.wait_for_function("model.get('midi_state') !== ''")


def send(page, *messages, device="Fake 32"):
    page.evaluate(
        "([name, messages]) => messages.forEach(m => fakeMidi.send(name, m))",
        [device, messages],
    )
