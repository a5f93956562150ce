"""What music is made from: a score, a file, a shipped tune or another composition."""

from __future__ import annotations

import os
from pathlib import Path

from deepcomposer_edu.compose.arranging.record import Source, voices_of
from deepcomposer_edu.compose.chain import MAX_PARENTS, chain_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.parameters import did_you_mean
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score, Track

COMPOSITION = "composition.json"


def source_of(
    melody: Source,
) -> tuple[Score, dict, tuple[Composition, ...]]:
    """Return the given music, the start of its record as a parent, and the parents.

    An arrangement comes with one track for each voice.

    Raises:
        InputError: if it cannot be read or used.
    """
    if isinstance(melody, str | Path) and Path(melody, COMPOSITION).is_file():
        melody = Path(melody, COMPOSITION)  # the folder that `save` wrote into
    if isinstance(melody, str | Path) and Path(melody).suffix.lower() == ".json":
        from deepcomposer_edu.compose.replay import replay

        melody = replay(melody)
    if isinstance(melody, Composition):
        _refuse_long_chain(melody)
        record = {"kind": "composition", "composition": melody.provenance}
        return voices_of(melody), record, (melody,)
    if isinstance(melody, Score):
        record = {"kind": "score", "name": melody.title[:200]}
        return melody, record, ()
    if isinstance(melody, str | Path):
        return *_read(melody), ()
    raise InputError(
        f"The melody is a {type(melody).__name__}, but a score, a path, the name of a "
        "tune or a composition is needed."
    )


def melody_of(melody: str | Path) -> Score:
    """Return the music of a file, or of a shipped tune by its name.

    Raises:
        InputError: if there is no such thing, or the file cannot be used.
    """
    return _read(melody)[0]


def lower_voices(score: Score) -> tuple[Track, ...]:
    """Return the three voices below a melody that are called alto, tenor and bass.

    Returns:
        The tracks, none if there are others, or if one of the four has no notes.
    """
    names = [track.name.strip().lower() for track in score.tracks[1:]]
    if names != ["alto", "tenor", "bass"]:
        return ()
    if any(track.is_drum or not track.notes for track in score.tracks):
        return ()
    return score.tracks[1:]


def _read(melody: str | Path) -> tuple[Score, dict]:
    """Return the music of a file or of a shipped tune, and its record as a parent."""
    from deepcomposer_edu.corpora.tunes import load_tune, tune_names

    names = tune_names()
    if isinstance(melody, str) and melody in names:
        return load_tune(melody), {"kind": "tune", "name": melody}
    path = Path(melody)
    is_a_name = isinstance(melody, str) and path.name == melody and not path.suffix
    if is_a_name and not os.path.exists(melody):  # noqa: PTH110 - never raises
        raise InputError(
            f"There is no file and no tune called {melody[:60]!r}"
            f"{did_you_mean(melody, names)}; the tunes are: {', '.join(names)}."
        )
    from deepcomposer_edu.files import sha256_of
    from deepcomposer_edu.music.files import read_score

    score = read_score(path)
    return score, {"kind": "file", "name": path.name, "sha256": sha256_of(path)}


def _refuse_long_chain(composition: Composition) -> None:
    """Raise an InputError if one more composition makes the chain too long."""
    n_links = len(chain_of(composition.provenance))
    if n_links >= MAX_PARENTS:
        raise InputError(
            f"This composition is already the last of a chain of {n_links}, and at "
            f"most {MAX_PARENTS} can be recorded; start from its MIDI file."
        )
