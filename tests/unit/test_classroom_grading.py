"""Assignments, handed out, collected and graded by nbgrader itself."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from deepcomposer_edu.classroom.assignments import CONFIG_NAME, CONFIG_TEXT, assignment
from deepcomposer_edu.classroom.course_folder import (
    course_folder,
    notebook_text,
    read_notebook,
)

LESSON = "01_music_as_numbers"
# Enough of the lesson's set-up for its first four exercises.
SET_UP = """\
from collections.abc import Sequence

import numpy as np
from deepcomposer_edu import course
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.pianoroll import N_PITCHES, fold_pitch, note_span
from deepcomposer_edu.music.score import NOTE_NAMES, Note
"""
N_EXERCISES = 4
WRONG = """\
def note_name(pitch: int) -> str:
    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12}"
"""
# A right answer that also writes where nbgrader looks for errors.
WARNS = """
print("a warning of some library", file=__import__("sys").stderr)
right = draw_notes

def draw_notes(notes, n_steps, low=0, n_pitches=N_PITCHES):
    print("another", file=__import__("sys").stderr)
    return right(notes, n_steps, low, n_pitches)
"""
NO_PYTHON = "def frequency(pitch: float) -> float:\n    return 440 *"


def short_lesson():
    """The lesson's first exercises, with a set-up cell that is quicker to run."""
    book = assignment(course_folder(), LESSON)
    marked = [cell for cell in book.cells if "nbgrader" in cell.metadata]
    set_up = next(cell for cell in book.cells if cell.cell_type == "code")
    set_up.source = SET_UP
    book.cells = [set_up, *marked[: 3 * N_EXERCISES]]
    return book


def hand_in(folder, who, changes):
    """Take what was handed out, write answers into it, and put it where it belongs."""
    book = read_notebook(folder / f"release/{LESSON}/{LESSON}.ipynb")
    for cell in book.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = changes.get(name, cell.source)
    path = folder / f"submitted/{who}/{LESSON}/{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(notebook_text(book), encoding="utf-8")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Points of each learner: `graded[learner][exercise]`, and what they may be."""
    if importlib.util.find_spec("nbgrader") is None:
        if os.environ.get("CI"):
            pytest.fail("needed with CI=true: nbgrader is not installed")
        pytest.skip("nbgrader is not installed")
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    folder = tmp_path_factory.mktemp("course")
    source = folder / f"source/{LESSON}/{LESSON}.ipynb"
    source.parent.mkdir(parents=True)
    book = short_lesson()
    source.write_text(notebook_text(book), encoding="utf-8")
    answers = {
        cell.metadata.nbgrader["grade_id"]: cell.source
        for cell in book.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    (folder / CONFIG_NAME).write_text(CONFIG_TEXT, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # the settings set variables, which the other tests must not inherit
        for name in ("COURSE_QUICK", "MPLBACKEND", "DEEPCOMPOSER_PROGRESS"):
            patch.setenv(name, os.environ.get(name, ""))
        programs = str(Path(sys.executable).parent)
        patch.setenv("PATH", programs + os.pathsep + os.environ["PATH"])
        config = PyFileConfigLoader(CONFIG_NAME, path=str(folder)).load_config()
        config.CourseDirectory.root = str(folder)
        grader = NbGraderAPI(config=config)
        made = grader.generate_assignment(LESSON)
        assert made["success"], made
        hand_in(folder, "right", answers)
        # the fourth is left as it was; who changes a locked cell gets the old one
        mixed = {
            "answer-1-1": WRONG,
            "check-1-1": "1",
            "answer-1-2": NO_PYTHON,
            "answer-1-3": answers["answer-1-3"] + WARNS,
        }
        hand_in(folder, "mixed", mixed)
        for who in ("right", "mixed"):
            done = grader.autograde(LESSON, who)
            assert done["success"], done
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        found = {
            hand.student.id: {
                grade.cell.name: grade.score
                for notebook in hand.notebooks
                for grade in notebook.grades
            }
            for hand in book.assignment_submissions(LESSON)
        }
        possible = {
            cell.name: cell.max_score
            for notebook in book.find_assignment(LESSON).notebooks
            for cell in notebook.grade_cells
        }
    released = read_notebook(folder / f"release/{LESSON}/{LESSON}.ipynb")
    return found, possible, released


def test_right_answers_get_all_points(graded):
    found, possible, _ = graded
    assert found["right"] == possible
    assert possible == {f"check-1-{n}": p for n, p in ((1, 1), (2, 1), (3, 2), (4, 3))}


def test_each_exercise_loses_its_own_points_only(graded):
    found, possible, _ = graded
    lost = {name for name in possible if found["mixed"][name] == 0}
    assert lost == {"check-1-1", "check-1-2", "check-1-4"}  # wrong, no Python, empty


def test_a_warning_costs_nothing(graded):
    found, possible, _ = graded
    assert found["mixed"]["check-1-3"] == possible["check-1-3"]


def test_learners_are_handed_the_empty_function_without_the_answer(graded):
    _, _, released = graded
    together = "\n".join(cell.source for cell in released.cells)
    assert "def note_name(pitch: int) -> str:" in together
    assert "SOLUTION" not in together
    assert together.count("raise NotImplementedError") == N_EXERCISES
