"""Three books of Irish, American and Scottish tunes, as clean ABC text.

O'Neill's Music of Ireland (1903), Ryan's Mammoth Collection (1883) and Aird's Airs
(1782-1801) install with music21, written down letter by letter by many hands. How they
are cleaned and split is told in `corpora/tune_cleaning.py`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import warnings
from collections.abc import Iterable
from dataclasses import asdict

from deepcomposer_edu.corpora.cache import music21_corpus, record_of
from deepcomposer_edu.corpora.tune_cleaning import SPLITS, BookTune, read_books
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import cache_dir


def load_tune_books(split: str = "train") -> list[BookTune]:
    """Return the tunes of one split.

    The first call on a machine reads them from music21's files, which takes about two
    seconds; later calls read a small file in the cache.

    Args:
        split: "train", "valid", "test", or "all". Versions of one tune stand in one
            split.

    Returns:
        The tunes in the order of books, files and numbers.

    Raises:
        InputError: for another split, or where music21's scores are not installed.
    """
    if split not in (*SPLITS, "all"):
        raise InputError(
            f'There is no split "{split}" of the tune books; choose "train", "valid", '
            '"test" or "all".'
        )
    return [tune for tune in _all_tunes() if split in (tune.split, "all")]


def tune_book_text(split: str = "train") -> str:
    """Return the ABC text of all tunes of a split, an empty line between two.

    Raises:
        InputError: as `load_tune_books`.
    """
    return joined(load_tune_books(split))


def joined(tunes: Iterable[BookTune]) -> str:
    """Return the ABC text of tunes, an empty line after each."""
    return "".join(f"{tune.abc}\n" for tune in tunes)


def expected_digest() -> str:
    """Return the checksum of the tunes that the shipped weights were trained on."""
    return record_of("tune_books")["sha256"]


def digest_of(tunes: list[BookTune]) -> str:
    """Return a sha256 of the tunes, as 64 hex digits."""
    return hashlib.sha256(_packed(tunes)).hexdigest()


def _packed(tunes: list[BookTune]) -> bytes:
    return json.dumps([asdict(tune) for tune in tunes]).encode()


def _all_tunes() -> list[BookTune]:
    """Return all tunes from the cache, or built now."""
    expected = expected_digest()
    try:
        path = cache_dir() / f"tune-books-{expected[:12]}.json.gz"
        content = gzip.decompress(path.read_bytes())
        if hashlib.sha256(content).hexdigest() == expected:
            return [BookTune(**row) for row in json.loads(content)]
    except (InputError, OSError, EOFError, ValueError):
        pass  # not there yet, or damaged: build it
    tunes = read_books(music21_corpus())
    if digest_of(tunes) == expected:
        _store(tunes, expected)
    else:
        warnings.warn(
            "The tunes built here are not letter for letter those that the course was "
            "made with, so results can differ a little; music21 10.5.1 gives the same "
            "(`python course.py setup` installs it).",
            stacklevel=3,
        )
    return tunes


def _store(tunes: list[BookTune], digest: str) -> None:
    """Keep the tunes in the cache; where that cannot be written, go on without."""
    try:
        path = cache_dir() / f"tune-books-{digest[:12]}.json.gz"
        with atomic_path(path) as temporary:
            temporary.write_bytes(gzip.compress(_packed(tunes), mtime=0))
    except (InputError, OSError):
        pass
