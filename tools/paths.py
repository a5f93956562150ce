"""Keep the minutes of docs/paths/ true to the lessons.

    python tools/paths.py build    write the minutes and the totals anew
    python tools/paths.py check    fail if a page is out of date

A path is a Markdown page with a table. Each row links a lesson and names either "the
whole lesson" or some of its sections, which stand in the lesson as `## Name (N
minutes)`; their minutes are added up, and the sum of the table stands in the title.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "paths"
WHOLE = "the whole lesson"
ROW = re.compile(
    r"^\| (\[[^\]]+\]\(\.\./\.\./lessons/(\w+)\.ipynb\)) \| (.+) \| \d+ \|$", re.M
)
TITLE = re.compile(r"^(# [^:\n]+): .+$", re.M)


def lesson_minutes(name: str) -> int:
    """Return the minutes that a lesson states for reading and doing all of it."""
    text = (ROOT / "solutions" / f"{name}.py").read_text(encoding="utf-8")
    return int(re.search(r"^# \*(\d+) minutes", text, re.M)[1])


def section_minutes(name: str, section: str) -> int:
    """Return the minutes of a section of a lesson.

    Raises:
        LookupError: if the lesson has no such section.
    """
    text = (ROOT / "solutions" / f"{name}.py").read_text(encoding="utf-8")
    found = re.search(rf"^# ## {re.escape(section)} \((\d+) minutes?\)$", text, re.M)
    if found is None:
        raise LookupError(f"{name} has no section {section!r} with its minutes")
    return int(found[1])


def row_minutes(name: str, what: str) -> int:
    """Return the minutes of a row of a path."""
    if what == WHOLE:
        return lesson_minutes(name)
    return sum(section_minutes(name, section) for section in what.split(" · "))


def in_words(minutes: int) -> str:
    """Return a time to the quarter of an hour, in words.

    >>> in_words(274), in_words(156), in_words(120)
    ('about 4 1/2 hours', 'about 2 1/2 hours', 'about 2 hours')
    """
    hours, quarters = divmod(round(minutes / 15), 4)
    if hours >= 10:
        return f"about {round(minutes / 60)} hours"
    return f"about {hours}{('', ' 1/4', ' 1/2', ' 3/4')[quarters]} hours"


def built(text: str) -> str:
    """Return a page with its minutes and its title put right."""
    total = sum(row_minutes(row[2], row[3]) for row in ROW.finditer(text))

    def put(row: re.Match) -> str:
        return f"| {row[1]} | {row[3]} | {row_minutes(row[2], row[3])} |"

    return TITLE.sub(rf"\1: {in_words(total)}", ROW.sub(put, text), count=1)


def main(arguments: list[str]) -> int:
    """Write or check the pages; return 0, or 1 if one is out of date."""
    if arguments not in (["build"], ["check"]):
        sys.exit(__doc__)
    late = []
    for page in sorted(PAGES.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        if built(text) != text:
            late.append(page.name)
            if arguments == ["build"]:
                page.write_text(built(text), encoding="utf-8", newline="\n")
    if arguments == ["check"] and late:
        print(f"out of date: {', '.join(late)}; run python tools/paths.py build")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
