"""Corpora that are built once from what installs with music21, and then kept.

No note of them is in the repository: only a checksum of what the shipped weights were
trained on.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import cache_dir, data_dir

Arrays = dict[str, np.ndarray]
# What numpy raises for a file that is not there, damaged, or something else.
UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError)
UNREADABLE += (RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error)


def music21_corpus() -> Path:
    """Return the folder of the scores that install with music21.

    Raises:
        InputError: if music21 is missing or was installed without its scores.
    """
    spec = importlib.util.find_spec("music21")
    folder = Path(spec.origin).parent / "corpus" if spec and spec.origin else None
    if folder is None or not (folder / "bach").is_dir():
        raise InputError(
            "Bach's chorales come with the package music21, which is not installed "
            "here with its scores; run `python course.py setup`."
        )
    return folder


def record_of(name: str) -> dict[str, object]:
    """Return what is on record of a corpus that is built here: its sha256, counts.

    Args:
        name: of the file in data/corpora/, "chorales" say.

    Raises:
        InputError: if the record is missing or damaged.
    """
    path = data_dir() / "corpora" / f"{name}.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(record["sha256"], str):
            raise ValueError("its sha256 is no text")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"The record of the {name.replace('_', ' ')}, {path}, cannot be read "
            f"({error!r}); install the course again with `python course.py setup`."
        ) from error
    return record


def content_digest(arrays: dict[str, np.ndarray]) -> str:
    """Return a sha256 of the arrays' names, shapes and values, as 64 hex digits.

    It does not depend on how a file packs them, so it is the same on every machine.
    """
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        if array.dtype.kind == "U":  # one byte order, one padding
            values = "\n".join(array.tolist()).encode()
        else:
            values = np.ascontiguousarray(
                array, array.dtype.newbyteorder("<")
            ).tobytes()
        digest.update(f"{name} {array.dtype.kind} {array.shape} ".encode())
        digest.update(values)
    return digest.hexdigest()


def with_bar(files: Iterable, words: str) -> Iterable:
    """Return files that show a progress bar while they are read, on standard error."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(files, words, console=console, transient=True)


def cached_arrays(name: str, digest: str, build: Callable[[], Arrays]) -> Arrays:
    """Return the arrays of a corpus, from the cache or built now.

    What is in the cache is compared with its checksum; a damaged file is built again.
    Where another release of music21 gives other notes, a warning says so, and nothing
    is kept. Where nothing can be written, the arrays are built each time.

    Args:
        name: what the corpus is called in the file's name and in the warning.
        digest: the checksum that the arrays should have, `content_digest`.
        build: builds them.

    Raises:
        InputError: if `build` does, where music21's scores are not installed.
    """
    try:
        path = cache_dir() / f"{name}-{digest[:12]}.npz"
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: np.asarray(file[key]) for key in file.files}
        if content_digest(arrays) == digest:
            return arrays
    except (InputError, *UNREADABLE):
        pass  # not there yet, or damaged: build it
    arrays = build()
    if content_digest(arrays) == digest:
        _keep(arrays, name, digest)
    else:
        warnings.warn(
            f"The {name} built here are not note for note those that the course was "
            "made with, so results can differ a little; music21 10.5.1 gives the same "
            "(`python course.py setup` installs it).",
            stacklevel=3,
        )
    return arrays


def _keep(arrays: Arrays, name: str, digest: str) -> None:
    """Write the arrays into the cache; where that cannot be done, go on without."""
    try:
        path = cache_dir() / f"{name}-{digest[:12]}.npz"
        with atomic_path(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, **arrays)
    except (InputError, OSError):
        pass
