"""What a session says of one composition: its folder, its notes, its recipe."""

from __future__ import annotations

import re
from collections.abc import Mapping

from deepcomposer_edu.compose.arranging.record import ARRANGING
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.provenance import recorded_score
from deepcomposer_edu.compose.versions import Version
from deepcomposer_edu.music.score import Note, note_name
from deepcomposer_edu.music.theory import place_name


def folder_name(version: Version) -> str:
    """Return what a version's folder is called: "ode-to-joy-3"."""
    title = version.composition.score.title
    words = "-".join(re.findall(r"\w+", title.lower()))[:40].strip("-")
    return f"{words or 'composition'}-{version.number}"


def melody_notes(composition: Composition) -> list[tuple[int, str]]:
    """Return the given melody's notes as (number, words): (0, "bar 1, beat 1: B4")."""
    score = composition.score
    return [
        (
            i,
            f"{place_name(note.start, score.metres[0], score.pickup)}: "
            f"{note_name(note.pitch)}",
        )
        for i, note in enumerate(composition.given_notes)
    ]


def first_melody(composition: Composition) -> tuple[Note, ...]:
    """Return the melody that was given, even where a technique edited it."""
    while composition.provenance["technique"] in ARRANGING and composition.parents:
        composition = composition.parents[0]
    if composition.provenance.get("melody_edited") is not True:
        return composition.given_notes
    parent = composition.provenance["parents"][0]
    earlier = parent.get("composition", {}).get("result", parent)
    return recorded_score(earlier.get("score")).tracks[0].notes


def recipe_key(record: Mapping) -> tuple[str, str]:
    """Return what two versions share if they are one: notes and how they were made."""
    told = (
        record["technique"],
        record["genre"],
        record.get("model"),
        sorted(record["parameters"].items()),
        record["seed"],
        record.get("raw", {}).get("timbres"),
    )
    return record["result"]["sha256"], repr(told)
