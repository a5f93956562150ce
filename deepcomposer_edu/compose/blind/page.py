"""The listening test as one HTML file: no network, no installation, any browser."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from deepcomposer_edu import web_page
from deepcomposer_edu.compose.blind.deck import deck_of
from deepcomposer_edu.compose.blind.rounds import BlindTest
from deepcomposer_edu.compose.export.html_page import asset_text
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.paths import widgets_dir
from deepcomposer_edu.web_page import checked_page, page_frame

# Nothing may be fetched from anywhere: the browser itself sees to it.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
EXPORT = re.compile(r"export\s*\{\s*([\w$]+)\s+as\s+default\s*\}\s*;?\s*$")

# Stands in for Jupyter: what the widget would send to Python stays in the page.
MODEL = """
const values = { ...deck, clicks: deck.clips.map(() => null), place: 0, is_done: false,
  is_playing: false, player: "" };
values.result_id = [...crypto.getRandomValues(new Uint8Array(8))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");
const listeners = {};
const model = {
  get: (name) => values[name],
  set: (name, value) => {
    if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
    values[name] = value;
    [...(listeners[`change:${name}`] ?? [])].forEach((tell) => tell(model, value));
  },
  save_changes: () => {},
  send: () => {},
  on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
  off: (name, listener) => listeners[name]?.delete(listener),
};
widget().then((entry) =>
  entry.render({ model, el: document.querySelector("main div") }));
window.addEventListener("beforeunload", (event) => {
  const isBegun = values.clicks.some((click) => click !== null);
  if (isBegun && !values.is_done) event.preventDefault();
});
"""

LOOK = """
body { max-width: 780px; margin: 0 auto; padding: 12px;
  font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 6px 0; font-size: 24px; }
summary { cursor: pointer; }
"""

BODY = """<main>
<h1>{title}</h1>
<p>{n_rounds} short pieces. In each, a coin decided who is heard: {about}. All were cut,
played and made equally loud by the same program. Listen as often as you like, then say
who made it.</p>
<div></div>
<noscript><p>This page needs JavaScript, which your browser does not run.</p></noscript>
<details><summary>About this page</summary>
<p>Everything is in this one file; nothing is fetched and nothing is sent. Your answers
stay here until you save the result. For a class, collect the saved files and run
<code>deepcomposer bach-or-bot pool FILES</code>.</p>
</details>
</main>
<script type="module">
{script}
const deck = {deck};
{model}
</script>"""


def blind_page(test: BlindTest, verdicts: str = "each") -> str:
    """Return a test as the text of an HTML page that needs nothing else.

    Args:
        test: the rounds.
        verdicts: "each" tells after every round what it was, "end" at the end.

    Raises:
        InputError: if a value is not allowed, or the widget's bundle is missing.
    """
    deck = deck_of(test, verdicts)
    first, second = test.names
    title = f"{first} or {second}?"
    body = BODY.format(
        title=html.escape(title),
        about=html.escape(test.about or f"{first} or {second}"),
        n_rounds=len(test.rounds),
        script=_inline(_bundle("bach_or_bot.js")),
        deck=_inline(json.dumps(deck)),
        model=MODEL,
    )
    look = _bundle("bach_or_bot.css").replace("</", "<\\/") + LOOK
    return page_frame(title, POLICY, look, body)


def write_page(test: BlindTest, path: str | Path, verdicts: str = "each") -> Path:
    """Write the test as an HTML page and return its path.

    Raises:
        InputError: if the name does not end in .html or the file cannot be written.
    """
    path = checked_page(path)  # before the sound is made, which takes a while
    return web_page.write_page(path, blind_page(test, verdicts))


def _bundle(name: str) -> str:
    """Return a file of the widget's bundle; a module becomes a script."""
    path = widgets_dir() / "static" / name
    text = asset_text(path)
    if path.suffix != ".js":
        return text
    script, n_found = EXPORT.subn(r"const widget = \1;", text.rstrip())
    if n_found != 1:
        raise InputError(
            f"{path} exports no widget; build it again with `npm run build` in widgets."
        )
    return script


def _inline(text: str) -> str:
    """Return a script that cannot end the element it stands in."""
    return re.sub(r"<(?=/script|script|!--)", r"\\x3c", text, flags=re.IGNORECASE)
