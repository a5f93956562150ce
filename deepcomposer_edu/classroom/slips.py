"""A page to print and cut: address, login and code of each learner."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from deepcomposer_edu.classroom.seats import Seat
from deepcomposer_edu.course.page_look import html_page
from deepcomposer_edu.files import atomic_path

LOOK = """
main { max-width: 62rem; margin: 0 auto; padding: 24px 16px; }
ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr));
  gap: 0; list-style: none; padding: 0; }
li { border: 1px dashed var(--faint); padding: .9rem 1.1rem; break-inside: avoid; }
h2 { font-size: 1.05rem; margin: 0 0 .4rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .8rem; margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
.address { grid-column: 1 / -1; margin-bottom: .3rem; }
code { font: .95rem ui-monospace, monospace; }
@media print { h1, p { display: none; } main { padding: 0; } }
"""


def slips_page(seats: Sequence[Seat], address: str) -> str:
    """Return the page as HTML; a name shows as it is, whatever it holds.

    Args:
        seats: whose slips.
        address: what is typed into the browser.
    """
    slips = "".join(
        f"<li><h2>{escape(seat.name)}</h2><dl>"
        f"<dt>Address</dt><dd class='address'><code>{escape(address)}</code></dd>"
        f"<dt>Username</dt><dd><code>{escape(seat.login)}</code></dd>"
        f"<dt>Password</dt><dd><code>{escape(seat.code)}</code></dd></dl></li>\n"
        for seat in seats
    )
    words = (
        "Print this page, cut it along the lines, and give each learner one slip. A "
        "password opens that learner's files: keep the page to yourself. The teacher "
        "can open every learner's notebooks."
    )
    body = f"<h1>Slips for the class</h1>\n<p>{words}</p>\n<ul>{slips}</ul>"
    return html_page("Slips for the class", LOOK, body)


def write_slips(seats: Sequence[Seat], address: str, path: Path) -> None:
    """Write the page where only this account can read it."""
    with atomic_path(path, private=True) as part:
        part.write_text(slips_page(seats, address), encoding="utf-8")
