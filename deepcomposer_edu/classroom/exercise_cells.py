"""Where the exercises stand in a notebook of the course."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import nbformat

_CHECK = re.compile(r'^display\(course\.check\("([\d.]+)", (\w+)\)\)$', re.MULTILINE)
_SOLUTION_FOLD = re.compile(
    r"\n?<details><summary>Solution</summary>.*?</details>", re.DOTALL
)


@dataclass(frozen=True)
class ExercisePlace:
    """The cells of one exercise.

    Args:
        number: such as "1.2".
        name: of the function that is asked for.
        answer: index of the cell that holds the function.
        check: index of the cell that checks it.
        hints: index of the cell with the hints; the last of the exercise.
    """

    number: str
    name: str
    answer: int
    check: int
    hints: int


def exercise_places(book: nbformat.NotebookNode) -> list[ExercisePlace]:
    """Return where the exercises of a lesson stand, in order.

    The builder writes four cells for each: heading, function, check, hints.
    """
    found = []
    for index, cell in enumerate(book.cells):
        match = _CHECK.search(cell.source) if cell.cell_type == "code" else None
        if match:
            number, name = match.groups()
            found.append(ExercisePlace(number, name, index - 1, index, index + 1))
    return found


def body_start(function_text: str) -> int:
    r"""Return the number of the line, from 0, on which a function's body begins.

    Args:
        function_text: the text of one function with a docstring.

    >>> body_start('def one():\n    "One."\n    return 1')
    2
    """
    (function,) = ast.parse(function_text).body
    return function.body[0].end_lineno


def without_solution_fold(text: str) -> str:
    """Return an exercise's hints without the fold that says where the solution is."""
    return _SOLUTION_FOLD.sub("", text).rstrip()
