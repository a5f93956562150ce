"""What does the player cost a browser? Milliseconds of its main thread for each frame.

    python benchmarks/widgets.py               # about a minute; needs Chromium

A piece of five minutes with four tracks plays in the real widget, on a plain page, with
sampled sound. A screen shows 60 frames a second, so each has 16.7 ms for everything.
Measured are the frame's own work in JavaScript and all work of the page's main thread
(the browser's own figure), which also has timers, sound messages and layout in it.
While music plays only the line and the notes that sound are painted anew; beside it
stands what it costs to paint the whole roll in every frame, as while it is scrolled.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import functools
import http.server
import json
import random
import statistics
import sys
import threading
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from browser.chromium import CHROMIUM_OPTIONS, HERE, find_chromium
from browser.widget_page import Handler, bundle_of, trait_values

from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import Player

MINUTES = 5
TEMPO = 120
N_STEPS = MINUTES * TEMPO * 4
SECONDS = 10  # of each measurement
BUDGET = 1000 / 60  # ms for a frame
BAND = ((29, 64, 84), (27, 52, 68), (33, 28, 45))  # program, lowest, highest pitch

# How long each callback of requestAnimationFrame takes, and when it was called.
STOPWATCH = """
window.frames_ = [];
const ask = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (callback) => ask((moment) => {
  const start = performance.now();
  callback(moment);
  window.frames_.push([moment, performance.now() - start]);
});
"""
SCROLL = """
() => {
  const surface = document.querySelector(".dc-roll-surface");
  let way = 3;
  window.scrolling = setInterval(() => {
    const before = surface.scrollLeft;
    surface.scrollLeft += way;
    if (surface.scrollLeft === before) way = -way;
  }, 8);
}
"""


def piece() -> Score:
    """Return five minutes of a band: two guitars, bass and drums."""
    dice = random.Random(0)
    tracks = []
    for program, low, high in BAND:
        notes, start = [], 0
        while start < N_STEPS:
            length = dice.choice([1, 2, 2, 4])
            notes.append(Note(start, dice.randint(low, high), length, 90))
            start += length
        tracks.append(Track(tuple(notes), f"program {program}", program))
    beats = [Note(i, 42, 1, 70) for i in range(0, N_STEPS, 2)]
    beats += [Note(i, 38 if i % 8 else 36, 1, 100) for i in range(0, N_STEPS, 4)]
    tracks.append(Track(tuple(beats), "Drums", is_drum=True))
    return Score(tuple(tracks), tempo=TEMPO, title="Five minutes")


def open_player(browser: object, player: Player) -> tuple[Page, CDPSession]:
    """Return a page with the widget and a line to the browser's own figures."""
    handler = functools.partial(Handler, directory=str(HERE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.traits = [json.dumps(trait_values(player)).encode()]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    shown = json.dumps([[bundle_of(player), 0]])
    page.add_init_script(f"window.hasSoundFont = true; window.shown = {shown};")
    page.add_init_script(STOPWATCH)
    page.goto(f"http://127.0.0.1:{server.server_port}/widget_page.html")
    page.wait_for_function("window.isReady && sound().kind === 'sampled'")
    line = page.context.new_cdp_session(page)
    # the thread's own time, so that a busy machine changes little
    line.send("Performance.enable", {"timeDomain": "threadTicks"})
    return page, line


def busy(line: CDPSession) -> float:
    """Return how long the page's main thread has worked so far, in ms."""
    metrics = line.send("Performance.getMetrics")["metrics"]
    return 1000 * next(m["value"] for m in metrics if m["name"] == "TaskDuration")


def measure(page: Page, line: CDPSession, name: str) -> float:
    """Print what a frame costs while the page does what it does; return the median."""
    page.evaluate("window.frames_ = []")
    before, start = busy(line), page.evaluate("performance.now()")
    page.wait_for_function(f"performance.now() > {start + 1000 * SECONDS}", polling=500)
    frames = page.evaluate("window.frames_")
    elapsed = page.evaluate("performance.now()") - start
    worked = busy(line) - before
    by_frame: dict[float, float] = {}
    for moment, cost in frames:
        by_frame[moment] = by_frame.get(moment, 0) + cost
    costs = sorted(by_frame.values())
    n = max(len(costs), 1)
    median = statistics.median(costs) if costs else 0.0
    print(
        f"{name:34}{1000 * n / elapsed:8.0f}{median:10.2f}"
        f"{costs[int(0.99 * n)]:8.2f}{worked / n:14.2f}"
        f"{100 * worked / n / BUDGET:9.0f} %"
    )
    return median


def main() -> None:
    """Print a line for each thing that the player does."""
    score = piece()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_OPTIONS
        )
        page, line = open_player(browser, Player(score))
        print(f"{len(score.notes)} notes in {len(score.tracks)} tracks")
        print(
            f"{'':34}{'frames/s':>8}{'JS, ms':>10}{'99 %':>8}{'main thread':>14}"
            f"{'budget':>11}"
        )
        press = functools.partial(page.get_by_role, "button", exact=True)
        press(name="Play").click()
        page.wait_for_function("model.get('position') > 4")
        playing = measure(page, line, "playing, a page at a time")
        page.evaluate(SCROLL)
        scrolling = measure(page, line, "playing and scrolling")
        page.evaluate("clearInterval(scrolling)")
        press(name="Fit the whole music").click()
        measure(page, line, "playing, all five minutes in view")
        print(f"painting everything costs {scrolling / playing:.1f} x a usual frame")
        browser.close()


if __name__ == "__main__":
    main()
