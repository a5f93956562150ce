"""An entry of the challenge: one zip file with the music and how it came to be."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.files import atomic_path

FORMAT, FORMAT_VERSION = "deepcomposer-edu challenge entry", 1
CHECKSUMS = "checksums.json"
_KB, _MB = 1 << 10, 1 << 20
# Every file of an entry and how large it may be; a zip holds these and nothing else.
MOST_BYTES = {
    "entry.mid": 512 * _KB,
    "entry.wav": 32 * _MB,  # 65 seconds of stereo at 44,100 Hz have 11 MB
    "entry.mp3": 8 * _MB,
    "entry.musicxml": 16 * _MB,
    "entry.json": 8 * _MB,
    "card.json": 100 * _KB,
    "check.json": 1 * _MB,
    "process_card.md": 1 * _MB,
    "model_cards.md": 1 * _MB,
    "LICENCE.txt": 64 * _KB,
}
MAX_ZIP_BYTES = 48 * _MB
_SAME_DAY = (1980, 1, 1, 0, 0, 0)  # equal entries are equal files, to the last byte


@dataclass(frozen=True)
class Entry:
    """An entry as it was read: everything in it has been checked.

    Args:
        name: of its file.
        sha256: of the file, 64 hexadecimal digits.
        card: what its composers say.
        composition: the music with its provenance; nothing was made again.
        audio: its sound in [-1, 1], shape (N, C) with C 1 or 2, float32.
        rate: samples per second.
    """

    name: str
    sha256: str
    card: Card
    composition: Composition = field(repr=False)
    audio: np.ndarray = field(repr=False)
    rate: int = 44_100

    @property
    def seconds(self) -> float:
        """How long its sound lasts."""
        return len(self.audio) / self.rate


def write_entry(path: str | Path, files: Mapping[str, bytes]) -> Path:
    """Write the files of an entry as a zip, with their checksums, and return its path.

    Args:
        path: the zip; it appears whole or not at all.
        files: the content of each name in MOST_BYTES.

    Raises:
        InputError: if it cannot be written.
    """
    content = {name: files[name] for name in MOST_BYTES}
    content[CHECKSUMS] = checksums(content)
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, data in content.items():
            info = zipfile.ZipInfo(name, _SAME_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, 0o644 << 16
            # a little is all that sound can be made smaller
            archive.writestr(info, data, compresslevel=1 if len(data) > _MB else 9)
    return Path(path)


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Return the content of checksums.json: size and SHA-256 of each file."""
    rows = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
    }
    head = {"format": FORMAT, "format_version": FORMAT_VERSION, "files": rows}
    return (json.dumps(head, indent=2) + "\n").encode()
