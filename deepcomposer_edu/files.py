"""Writing files so that a failure never leaves half of one."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deepcomposer_edu.errors import InputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

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
_PRIVATE = 0o600  # its owner may read and write it, nobody else


def home_path(path: str | os.PathLike[str]) -> Path:
    """Return a path whose leading ~ or ~name is the home folder, if there is such one.

    >>> str(home_path("~nobody-of-this-name/runs"))
    '~nobody-of-this-name/runs'
    """
    # Path.expanduser raises a RuntimeError for an unknown name
    return Path(os.path.expanduser(path))  # noqa: PTH111


def write_error(path: Path, error: OSError) -> InputError:
    """Return the sentence for a failed write."""
    reason = _ADVICE.get(error.errno or 0)
    if reason is None:
        reason = f"{error.strerror or error}; choose another place"
    return InputError(f"{path} could not be written: {reason}.")


def make_folder(folder: Path) -> Path:
    """Make a folder and those above it, if they are missing, and return it.

    Raises:
        InputError: if it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(folder, error) from error
    return folder


@contextmanager
def atomic_path(
    path: str | os.PathLike[str], *, lasting: bool = False, private: bool = False
) -> Iterator[Path]:
    """Yield a temporary path beside `path` that becomes `path` if all goes well.

    The temporary name keeps the suffix, so that libraries which look at it still know
    what to write. Missing folders are made. When the block ends, the file is moved over
    `path` in one step; when the block fails, it is removed and an earlier `path` stays.

    Args:
        path: the file to write.
        lasting: wait until the disk has it, so that it outlives a power cut, too.
        private: only this account may read the file. Otherwise it may be read by whom
            the system's settings (umask) say, also if a library made it more private.

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
        if private:
            temporary.touch(mode=_PRIVATE)
        yield temporary
        if not private:
            _open_as_usual(temporary)
        if lasting:
            _to_disk(temporary)
        temporary.replace(path)
        if lasting and os.name == "posix":
            _to_disk(path.parent)  # the name, too
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        with suppress(OSError):  # the first error is the one to report
            temporary.unlink(missing_ok=True)


def _open_as_usual(path: Path) -> None:
    """Give a file that only its owner may read the rights of any new file there.

    safetensors makes its files so, and others of a class could not read the weights.
    """
    if os.name != "posix" or stat.S_IMODE(path.stat().st_mode) != _PRIVATE:
        return
    # The umask itself can only be asked by setting it, which other threads would feel.
    usual = path.with_name(f"{path.name}.mode")
    try:
        usual.touch(exist_ok=False)
        path.chmod(stat.S_IMODE(usual.stat().st_mode))
    finally:
        usual.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """Wait until what was written to a file or folder is on the disk."""
    # Windows writes out only what is open for writing, other systems read folders
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR
    opened = os.open(path, flags)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def try_lock(path: str | os.PathLike[str]) -> int | None:
    """Return a locked file, open, or None if somebody else holds its lock.

    The system lets go of the lock when the file is closed, also by a kill. Another lock
    in the same process counts as somebody else's.

    Args:
        path: the file; it is made if it does not exist, its folder is not.

    Raises:
        OSError: if it cannot be opened, or the disk knows no locks.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES):
            return None
        raise
    return file


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


_MOST_DIGITS = 300  # of a whole number in JSON: more do not fit into a float


def parsed_json(text: str | bytes) -> object:
    """Return what a JSON text says.

    Raises:
        ValueError: if it is no JSON, not UTF-8, nested too deeply to be read, or holds
            a whole number that is too long for a float.
    """
    try:
        return json.loads(text, parse_int=_whole_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def strict_json(text: str | bytes) -> object:
    """Return what a JSON text says that may come from anybody.

    As `parsed_json`, and what Python reads but JSON does not know is refused, too: NaN,
    Infinity, and numbers such as 1e999 that are read as Infinity. So every number in it
    is finite.

    Raises:
        ValueError: if it is no JSON, not UTF-8, nested too deeply to be read, or holds
            such a number.
    """
    try:
        return json.loads(
            text if isinstance(text, str) else text.decode("utf-8"),
            parse_int=_whole_number,
            parse_float=_finite_number,
            parse_constant=_finite_number,
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _finite_number(digits: str) -> float:
    """Return a number that is not infinite, and is one."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"it holds the number {digits[:20]}, which has no end")
    return number


def _whole_number(digits: str) -> int:
    """Return a whole number of a sensible length."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"it holds a number of {len(digits):,} digits")
    return int(digits)


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


def strangers_bytes(path: str | Path, most: int) -> bytes:
    """Return the bytes of a file that may come from anybody.

    Args:
        path: no link and no device.
        most: bytes, a whole number of MiB; a longer file is read no further.

    Raises:
        InputError: with what is wrong, as half a sentence that begins with "it".
    """
    path = Path(path)
    try:
        if path.is_symlink() or not path.is_file():
            raise InputError("it is a link or no plain file")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise InputError(f"it could not be read ({error.strerror})") from None
    if len(data) > most:
        raise InputError(f"it has more than {most >> 20} MB")
    return data
