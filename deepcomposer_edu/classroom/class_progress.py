"""A whole class's progress, read from the files in a shared folder.

Files come from learners' computers: one may be missing, torn, huge, a link to somewhere
else or written by hand. Each is read by itself; what is wrong with it is said, and the
others are shown all the same.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deepcomposer_edu.course.progress import (
    LessonProgress,
    Progress,
    Record,
    clean,
    parse_progress,
)
from deepcomposer_edu.errors import InputError

MOST_FILES = 200
MOST_BYTES = 2_000_000  # of a file's end; a class's longest day is a tenth of it
REFUSALS, HINTS = 3, 2  # so many since the last pass, and somebody should go there
QUIET_AFTER = timedelta(minutes=15)
NEW_DAY_AFTER = timedelta(hours=8)  # older than a school day: not here today


@dataclass(frozen=True)
class Learner:
    """One learner, as their file says.

    Attributes:
        name: to show; the file's name where it holds none.
        file: its name within the folder.
        progress: what was done.
        problem: a sentence if the file could not be read, else "".
    """

    name: str
    file: str
    progress: Progress = field(default_factory=Progress)
    problem: str = ""

    @property
    def here(self) -> LessonProgress | None:
        """The lesson worked in last; None if nothing was done."""
        by_number = {one.lesson.number: one for one in self.progress.lessons()}
        rows = (r for r in reversed(self.progress.records) if r.lesson in by_number)
        return next((by_number[row.lesson] for row in rows), None)

    @property
    def last(self) -> datetime | None:
        """When something was last done."""
        return self.progress.records[-1].at if self.progress.records else None

    def item(self) -> str:
        """Return the exercise tried or asked about last, if it is not passed since."""
        rows = [r for r in self.progress.records if r.kind in ("check", "hint")]
        if not rows or any(
            r.item == rows[-1].item and r.state == "passed" for r in rows
        ):
            return ""
        return rows[-1].item

    def trouble(self) -> tuple[int, int]:
        """Return refused answers and hints at the exercise of `item`."""
        item = self.item()
        rows = [r for r in self.progress.records if item and r.item == item]
        n_refused = sum(r.kind == "check" and r.state == "refused" for r in rows)
        return n_refused, sum(r.kind == "hint" for r in rows)

    def sentence(self) -> str:
        """Return what the check said last about the exercise of `item`."""
        item = self.item()
        rows = [
            r for r in self.progress.records if r.item == item and r.kind == "check"
        ]
        return rows[-1].note if item and rows else ""

    def state(self, now: datetime) -> str:
        """Return "stuck", "quiet", "working", "away", "done" or "new".

        Stuck is who had three refused answers or asked for two hints at an exercise
        without passing it; quiet is who has done nothing for 15 minutes, and away for
        eight hours.
        """
        if self.last is None:
            return "new"
        if all(one.is_done for one in self.progress.lessons()):
            return "done"
        silent = now - self.last
        if silent > NEW_DAY_AFTER:
            return "away"
        n_refused, n_hints = self.trouble()
        if n_refused >= REFUSALS or n_hints >= HINTS:
            return "stuck"
        return "quiet" if silent > QUIET_AFTER else "working"


@dataclass(frozen=True)
class Hurdle:
    """An exercise that somebody in the class has not passed after a refusal.

    Attributes:
        number: of the exercise.
        names: of those who had an answer refused and have not passed.
        n_passed: how many have.
        sentences: what the check said most often, with how many learners it told.
    """

    number: str
    names: tuple[str, ...]
    n_passed: int
    sentences: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ClassProgress:
    """What a folder says about a class.

    Attributes:
        learners: those whose files could be read, by name.
        problems: a sentence for each file that could not.
    """

    learners: tuple[Learner, ...]
    problems: tuple[str, ...]

    def hurdles(self) -> list[Hurdle]:
        """Return the exercises at which learners are held up, the worst first."""
        held: dict[str, list[tuple[str, Record]]] = {}
        passed: Counter[str] = Counter()
        for learner in self.learners:
            checks = [r for r in learner.progress.records if r.kind == "check"]
            done = {r.item for r in checks if r.state == "passed"}
            passed.update(done)
            last = {r.item: r for r in checks if r.state == "refused"}
            for item in last.keys() - done:
                held.setdefault(item, []).append((learner.name, last[item]))
        found = [
            Hurdle(
                item,
                tuple(name for name, _ in rows),
                passed[item],
                tuple(Counter(r.note for _, r in rows if r.note).most_common(3)),
            )
            for item, rows in held.items()
        ]
        return sorted(found, key=lambda one: (-len(one.names), _order(one.number)))


def _order(number: str) -> tuple[int, ...]:
    """Return a key that puts 7.10 behind 7.9."""
    return tuple(int(part) for part in number.split("."))


def read_class(folder: str | Path) -> ClassProgress:
    """Return the class's progress from FOLDER/*.jsonl and FOLDER/*/*.jsonl.

    Raises:
        InputError: if the folder itself is missing or cannot be listed.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(
            f"{folder} is no folder; give the shared folder that learners' progress "
            "goes to (DEEPCOMPOSER_SHARE), or a hub's `progress`."
        )
    try:
        paths = sorted(_files(folder))
    except OSError as error:
        raise InputError(
            f"{folder} could not be listed: {error.strerror}; check your permissions."
        ) from error
    read = [_read(path, folder) for path in paths[:MOST_FILES]]
    problems = [one.problem for one in read if one.problem]
    if len(paths) > MOST_FILES:
        problems.append(
            f"{len(paths) - MOST_FILES} more files are left out: a class has at most "
            f"{MOST_FILES}."
        )
    fine = [one for one in read if not one.problem]
    by_name = sorted(fine, key=lambda one: (by_number(one.name), one.file))
    return ClassProgress(tuple(by_name), tuple(problems))


def by_number(name: str) -> list[tuple[int, str]]:
    """Return a key that puts Learner 10 behind Learner 9."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return [(int(p[:9]) if p.isdigit() and p.isascii() else -1, p) for p in parts]


def _files(folder: Path) -> Iterator[Path]:
    """Yield what is named like a progress file, in the folder and one below."""
    for entry in os.scandir(folder):
        if entry.name.endswith(".jsonl"):
            yield Path(entry.path)
        elif entry.is_dir(follow_symlinks=False):
            try:
                inside = list(os.scandir(entry.path))
            except OSError:  # closed, or gone meanwhile
                continue
            yield from (Path(e.path) for e in inside if e.name.endswith(".jsonl"))


def _read(path: Path, folder: Path) -> Learner:
    """Return what one file says; a problem instead if it cannot be read."""
    file = clean(
        path.relative_to(folder).as_posix().encode("utf-8", "replace").decode()
    )
    try:
        # a link could name any file of the teacher's, and a pipe would never end
        if not stat.S_ISREG(path.lstat().st_mode):
            return Learner(file, file, problem=f"{file} is no plain file: not read.")
        with path.open("rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, size - MOST_BYTES))
            text = opened.read(MOST_BYTES).decode("utf-8", "replace")
            opened.seek(0)
            first = opened.readline(1000).decode("utf-8", "replace")
    except OSError as error:
        reason = error.strerror or error
        return Learner(file, file, problem=f"{file} could not be read: {reason}.")
    progress = parse_progress(text)
    name = progress.name or parse_progress(first).name or Path(file).stem
    if not progress.records and progress.n_damaged:
        return Learner(name, file, problem=f"{file} holds no progress: not shown.")
    return Learner(name, file, progress)


def now_utc() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)
