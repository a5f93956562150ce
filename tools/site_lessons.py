"""Lessons as pages of the documentation: run, then written as Markdown with media."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "lessons"
MAX_CELL_SECONDS = 3600
WIDGET = "application/vnd.jupyter.widget-view+json"
# What stands in an attribute, to its quote: it becomes a file beside the pages.
INLINE = re.compile(r"data:(?:audio|image|video)/([\w.+-]+);base64,([A-Za-z0-9+/=]+)")
SUFFIXES = {"mpeg": "mp3", "svg+xml": "svg", "x-wav": "wav", "jpeg": "jpg"}
# Pictures of widgets, by the beginning of what a widget says of itself.
PICTURES = {
    "Studio": ("studio", "studio.png"),
    "PianoKeyboard": ("keyboard", "keyboard.png"),
    "Player": ("player", "player.png"),
    "Editor": ("editor", "editor.png"),
    "TrainingMonitor": ("monitor", "monitor.png"),
    "GANGame": ("gan_game", "gan_game.png"),
    "FailureClinic": ("clinic", "clinic.png"),
    "EditDesk": ("edit_desk", "edit_desk.png"),
    "MorphPad": ("morph_pad", "morph_pad.png"),
    "ReceptiveField": ("receptive_field", "receptive_field.png"),
}
RUN_WORDS = """\
```{{note}}
This page is the lesson after *Run All*, with no exercise solved{how}. Pictures, sound
and films are here; widgets, quizzes and exercises work in JupyterLab only, after
`deepcomposer lab`.
{{download}}`The notebook <{name}.ipynb>`.
```
"""
QUICK_WORDS = ", in quick mode: it trains for a few steps and plays two seconds"
NOT_RUN_WORDS = """\
```{{note}}
On this page the lesson has not been run. {{download}}`The notebook <{name}.ipynb>`.
```
"""


def names_of_lessons() -> list[str]:
    """Return the lessons, such as "02_tokens", then "ko/00_first_sound"."""
    paths = [*sorted(LESSONS.glob("*.ipynb")), *sorted(LESSONS.glob("??/*.ipynb"))]
    return [path.relative_to(LESSONS).with_suffix("").as_posix() for path in paths]


def chosen(wanted: Sequence[str] | None) -> list[str]:
    """Return the names of lessons, by their numbers or beginnings; None: all.

    A number is that of the lesson in every language.
    """
    names = names_of_lessons()
    if wanted is None:
        return names

    def is_meant(name: str, one: str) -> bool:
        return name.startswith(one) or Path(name).name.startswith(one)

    missing = [one for one in wanted if not any(is_meant(n, one) for n in names)]
    if missing:
        sys.exit(f"There is no lesson {missing[0]}; there are {', '.join(names)}.")
    return [n for n in names if any(is_meant(n, one) for one in wanted if one)]


def state_of_course(lesson: Path, is_quick: bool) -> str:
    """Return a hash of all that decides what a lesson shows."""
    digest = hashlib.sha256(f"quick={is_quick}".encode())
    sources = [*(ROOT / "deepcomposer_edu").rglob("*.py"), *ROOT.glob("widgets/*.py")]
    for path in (lesson, ROOT / "data" / "manifest.json", *sorted(sources)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def run(lesson: Path, is_quick: bool) -> nbformat.NotebookNode:
    """Run a lesson from top to bottom in a folder of its own; return it with outputs.

    Raises:
        nbclient.exceptions.CellExecutionError: if a cell fails.
    """
    from nbclient import NotebookClient

    book = nbformat.read(lesson, as_version=4)
    client = NotebookClient(book, timeout=MAX_CELL_SECONDS, kernel_name="python3")
    with tempfile.TemporaryDirectory() as work:
        env = {**os.environ, "DEEPCOMPOSER_WORK": work, "MPLBACKEND": "Agg"}
        env["COURSE_SIZE"] = "full"  # however busy this computer is
        env.pop("COURSE_QUICK", None)
        env |= {"COURSE_QUICK": "1"} if is_quick else {}
        client.execute(cwd=work, env=env)
    return book


def run_or_kept(
    name: str, runs: Path, is_quick: bool, keeps: bool
) -> nbformat.NotebookNode:
    """Return a lesson with its outputs, from before if nothing has changed."""
    lesson = LESSONS / f"{name}.ipynb"
    kept = runs / f"{name}.{'quick' if is_quick else 'full'}.ipynb"
    state = state_of_course(lesson, is_quick)
    if kept.is_file():
        book = nbformat.read(kept, as_version=4)
        if keeps or book.metadata.get("state_of_course") == state:
            return book
    start = time.monotonic()
    book = run(lesson, is_quick)
    print(f"-- ran {name} in {time.monotonic() - start:.0f} s", flush=True)
    book.metadata["state_of_course"] = state
    kept.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, kept)
    return book


def write_pages(
    source: Path, runs: Path, wanted: Sequence[str], is_quick: bool, keeps: bool
) -> None:
    """Write every lesson as a page into `source/lessons`, media into `source/extra`."""
    media = source / "extra" / "media"
    media.mkdir(parents=True, exist_ok=True)
    for name in names_of_lessons():
        lesson, place = LESSONS / f"{name}.ipynb", Path("lessons", f"{name}.md")
        if name in wanted:
            book = run_or_kept(name, runs, is_quick, keeps)
            how = QUICK_WORDS if is_quick else ""
            words = RUN_WORDS.format(how=how, name=lesson.stem)
        else:
            book = nbformat.read(lesson, as_version=4)
            words = NOT_RUN_WORDS.format(name=lesson.stem)
        page = source / place
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(page_of(book, words, media, place), encoding="utf-8")
        page.with_suffix(".ipynb").write_bytes(lesson.read_bytes())


def page_of(
    book: nbformat.NotebookNode,
    words: str,
    media: Path,
    place: Path = Path("lessons/any.md"),
) -> str:
    """Return a notebook as a page in MyST Markdown.

    Args:
        book: with or without outputs.
        words: what the page says of itself, below the title.
        media: the folder that sounds and pictures are written to.
        place: of the page on the site.
    """
    from docs_site import retargeted
    from glossary import with_links

    parts, up = [], "../" * (len(place.parts) - 1)
    linked: set[str] = set()  # words of the glossary: each leads there once
    for cell in book.cells:
        if cell.cell_type == "markdown":
            text = with_links(retargeted(cell.source, place), up, linked)
            title, _, rest = text.partition("\n")
            if not parts and title.startswith("# "):
                text = f"{title}\n\n{words}\n{rest}"
            parts.append(text)
        elif cell.cell_type == "code":
            code = fenced("{code-block} python", cell.source)
            if cell.metadata.get("jupyter", {}).get("source_hidden"):
                head = "<details><summary>The code of this cell</summary>"
                code = f"{head}\n\n{code}\n\n</details>"
            parts.append(code)
            for one in joined(cell.get("outputs", [])):
                parts.append(output_of(one, media, up))
    return "\n\n".join(part for part in parts if part) + "\n"


def joined(outputs: list) -> list:
    """Return outputs with what was printed in several pieces in one."""
    kept: list = []
    for output in outputs:
        last = kept[-1] if kept else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            whole = {**last, "text": last["text"] + output.text}
            kept[-1] = nbformat.from_dict(whole)
        else:
            kept.append(output)
    return kept


def output_of(output: nbformat.NotebookNode, media: Path, up: str) -> str:
    """Return one output of a cell as Markdown; warnings of the kernel are left out.

    Args:
        output: of a cell that was run.
        media: the folder that sounds and pictures are written to.
        up: the way from the page to the top of the site, such as "../".
    """
    if output.output_type == "stream":
        return text_output(output.text) if output.name == "stdout" else ""
    data = output.get("data", {})
    if WIDGET in data:
        return widget_output(data.get("text/plain", ""), up)
    if "text/html" in data:
        page = INLINE.sub(lambda found: up + as_file(found, media), data["text/html"])
        return fenced("{raw} html", f'<div class="output">{page}</div>')
    if "text/markdown" in data:
        return data["text/markdown"]
    return text_output(data.get("text/plain", ""))


def widget_output(words: str, up: str) -> str:
    """Return what stands in a widget's place: its picture, or what it says."""
    for name, (page, picture) in PICTURES.items():
        if re.match(rf"{name}\b", words):
            link = f"[{name}]({up}docs/widgets/{page}.md)"
            image = f"![The widget {name}]({up}docs/images/{picture})"
            return f"*Here works the {link}. This is a picture of one.*\n\n{image}"
    shown = words if words else "a form"
    return f"*Here works a widget, in JupyterLab:*\n\n{text_output(shown)}"


def text_output(text: str) -> str:
    """Return printed text as a block."""
    return fenced("{code-block} text", f":class: output\n\n{text}") if text else ""


def fenced(kind: str, text: str) -> str:
    """Return a block whose fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{kind}\n{text.rstrip()}\n{fence}"


def as_file(found: re.Match, media: Path) -> str:
    """Write what stands in a page as text to a file; return its place on the site."""
    kind, text = html.unescape(found[1]), found[2]
    content = base64.b64decode(text)
    name = hashlib.sha256(content).hexdigest()[:16]
    path = media / f"{name}.{SUFFIXES.get(kind, kind)}"
    path.write_bytes(content)
    return f"media/{path.name}"
