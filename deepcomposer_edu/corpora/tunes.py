"""The melodies that come with the course: songs that nobody owns."""

from __future__ import annotations

import difflib
import json
import re

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import read_midi
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.paths import data_dir


def _index() -> dict[str, dict]:
    path = data_dir() / "tunes" / "index.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"The list of tunes, {path}, cannot be read ({error}); install the course "
            "again with `python course.py setup`."
        ) from error
    return {row["name"]: row for row in rows}


def tune_names() -> list[str]:
    """Return the names of the tunes that ship with the course.

    >>> "ode-to-joy" in tune_names()
    True
    """
    return list(_index())


def tune_info(name: str) -> dict:
    """Return what is known about a tune.

    Args:
        name: one of `tune_names()`; its title, "Ode to Joy", will do.

    Returns:
        A dictionary with name, title, composer, year, key, metre, tempo (quarter notes
        per minute), bars, pickup_steps, lowest and highest (MIDI pitches),
        public_domain (why nobody owns it) and sometimes about. A tune with wrong notes
        has wrong_notes, too: for each its number in the melody ("note", from 0) and the
        pitches "right" and "wrong".

    Raises:
        InputError: if there is no such tune; the message lists close names.
    """
    index = _index()
    by_title = {_slug(row["title"]): row for row in index.values()}
    slug = _slug(str(name))
    row = index.get(slug) or by_title.get(slug)
    if row is None:
        raise InputError(_unknown(str(name), slug, by_title | index))
    return row


def _slug(text: str) -> str:
    """The text in lower case with its words joined by hyphens."""
    return "-".join(re.findall(r"\w+", text.lower().replace("_", " ")))


def _unknown(name: str, slug: str, rows: dict[str, dict]) -> str:
    close = [key for key in rows if slug and (slug in key or key in slug)]
    close += difflib.get_close_matches(slug, rows, n=3, cutoff=0.5)
    names = list(dict.fromkeys(rows[key]["name"] for key in close))[:3]
    if names:
        return (
            f'There is no tune called "{name}"; did you mean {" or ".join(names)}? '
            "`deepcomposer tunes` lists them all."
        )
    everything = ", ".join(dict.fromkeys(row["name"] for row in rows.values()))
    return f'There is no tune called "{name}"; choose one of {everything}.'


def load_tune(name: str) -> Score:
    """Return a tune that ships with the course, as a score of one track.

    Args:
        name: one of `tune_names()`; its title, "Ode to Joy", will do.

    Returns:
        The melody with its tempo, metre, pickup and title.

    Raises:
        InputError: if there is no such tune, or its file is missing or damaged.
    """
    return read_midi(data_dir() / "tunes" / f"{tune_info(name)['name']}.mid")
