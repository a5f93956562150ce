"""Corpora that are built once from what installs with music21, and then kept.

No note of them is in the repository: only a checksum of what the shipped weights were
trained on.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Callable

import numpy as np

from deepcomposer_edu.corpora.build import content_digest
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import cache_dir

Arrays = dict[str, np.ndarray]
# What numpy raises for a file that is not there, damaged, or something else.
UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError)
UNREADABLE += (RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error)


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
