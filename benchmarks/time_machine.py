"""How soon does the time machine answer? Milliseconds from the slider to eye and ear.

    python benchmarks/time_machine.py          # half a minute; needs Chromium

The monitor stands on a plain page and plays with sampled sound; its slider is moved,
120 times, to another stage. For each move: when the values beside the curves have
changed, when the frame with the new roll and curves is painted, and when the first note
of the new music sounds (the moment that the synth was given, on the clock of the
sound). What the sound card adds is the same for all sound and printed below.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import functools
import http.server
import json
import statistics
import sys
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from browser.chromium import CHROMIUM_OPTIONS, HERE, find_chromium
from browser.widget_page import Handler, bundle_of, trait_values

from deepcomposer_edu.compose import compose
from deepcomposer_edu.training.history import read_history, shipped_run
from deepcomposer_edu.widgets import TrainingMonitor

N_MOVES = 120
LIMIT = 300.0  # ms

MOVE = """
async (index) => {
  const slider = document.querySelector(".dc-machine");
  const cell = document.querySelectorAll(".dc-values")[1].querySelector("td");
  const sound = window.sound();
  const strike = sound.noteOn;
  let heardAt = null;
  const start = performance.now();
  sound.noteOn = (channel, pitch, velocity, when) => {
    const wait = 1000 * Math.max(0, (when || 0) - sound.context.currentTime);
    heardAt ??= performance.now() - start + wait;
    strike(channel, pitch, velocity, when);
  };
  const pitches = () => { // at the moment up to which the synth has been told all
    const { map, position, sounding } = sound.onStage;
    const later = map().stepAt(map().secondsAt(position()) + 0.06);
    return sounding(later).map(({ pitch }) => pitch);
  };
  const before = new Set(pitches());
  slider.value = index;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const values = performance.now() - start;
  const painted = await new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel(); // its message comes after the painting
    channel.port1.onmessage = () => done(performance.now() - start);
    channel.port2.postMessage(null);
  }));
  const isNew = pitches().some((pitch) => !before.has(pitch));
  while (isNew && heardAt === null) await new Promise((done) => setTimeout(done, 1));
  sound.noteOn = strike;
  return [values, painted, heardAt];
}
"""


def large_run() -> TrainingMonitor:
    """Return a run with as many stages as the slider takes, of 64 bars each."""
    rows = read_history(shipped_run())
    score = compose("ode-to-joy", seed=0).score
    monitor = TrainingMonitor()
    for number in range(60):
        monitor._run.add_score(rows[-1]["step"] * number // 60, _moved(score, number))
    for row in rows:
        monitor._run.add_row(row)
    monitor.refresh()
    return monitor


def _moved(score: object, number: int) -> object:
    """Return the music four times in a row, its lower voices moved a little."""
    from dataclasses import replace

    length = 16 * (1 + int(max(note.end for note in score.notes)) // 16)
    tracks = []
    for i, track in enumerate(score.tracks):
        shift = number % 11 if i else 0  # so that every move changes a note
        notes = [
            replace(note, start=note.start + turn * length, pitch=note.pitch - shift)
            for turn in range(4)
            for note in track.notes
        ]
        tracks.append(replace(track, notes=tuple(notes)))
    return replace(score, tracks=tuple(tracks), title=f"stage {number}")


def open_monitor(browser: object, monitor: TrainingMonitor) -> Page:
    """Return a page with the widget, which plays."""
    handler = functools.partial(Handler, directory=str(HERE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.traits = [json.dumps(trait_values(monitor)).encode()]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    shown = json.dumps([[bundle_of(monitor), 0]])
    page.add_init_script(f"window.hasSoundFont = true; window.shown = {shown};")
    page.goto(f"http://127.0.0.1:{server.server_port}/widget_page.html")
    page.wait_for_function("window.isReady && sound().kind === 'sampled'")
    page.get_by_role("button", name="Play this stage", exact=True).click()
    page.wait_for_function("sound().onStage.position() > 1")
    return page


def measure(page: Page, monitor: TrainingMonitor, name: str) -> float:
    """Print how soon the monitor answers; return the worst answer of all in ms."""
    n_stages = len(monitor.stages)
    times = []
    for number in range(N_MOVES):
        if not page.evaluate("sound().onStage.isPlaying()"):
            page.get_by_role("button", name="Play this stage", exact=True).click()
            page.wait_for_function("sound().onStage.position() > 1")
        times.append(page.evaluate(MOVE, (7 * number + 3) % n_stages))
    worst = 0.0
    for i, what in enumerate(("values", "painted", "heard")):
        # where both stages have the same chord there is nothing new to hear
        ordered = sorted(answer[i] for answer in times if answer[i] is not None)
        worst = max(worst, ordered[-1])
        print(
            f"{name:22}{what:10}{statistics.median(ordered):8.1f}"
            f"{ordered[int(0.95 * len(ordered))]:8.1f}{ordered[-1]:8.1f}"
            f"{len(ordered):8}"
        )
    return worst


def main() -> None:
    """Print the times of a shipped run and of the largest that the slider takes."""
    runs = {
        "shipped, 10 stages": TrainingMonitor(shipped_run(), follow=False),
        "60 stages of 64 bars": large_run(),
    }
    print(f"{'ms from the slider':32}{'median':>8}{'95 %':>8}{'worst':>8}{'moves':>8}")
    worst = 0.0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_OPTIONS
        )
        for name, monitor in runs.items():
            page = open_monitor(browser, monitor)
            worst = max(worst, measure(page, monitor, name))
            latency = page.evaluate(
                "1000 * (sound().context.baseLatency + sound().context.outputLatency)"
            )
            page.close()
        browser.close()
    print(f"the browser's own way to the loudspeaker adds {latency:.0f} ms")
    print(f"worst answer: {worst:.0f} ms of {LIMIT:.0f}")


if __name__ == "__main__":
    main()
