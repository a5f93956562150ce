"""Write docs/glossary.md from deepcomposer_edu/course/terms.toml.

    python tools/glossary.py build     write the page
    python tools/glossary.py check     fail if it is out of date

On the site the page has players (`write_site_page`), and bold words of the lessons lead
to it (`with_links`).
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Callable
from html import escape
from pathlib import Path

from deepcomposer_edu.course.terms import KINDS, Term, find_term, is_term, terms
from deepcomposer_edu.files import atomic_path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "glossary.md"
HEAD = """\
# The words of the course

What each means, in plain words; none of them is needed to begin. In a lesson,
`course.explain("triad")` says the same and plays it; in a shell, `deepcomposer explain
triad -o triad.mp3`.

<!-- Written by tools/glossary.py from deepcomposer_edu/course/terms.toml. -->
"""
WIDTH = 88  # letters in a line
# Lists of what a reader can do: their bold words are verbs.
VERBS = re.compile(r"## (What you will|What you learned)")
BOLD = re.compile(r"\*\*([^*\n]+(?:\n[^*\n]+)?)\*\*")


def anchor(name: str) -> str:
    """Return the anchor of a term's heading.

    >>> anchor("Goodhart's law"), anchor("mu-law")
    ('goodharts-law', 'mu-law')
    """
    return re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-")


def wrapped(text: str) -> str:
    """Return a paragraph in lines."""
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def entry(term: Term, player: Callable[[Term], str] | None = None) -> str:
    """Return a term as a part of the page.

    Args:
        term: it.
        player: gives what plays a term, in HTML; None for none.
    """
    parts = [f"### {term.name}", wrapped(term.means)]
    others = [f"Also: {', '.join(term.also)}."] if term.also else []
    if term.lesson:
        path = next((ROOT / "lessons").glob(f"{term.lesson}_*.ipynb"))
        others.append(f"Taught in [lesson {term.lesson}](../lessons/{path.name}).")
    if term.see:
        links = (f"[{name}](#{anchor(name)})" for name in term.see)
        others.append(f"See also {', '.join(links)}.")
    parts += [wrapped(" ".join(others))] if others else []
    parts += [wrapped(f"*To hear:* {term.heard}")] if term.heard else []
    parts += [player(term)] if term.heard and player else []
    return "\n\n".join(parts)


def page(player: Callable[[Term], str] | None = None) -> str:
    """Return the whole page, with what `player` gives below each that can be heard."""
    parts = [HEAD.strip()]
    for kind, title in KINDS.items():
        found = sorted(
            (term for term in terms().values() if term.kind == kind),
            key=lambda term: term.name.lower(),
        )
        parts += [f"## {title}", *(entry(term, player) for term in found)]
    return "\n\n".join(parts) + "\n"


def write_site_page(source: Path) -> None:
    """Write the page into `source/docs`, and its sounds into `source/extra/media`."""
    from docs_site import retargeted

    from deepcomposer_edu.cli.explain import write_sound

    media = source / "extra" / "media"
    media.mkdir(parents=True, exist_ok=True)

    def player(term: Term) -> str:
        path = media / f"word-{anchor(term.name)}.mp3"
        write_sound(term.name, path)
        label = escape(f"{term.name}: {term.heard}", quote=True)
        return (
            f'<audio controls preload="none" aria-label="{label}" '
            f'src="../media/{path.name}"></audio>'
        )

    text = retargeted(page(player), PAGE.relative_to(ROOT))
    (source / "docs" / PAGE.name).write_text(text, encoding="utf-8")


def with_links(text: str, up: str, linked: set[str]) -> str:
    """Return a lesson's text with its bold words linked to the glossary.

    Args:
        text: Markdown.
        up: the way from the page to the top of the site.
        linked: terms that the page links to already; those found are added.

    >>> with_links("A **triad** and a **triad**.", "../", set())
    'A [**triad**](../docs/glossary.md#triad) and a **triad**.'
    """

    def link(found: re.Match) -> str:
        word = " ".join(found[1].split())
        if not is_term(word) or find_term(word).name in linked:
            return found[0]
        name = find_term(word).name
        linked.add(name)
        return f"[**{found[1]}**]({up}docs/glossary.md#{anchor(name)})"

    return text if VERBS.match(text) else BOLD.sub(link, text)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("build", "check"))
    given = parser.parse_args(arguments)
    if given.command == "build":
        with atomic_path(PAGE) as path:
            path.write_text(page(), encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text("utf-8") != page():
        print("docs/glossary.md is out of date: python tools/glossary.py build")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
