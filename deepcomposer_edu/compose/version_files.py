"""A version as a file: written whole or not at all, and read with suspicion."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deepcomposer_edu.compose import provenance as prov
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, make_folder, strict_json

FORMAT = "deepcomposer-edu version"
FORMAT_VERSION = 1
MAX_LABEL = 200  # letters
_ID = re.compile(r"\d{4,}-[0-9a-f]{6}")


@dataclass(frozen=True)
class Version:
    """One composition in the tree.

    Args:
        id: what it is called in the folder: its number and six random digits.
        parent_id: the version that it was made from, None for the first of a tree.
        label: the learner's own words for it.
        saved_at: when it was added, in UTC.
        composition: the composition itself.
    """

    id: str
    parent_id: str | None
    label: str
    saved_at: datetime
    composition: Composition

    @property
    def number(self) -> int:
        """Its number: versions are counted from 1 in the order they were added."""
        return int(self.id.split("-")[0])

    @property
    def order(self) -> tuple[int, datetime, str]:
        """What versions are sorted by: number, time, id."""
        return self.number, self.saved_at, self.id

    def summary(self) -> str:
        """Return what the version is, in a line: number, label, how it was made.

        Its settings come from the provenance: technique, genre and seed.
        """
        made = self.composition.provenance
        under = f", model {made['model']}" if made.get("model") else ""
        words = [f"{made['technique']} ({made['genre']}{under}), seed {made['seed']}"]
        if self.label:
            words.insert(0, self.label)
        return f"{self.number}: {', '.join(words)}"


def write_version(folder: Path, version: Version) -> None:
    """Write a version's file into a folder, which is made if it is missing.

    Raises:
        InputError: if it cannot be written.
    """
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "id": version.id,
        "parent": version.parent_id,
        "label": version.label,
        "saved_at": version.saved_at.isoformat(),
        "composition": dict(version.composition.provenance),
    }
    text = json.dumps(content, ensure_ascii=False) + "\n"
    with atomic_path(make_folder(folder) / f"{version.id}.json") as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_version(path: Path) -> Version:
    """Return the version in a file.

    Raises:
        InputError: if the file is damaged; the sentence names it.
    """
    try:
        if path.stat().st_size > prov.MAX_BYTES:
            raise InputError("it is too large")
        data = strict_json(path.read_bytes())
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise InputError("it is not a version")
        if data.get("format_version") != FORMAT_VERSION:
            raise InputError("it was written by another version of the course")
        version_id, parent, label = (data.get(k) for k in ("id", "parent", "label"))
        if version_id != path.stem or not _ID.fullmatch(path.stem):
            raise InputError("its name is not its own")
        if not isinstance(parent, str | None) or not isinstance(label, str):
            raise InputError("it lacks its place in the tree")
        saved_at = datetime.fromisoformat(data["saved_at"])
        if saved_at.tzinfo is None:
            saved_at = saved_at.replace(tzinfo=UTC)
        composition = composition_from(data["composition"])
    except InputError as error:
        reason = str(error).rstrip(".")
    except OSError as error:
        reason = str(error.strerror)
    except (ValueError, TypeError, KeyError, AttributeError):
        reason = "it is not whole"
    else:
        return Version(version_id, parent, label[:MAX_LABEL], saved_at, composition)
    raise InputError(f"The version {path.name} was left out: {reason}.")


def composition_from(record: Mapping) -> Composition:
    """Return the composition that a provenance records, without making it again.

    Args:
        record: what a composition.json holds.

    Raises:
        InputError: if it is damaged, or its notes are not those that it was saved with.
    """
    prov.check_outline(record)
    score = prov.recorded_score(record["result"].get("score"))
    if prov.notes_digest(score) != record["result"]["sha256"]:
        raise InputError(
            "The notes of the composition are not those that it was saved with; was "
            "the file edited?"
        )
    parent = record["parents"][0]
    parents = ()
    if parent["kind"] == "composition":
        parents = (composition_from(parent["composition"]),)
    return Composition(score, dict(record), list(record["input_notes"]), parents)


def read_composition(path: str | Path) -> Composition:
    """Return the composition in a composition.json, without making it again.

    Args:
        path: of the file, or of its folder.

    Raises:
        InputError: if it cannot be read, or its notes are not those it was saved with.
    """
    return composition_from(prov.read_provenance(path))


def checked_label(text: object) -> str:
    """Return a label in one line, or raise an InputError."""
    if not isinstance(text, str) or len(text) > MAX_LABEL:
        raise InputError(
            f"The label is {str(text)[:40]!r}, but it must be text of at most "
            f"{MAX_LABEL} letters."
        )
    return " ".join(text.split())
