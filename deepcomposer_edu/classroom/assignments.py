"""Lessons as assignments for nbgrader, in nbgrader's own metadata.

An assignment is made from the blank lesson: into each answer cell goes the solution,
between the marks that nbgrader takes out for learners; each check becomes a locked cell
with points, and a locked cell after it goes on with the right function, as the lesson
does. So a wrong answer costs its own points and no others.

nbgrader itself is not needed to write assignments, only to use them.
"""

from __future__ import annotations

import nbformat

from deepcomposer_edu.classroom.course_folder import CourseFolder
from deepcomposer_edu.classroom.exercise_cells import (
    ExercisePlace,
    body_start,
    exercise_places,
    without_solution_fold,
)
from deepcomposer_edu.course.exercises import find_exercise

POINTS = {"easy": 1, "medium": 2, "hard": 3}
SCHEMA_VERSION = 3  # of nbgrader's cell metadata
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
MEND = "# Below stands the body that you are asked to mend: take away what is above it."
CONFIG_NAME = "nbgrader_config.py"
# nbgrader reads the number that the cell ends with, and counts anything on stderr as an
# error, which a warning from numpy is not.
CHECK_CELL = """\
# {points} for exercise {number}. This cell is locked.
import contextlib, sys

with contextlib.redirect_stderr(sys.stdout):
    verdict = course.check("{number}", globals().get("{name}"))
display(verdict)
{points_number} if verdict.passed else 0"""
PICK_CELL = '{name} = course.pick("{number}", globals().get("{name}"))'
CONFIG_TEXT = '''\
"""Settings of nbgrader for DeepComposer EDU."""

import os

c = get_config()  # noqa: F821 - nbgrader gives it
c.CourseDirectory.course_id = "deepcomposer-edu"
# Lessons train for a few steps only while they are graded, make no files beside the
# notebooks, and write nothing into your own progress.
os.environ["COURSE_QUICK"] = "1"
os.environ["MPLBACKEND"] = "Agg"
os.environ["DEEPCOMPOSER_PROGRESS"] = "off"
# A cell that takes longer, an endless loop say, is stopped, and the next one runs.
c.ExecutePreprocessor.timeout = 300
c.Execute.timeout = 300
'''


def points_of(number: str) -> int:
    """Return what an exercise is worth: easy 1, medium 2, hard 3 points."""
    return POINTS[find_exercise(number).difficulty]


def points_words(points: int) -> str:
    """Return points in words.

    >>> points_words(1), points_words(3)
    ('1 point', '3 points')
    """
    return f"{points} point{'' if points == 1 else 's'}"


def assignment(course: CourseFolder, name: str) -> nbformat.NotebookNode:
    """Return a lesson as nbgrader's source notebook: solutions in, marks around them.

    Args:
        course: where the lesson lies.
        name: of the lesson, such as "07_wgan_gp".

    Returns:
        The notebook; without an exercise it has nothing to grade.

    Raises:
        InputError: if the lesson or its solution cannot be read.
    """
    book, filled = course.lesson(name), course.solution(name)
    answers = {
        place.number: filled.cells[place.answer].source
        for place in exercise_places(filled)
    }
    book.cells = _graded_cells(book, exercise_places(book), answers)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    book.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    }
    return book


def _graded_cells(
    book: nbformat.NotebookNode,
    places: list[ExercisePlace],
    answers: dict[str, str],
) -> list[nbformat.NotebookNode]:
    """Return a lesson's cells with each exercise's cells marked for nbgrader."""
    at = {place.answer: place for place in places}
    checks = {place.check: place for place in places}
    hints = {place.hints for place in places}
    cells = []
    for index, cell in enumerate(book.cells):
        if index in at:
            cells.append(_answer_cell(cell, at[index], answers[at[index].number]))
        elif index in checks:
            cells += _check_cells(cell, checks[index])
        else:
            if index in hints:
                cell.source = without_solution_fold(cell.source)
            cells.append(cell)
    return cells


def _answer_cell(
    cell: nbformat.NotebookNode, place: ExercisePlace, answer: str
) -> nbformat.NotebookNode:
    """Return the cell that a learner writes in, with the solution between marks."""
    lines = answer.splitlines()
    start = body_start(answer)
    head, body = lines[:start], lines[start:]
    begun = cell.source.splitlines()[body_start(cell.source) :]
    if find_exercise(place.number).start:
        begun = [f"    {MEND}", *begun]
    else:
        begun = []  # the builder's `raise NotImplementedError`; nbgrader puts its own
    marked = [*head, f"    {BEGIN}", *body, f"    {END}", *begun]
    cell.source = "\n".join(marked)
    cell.metadata["nbgrader"] = _mark("answer", place, solution=True)
    return cell


def _check_cells(
    cell: nbformat.NotebookNode, place: ExercisePlace
) -> list[nbformat.NotebookNode]:
    """Return the locked cell with the points, and the one that goes on."""
    points = points_of(place.number)
    cell.source = CHECK_CELL.format(
        number=place.number,
        name=place.name,
        points=points_words(points),
        points_number=points,
    )
    cell.metadata["nbgrader"] = _mark("check", place, points=points)
    text = PICK_CELL.format(number=place.number, name=place.name)
    goes_on = nbformat.v4.new_code_cell(text, id=f"{cell.id}-on")
    goes_on.metadata["nbgrader"] = _mark("on", place)
    return [cell, goes_on]


def _mark(
    what: str, place: ExercisePlace, solution: bool = False, points: int | None = None
) -> dict[str, object]:
    """Return nbgrader's metadata of a cell."""
    mark = {
        "schema_version": SCHEMA_VERSION,
        "grade": points is not None,
        "grade_id": f"{what}-{place.number.replace('.', '-')}",
        "locked": not solution,
        "solution": solution,
        "task": False,
    }
    return mark if points is None else mark | {"points": points}


def total_points(book: nbformat.NotebookNode) -> int:
    """Return what all exercises of an assignment are worth together."""
    marks = (cell.metadata.get("nbgrader", {}) for cell in book.cells)
    return sum(mark.get("points", 0) for mark in marks)
