"""The folder of the course: its lessons, and where each part of one lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from deepcomposer_edu.course.exercises import chapter_of
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.paths import course_root


@dataclass(frozen=True)
class CourseFolder:
    """A checkout of the course, or a copy of one.

    Args:
        root: the folder that holds `lessons/` and `solutions/`.

    Raises:
        InputError: if there are no lessons in it.
    """

    root: Path

    def __post_init__(self) -> None:
        if not self.names():
            raise InputError(
                f"{self.root} holds no lessons; give the folder of the course, in "
                "which `course.py` and `lessons` lie."
            )

    def names(self) -> list[str]:
        """Return the names of all lessons and workbooks, such as "07_wgan_gp"."""
        return sorted(path.stem for path in (self.root / "lessons").glob("*.ipynb"))

    def chosen(self, wanted: Sequence[str] = ()) -> list[str]:
        """Return the names of some lessons, in the order of the course.

        Args:
            wanted: numbers or names, such as "07" or "artist_mode"; none: all.

        Raises:
            InputError: if there is no such lesson.
        """
        names = self.names()
        if not wanted:
            return names
        found = set()
        for one in wanted:
            matching = [n for n in names if one == n or _is_number_of(one, n)]
            if not matching:
                raise InputError(
                    f"There is no lesson {one!r}; choose from {', '.join(names)}."
                )
            found.update(matching)
        return [name for name in names if name in found]

    def lesson(self, name: str) -> nbformat.NotebookNode:
        """Return a lesson with its exercises blank."""
        return read_notebook(self.lesson_path(name))

    def lesson_path(self, name: str) -> Path:
        """Return where the blank lesson lies."""
        return self.root / "lessons" / f"{name}.ipynb"

    def translations(self, name: str) -> dict[str, Path]:
        """Return where a lesson lies in other languages: code ("ko") to file."""
        found = sorted((self.root / "lessons").glob(f"??/{name}.ipynb"))
        return {path.parent.name: path for path in found}

    def solution(self, name: str) -> nbformat.NotebookNode:
        """Return a lesson with its exercises filled."""
        return read_notebook(self.solution_path(name))

    def solution_path(self, name: str) -> Path:
        """Return where the filled lesson lies, whether or not it is there."""
        return self.root / "solutions" / f"{name}.ipynb"

    def wrong_answers_path(self, name: str) -> Path:
        """Return where a lesson's typical wrong answers lie, if they do."""
        return self.root / "tests" / "exercises" / f"test_{name}.py"


def _is_number_of(text: str, name: str) -> bool:
    """Return whether a text is the number of a lesson, with or without a zero."""
    return text.isdigit() and name[:2].isdigit() and chapter_of(text) == name[:2]


def course_folder(root: Path | None = None) -> CourseFolder:
    """Return the course that a folder holds, or the one that this package lies in.

    Raises:
        InputError: if there are no lessons in it.
    """
    return CourseFolder(course_root() if root is None else Path(root))


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Return a notebook.

    Raises:
        InputError: if it is missing or damaged.
    """
    try:
        return nbformat.reads(path.read_text("utf-8"), as_version=4)
    except FileNotFoundError as error:
        raise InputError(
            f"{path} is missing; get the course again, or build it with "
            "`python tools/lessons.py build`."
        ) from error
    except Exception as error:  # nbformat has a different kind for every defect
        raise InputError(
            f"{path} is no notebook that can be read; get the course again."
        ) from error


def notebook_text(book: nbformat.NotebookNode) -> str:
    """Return what is written to a file: the same notebook gives the same text."""
    nbformat.validate(book)
    return nbformat.writes(book, indent=1, sort_keys=True) + "\n"
