"""Readers of what the course itself writes, and others may have changed: JSON, zips."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from challenge_entries import (
    card,
    composition,
    entry_files,
    four_voices,
    report,
    wav_bytes,
    zip_of,
)

from deepcomposer_edu.challenge.card import read_card
from deepcomposer_edu.challenge.feedback_page import feedback_page
from deepcomposer_edu.challenge.judging_key import read_key
from deepcomposer_edu.challenge.reading import read_entry
from deepcomposer_edu.challenge.results import results_of
from deepcomposer_edu.challenge.results_page import leaderboard_page
from deepcomposer_edu.challenge.scores import KEYS, read_scores
from deepcomposer_edu.classroom.class_progress import read_class
from deepcomposer_edu.classroom.course_folder import read_notebook
from deepcomposer_edu.classroom.dashboard import dashboard_page
from deepcomposer_edu.classroom.seats import make_seats, names_from, read_seats
from deepcomposer_edu.compose.blind.pooling import pool
from deepcomposer_edu.compose.blind.result_files import read_result
from deepcomposer_edu.compose.comparing.records import differences
from deepcomposer_edu.compose.export.cards import process_card
from deepcomposer_edu.compose.provenance import (
    FORMAT,
    notes_digest,
    read_provenance,
    recorded_score,
    to_json,
)
from deepcomposer_edu.compose.techniques.edit_record import recorded_edits
from deepcomposer_edu.compose.version_files import composition_from
from deepcomposer_edu.compose.versions import Versions
from deepcomposer_edu.course.copies import NOTES_NAME, content_hash, read_notes
from deepcomposer_edu.course.progress import read_progress
from deepcomposer_edu.course.progress_log import VERSION
from deepcomposer_edu.course.progress_page import progress_page
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score_dict import score_from_dict, score_to_dict
from fuzz.mutate import as_bytes, as_json, as_json_lines, as_words, either
from fuzz.target import Target, from_file

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
as_record = either(as_json, as_json, as_json, as_bytes)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


# --- compositions -------------------------------------------------------------


@cache
def provenances() -> list[bytes]:
    """Return the provenance of a piece, of a chain of two, and of one with edits."""
    first = composition(four_voices(2)).provenance
    chained = {**first, "parents": [{"kind": "composition", "composition": first}]}
    voice = [[0, 60, 4], [4, 62, 4]]
    edited = [[0, 60, 4], [4, 64, 4]]
    record = {"steps_per_bar": 16, "pickup": 0, "offset": 0, "score_pickup": 0}
    record |= {"n_steps": 8, "start": [voice] * 4, "end": [edited, *[voice] * 3]}
    record |= {"rows": [[0, 4, 4, 62, 64, 0.5, 1]]}
    changed = {**first, "technique": "ar-cnn", "edits": record}
    weights = {"name": "wgan-bach", "sha256": "0" * 64}
    return [
        to_json(p).encode() for p in (first | {"weights": weights}, chained, changed)
    ]


def read_composition(path: Path) -> None:
    """Read a composition.json as every door does, were its digest right."""
    record = read_provenance(path)
    score = recorded_score(record["result"].get("score"))
    record["result"]["sha256"] = notes_digest(score)
    made = composition_from(record)
    differences(record, composition(four_voices(1)).provenance)
    str(process_card(made))
    if record.get("edits") is not None:
        recorded_edits(record).sentences()


def read_score_dict(data: bytes, _folder: Path) -> None:
    """Read a score from plain lists, and write it again."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError("no JSON") from None
    score_to_dict(score_from_dict(value))


def version_seeds() -> list[bytes]:
    """Return the file of a version."""
    with tempfile.TemporaryDirectory() as folder:
        found = Versions(folder)
        version = found.add(composition(four_voices(1)), label="first try")
        return [(Path(folder) / f"{version.id}.json").read_bytes()]


def read_versions(data: bytes, folder: Path) -> None:
    """Open a folder of versions with one file, of the name that it gives itself."""
    place = folder / "versions"
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    (place / "0001-0123ab.json").write_bytes(data.replace(b"@", b"0123ab"))
    (place / "current.json").write_bytes(data)
    found = Versions(place)
    for version in found.list():
        found.get(version.id).summary()


# --- the challenge ---------------------------------------------------------------


@cache
def _entry() -> dict[str, bytes]:
    made = composition(four_voices(1))
    return entry_files(made, entry_wav=wav_bytes(made.score.seconds + 1, rate=8_000))


def zip_seeds() -> list[bytes]:
    """Return an entry whose sound is a tenth as large as usual."""
    return [zip_of(_entry())]


def packed_seeds() -> list[bytes]:
    """Return each file of an entry that is looked into, behind its number."""
    return [bytes([i]) + _entry()[name] for i, name in enumerate(_INSIDE)]


_INSIDE = ("entry.json", "card.json", "entry.mid", "entry.wav")


def read_packed(data: bytes, folder: Path) -> None:
    """Read an entry in which one file was replaced before it was summed and packed."""
    name = _INSIDE[(data[:1] or b"\0")[0] % len(_INSIDE)]
    path = folder / "a.zip"
    path.write_bytes(zip_of({**_entry(), name: data[1:]}))
    read_entry(path)


def as_packed(data: bytes, rng) -> bytes:
    """Return a file behind its number, damaged as one of its kind."""
    is_json = data[:1] in (b"\0", b"\1")
    return data[:1] + (as_record if is_json else as_bytes)(data[1:], rng)


@cache
def said() -> bytes:
    marks = {"scores": dict.fromkeys(KEYS, 3), "done": True, "comment": "I liked it."}
    marks |= {"felt": ["wonder"], "flags": [], "why": "", "heard_share": 1.0}
    content = {"format": "deepcomposer-edu scores", "format_version": 1}
    content |= {"judge": "Judge 1", "contest": "c", "entries": {"A": marks, "B": marks}}
    return _json(content)


@cache
def judging() -> bytes:
    rows = [
        {
            "code": code,
            "file": f"{code}.zip",
            "card": card().to_dict(),
            "report": report().to_dict(),
        }
        for code in "AB"
    ]
    content = {"format": "deepcomposer-edu judging", "format_version": 1}
    return _json(content | {"contest": "c", "entries": rows})


def read_judging(path: Path) -> None:
    """Read the key of a judging, and make its results of three judges."""
    key = read_key(path)
    scores = path.with_name("scores.json")
    scores.write_bytes(said())
    found = results_of(key, [read_scores(scores)] * 3)
    leaderboard_page(found)
    for one in found.standings:
        feedback_page(found, one)


def bot_seeds() -> list[bytes]:
    """Return a result of Bach or bot of two rounds."""
    row = {"real": True, "said": False, "title": "BWV 1", "says": {"grade": True}}
    content = {"format": "deepcomposer bach-or-bot result", "format_version": 1}
    content |= {"rounds": [{**row, "heard": {"leaps": 0.5}}] * 2, "names": ["a", "b"]}
    return [_json(content | {"test": "t", "about": "", "player": "P", "id": "i"})]


def read_bot(path: Path) -> None:
    """Read a result of Bach or bot and pool it."""
    read_result(path)
    repr(pool([path]))


# --- learners ----------------------------------------------------------------------


def progress_seeds() -> list[bytes]:
    """Return a progress file with a name, a check, a hint and a quiz."""
    rows = [
        {"kind": "learner", "name": "Learner 1"},
        *(
            {"kind": kind, "lesson": "01", "item": item, "state": state, "note": "so"}
            for kind, item, state in (
                ("lesson", "", "opened"),
                ("check", "1.1", "refused"),
                ("hint", "1.1", "asked"),
                ("check", "1.1", "passed"),
                ("quiz", "q1", "right"),
            )
        ),
    ]
    stamped = [
        {"version": VERSION, "at": "2026-03-01T10:00:00Z", **row} for row in rows
    ]
    return [b"\n".join(_json(row) for row in stamped) + b"\n"]


def read_learner(path: Path) -> None:
    """Read a progress file and show it."""
    found = read_progress(path)
    repr(found)
    found._repr_html_()
    progress_page(found, NOW)


def read_classroom(path: Path) -> None:
    """Read a class of one file and show it to the teacher."""
    dashboard_page(read_class(path.parent), NOW)


def notebook_seeds() -> list[bytes]:
    """Return a notebook of two cells."""
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# A"]},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "source": "1",
            "outputs": [],
            "execution_count": None,
        },
    ]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return [_json(book)]


def read_lesson(path: Path) -> None:
    """Read a learner's copy of a lesson, and the notes of what was given."""
    content_hash(path)
    path.with_name(NOTES_NAME).write_bytes(path.read_bytes())
    read_notes(path.parent)
    read_notebook(path)


def seat_seeds() -> list[bytes]:
    """Return the seats of a class of two."""
    return [_json([vars(seat) for seat in make_seats(["Learner 1", "Learner 2"])])]


def read_names(path: Path) -> None:
    """Read a class list and make seats of it."""
    make_seats(names_from(path)[:50])


TARGETS = [
    Target(
        "provenance",
        provenances,
        from_file(read_composition, "composition.json"),
        as_record,
        (FORMAT.encode(), b'"parents"', b'"kind"', b'"composition"', b"null"),
    ),
    Target(
        "score as lists",
        lambda: [_json(score_to_dict(four_voices(1)))],
        read_score_dict,
        as_record,
    ),
    Target("versions", version_seeds, read_versions, as_record),
    Target(
        "contest zip",
        zip_seeds,
        from_file(read_entry, "a.zip"),
        words=(b"PK\1\2", b"PK\3\4", b"PK\5\6", b"entry.mid", b"card.json"),
        most=65_536,
    ),
    Target("contest zip, repacked", packed_seeds, read_packed, as_packed, most=65_536),
    Target(
        "card",
        lambda: [_json(card().to_dict())],
        from_file(read_card, "card.json"),
        as_record,
    ),
    Target("scores", lambda: [said()], from_file(read_scores, "a.json"), as_record),
    Target(
        "judging", lambda: [judging()], from_file(read_judging, "key.json"), as_record
    ),
    Target("Bach or bot", bot_seeds, from_file(read_bot, "a.json"), as_record),
    Target(
        "progress",
        progress_seeds,
        from_file(read_learner, "progress.jsonl"),
        either(as_json_lines, as_bytes),
    ),
    Target(
        "class",
        progress_seeds,
        from_file(read_classroom, "learner.jsonl"),
        either(as_json_lines, as_bytes),
    ),
    Target("notebook", notebook_seeds, from_file(read_lesson, "a.ipynb"), as_record),
    Target("seats", seat_seeds, from_file(read_seats, "seats.json"), as_record),
    Target(
        "class list",
        lambda: ["Ada Lovelace\nÉmile\n\n".encode()],
        from_file(read_names, "class.txt"),
        either(as_words, as_bytes),
    ),
]
