"""A page to print and cut: address, login and code of each learner."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from deepcomposer_edu.classroom.seats import Seat
from deepcomposer_edu.files import atomic_path

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem;
  padding: 0 1rem; color: #1c2330; background: #fff; }
ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr));
  gap: 0; list-style: none; padding: 0; }
li { border: 1px dashed #8a93a3; padding: .9rem 1.1rem; break-inside: avoid; }
h2 { font-size: 1.05rem; margin: 0 0 .4rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .8rem; margin: 0; }
dt { color: #4c5668; } dd { margin: 0; overflow-wrap: anywhere; }
code { font: 1.05rem ui-monospace, monospace; }
@media (prefers-color-scheme: dark) { body { background: #14181f; color: #e8ecf3; }
  dt { color: #a9b3c4; } }
@media print { body { margin: 0; background: #fff; color: #000; } p { display: none; }
  dt { color: #333; } }
"""


def slips_page(seats: Sequence[Seat], address: str) -> str:
    """Return the page as HTML; a name shows as it is, whatever it holds.

    Args:
        seats: whose slips.
        address: what is typed into the browser.
    """
    slips = "".join(
        f"<li><h2>{escape(seat.name)}</h2><dl>"
        f"<dt>Address</dt><dd><code>{escape(address)}</code></dd>"
        f"<dt>Name</dt><dd><code>{escape(seat.login)}</code></dd>"
        f"<dt>Code</dt><dd><code>{escape(seat.code)}</code></dd></dl></li>\n"
        for seat in seats
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Slips for the class</title><style>{STYLE}</style></head>\n"
        "<body><main><h1>Slips for the class</h1>\n"
        "<p>Print this page, cut it along the lines, and give each learner one slip. "
        "A code opens that learner's files: keep the page to yourself. The teacher can "
        "open every learner's notebooks.</p>\n"
        f"<ul>{slips}</ul></main></body></html>\n"
    )


def write_slips(seats: Sequence[Seat], address: str, path: Path) -> None:
    """Write the page where only this account can read it."""
    with atomic_path(path) as part:
        part.touch(mode=0o600)
        part.write_text(slips_page(seats, address), encoding="utf-8")
