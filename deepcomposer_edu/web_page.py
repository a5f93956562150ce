"""One HTML page as a file: its frame, its name, and how it is written.

What stands in it is made by others, who escape every text.
"""

from __future__ import annotations

import html
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
{body}
</body>
</html>
"""


def page_frame(title: str, policy: str, css: str, body: str) -> str:
    """Return the frame that every page has, with its body in it.

    Args:
        title: plain text.
        policy: what the browser may run and fetch.
        css: the styles, which hold no "</style".
        body: HTML with its scripts, in which every text was escaped.
    """
    return _PAGE.format(policy=policy, title=html.escape(title), css=css, body=body)


def write_page(path: str | Path, text: str) -> Path:
    """Write a page, whole or not at all, and return its path.

    Raises:
        InputError: if its name does not end in .html or it cannot be written.
    """
    path = checked_page(path)
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return path


def checked_page(path: str | Path) -> Path:
    """Return the path of a page to write, or raise an InputError."""
    path = Path(path)
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(
            f"The page is to be written to {path.name[:60]!r}, but its name must end "
            "in .html."
        )
    return path
