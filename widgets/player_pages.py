"""The Player's score view: engraved in Python, shown in the browser."""

from __future__ import annotations

from typing import Protocol

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score

NARROW = 560  # pixels; below, notes are written smaller
SCALE, SMALL_SCALE = 40, 32  # per cent
NARROWEST, WIDEST = 320, 1_600


class HasScore(Protocol):
    """A widget with a score, which sends messages to the browser."""

    score: Score

    def send(self, content: dict) -> None:
        """Send a message to the browser."""


def answer_pages(widget: HasScore, message: dict, _buffers: list) -> None:
    """Send the pages that the browser asked for; other messages are left alone."""
    if message.get("kind") != "pages?":
        return
    answer = pages_message(widget.score, message.get("width"))
    widget.send({"kind": "pages", "asked": message.get("asked"), **answer})


def pages_message(score: Score, width: object) -> dict:
    """Return a score's pages for the browser, or in words why there are none.

    Args:
        score: the music.
        width: of the page in pixels, as the browser says; anything else gives 900.
    """
    from deepcomposer_edu.viz.staff import staff_pages

    is_number = isinstance(width, int | float) and not isinstance(width, bool)
    pixels = min(max(round(width), NARROWEST), WIDEST) if is_number else 900
    scale = SMALL_SCALE if pixels < NARROW else SCALE
    try:
        return staff_pages(score, pixels, scale).to_dict()
    except InputError as error:
        return {"problem": str(error)}
