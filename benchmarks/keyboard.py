"""How soon does a key sound? Milliseconds of the sound's own clock.

    python benchmarks/keyboard.py          # half a minute; needs Chromium

A computer key is pressed N_KEYS times in the real widget on a plain page, with sampled
sound. Three stretches are told apart: what the widget's own code takes, the way of the
message to the audio thread (the browser's part), and from there to the first sample
that is heard. A browser renders sound in quanta of 128 samples, so the last one cannot
be known better than to a quantum. The way out to the loudspeaker is not in it.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import statistics
import sys
import threading
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from browser.chromium import CHROMIUM_OPTIONS, HERE, find_chromium
from browser.widget_page import Handler, bundle_of, trait_values
from playwright.sync_api import Page, sync_playwright

from deepcomposer_edu.widgets import PianoKeyboard

N_KEYS = 100
QUANTUM = 128  # samples
HARPSICHORD = 6  # is there at once; a piano takes a little longer to get loud
SCRIPTS = ("witness.js", "recorder.js", "quantum.js")


def open_keyboard(page: Page) -> None:
    """Show the keyboard with its sampled sound, recorder and marker running."""
    keyboard = PianoKeyboard(instrument=HARPSICHORD)
    handler = functools.partial(Handler, directory=str(HERE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.traits = [json.dumps(trait_values(keyboard)).encode()]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in SCRIPTS:
        page.add_init_script(path=HERE / name)
    shown = json.dumps([[bundle_of(keyboard), 0]])
    page.add_init_script(f"window.hasSoundFont = true; window.shown = {shown};")
    page.goto(f"http://127.0.0.1:{server.server_port}/widget_page.html")
    page.wait_for_function("window.isReady && sound().kind === 'sampled'")
    page.evaluate("startRecording()")
    page.evaluate("startMarks()")
    page.evaluate("sound().control(15, 91, 0)")  # no hall, which sounds on
    page.locator('[data-note="60"]').focus()
    page.keyboard.press("KeyQ")  # wakes the sound


def main() -> None:
    """Print the median, the 95th percentile and the worst of each stretch."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_OPTIONS
        )
        page = browser.new_page()
        open_keyboard(page)
        rate = page.evaluate("sound().context.sampleRate")
        times = [page.evaluate("timeOfKey('KeyB')") for _ in range(N_KEYS)]
        browser.close()
    ms = 1000 / rate
    rows = {
        "key event handled": [t["handled"] for t in times],
        "message to audio thread": [(t["after"] - t["seen"]) * ms for t in times],
        "from there to the sound": [(t["first"] - t["after"]) * ms for t in times],
        "key to sound": [(t["first"] - t["seen"]) * ms for t in times],
    }
    print(f"{'ms':28}{'median':>9}{'95 %':>9}{'worst':>9}")
    for name, values in rows.items():
        late = sorted(values)[int(0.95 * len(values))]
        print(f"{name:28}{statistics.median(values):9.2f}{late:9.2f}{max(values):9.2f}")
    inside = sum(t["first"] - t["after"] <= QUANTUM for t in times)
    print(f"within one quantum ({QUANTUM * ms:.1f} ms): {inside} of {len(times)}")


if __name__ == "__main__":
    main()
