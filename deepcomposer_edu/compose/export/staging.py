"""Several files that appear in a folder together, or not at all.

They are made in a hidden folder inside the target and moved out at the end. A failure,
an interrupt or a full disk removes the hidden folder. When the process itself is killed
nobody can, so the next save into the same folder does: a lock that the system lets go
of with the process tells what is left over from what is still being written.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from deepcomposer_edu.files import parsed_json, try_lock, write_error

PREFIX = ".composition-"
LOCK = "lock"
COMPLETE = "complete"  # written when every file is made, before the first is moved
_OLD = "old-"
_SURELY_LOCKED = 60  # seconds after which a hidden folder in use has its lock


@contextmanager
def staged(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """Yield a hidden folder; the files made there appear in `folder` together.

    When the block ends, the files called `names` are moved into `folder`, over earlier
    ones. When it fails or is interrupted, `folder` is as it was before, and folders
    made for it are gone. Killed in the middle of the moves, it is finished by the next
    save into the same folder.

    Args:
        folder: where the files are to be; it is made if it does not exist.
        names: the files that the block makes.

    Yields:
        The hidden folder.

    Raises:
        InputError: if something cannot be written.
    """
    made = []  # folders that were not there before
    try:
        missing = [f for f in (folder, *folder.parents) if not f.exists()]
        for parent in reversed(missing):
            parent.mkdir(exist_ok=True)
            made.append(parent)
        clean_up(folder)
        stage, lock = _locked_stage(folder)
        try:
            yield stage
            _move_all(stage, folder, names)
        finally:
            _remove_stage(stage, lock)
    except BaseException as error:
        for parent in reversed(made):
            with suppress(OSError):  # it is not empty: somebody else uses it by now
                parent.rmdir()
        cause = error if isinstance(error, OSError) else error.__cause__
        if isinstance(cause, OSError):  # name the folder, not a file in the making
            raise write_error(folder, cause) from cause
        raise


def clean_up(folder: Path) -> None:
    """Remove what killed saves left in a folder, and finish those that were complete.

    A save that is still at work, in this process or another, is left alone.
    """
    for stage in folder.glob(f"{PREFIX}*"):
        if stage.is_symlink():  # never ours, and what it leads to is somebody's
            continue
        if not (stage / LOCK).exists():  # killed, or just about to be locked
            with suppress(OSError):
                if time.time() - stage.stat().st_mtime > _SURELY_LOCKED:
                    stage.rmdir()
            continue
        try:
            lock = _try_lock(stage / LOCK)
        except OSError:  # not ours, or a disk without locks
            continue
        if lock is None:
            continue
        with suppress(OSError, ValueError, TypeError):
            names = parsed_json((stage / COMPLETE).read_text(encoding="utf-8"))
            for name in names:  # only of files here: the list may be anybody's
                if Path(name).name == name and (stage / name).is_file():
                    (stage / name).replace(folder / name)
        _remove_stage(stage, lock)


def _move_all(stage: Path, folder: Path, names: Sequence[str]) -> None:
    """Move the files into the folder; if one fails, put back what was there."""
    for name in names:
        if os.path.lexists(folder / name):
            _keep(folder / name, stage / f"{_OLD}{name}")
    try:
        mark = stage / f"{COMPLETE}.new"
        mark.write_text(json.dumps(list(names)), encoding="utf-8")
        mark.replace(stage / COMPLETE)
        for name in names:
            (stage / name).replace(folder / name)
    except BaseException:
        (stage / COMPLETE).unlink(missing_ok=True)
        for name in names:
            with suppress(OSError):
                old = stage / f"{_OLD}{name}"
                if old.exists():
                    old.replace(folder / name)
                elif not (stage / name).exists():  # it was moved
                    (folder / name).unlink(missing_ok=True)
        raise


def _keep(path: Path, backup: Path) -> None:
    """Give a file a second name, or copy it where the disk knows no second names."""
    try:
        os.link(path, backup)
    except OSError:
        shutil.copy2(path, backup)


def _locked_stage(folder: Path) -> tuple[Path, int]:
    """Return a new hidden folder and the open file whose lock says it is in use."""
    while True:
        stage = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
        try:
            lock = _try_lock(stage / LOCK)
        except OSError:  # a disk without locks: on it nobody removes what is left over
            return stage, os.open(stage / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        # another save may have taken the folder for left over before it was locked
        if lock is not None and (stage / LOCK).exists():
            return stage, lock
        if lock is not None:
            os.close(lock)


def _try_lock(path: Path) -> int | None:
    """Return a locked file, open; None: another holds it, or the folder has gone."""
    with suppress(FileNotFoundError):
        return try_lock(path)
    return None


def _remove_stage(stage: Path, lock: int) -> None:
    """Remove a hidden folder; its lock goes last, and is closed first for Windows."""
    with suppress(OSError):
        for path in stage.iterdir():
            if path.name != LOCK:
                path.unlink()
    os.close(lock)
    shutil.rmtree(stage, ignore_errors=True)
