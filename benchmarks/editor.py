"""What does a drag in the editor cost a browser? Main thread ms for each move.

    python benchmarks/editor.py               # about half a minute; needs Chromium

A note is dragged with 120 moves of the mouse, once in a tune of four bars and once in
five minutes of a band. Each move makes the whole edit anew, from the note as it lay
before the drag, and paints what would become of it. A screen shows 60 frames a second,
so a move must cost less than 16.7 ms, or the note lags behind the mouse.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from browser.chromium import CHROMIUM_OPTIONS, find_chromium

from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import Editor
from widgets import BUDGET, busy, open_player, piece

N_MOVES = 120
SELECT_FIRST = "n"  # the key that goes to the next note of the voice


def cost_of_a_move(browser: object, score: Score) -> float:
    """Return the main thread's milliseconds for one move of a drag."""
    page, line = open_player(browser, Editor(score))
    page.locator(".dc-roll").focus()
    page.keyboard.press(SELECT_FIRST)
    box = page.locator(".dc-roll-surface").bounding_box()
    # A drag from the middle draws a note, or moves the one that lies there.
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    before = busy(line)
    for i in range(N_MOVES):
        page.mouse.move(x + i % 60, y + i % 40)
        page.evaluate("new Promise(requestAnimationFrame)")
    cost = (busy(line) - before) / N_MOVES
    page.mouse.up()
    if page.evaluate("model.get('change').number") != 1:
        raise RuntimeError("the drag was no edit, so this is not what it costs")
    page.context.close()
    return cost


def main() -> None:
    """Print what a move costs in a short and in a long piece."""
    long = piece()
    short = Score.from_notes([(4 * i, 60 + i % 8, 4) for i in range(16)])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_OPTIONS
        )
        costs = [cost_of_a_move(browser, score) for score in (short, long)]
        browser.close()
    for score, cost in zip((short, long), costs, strict=True):
        print(
            f"{len(score.notes):6} notes {cost:8.2f} ms for each move"
            f"{100 * cost / BUDGET:8.0f} % of a frame"
        )
    print(f"ratio {costs[1] / costs[0]:.1f}")


if __name__ == "__main__":
    main()
