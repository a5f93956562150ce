"""Build, check and begin lessons.

    python tools/lessons.py build [NN ...]   write lessons/ and solutions/ notebooks
    python tools/lessons.py check [NN ...]   fail if a notebook is out of date or a
                                             lesson breaks a rule of the house
    python tools/lessons.py new NN_topic "Title"   begin a lesson

You edit `solutions/NN_topic.py` and nothing else. It is a py:percent file: `# %%` opens
a code cell, `# %% [markdown]` a text cell, every line of it with `#`. Marks on a cell:

`# %% exercise="1.2"`
    The cell holds one import, of the function that exercise 1.2 asks for. The builder
    puts in its place: a heading with difficulty and minutes, the function (with its
    body in the solution, with `raise NotImplementedError` in the lesson), a cell that
    checks it and goes on with the right one, and the hints in folds. The text that says
    why and what is your own markdown cell before it. Title, hints and checks stand in
    `deepcomposer_edu/course/checks/chNN.py`; an exercise with a `start` there gives a
    faulty body to mend instead of an empty one.
`# %% tags=["show"]`
    The cell holds imports from the package; above it the lesson shows their source.
`# %% only="solution"` and `# %% only="lesson"`
    The cell stands in one of the two notebooks.
`# %% tags=["hidden"]`
    The cell runs, but JupyterLab folds its code away and shows what it makes.

A source without a number, such as `solutions/artist_mode.py`, is a workbook: it asks
for nothing, so it has no exercises, no quiz, no minutes, and is built into `lessons/`
alone. Every code cell that is not hidden holds nothing but values to turn.

A lesson that has been translated is built into `lessons/LANGUAGE/`, too, from the same
source and a file of texts: `tools/lesson_translations.py` says how.

A code cell whose first line is `# NBVAL_CHECK_OUTPUT` keeps its output in the notebook,
and pytest --nbval-lax compares it: use it for texts that must not drift, never for
pictures, sound or floats. `build` runs such lessons, in quick mode, to get the outputs;
`check` runs nothing. The same source always builds the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import jupytext
import nbformat

sys.path.insert(0, str(Path(__file__).resolve().parent))
import lesson_parts as parts
import lesson_rules as rules
import lesson_translations as translations
from lesson_notebooks import (
    CHECKED,
    METADATA,
    is_checked,
    kept_outputs,
    run,
    text_of,
    without_outputs,
)

from deepcomposer_edu.course.translating import ENGLISH, languages_of

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("lesson", "solution")


def sources(chosen: list[str], root: Path = ROOT) -> list[Path]:
    """Return the lesson sources, all or those whose number or name is given."""
    found = sorted((root / "solutions").glob("[0-9][0-9]_*.py"))
    if not chosen:
        return found
    wanted = [p for p in found if p.stem in chosen or p.stem[:2] in chosen]
    if not wanted:
        names = ", ".join(path.stem for path in found) or "none"
        sys.exit(f"There is no lesson {' '.join(chosen)}; there are: {names}.")
    return wanted


def workbooks(root: Path = ROOT) -> list[Path]:
    """Return the sources without a number, which are no lessons."""
    found = (root / "solutions").glob("*.py")
    return sorted(path for path in found if is_workbook(path))


def lessons_and_workbooks(chosen: list[str]) -> list[Path]:
    """Return the sources of everything, or of what is chosen by number or name."""
    if not chosen:
        return sources([]) + workbooks()
    books = [path for path in workbooks() if path.stem in chosen]
    others = [name for name in chosen if name not in {path.stem for path in books}]
    return (sources(others) if others else []) + books


def is_workbook(source: Path) -> bool:
    """Return whether a source is a workbook, by its name."""
    return not source.stem[:2].isdigit()


def kinds_of(source: Path) -> tuple[str, ...]:
    """Return which notebooks are built of a source."""
    return KINDS[:1] if is_workbook(source) else KINDS


def target(source: Path, kind: str, language: str = ENGLISH) -> Path:
    """Return where the blank lesson or the filled solution is written."""
    folder = "lessons" if kind == "lesson" else "solutions"
    place = "" if language == ENGLISH else language
    return source.parent.parent / folder / place / f"{source.stem}.ipynb"


def editions(source: Path) -> list[tuple[str, str]]:
    """Return (kind, language) of each notebook that is built of a source.

    Solutions are in English alone: their code is that of every language.
    """
    others = [("lesson", language) for language in languages_of(source.stem)]
    return [(kind, ENGLISH) for kind in kinds_of(source)] + others


def edition(source: Path, kind: str, language: str) -> nbformat.NotebookNode:
    """Return a notebook in a language, with links to the others in a lesson."""
    book = notebook(source, kind)
    if language != ENGLISH:
        translations.translate(book, source.stem, language)
    if kind == "lesson":
        translations.add_links(book, source.stem, language)
    return book


def notebook(source: Path, kind: str) -> nbformat.NotebookNode:
    """Return a lesson as a notebook in English, without outputs.

    Args:
        source: `solutions/NN_topic.py`.
        kind: "lesson" (exercises blank) or "solution" (filled).

    Raises:
        ValueError: if a mark is used wrongly; the message says where.
    """
    read = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    cells = []
    for cell in read.cells:
        if cell.metadata.get("only") not in (None, kind):
            continue
        if "exercise" in cell.metadata:
            new = parts.exercise_cells(cell, kind, source.stem)
        elif "show" in cell.metadata.get("tags", []):
            new = parts.show_cells(cell)
        else:
            new = [(cell.cell_type, cell.source)]
        is_hidden = "hidden" in cell.metadata.get("tags", [])
        cells += [(*one, is_hidden) for one in new]
    seen: dict[str, int] = {}
    made = []
    for cell_type, text, is_hidden in cells:
        text = text.strip("\n")
        key = hashlib.sha256(f"{cell_type}\n{text}".encode()).hexdigest()[:12]
        seen[key] = seen.get(key, 0) + 1
        # Equal cells need different ids: the second of them gets a number.
        cell_id = key if seen[key] == 1 else f"{key}-{seen[key]}"
        make = (
            nbformat.v4.new_markdown_cell
            if cell_type == "markdown"
            else nbformat.v4.new_code_cell
        )
        folded = {"jupyter": {"source_hidden": True}} if is_hidden else {}
        made.append(make(text, id=cell_id, metadata=folded))
    return nbformat.v4.new_notebook(cells=made, metadata=METADATA)


def build(source: Path, words_only: bool = False) -> None:
    """Write the notebooks of a lesson in all its languages, or that of a workbook.

    Args:
        source: the file in solutions/.
        words_only: run nothing where no code cell has changed. What the cells call may
            have changed all the same, so this is for mending texts.
    """
    for kind, language in editions(source):
        book = edition(source, kind, language)
        path = target(source, kind, language)
        if any(is_checked(cell) for cell in book.cells) and not (
            words_only and kept_outputs(book, path)
        ):
            run(book)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(book), encoding="utf-8", newline="\n")
        print(f"wrote {path.relative_to(source.parent.parent)}")


def problems(source: Path) -> list[str]:
    """Return what is wrong with a lesson, without running it: one sentence each."""
    found = []
    try:
        books = {kind: notebook(source, kind) for kind in kinds_of(source)}
    except ValueError as error:
        return [f"{source.name}: {error}"]
    for kind, language in editions(source):
        book = edition(source, kind, language)
        path = target(source, kind, language)
        name = path.relative_to(source.parent.parent).as_posix()
        if not path.is_file():
            found.append(f"{name} is missing; run python tools/lessons.py build.")
            continue
        stored = nbformat.read(path, as_version=4)
        for cell in stored.cells:
            if cell.cell_type == "code" and is_checked(cell) != bool(cell.outputs):
                first = cell.source.splitlines()[:2][-1]
                found.append(
                    f"{name}: only cells that begin with {CHECKED} hold outputs, and "
                    f"they all do; look at the cell with `{first}`, then build."
                )
        if without_outputs(stored) != without_outputs(book):
            found.append(
                f"{name} differs from {source.name}; run python tools/lessons.py build."
            )
    broken = rules.broken_workbook if is_workbook(source) else rules.broken
    found += [f"{source.name}: {text}" for text in broken(source, books)]
    for language in languages_of(source.stem):
        found += translations.problems(books["lesson"], source.stem, language)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("build", "write the notebooks"),
        ("check", "look, run nothing"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("lessons", nargs="*", help="numbers; all if none is given")
        if name == "build":
            command.add_argument(
                "--words", action="store_true", help="run nothing if no code changed"
            )
    new = commands.add_parser("new", help="begin a lesson")
    new.add_argument("name", help="such as 02_tokens")
    new.add_argument("title", help='such as "Tokens"')
    given = parser.parse_args(arguments)
    if given.command == "new":
        from lesson_new import begin

        for path in begin(ROOT, given.name, given.title):
            print(f"wrote {path.relative_to(ROOT)}")
        return 0
    chosen = lessons_and_workbooks(given.lessons)
    if given.command == "build":
        for source in chosen:
            build(source, given.words)
    found = [problem for source in chosen for problem in problems(source)]
    print("\n".join(found) or f"{len(chosen)} lessons are up to date.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
