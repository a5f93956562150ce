"""How the course's own HTML pages look: one file each, light, dark and on paper."""

from __future__ import annotations

from deepcomposer_edu.web_page import page_frame

# Nothing may be fetched and no script may run: the browser itself sees to it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
COLOURS = """
:root { color-scheme: light dark; --paper: #fdfdfb; --ink: #1d2530; --faint: #56606d;
  --line: #d5d9de; --card: #ffffff; --done: #00568a; --on-done: #ffffff;
  --tried: #fbe3cf; --on-tried: #6b2f00; --accent: #d55e00; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181d; --ink: #e8ebef; --faint: #a6b0bc; --line: #39424d;
    --card: #1c222a; --done: #56b4e9; --on-done: #0b1620; --tried: #5a3413;
    --on-tried: #ffdfc4; --accent: #ff9d4d; } }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --faint: #444; --line: #bbb;
    --card: #fff; --done: #00568a; --on-done: #fff; --tried: #fbe3cf;
    --on-tried: #6b2f00; --accent: #b34e00; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
"""


def html_page(title: str, look: str, body: str) -> str:
    """Return a whole HTML page that needs nothing else.

    Args:
        title: its name, as plain text.
        look: style rules that follow the colours.
        body: what stands in `<main>`, as HTML.
    """
    return page_frame(title, POLICY, COLOURS + look, f"<main>\n{body}\n</main>")
