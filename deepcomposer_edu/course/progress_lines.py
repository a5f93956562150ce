"""One line of a progress file as a record, or nothing: no line is believed unseen."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from deepcomposer_edu.course.progress_log import MAX_NOTE, VERSION

STATES = {
    "lesson": ("opened",),
    "check": ("passed", "refused", "not done"),
    "hint": ("asked",),
    "quiz": ("right", "wrong"),
}
# 1970: the clock of a computer that has lost its battery begins there
MIN_YEAR, MAX_YEAR = 1970, 2200
_AT = "%Y-%m-%dT%H:%M:%SZ"
_LESSON = re.compile(r"\d\d", re.ASCII)
_ITEM = {
    "lesson": re.compile(r""),
    "check": re.compile(r"\d{1,2}\.\d{1,2}", re.ASCII),
    "hint": re.compile(r"\d{1,2}\.\d{1,2}", re.ASCII),
    "quiz": re.compile(r"q[1-9]", re.ASCII),
}


@dataclass(frozen=True)
class Record:
    """One thing that a learner did.

    Args:
        at: when, in UTC.
        kind: "lesson", "check", "hint" or "quiz".
        lesson: its number, such as "07".
        item: an exercise ("7.2"), a question ("q3"), or "" for the lesson itself.
        state: one of STATES[kind].
        note: the sentence that was shown, without control characters.
    """

    at: datetime
    kind: str
    lesson: str
    item: str
    state: str
    note: str = ""


def clean(text: object) -> str:
    """Return text without what could steer a terminal or hide; "" if it is none."""
    text = text if isinstance(text, str) else ""
    return "".join(c if c.isprintable() else " " for c in text[:MAX_NOTE]).strip()


def object_of(line: str) -> dict | None:
    """Return the object that a line holds, or None."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def record_of(row: dict | None) -> Record | None:
    """Return a line of the file as a record, or None if it is none."""
    if row is None or row.get("version") != VERSION:
        return None
    texts = {name: row.get(name) for name in ("at", "kind", "lesson", "item", "state")}
    if not all(isinstance(text, str) for text in texts.values()):
        return None
    kind = texts["kind"]
    if (
        texts["state"] not in STATES.get(kind, ())
        or not _LESSON.fullmatch(texts["lesson"])
        or not _ITEM[kind].fullmatch(texts["item"])
    ):
        return None
    try:
        at = datetime.strptime(texts["at"], _AT).replace(tzinfo=UTC)
    except ValueError:
        return None
    if not MIN_YEAR <= at.year <= MAX_YEAR:  # other years overflow in other time zones
        return None
    return replace(Record(**{**texts, "at": at}), note=clean(row.get("note")))
