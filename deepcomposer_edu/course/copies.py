"""The learner's own copies of the lessons.

The learner works in `my_work/`; what lies in `lessons/` can then be updated without
touching an answer. Nothing but the standard library and the basics is imported.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

from deepcomposer_edu.files import atomic_path, make_folder, parsed_json

NOTES_NAME = ".course.json"  # in the learner's folder: which versions were given


def content_hash(notebook: Path) -> str:
    """Return a hash of what a person wrote in a notebook.

    Outputs, run numbers and metadata are left out, so that running a lesson does not
    count as changing it. A file that is no notebook is hashed as it is.

    Raises:
        OSError: if it cannot be read.
    """
    raw = notebook.read_bytes()
    cells = _cells(raw)
    written = raw if cells is None else json.dumps(cells, sort_keys=True).encode()
    return hashlib.sha256(written).hexdigest()


def _cells(raw: bytes) -> list[list] | None:
    """Return kind, source and attachments of each cell; None: it is no notebook."""
    try:
        return [
            [
                cell["cell_type"],
                "".join(cell["source"]),
                cell.get("attachments", {}),
            ]
            for cell in parsed_json(raw)["cells"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def read_notes(work: Path) -> dict[str, str]:
    """Return which version of each lesson the learner was given: name to hash."""
    try:
        given = parsed_json((work / NOTES_NAME).read_text("utf-8"))["given"]
        return {str(name): str(version) for name, version in given.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_notes(work: Path, given: dict[str, str]) -> None:
    """Write down which version of each lesson the learner was given."""
    text = json.dumps({"given": dict(sorted(given.items()))}, indent=2) + "\n"
    with atomic_path(work / NOTES_NAME) as part:
        part.write_text(text, encoding="utf-8")


def place_beside(lesson: Path, copy: Path, work: Path, given: dict[str, str]) -> str:
    """Put a lesson's new version beside the learner's copy; return its place in work.

    An earlier new version that the learner has worked in stays as it is, too.
    """
    number = 1
    while True:
        middle = "new" if number == 1 else f"new.{number}"
        target = copy.with_name(f"{lesson.stem}.{middle}.ipynb")
        place = target.relative_to(work).as_posix()
        is_ours = not damage(target) and content_hash(target) == given.get(place)
        if is_ours or not os.path.lexists(target):
            copy_whole(lesson, target)
            given[place] = content_hash(lesson)
            return place
        number += 1


def damage(copy: Path) -> str:
    """Return what is wrong with a learner's copy, in words; "" if it can be read."""
    try:
        raw = copy.read_bytes()
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "" if _cells(raw) is not None else "is damaged and will not open"


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file so that the target is either the old one or the whole new one."""
    with atomic_path(target) as part:
        shutil.copyfile(source, part)


def sync_lessons(lessons: Path, work: Path) -> list[str]:
    """Bring the lessons into the learner's folder without touching an answer.

    A lesson that is not there is copied. A copy that the learner has not changed
    follows the course's version. Beside a changed copy the new version is put as
    `NAME.new.ipynb`, once, and so is a fresh one beside a copy that does not open.
    Lessons in other languages lie in folders, here and there.

    Args:
        lessons: the course's notebooks.
        work: the learner's folder; made if it is missing.

    Returns:
        One sentence for each thing the learner should know; empty if nothing changed.
    """
    make_folder(work)
    given, said = read_notes(work), []
    for lesson in sorted([*lessons.glob("*.ipynb"), *lessons.glob("??/*.ipynb")]):
        name = lesson.relative_to(lessons).as_posix()
        copy, version = work / name, content_hash(lesson)
        if not os.path.lexists(copy):
            copy_whole(lesson, copy)
        elif wrong := damage(copy):
            beside = f"{name.removesuffix('.ipynb')}.new.ipynb"
            if given.get(name) != version or not (work / beside).exists():
                beside = place_beside(lesson, copy, work, given)
            said.append(f"{name} {wrong}; a fresh copy lies beside it as {beside}.")
        elif content_hash(copy) == version:
            pass
        elif content_hash(copy) == given.get(name):
            copy_whole(lesson, copy)
            said.append(f"{name} is new; you had not changed the old one.")
        elif given.get(name) != version:
            beside = place_beside(lesson, copy, work, given)
            said.append(
                f"{name} has a new version, put beside yours as {beside}; "
                "your answers stay in the old one."
            )
        given[name] = version
    if given != read_notes(work):
        write_notes(work, given)
    return said


def place_paths(pages: Path, work: Path) -> None:
    """Put the pages of the paths through the course into a folder `paths`.

    They are the course's, not the learner's: a newer version takes their place. Their
    links lead to the learner's copies of the lessons.
    """
    for page in sorted(pages.glob("*.md")):
        text = page.read_text("utf-8").replace("](../../lessons/", "](../")
        target = work / "paths" / page.name
        if target.is_file() and target.read_text("utf-8") == text:
            continue
        with atomic_path(target) as part:
            part.write_text(text, encoding="utf-8")
