"""How late is a MIDI note? From another process to Python, from there to the browser.

    python benchmarks/midi.py             # a minute; needs jackd, Chromium, JupyterLab

A genuine port between two processes (JACK with its dummy driver, which hands MIDI over
once in 256 frames, 5.3 ms) stands in for a keyboard. Each way is measured over N_NOTES
notes, one at a time: until Python's callback, until the widget in JupyterLab tells its
synthesizer to sound, and within the browser alone from the message to that moment.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests")]

from browser import chromium, labkit  # noqa: E402
from midi_ports import Device, jack_server, knock, wait_until  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from deepcomposer_edu.widgets.midi_input import MidiInput  # noqa: E402

N_NOTES = 200
N_WARM = 20  # the first ones meet code that has never run
SHOW = """
import os, mido
os.environ.update({environment!r})
mido.set_backend({environment!r}["MIDO_BACKEND"])
from deepcomposer_edu.widgets import PianoKeyboard
keyboard = PianoKeyboard()
keyboard
"""
# Notes when each note sounds, in ms since 1970.
LISTEN = """() => {
    const sound = globalThis[Symbol.for("deepcomposer-edu.sound")];
    const noteOn = sound.noteOn;
    window.heard = [];
    sound.noteOn = (...note) => {
        noteOn(...note);
        window.heard.push(performance.timeOrigin + performance.now());
    };
}"""
# A fake device in the browser plays; gives ms from each message to the synth's noteOn.
IN_BROWSER = """n => {
    const times = [];
    for (let i = 0; i < n; i += 1) {
        window.heard.length = 0;
        const begin = performance.timeOrigin + performance.now();
        fakeMidi.send("Fake 32", [0x90, 60, 80]);
        times.push(window.heard[0] - begin);
        fakeMidi.send("Fake 32", [0x90, 60, 0]);
    }
    return times;
}"""


def tell(name: str, milliseconds: list[float]) -> None:
    """Print the median, the 95th percentile and the worst of some times."""
    times = sorted(milliseconds[N_WARM:])
    worst, late = times[-1], times[int(0.95 * len(times))]
    print(f"{name:34}{statistics.median(times):9.2f}{late:9.2f}{worst:9.2f}")


def to_python(device: Device) -> list[float]:
    """Return ms from a message's sending to Python's callback."""
    arrived: list[float] = []
    times = []
    with MidiInput("fake 32", lambda *_: arrived.append(time.time())) as port:
        knock(device, arrived)
        wait_until(lambda: port.is_plugged, "the port is open")
        for _ in range(N_NOTES + N_WARM):
            arrived.clear()
            sent = device.send_and_tell(0x90, 60, 80)
            wait_until(lambda: arrived, "the note arrived")
            times.append(1000 * (arrived[0] - sent))
    return times


def to_widget(device: Device, page: labkit.LabPage) -> list[float]:
    """Return ms from a message's sending to the synthesizer's noteOn in JupyterLab."""
    times = []
    for number in range(N_NOTES + N_WARM):
        sent = device.send_and_tell(0x90, 60, 80)
        page.page.wait_for_function("n => window.heard.length > n", arg=number)
        times.append(page.page.evaluate("n => window.heard[n]", number) - 1000 * sent)
        device(0x90, 60, 0)
        page.page.wait_for_function("!document.querySelector('.dc-key.dc-on')")
    return times


def main() -> None:
    """Print a line for each way."""
    print(f"{'ms':34}{'median':>9}{'95 %':>9}{'worst':>9}")
    browser_path = chromium.find_chromium()
    with (
        jack_server(period=256) as environment,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        device = Device()
        tell("device to Python", to_python(device))
        lab = labkit.start_lab(Path(folder))
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=chromium.CHROMIUM_OPTIONS
        )
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script(path=chromium.HERE / "fake_midi.js")
        show = SHOW.format(environment=environment)
        cells = [show, "keyboard.connect_midi('fake')", "keyboard.disconnect_midi()"]
        labkit.write_notebook(lab.root / "midi.ipynb", cells)
        page = labkit.open_lab_page(lab, context, "midi.ipynb")
        page.run(0)
        piano = page.page.get_by_role("group", name="Piano keyboard")
        piano.wait_for()
        page.page.evaluate(LISTEN)
        piano.get_by_role("button", name="Connect MIDI keyboard").click()
        status = piano.locator(".dc-status").filter(has_text=re.compile("Fake 32"))
        status.wait_for()
        tell("browser: message to synth", page.page.evaluate(IN_BROWSER, N_NOTES))
        page.run(1)
        page.page.evaluate("window.heard.length = 0")
        tell("device to Python to browser", to_widget(device, page))
        page.run(2)
        device.unplug()
        browser.close()
        lab.stop()


if __name__ == "__main__":
    main()
