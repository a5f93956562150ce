"""The house's rules for a lesson, as far as a program can see them."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from pathlib import Path

import jupytext
import lesson_parts as parts
import nbformat

from deepcomposer_edu.course.exercises import chapter_of, exercises

MAX_EXERCISE_LINES = 12
MAX_SHOWN_LINES = 25
AVOIDED_WORDS = ("simply", "obviously", "just", "trivial")
# The notebook's own names that a cell may use without importing them.
NOTEBOOK_NAMES = {"display", "get_ipython"}
SLACK = 3  # minutes by which a lesson's own sum may differ: it is said in fives
NO_MINUTES = ("what you will be able to do", "what you learned", "references")


def broken(source: Path, books: dict[str, nbformat.NotebookNode]) -> list[str]:
    """Return one sentence for each rule that a lesson breaks.

    Args:
        source: `solutions/NN_topic.py`.
        books: its two notebooks, "lesson" and "solution".
    """
    read = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    return [
        *_form(source, books["lesson"]),
        *_words(books["lesson"]),
        *_lengths(source, read),
        *_exercises(source, read),
        *_names(books["lesson"], "lesson"),
        *_names(books["solution"], "solution"),
    ]


def broken_workbook(source: Path, books: dict[str, nbformat.NotebookNode]) -> list[str]:
    """Return one sentence for each rule that a workbook breaks.

    Args:
        source: such as `solutions/artist_mode.py`.
        books: its notebook, "lesson".
    """
    found = [] if books["lesson"].cells[0].source.startswith("# ") else ["no title."]
    read = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    for cell in read.cells:
        is_hidden = "hidden" in cell.metadata.get("tags", [])
        if (
            cell.cell_type == "code"
            and not is_hidden
            and not _holds_values(cell.source)
        ):
            first = cell.source.splitlines()[0]
            found.append(
                f"the cell `{first}` does more than set values; mark it as hidden."
            )
    return [*found, *_words(books["lesson"]), *_names(books["lesson"], "lesson")]


def _holds_values(code: str) -> bool:
    """Return whether code only gives names their values, written out."""
    for statement in ast.parse(code).body:
        if not isinstance(statement, ast.Assign):
            return False
        try:
            ast.literal_eval(statement.value)
        except ValueError:
            return False
    return True


def _form(source: Path, book: nbformat.NotebookNode) -> list[str]:
    found = []
    texts = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    if not re.match(rf"# {source.stem[:2]} \S", texts[0] if texts else ""):
        found.append(f"the first cell is not the title `# {source.stem[:2]} ...`.")
    headings = [h for t in texts for h in re.findall(r"^## (.+)$", t, re.MULTILINE)]
    for heading in headings:
        named = heading.lower().startswith(NO_MINUTES)
        if not named and not re.search(r"\d+ minutes?\)$", heading):
            found.append(f"the heading `{heading}` does not end with (N minutes).")
    found += _minutes(texts[0] if texts else "", headings)
    lowered = [heading.lower() for heading in headings]
    for needed in ("what you will be able to do", "what you learned", "quiz"):
        if not any(heading.startswith(needed) for heading in lowered):
            found.append(f"there is no section `{needed}`.")
    code = "\n".join(c.source for c in book.cells if c.cell_type == "code")
    for drawing in ("import matplotlib", "plt."):
        if drawing in code:
            found.append(
                f"a lesson holds no drawing code, but `{drawing}` stands in it."
            )
    return found


def _minutes(first: str, headings: list[str]) -> list[str]:
    """Return what is wrong with a lesson's minutes; Go further is left out."""
    stated = re.search(r"\*(\d+)\s+minutes", first)
    if not stated:
        return []
    ends = [
        re.search(r"(\d+) minutes?\)$", heading)
        for heading in headings
        if not heading.lower().startswith("go further")
    ]
    total = sum(int(end[1]) for end in ends if end)
    if abs(total - int(stated[1])) <= SLACK:
        return []
    return [f"it says {stated[1]} minutes, but its sections add up to {total}."]


def _words(book: nbformat.NotebookNode) -> list[str]:
    found = []
    for cell in book.cells:
        if cell.cell_type != "markdown" or cell.source.startswith("`deepcomposer_edu/"):
            continue
        for word in AVOIDED_WORDS:
            if re.search(rf"\b{word}\b", cell.source, re.IGNORECASE):
                line = next(
                    text
                    for text in cell.source.splitlines()
                    if re.search(rf"\b{word}\b", text, re.IGNORECASE)
                )
                found.append(f"say it without `{word}`: {line.strip()}")
    return found


def _lengths(source: Path, read: nbformat.NotebookNode) -> list[str]:
    found = []
    for exercise in exercises(chapter_of(source.stem)):
        n_lines = parts.body_length(exercise.function)
        if n_lines > MAX_EXERCISE_LINES:
            found.append(
                f"exercise {exercise.number} has {n_lines} lines, but an exercise has "
                f"at most {MAX_EXERCISE_LINES}."
            )
    for cell in read.cells:
        if "show" not in cell.metadata.get("tags", []):
            continue
        for path in parts.imported(cell.source):
            n_lines = parts.body_length(path)
            if n_lines > MAX_SHOWN_LINES:
                found.append(
                    f"`{path}` has {n_lines} lines, but at most {MAX_SHOWN_LINES} are "
                    "shown."
                )
    return found


def _exercises(source: Path, read: nbformat.NotebookNode) -> list[str]:
    expected = [exercise.number for exercise in exercises(chapter_of(source.stem))]
    got = [c.metadata["exercise"] for c in read.cells if "exercise" in c.metadata]
    if expected == got:
        return []
    return [
        f"the exercises in the lesson are {', '.join(got) or 'none'}, but the checks "
        f"have {', '.join(expected) or 'none'}."
    ]


def _names(book: nbformat.NotebookNode, kind: str) -> list[str]:
    """Return functions that use a name which no earlier cell has defined."""
    known = set(dir(builtins)) | NOTEBOOK_NAMES
    found = []
    for cell in book.cells:
        if cell.cell_type != "code":
            continue
        for name in sorted(
            _free_names(cell.source) - known - _bound_names(cell.source)
        ):
            first = cell.source.removeprefix("# NBVAL_CHECK_OUTPUT\n").splitlines()[0]
            found.append(
                f"in the {kind}, the cell `{first}` uses `{name}`, which no earlier "
                "cell imports."
            )
        known |= _bound_names(cell.source)
    return found


def _bound_names(code: str) -> set[str]:
    table = symtable.symtable(code, "cell", "exec")
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }


def _free_names(code: str) -> set[str]:
    """Return the names that a cell, with the functions in it, takes from outside."""
    ast.parse(code)
    names: set[str] = set()

    def walk(table: symtable.SymbolTable) -> None:
        is_top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or is_top):
                names.add(symbol.get_name())
        for child in table.get_children():
            walk(child)

    walk(symtable.symtable(code, "cell", "exec"))
    return names
