"""Writing files so that a failure never leaves half of one."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deepcomposer_edu.errors import InputError

_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "your disk quota is used up; free some space and try again",
    errno.EFBIG: "a file may not be so large there; choose another folder",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.EACCES: "you may not write there; choose another folder",
    errno.EPERM: "you may not write there; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ENOTDIR: "part of the path is a file, not a folder; choose another path",
}


def write_error(path: Path, error: OSError) -> InputError:
    """Return the sentence for a failed write."""
    reason = _ADVICE.get(error.errno or 0)
    if reason is None:
        reason = f"{error.strerror or error}; choose another place"
    return InputError(f"{path} could not be written: {reason}.")


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside `path` that becomes `path` if all goes well.

    The temporary name keeps the suffix, so that libraries which look at it still know
    what to write. Missing folders are made. When the block ends, the file is moved over
    `path` in one step; when the block fails, it is removed and an earlier `path` stays.

    Args:
        path: the file to write.

    Yields:
        The path to write to.

    Raises:
        InputError: if the file cannot be written (folder, full disk, no permission).

    >>> with atomic_path("out/tune.txt") as temporary:  # doctest: +SKIP
    ...     temporary.write_text("C D E")
    """
    path = Path(path)
    # short enough for every file system, and unlike any other process's name
    stem = path.stem[:40]
    temporary = path.with_name(f".{stem}.{secrets.token_hex(6)}.part{path.suffix}")
    try:
        if path.is_dir():
            raise InputError(
                f"{path} is a folder, but a file is to be written; "
                "give the name of a file."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        with suppress(OSError):  # the first error is the one to report
            temporary.unlink(missing_ok=True)


def sha256_of(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits.

    Raises:
        InputError: if the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with Path(path).open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise InputError(
            f"{path} could not be read: {error.strerror}; check the path."
        ) from error
    return digest.hexdigest()


def parsed_json(text: str | bytes) -> object:
    """Return what a JSON text says.

    Raises:
        ValueError: if it is no JSON, not UTF-8, or nested too deeply to be read.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def read_json_lines(path: str | os.PathLike[str]) -> list[dict[str, object]]:
    """Return the objects of a JSON-lines file, in order; none if it is missing.

    A line that a crash cut off, or that holds no object, is left out.
    """
    path = Path(path)
    rows = []
    if path.is_file():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                row = parsed_json(line)
            except ValueError:
                continue
            if isinstance(row, dict):
                rows.append(row)
    return rows
