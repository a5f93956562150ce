"""The note editor in Chromium on a plain page; see widget_page.py.

    page = open_widget(editor(TUNE))
    click(page, 4, 60)      # the cell at step 4, pitch C4
    assert notes(page) == [...]

All editors here have MAX_BARS bars, so that a test can tell where a step lies.
"""

from __future__ import annotations

from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import Editor

MAX_BARS = 4
N_STEPS = 16 * MAX_BARS
GUTTER, HEADER, MARGIN, ROW = 34, 18, 6, 13  # px, of shared/roll.js and editor/view.js
TUNE = Score.from_notes([(0, 60, 4), (4, 62, 4), (8, 64, 8)], tempo=100)
WRITTEN = [[0, 60, 4, 80], [4, 62, 4, 80], [8, 64, 8, 80]]  # TUNE in the browser


def editor(score=None, **options):
    return Editor(score, max_bars=MAX_BARS, **options)


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def notes(page, track=0):
    """Return [start, pitch, duration, velocity] of each note, as Python gets them."""
    return value(page, "music")["tracks"][track]["notes"]


def selected(page):
    return value(page, "selected")


def said(page):
    return page.locator(".dc-editor .dc-status").text_content()


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def roll(page):
    return page.locator(".dc-editor .dc-roll")


def surface(page):
    return page.locator(".dc-editor .dc-roll-surface")


def place(page, step, pitch):
    """Return where the middle of a row lies at a step, in pixels of the page."""
    left, top, width, x, y = surface(page).evaluate(
        """box => {
            const { left, top } = box.getBoundingClientRect();
            const { width } = box.firstElementChild.getBoundingClientRect();
            return [left, top, width, box.scrollLeft, box.scrollTop];
        }"""
    )
    pixels = (width - GUTTER - MARGIN) / N_STEPS
    return (
        left + GUTTER + step * pixels - x,
        top + HEADER + (127 - pitch + 0.5) * ROW - y,
    )


def click(page, step, pitch, **options):
    page.mouse.click(*place(page, step, pitch), **options)


def drag(page, start, end):
    """Drag from (step, pitch) to (step, pitch), in more than one move."""
    page.mouse.move(*place(page, *start))
    page.mouse.down()
    page.mouse.move(*place(page, *end), steps=4)
    page.mouse.up()


def press(page, *names):
    for name in names:
        page.keyboard.press(name)


def touch(page, kind, *points):
    """Send fingers at (step, pitch): "touchStart", "touchMove" or "touchEnd"."""
    session = getattr(page, "dc_fingers", None)
    if session is None:
        session = page.dc_fingers = page.context.new_cdp_session(page)
    spots = [place(page, *point) for point in points]
    session.send(
        "Input.dispatchTouchEvent",
        {
            "type": kind,
            "touchPoints": [
                {"x": x, "y": y, "id": number} for number, (x, y) in enumerate(spots)
            ],
        },
    )
