"""The files of one kind in a folder of somebody's own, and in the folders inside it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from pathlib import Path

from deepcomposer_edu.errors import InputError

MAX_ENTRIES = 200_000  # looked at; a whole disk holds more


def files_of(
    folder: Path, suffixes: Collection[str], kind: str, what: str, max_files: int
) -> list[Path]:
    """Return the files with one of some endings, in the order of their paths.

    Hidden files are left out: what Macs put beside each file of a stick is no music.

    Args:
        folder: the folder.
        suffixes: the endings in small letters, with their dots.
        kind: what such files are called, "MIDI files" say.
        what: what is in them, "music" say.
        max_files: how many there may be.

    Raises:
        InputError: if there is no such folder, or too few or too many files in it.
    """
    if not folder.is_dir():
        problem = "is a file" if folder.exists() else "does not exist"
        raise InputError(
            f"{folder} {problem}, but a folder of {kind} is needed; give its path."
        )
    entries = list(islice(folder.rglob("*"), MAX_ENTRIES + 1))
    if len(entries) > MAX_ENTRIES:
        raise InputError(
            f"{folder} holds more than {MAX_ENTRIES:,} files and folders of all kinds; "
            f"choose a folder with {what} only."
        )
    files = sorted(
        path
        for path in entries
        if path.suffix.lower() in suffixes
        and not path.name.startswith(".")
        and path.is_file()
    )
    if not 0 < len(files) <= max_files:
        raise InputError(
            f"{folder} holds {len(files):,} {kind}, but 1 to {max_files:,} can be "
            "used; choose another folder."
        )
    return files
