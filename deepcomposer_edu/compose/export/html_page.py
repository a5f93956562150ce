"""One HTML file that needs nothing else: no network, no other file, no installation.

What comes from somebody else is put in as text, never as HTML. The browser itself is
told to run only the script that was written into the page, and to fetch nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.web_page import page_frame

PAGES = Path(__file__).parent / "pages"  # what every page may use


def page_text(
    title: str,
    body: str,
    styles: tuple[str, ...] = (),
    script: str | None = None,
    data: object = None,
    media: str = "data: blob:",
    folder: Path = PAGES,
) -> str:
    """Return a page as text.

    Args:
        title: plain text.
        body: HTML, in which every text was escaped.
        styles: names of style sheets in `folder`, after the common one.
        script: the name of a script in `folder`, None for a page without.
        data: what the script finds, as JSON, in the element "data".
        media: from where sound and pictures may come, as a policy says it.
        folder: where styles and script lie.

    Raises:
        InputError: if one of them is missing.
    """
    sheets = [PAGES / "page.css", *(folder / name for name in styles)]
    css = "\n".join(asset(path) for path in sheets)
    code = asset(folder / script) if script else ""
    runs = f"'sha256-{_digest(code)}'" if script else "'none'"
    policy = (
        f"default-src 'none'; script-src {runs}; style-src 'sha256-{_digest(css)}'; "
        f"media-src {media}; img-src {media}; base-uri 'none'; form-action 'none'"
    )
    stored = ""
    if data is not None:
        stored = (
            f'<script type="application/json" id="data">{inline_json(data)}</script>'
        )
    runs_here = f"\n<script>{code}</script>" if script else ""
    return page_frame(title, policy, css, f"{body}\n{stored}{runs_here}")


def asset_text(path: Path) -> str:
    """Return the text of a style sheet or script.

    Raises:
        InputError: if it is missing.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise InputError(
            f"{path} is missing, without which there is no page; install the course "
            "again."
        ) from None


def asset(path: Path) -> str:
    """Return a style sheet or script as text that cannot end the element it stands in.

    Raises:
        InputError: if it is missing.
    """
    text = asset_text(path)
    if re.search(r"</(script|style)|<!--", text, flags=re.IGNORECASE):
        raise InputError(f"{path} would end its own element; install the course again.")
    return text


def inline_json(data: object) -> str:
    r"""Return data as JSON that cannot leave a script element.

    >>> inline_json({"a": "</script>"})
    '{"a": "\\u003c/script>"}'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " ")


def plain_data(value: object) -> object:
    """Return nested data that JSON knows: what is nan or infinite becomes None.

    >>> plain_data({"a": (1, float("nan"))})
    {'a': [1, None]}
    """
    if isinstance(value, dict):
        return {str(key): plain_data(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(one) for one in value]
    if isinstance(value, float) and not (abs(value) < float("inf")):
        return None
    return value.item() if hasattr(value, "item") else value


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
