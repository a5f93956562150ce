"""One training at a time in a run folder, however many processes would like to."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import try_lock, write_error

LOCK = "lock"  # in the run folder, while a training is at work there
_TRIES, _PAUSE = 5, 0.1  # whoever looks whether it is held, holds it for a moment


@contextmanager
def claimed(run: Path, leads: bool = True) -> Iterator[None]:
    """Keep other trainings out of a run folder while this block goes on.

    The system lets go of the folder when the process ends, also by a kill. On a disk
    that knows no locks nobody is kept out. What a killed training left half written
    among the checkpoints is removed.

    Args:
        run: the run folder; it is made, and if the block leaves it empty, removed.
        leads: whether this process writes the folder; if not, nothing is done.

    Raises:
        InputError: if another training is at work there, or it cannot be written.
    """
    if not leads:
        yield
        return
    run = Path(run)
    lock = _locked(run)
    try:
        for half in (run / "checkpoints").glob(".*.part*"):
            with suppress(OSError):
                half.unlink()
        yield
    finally:
        if lock is not None:
            with suppress(OSError):  # while it is ours; Windows keeps an open file
                (run / LOCK).unlink()
            os.close(lock)
        with suppress(OSError):  # it is not empty
            run.rmdir()


def is_claimed(run: Path) -> bool:
    """Return whether a training is at work in a run folder at this moment."""
    path = Path(run) / LOCK
    if not path.exists():
        return False
    try:
        lock = try_lock(path)
    except OSError:
        return False
    if lock is not None:
        os.close(lock)
    return lock is None


def _locked(run: Path) -> int | None:
    """Return the locked file, or None on a disk without locks."""
    for turn in range(_TRIES):
        try:
            run.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_error(run, error) from error
        try:
            lock = try_lock(run / LOCK)
        except FileNotFoundError:  # another has just left the folder, empty
            continue
        except OSError as error:
            if not os.access(run, os.W_OK):
                raise write_error(run / LOCK, error) from error
            return None
        if lock is not None:
            if _is_at(run / LOCK, lock):
                return lock
            os.close(lock)  # its owner removed it before it let go
        elif turn < _TRIES - 1:
            time.sleep(_PAUSE)
    raise InputError(
        f"Another training is at work in {run}; wait for its end, stop it, or give "
        "another folder."
    )


def _is_at(path: Path, opened: int) -> bool:
    """Return whether an open file is the one that has this name."""
    try:
        return os.path.samestat(os.fstat(opened), path.stat())
    except OSError:
        return False
