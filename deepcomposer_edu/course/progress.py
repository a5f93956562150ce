"""What a learner has done so far, read from the file that `progress_log` writes.

    course.progress()          in a notebook: a table, and where to go on
    read_progress(path)        the same as data; a line that cannot be read is counted

A progress file may come from anybody: nothing in it is believed before it is looked at.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape
from pathlib import Path

from deepcomposer_edu.course.catalogue import N_QUESTIONS, Lesson, Task, lessons
from deepcomposer_edu.course.progress_lines import Record, clean, object_of, record_of
from deepcomposer_edu.course.progress_log import FILE_NAME, progress_path
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.paths import work_dir

MAX_BYTES = 20_000_000  # of a file; years of learning are a tenth of it


@dataclass(frozen=True)
class LessonProgress:
    """How far a learner is in one lesson.

    Args:
        lesson: which.
        records: what was done in it, in order of time.
    """

    lesson: Lesson
    records: tuple[Record, ...]

    @cached_property
    def passed(self) -> tuple[str, ...]:
        """The exercises passed at least once, in the lesson's order."""
        found = {r.item for r in self.records if r.state == "passed"}
        return tuple(task.number for task in self.lesson.tasks if task.number in found)

    def tries(self, item: str) -> int:
        """How often an exercise was checked with an answer, up to its first pass."""
        n_tries = 0
        for row in self.records:
            if row.item == item and row.state in ("passed", "refused"):
                n_tries += 1
                if row.state == "passed":
                    break
        return n_tries

    @property
    def n_tries(self) -> int:
        """Tries of all exercises together."""
        return sum(self.tries(task.number) for task in self.lesson.tasks)

    @property
    def n_hints(self) -> int:
        """Hints that were asked for with `course.hint`."""
        return sum(row.kind == "hint" for row in self.records)

    @cached_property
    def answers(self) -> dict[str, bool]:
        """The questions answered, and whether the last answer was right."""
        rows = (row for row in self.records if row.kind == "quiz")
        return {row.item: row.state == "right" for row in rows}

    @property
    def n_right(self) -> int:
        """Questions of the quiz, of five, that were answered right in the end."""
        return min(sum(self.answers.values()), N_QUESTIONS)

    @property
    def is_begun(self) -> bool:
        """Whether anything was done in it."""
        return bool(self.records)

    @property
    def is_done(self) -> bool:
        """Whether every exercise is passed and every question answered right."""
        return len(self.passed) == len(self.lesson.tasks) and (
            self.n_right == N_QUESTIONS
        )

    @property
    def first(self) -> datetime | None:
        """When it was begun."""
        return min((row.at for row in self.records), default=None)

    @property
    def last(self) -> datetime | None:
        """When something was last done in it."""
        return max((row.at for row in self.records), default=None)

    @property
    def next_task(self) -> Task | None:
        """The exercise to go on with: the first after the last one passed, if any."""
        numbers = [task.number for task in self.lesson.tasks]
        begin = max((numbers.index(n) + 1 for n in self.passed), default=0)
        turned = [*self.lesson.tasks[begin:], *self.lesson.tasks[:begin]]
        return next((task for task in turned if task.number not in self.passed), None)


@dataclass(frozen=True)
class Progress:
    """All that is known of a learner's way through the course.

    Args:
        records: what was done, in order of time.
        n_damaged: lines that could not be read.
        name: of the learner, if the file says so, as in a shared folder.
    """

    records: tuple[Record, ...] = ()
    n_damaged: int = 0
    name: str = ""

    def lessons(self) -> tuple[LessonProgress, ...]:
        """Return how far the learner is in each lesson of the course, in order."""
        found: dict[str, list[Record]] = {}
        for row in self.records:
            found.setdefault(row.lesson, []).append(row)
        return tuple(
            LessonProgress(lesson, tuple(found.get(lesson.number, ())))
            for lesson in lessons()
        )

    def where(self) -> tuple[str, str]:
        """Return the lesson and the item to go on with: ("07", "7.3"), ("07", "quiz").

        It is the lesson worked in last; in it the exercise after the last one passed.
        When that lesson is finished, it is the beginning of the next one that is not,
        ("08", ""); when all are, of the last lesson.
        """
        of_lessons = self.lessons()
        known = {one.lesson.number: i for i, one in enumerate(of_lessons)}
        last = next((r for r in reversed(self.records) if r.lesson in known), None)
        if last is None:
            return of_lessons[0].lesson.number, ""
        here = known[last.lesson]
        now = of_lessons[here]
        if not now.is_done:
            task = now.next_task
            return now.lesson.number, task.number if task else "quiz"
        turned = [*of_lessons[here + 1 :], *of_lessons[:here]]
        for one in turned:
            if not one.is_done:
                return one.lesson.number, ""
        return of_lessons[-1].lesson.number, ""

    @property
    def where_words(self) -> str:
        """Where to go on, in a sentence."""
        number, item = self.where()
        lesson = next(one for one in lessons() if one.number == number)
        name = f"lesson {number}, {lesson.title}"
        if not self.records:
            return f"Begin with {name}."
        if not item:
            return f"Go on with {name}."
        if item == "quiz":
            return f"Go on with {name}: its quiz."
        task = next(task for task in lesson.tasks if task.number == item)
        return f"Go on with {name}: exercise {item}, {task.title}."

    def __repr__(self) -> str:
        lines = [
            f"{one.lesson.number} {one.lesson.title:<34}{_share(one):>9}  "
            f"quiz {one.n_right} of {N_QUESTIONS}"
            + (f"  {one.n_tries} tries" if one.n_tries else "")
            for one in self.lessons()
        ]
        return "\n".join([*lines, self.where_words])

    def _repr_html_(self) -> str:
        head = ("Lesson", "Exercises passed", "Tries", "Quiz", "Last")
        rows = "".join(
            f'<tr><th scope="row" style="text-align: left">{one.lesson.number} '
            f"{escape(one.lesson.title)}</th><td>{_share(one)}</td>"
            f"<td>{one.n_tries or ''}</td><td>{one.n_right} of {N_QUESTIONS}</td>"
            f"<td>{one.last.astimezone():%Y-%m-%d}</td></tr>"
            for one in self.lessons()
            if one.is_begun
        )
        heads = "".join(f'<th scope="col">{name}</th>' for name in head)
        table = f"<table><tr>{heads}</tr>{rows}</table>" if rows else ""
        return f"{table}<p>{escape(self.where_words)}</p>"


def _share(one: LessonProgress) -> str:
    n_tasks = len(one.lesson.tasks)
    return f"{len(one.passed)} of {n_tasks}" if n_tasks else "–"


def progress() -> Progress:
    """Return what you have done so far; as a cell's last line it shows itself."""
    return read_progress()


def read_progress(path: str | os.PathLike[str] | None = None) -> Progress:
    """Return what a progress file holds; nothing if there is no such file.

    Args:
        path: the file; None: this computer's.

    Raises:
        InputError: if it is too large to be one, a folder, or may not be read.
    """
    source = Path(path) if path else (progress_path() or work_dir() / FILE_NAME)
    try:
        if not source.exists():
            return Progress()
        if not source.is_file():
            raise InputError(f"{source} is no file; give a progress file.")
        if source.stat().st_size > MAX_BYTES:
            raise InputError(
                f"{source} has {source.stat().st_size:,} bytes, but a progress file "
                f"has at most {MAX_BYTES:,}; move it away to begin a new one."
            )
        text = source.read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{source} cannot be read: {reason}.") from None
    return parse_progress(text)


def parse_progress(text: str) -> Progress:
    """Return what the text of a progress file says, and how many lines say nothing."""
    records, n_damaged, name = [], 0, ""
    for line in text.split("\n"):
        if not line.strip():
            continue
        row = object_of(line)
        if row is not None and row.get("kind") == "learner":
            name = name or clean(row.get("name"))
        elif (one := record_of(row)) is not None:
            records.append(one)
        else:
            n_damaged += 1
    # two kernels' clocks agree; a stable sort keeps what happened in one second
    return Progress(tuple(sorted(records, key=lambda r: r.at)), n_damaged, name)
