"""What a widget takes as music: a Score, something that has one, or a file."""

from __future__ import annotations

from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score


def to_score(music: object, widget: str) -> Score:
    """Return the score that is meant.

    Args:
        music: a Score, an object with a `score` such as a Composition, or the path of a
            MIDI or MusicXML file.
        widget: who asks, for the sentence when it is none of these: "The editor".

    Raises:
        InputError: if it is something else, or the file cannot be read.
    """
    if isinstance(music, Score):
        return music
    if isinstance(music, str | Path):
        from deepcomposer_edu.music.files import read_score

        return read_score(music)
    score = getattr(music, "score", None)
    if isinstance(score, Score):
        return score
    raise InputError(
        f"{widget} was given a {type(music).__name__}, but it takes a Score, a "
        "composition, or the path of a MIDI or MusicXML file."
    )
