"""Entries of others, read with care: nothing in them is believed, nothing is unpacked.

A zip may hold other names than it should, files that grow to terabytes, links, texts
that are programs. So only the names of an entry are read, to memory, up to a size that
is stated for each; then each is read by the project's own readers, which check.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.entry import (
    CHECKSUMS,
    FORMAT,
    FORMAT_VERSION,
    MAX_ZIP_BYTES,
    MOST_BYTES,
    Entry,
)
from deepcomposer_edu.challenge.entry_wav import wav_sound
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.versions import composition_from
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import strangers_bytes, strict_json
from deepcomposer_edu.music.limits import refuse_too_large
from deepcomposer_edu.music.midi_read import read_midi
from deepcomposer_edu.music.midi_write import midi_bytes
from deepcomposer_edu.music.score import Score

MAX_ENTRIES = 300  # zips in a folder
MAX_NAME = 80  # letters of a file's name that are told
# More than any minute of music has; what an analysis costs grows with them.
MAX_NOTES, MAX_TRACKS, MAX_CHANGES, MAX_BARS = 6_000, 16, 2_000, 400
_MOST_CHECKSUMS = 16 << 10  # bytes
_MOST_DIRECTORY = 64 << 10  # bytes of a zip's list of names
_END = b"PK\x05\x06"  # of a zip, with 18 bytes after it
_TOO_LONG_APART = 0.5  # seconds by which sound may be shorter than its notes


def read_entries(folder: str | Path) -> Iterator[Entry | str]:
    """Yield each entry of a folder of zips, or a sentence why it is left out.

    They come in the order of their names, one at a time, since each takes some memory.
    A file that was given twice is left out the second time.

    Raises:
        InputError: if there is no such folder, no zip in it, or absurdly many.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(
            f"{folder} is no folder; give the folder in which the entries' zips lie."
        )
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".zip")
    if not 1 <= len(paths) <= MAX_ENTRIES:
        raise InputError(
            f"There are {len(paths)} zips in {folder}, but 1 to {MAX_ENTRIES} can be "
            "read; put the entries there that `deepcomposer challenge submit` made."
        )
    seen: dict[str, str] = {}
    for path in paths:
        try:
            entry = read_entry(path)
        except InputError as error:
            yield str(error)
            continue
        if entry.sha256 in seen:
            yield f"{entry.name} is the same file as {seen[entry.sha256]}; left out."
            continue
        seen[entry.sha256] = entry.name
        yield entry


def read_entry(path: str | Path) -> Entry:
    """Return the entry in a zip.

    Args:
        path: what `deepcomposer challenge submit` wrote, or anything that pretends to
            be.

    Raises:
        InputError: with the file's name and what is wrong with it.
    """
    path = Path(path)
    name = shown(path.name)
    try:
        data = strangers_bytes(path, MAX_ZIP_BYTES)
        files = _files_of(data)
        _check_sums(files)
        card = Card.from_dict(_json(files["card.json"], "card.json"))
        composition = _composition(files["entry.json"])
        _check_notes(files["entry.mid"], composition.score)
        audio, rate = wav_sound(files["entry.wav"])
        if len(audio) / rate < composition.score.seconds - _TOO_LONG_APART:
            raise InputError(
                f"its sound lasts {len(audio) / rate:.1f} s, but its notes "
                f"{composition.score.seconds:.1f} s"
            )
    except InputError as error:
        reason = str(error).rstrip(".")
        raise InputError(
            f"{name} is left out: {reason}. Send the zip that `deepcomposer challenge "
            "submit` makes, as it is."
        ) from None
    digest = hashlib.sha256(data).hexdigest()
    return Entry(name, digest, card, composition, audio, rate)


def shown(text: str, most: int = MAX_NAME) -> str:
    r"""Return a stranger's text for a sentence: in one line, nothing invisible, short.

    >>> shown("../a\x1b[2J\u202e.zip")
    '../a[2J.zip'
    """
    plain = "".join(sign for sign in text if sign.isprintable())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


# --- the zip ------------------------------------------------------------------


def _files_of(data: bytes) -> dict[str, bytes]:
    """Return the files in a zip, each no larger than an entry's may be."""
    _check_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check_names([info.filename for info in infos])
            return {info.filename: _content(archive, info) for info in infos}
    except InputError:
        raise
    except (zipfile.BadZipFile, EOFError, zlib.error, struct.error) as error:
        raise InputError(f"the zip is damaged ({shown(str(error))})") from None
    except (NotImplementedError, RuntimeError, ValueError, OverflowError) as error:
        raise InputError(f"the zip cannot be read ({shown(str(error))})") from None
    except OSError:
        raise InputError("the zip is damaged") from None


def _check_end(data: bytes) -> None:
    """Raise an InputError unless the list of names is where it should be, and short.

    This comes before any reading, since a list of a million names takes a gigabyte.
    """
    if not data.startswith(b"PK"):
        raise InputError("it is no zip")
    end = data[-22:]
    if end[:4] != _END or end[20:] != b"\0\0":
        raise InputError("the zip was cut short, or something was added to it")
    n_names, size, start = struct.unpack("<HLL", end[10:20])
    if n_names > len(MOST_BYTES) + 1:
        raise InputError(
            f"it holds {n_names:,} files, but an entry has {len(MOST_BYTES) + 1}"
        )
    if size > _MOST_DIRECTORY or start + size + 22 != len(data):
        raise InputError("the zip's list of names does not fit")


def _check_names(names: list[str]) -> None:
    """Raise an InputError unless the names are those of an entry, each once."""
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"it holds {shown(name)!r} {names.count(name)} times")
        if name not in MOST_BYTES and name != CHECKSUMS:
            raise InputError(f"it holds {shown(name)!r}, which is no part of an entry")
    for name in (*MOST_BYTES, CHECKSUMS):
        if name not in names:
            raise InputError(f"it has no {name}")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return a file of the zip, read no further than it may be large."""
    most = MOST_BYTES.get(info.filename, _MOST_CHECKSUMS)
    if info.flag_bits & 1:
        raise InputError(f"{info.filename} is locked with a password")
    if (info.external_attr >> 16) & 0o170000 not in (0, 0o100000):
        raise InputError(f"{info.filename} is a link or no plain file")
    if info.file_size > most:
        raise InputError(
            f"{info.filename} has {info.file_size:,} bytes, but at most {most:,} fit"
        )
    with archive.open(info) as file:
        data = file.read(most + 1)  # whatever the list of names says
    if len(data) > most:
        raise InputError(f"{info.filename} grows to more than {most:,} bytes")
    return data


def _check_sums(files: dict[str, bytes]) -> None:
    """Raise an InputError unless every file is the one that was packed."""
    listed = _json(files[CHECKSUMS], CHECKSUMS)
    if listed.get("format") != FORMAT or listed.get("format_version") != FORMAT_VERSION:
        raise InputError("it was packed by another version of this course")
    rows = listed.get("files")
    for name in MOST_BYTES:
        row = rows.get(name) if isinstance(rows, dict) else None
        found = hashlib.sha256(files[name]).hexdigest()
        if not isinstance(row, dict) or row.get("sha256") != found:
            raise InputError(f"{name} was changed after it was packed")


# --- what is in it --------------------------------------------------------------


def _json(data: bytes, name: str) -> dict:
    """Return the JSON object in a file."""
    with suppress(ValueError):
        found = strict_json(data)
        if isinstance(found, dict):
            return found
    raise InputError(f"{name} is damaged: it is no JSON object")


def _composition(data: bytes) -> Composition:
    """Return the music that a provenance records, if it is music of sensible size."""
    record = _json(data, "entry.json")
    try:
        composition = composition_from(record)
    except InputError:
        raise
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError):
        raise InputError("entry.json is damaged: its parts do not fit") from None
    check_size(composition.score)
    return composition


def check_size(score: Score) -> None:
    """Raise an InputError if a score has more of anything than a minute of music.

    Raises:
        InputError: the sentence says of what.
    """
    refuse_too_large(score, "the music")
    shortest = min(metre.steps_per_bar for metre in score.metres)
    counts = {
        "notes": (len(score.notes), MAX_NOTES),
        "tracks": (len(score.tracks), MAX_TRACKS),
        "changes of tempo": (len(score.tempo_changes), MAX_CHANGES),
        "changes of metre": (len(score.metres), MAX_BARS),
        "bars": (round(score.end / shortest), MAX_BARS),
    }
    for what, (n, most) in counts.items():
        if n > most:
            raise InputError(f"its music has {n:,} {what}, but at most {most:,} can be")
    if not score.notes:
        raise InputError("its music has no notes")


def _check_notes(data: bytes, score: Score) -> None:
    """Raise an InputError unless the MIDI file holds the notes of the provenance."""
    if notes_in(data) != notes_in(midi_bytes(score)):
        raise InputError("entry.mid holds other notes than entry.json")


def notes_in(data: bytes) -> tuple[list, float]:
    """Return all notes of a MIDI file with their instruments, and how long it lasts."""
    score = read_midi(data)
    notes = sorted(
        (n.start, n.pitch, n.duration, n.velocity, track.program, track.is_drum)
        for track in score.tracks
        for n in track.notes
    )
    return notes, round(score.seconds, 2)
