"""Writing down what a learner does, without ever getting in the way.

One line of JSON for each thing: a lesson opened, a check, a hint, an answer of a quiz.
The lines go to the end of one local file, and to a shared folder if a teacher has asked
for that. If a line cannot be written, one sentence says so, once, and the lesson goes
on.

Environment variables: DEEPCOMPOSER_PROGRESS is another file, or "off";
DEEPCOMPOSER_SHARE a folder that gets a copy, as DEEPCOMPOSER_LEARNER.
"""

from __future__ import annotations

import atexit
import errno
import getpass
import hashlib
import json
import os
import queue
import re
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from deepcomposer_edu.course.exercises import chapter_of
from deepcomposer_edu.course.session import is_quick
from deepcomposer_edu.files import atomic_path, write_error
from deepcomposer_edu.paths import work_dir

VERSION = 1
FILE_NAME = "progress.jsonl"
MAX_NOTE = 200  # characters
MAX_NAME = 60  # characters of a shared file's name
LAST_WAIT = 2.0  # seconds that a kernel which ends waits for the shared folder
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def progress_path() -> Path | None:
    """Return the file that progress goes to; None: nothing is written.

    Nothing is written with DEEPCOMPOSER_PROGRESS=off; in quick mode, as in tests,
    unless that variable names a file; and from a solution or a teacher's copy, whose
    answers are nobody's.
    """
    chosen = os.environ.get("DEEPCOMPOSER_PROGRESS", "")
    if chosen.lower() == "off" or (not chosen and is_quick()) or _in_solutions():
        return None
    return Path(chosen) if chosen else work_dir() / FILE_NAME


def _in_solutions() -> bool:
    """Return whether the notebook that runs lies in a folder of solutions."""
    try:
        return Path.cwd().name in {"solutions", "solution", "instructor"}
    except OSError:  # the folder was deleted meanwhile
        return False


def record(kind: str, lesson: str, item: str, state: str, note: str = "") -> None:
    """Write down one thing that a learner did; never fails, never waits.

    Args:
        kind: "lesson", "check", "hint" or "quiz".
        lesson: its number, such as "07".
        item: an exercise ("7.2") or a question ("q3"); "" for the lesson itself.
        state: "opened", "passed", "refused", "not done", "asked", "right", "wrong".
        note: the sentence that was shown; 200 characters of it are kept.
    """
    path = progress_path()
    if path is None:
        return
    row = {
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "kind": kind,
        "lesson": chapter_of(lesson),
        "item": item,
        "state": state,
        "note": note[:MAX_NOTE],
        "version": VERSION,
    }
    line, end = json.dumps(row, ensure_ascii=False), sys.maxsize
    try:
        end = append_line(path, line)
    except (OSError, ValueError) as error:
        _say_once(path, error)
    folder = os.environ.get("DEEPCOMPOSER_SHARE", "")
    if folder:
        _sharer().put((Path(folder), learner_name(), path, line, end))


def append_line(path: Path, line: str, first: str = "") -> int:
    """Put a line at the end of a file, in one write, after a torn line on a new one.

    Args:
        path: the file; made, with its folder, if it is missing.
        line: what to add, without its end.
        first: a line that a new file begins with.

    Returns:
        How many bytes the file has up to the end of that line.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        before = f"{first}\n" if first and not size else ""
        if size:
            file.seek(size - 1)
            before = "" if file.read(1) == b"\n" else "\n"
        # lone surrogates, which a learner's text may hold, have no UTF-8
        data = f"{before}{line}\n".encode("utf-8", "replace")
        if file.write(data) != len(data):
            raise OSError(errno.ENOSPC, "the disk is full")
        return file.tell()


_said: set[str] = set()


def _say_once(path: Path, error: Exception) -> None:
    """Say once in a session that something cannot be kept."""
    if str(path) in _said:
        return
    _said.add(str(path))
    why = str(write_error(path, error)) if isinstance(error, OSError) else str(error)
    print(f"Your progress is not kept: {why} The lesson goes on.", file=sys.stderr)


# The shared folder


def learner_name() -> str:
    """Return the name a learner goes by in a shared folder."""
    for variable in ("DEEPCOMPOSER_LEARNER", "JUPYTERHUB_USER"):
        if os.environ.get(variable, "").strip():
            return os.environ[variable].strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a computer that does not know
        return "learner"


def shared_path(folder: str | os.PathLike[str], name: str) -> Path:
    """Return the file of a learner in a shared folder.

    A name that is no safe file name loses its other characters and gets six letters of
    its hash, so that two names never share a file.

    >>> shared_path("class", "Learner 1").name, shared_path("class", "team-7").name
    ('Learner-1-32fd1b.jsonl', 'team-7.jsonl')
    """
    safe = re.sub(r"[^\w-]+", "-", name)[:MAX_NAME].strip("-") or "learner"
    if safe != name or _RESERVED.match(safe):
        digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:6]
        safe = f"{safe}-{digest}"
    return Path(folder) / f"{safe}.jsonl"


def learner_line(name: str) -> str:
    """Return the line that a shared file begins with."""
    row = {"kind": "learner", "name": name[:MAX_NOTE], "version": VERSION}
    return json.dumps(row, ensure_ascii=False)


def share_progress(
    folder: str | os.PathLike[str],
    name: str | None = None,
    source: str | os.PathLike[str] | None = None,
) -> Path:
    """Copy all that was recorded to a shared folder; return the file there.

    Args:
        folder: for the teacher; made if it is missing.
        name: the learner's; by default as the environment says.
        source: a progress file; by default this computer's.

    Raises:
        InputError: if the file cannot be written.
    """
    name = learner_name() if name is None else name
    path = Path(source) if source else (progress_path() or work_dir() / FILE_NAME)
    target = shared_path(folder, name)
    _copy(path, target, name)
    return target


def _copy(source: Path, target: Path, name: str) -> int:
    """Write a shared file anew; return how many bytes of the source it holds."""
    kept = source.read_bytes() if source.is_file() else b""
    end = b"" if not kept or kept.endswith(b"\n") else b"\n"
    with atomic_path(target) as part:
        first = learner_line(name).encode("utf-8", "replace")
        part.write_bytes(first + b"\n" + kept + end)
    return len(kept)


_queue: queue.Queue | None = None


def _sharer() -> queue.Queue:
    """Return the queue of lines to share; a thread of its own empties it.

    A shared folder lies on another computer more often than not, and a lesson never
    waits for one.
    """
    global _queue  # noqa: PLW0603 - one thread in a process
    if _queue is None:
        _queue = queue.Queue()
        threading.Thread(target=_share_all, args=(_queue,), daemon=True).start()
        atexit.register(flush_shared, LAST_WAIT)
    return _queue


def _share_all(lines: queue.Queue) -> None:
    copied: dict[Path, int] = {}  # bytes of the local file that a copy brought along
    while True:
        folder, name, source, line, end = lines.get()
        target = shared_path(folder, name)
        try:
            if not target.is_file():  # what came before the folder was given goes along
                copied[target] = _copy(source, target, name)
            if end > copied.get(target, 0):
                append_line(target, line, learner_line(name))
        except (OSError, ValueError) as error:
            _say_once(target, error)
        finally:
            lines.task_done()


def flush_shared(seconds: float) -> bool:
    """Wait until what is to be shared has been written; return whether it has.

    Args:
        seconds: how long to wait at most.
    """
    if _queue is None:
        return True
    with _queue.all_tasks_done:
        return _queue.all_tasks_done.wait_for(
            lambda: not _queue.unfinished_tasks, seconds
        )
