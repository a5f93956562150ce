"""The note in a run folder that says what the run learned from.

A run that goes on must learn from the same, so the note holds where that lay and its
fingerprint. It is written before a training begins: whoever looks may find a note
without a run, from a training that never began, and a new one is written over it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, home_path, parsed_json

DATA_NOTE = "data.json"  # in a run folder
RUNS = ("config.json", "population.json")  # either of them makes a folder a run's
Note = dict[str, object]


def begin_note(run: str | Path, note: Mapping[str, object]) -> None:
    """Write the note of a new run; a folder that holds a run keeps its own.

    Args:
        run: the run folder, which is made if it is missing.
        note: ready for JSON.

    Raises:
        InputError: if it cannot be written.
    """
    run = Path(run)
    if any((run / name).exists() for name in RUNS):
        return  # the training itself will refuse it, or go on
    with atomic_path(run / DATA_NOTE) as temporary:
        temporary.write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


def read_note(run: str | Path, check: Callable[[Note], Note]) -> Note | None:
    """Return what a run's note says; None if it has none.

    Args:
        run: the run folder.
        check: returns the note's values, checked; a ValueError, KeyError or TypeError
            says that it is damaged.

    Raises:
        InputError: if it is damaged.
    """
    path = Path(run) / DATA_NOTE
    try:
        return check(parsed_json(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read ({error}), so it is not known what the run learned "
            "from; start a new run."
        ) from error


def place_of(
    note: Note, run: str | Path, folder: str | Path | None, usual: str
) -> str | Path | None:
    """Return the folder to read again for a run, None for what the course has.

    Args:
        note: of the run.
        run: the run folder.
        folder: where the music or the recordings lie now, if they were moved.
        usual: what the course has, in words.

    Raises:
        InputError: if a folder is named, but the run learned from what the course has.
    """
    if note["folder"] is None and folder is not None:
        raise InputError(
            f"The run {Path(run).name} learned from {usual}, but the folder {folder} "
            "was given; leave it out, or start a new run."
        )
    return folder if folder is not None else note["folder"]


def whole_path(folder: str | Path | None) -> str | None:
    """Return the whole path of a folder as a run's note has it; None stays None."""
    return None if folder is None else str(home_path(folder).resolve())
