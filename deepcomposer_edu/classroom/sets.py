"""The sets of a class, from the one source: student, solution, instructor, nbgrader.

What a teacher changed by hand is never overwritten: the folder keeps a list of what was
built, and a file that differs from it stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import deepcomposer_edu
from deepcomposer_edu.classroom import assignments, notes
from deepcomposer_edu.classroom.course_folder import (
    CourseFolder,
    notebook_text,
    read_notebook,
)
from deepcomposer_edu.classroom.expected import with_outputs
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, sha256_of

LIST_NAME = "sets.json"
KINDS = ("student", "solution", "instructor", "nbgrader")
README = """\
# DeepComposer EDU {version}: the sets of a class

Built by `deepcomposer classroom build` from the lessons {lessons}.

| Folder | For whom | What it holds |
|---|---|---|
| `student` | everybody | the lessons, their exercises empty |
| `solution` | whoever is done | the same with the exercises filled |
| `instructor` | you | the solutions with a plan, typical wrong answers and answers |
| `nbgrader` | graders | assignments with points, for nbgrader |

All of them run from top to bottom as they are, solved or not. They need the course to
be installed; `deepcomposer classroom bundle` makes a folder from which that works
without a network.

## Grading with nbgrader

Everything is graded by the course's own checks. Nothing has to be graded by hand. In a
terminal in which the course's environment is active:

    # in the course's folder: nbgrader itself
    pip install -c constraints.txt -e ".[classroom]"
    # in this folder
    cd nbgrader
    nbgrader generate_assignment {example}
    # hand out release/{example}, collect into submitted/NAME/{example}
    nbgrader autograde {example}
    nbgrader generate_feedback {example}
    nbgrader export                                 # grades.csv

Each exercise has points of its own: easy 1, medium 2, hard 3. A wrong answer costs
those and no others, since the notebook goes on with the course's own function. nbgrader
puts back what was changed in a locked cell. It is no exam room all the same: who knows
Python can have a function of the package do the work, and you will see that when you
read it. Notebooks of strangers are programs: grade them on a computer or in an account
on which they can do no harm.

## Building again

`{list_name}` says what was built. A file that you have changed stays as it is when the
sets are built again; delete it to get the new one.
"""


@dataclass
class Built:
    """What building did.

    Args:
        folder: where the sets lie.
        written: the files, relative to the folder.
        kept: files that were changed by hand and stay as they are.
        points: what each assignment is worth, by name.
    """

    folder: Path
    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    points: dict[str, int] = field(default_factory=dict)


def build_sets(
    course: CourseFolder,
    folder: Path,
    lessons: Sequence[str] = (),
    kinds: Sequence[str] = KINDS,
    runs: bool = False,
    say: Callable[[str], None] = print,
) -> Built:
    """Write the sets of a class; return what was written.

    Args:
        course: the course they are made from.
        folder: where to; made if it is missing.
        lessons: numbers or names, such as "07"; none: all.
        kinds: which sets, of KINDS.
        runs: whether the instructor's copies are run, in quick mode, so that they hold
            the expected pictures and sounds. It takes minutes.
        say: told which lesson is being made.

    Raises:
        InputError: if there is no such lesson or kind, or something cannot be written.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise InputError(
            f"There is no set {(unknown or ['without a name'])[0]!r}; choose from "
            f"{', '.join(KINDS)}."
        )
    names = course.chosen(lessons)
    before = _read_list(folder)
    built, listed = Built(folder), dict(before)
    for name in names:
        say(name)
        for path, text in _files(course, name, kinds, runs, built.points):
            _write(folder, path, text, before, built, listed)
    if "nbgrader" in kinds:
        config = f"nbgrader/{assignments.CONFIG_NAME}"
        _write(folder, config, assignments.CONFIG_TEXT, before, built, listed)
    there = {Path(place).stem for place in listed}
    text = _readme([n for n in course.names() if n in there or n in names])
    _write(folder, "README.md", text, before, built, listed)
    _write_list(folder, listed)
    return built


def _files(
    course: CourseFolder,
    name: str,
    kinds: Sequence[str],
    runs: bool,
    points: dict[str, int],
) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of what is made from one lesson."""
    if "student" in kinds:
        yield f"student/{name}.ipynb", notebook_text(course.lesson(name))
        for language, path in course.translations(name).items():
            yield f"student/{language}/{name}.ipynb", notebook_text(read_notebook(path))
    if not course.solution_path(name).is_file():
        return  # a workbook asks for nothing, so there is nothing to fill
    if "solution" in kinds:
        yield f"solution/{name}.ipynb", notebook_text(course.solution(name))
    if "instructor" in kinds:
        book = notes.teachers_copy(course, name)
        book = with_outputs(book, course.root) if runs else book
        yield f"instructor/{name}.ipynb", notebook_text(book)
    if "nbgrader" in kinds and notes.has_exercises(name):
        book = assignments.assignment(course, name)
        points[name] = assignments.total_points(book)
        yield f"nbgrader/source/{name}/{name}.ipynb", notebook_text(book)


def _write(
    folder: Path,
    path: str,
    text: str,
    before: dict[str, str],
    built: Built,
    listed: dict[str, str],
) -> None:
    """Write a file unless somebody has changed the one that is there."""
    target, data = folder / path, text.encode()
    digest = hashlib.sha256(data).hexdigest()
    if target.is_file():
        there = sha256_of(target)
        if there == digest:
            listed[path] = digest
            return
        if there != before.get(path):
            built.kept.append(path)
            return
    with atomic_path(target) as part:
        part.write_bytes(data)
    built.written.append(path)
    listed[path] = digest


def _readme(names: Sequence[str]) -> str:
    """Return what the folder says about itself and the lessons in it."""
    graded = [name for name in names if notes.has_exercises(name)]
    return README.format(
        version=deepcomposer_edu.__version__,
        lessons=", ".join(names),
        example=(graded or names)[0],
        list_name=LIST_NAME,
    )


def _read_list(folder: Path) -> dict[str, str]:
    """Return what was built into a folder before: place to hash."""
    try:
        files = json.loads((folder / LIST_NAME).read_text("utf-8"))["files"]
        return {str(place): str(digest) for place, digest in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write_list(folder: Path, listed: dict[str, str]) -> None:
    """Write down what was built."""
    told = {
        "version": deepcomposer_edu.__version__,
        "files": dict(sorted(listed.items())),
    }
    with atomic_path(folder / LIST_NAME) as part:
        part.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
