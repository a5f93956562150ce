"""How the course's own HTML pages look: one file each, light, dark and on paper."""

from __future__ import annotations

from html import escape
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path

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
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape(title)}</title>\n<style>{COLOURS}{look}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def write_html(path: str | Path, text: str) -> Path:
    """Write a page and return its path.

    Raises:
        InputError: if the name does not end in .html or the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(
            f"The page is to be written to {path.name[:60]!r}, but its name must end "
            "in .html."
        )
    with atomic_path(path) as part:
        part.write_text(text, encoding="utf-8")
    return path
