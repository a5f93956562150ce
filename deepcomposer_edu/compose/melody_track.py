"""Which track of a score is the melody, and which of its notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Note, Score, Track

MELODY_WORDS = ("melody", "soprano", "vocal", "lead")


def choose_track(score: Score) -> tuple[Track, list[str]]:
    """Return the track that is the melody, and the sentence that says why.

    It is the first track whose name says melody, soprano, vocal or lead, else the one
    that sounds highest on average, else the first. Drums and empty tracks do not count.

    Raises:
        InputError: if no track has a note that is not a drum.
    """
    full = [track for track in score.tracks if track.notes]
    pitched = [track for track in full if not track.is_drum]
    if not full:
        raise InputError(
            "The music has no notes, but a melody needs at least one; "
            "choose another file or play something first."
        )
    if not pitched:
        raise InputError(
            "The music has only drums, but a melody needs notes with a pitch; "
            "choose a file with a melody track."
        )
    chosen, why = _melody_track(pitched)
    others = [_track_name(track) for track in full if track is not chosen]
    if not others:
        return chosen, []
    shown = ", ".join(others[:4]) + (
        f" and {len(others) - 4} more" if len(others) > 4 else ""
    )
    left_out = f"left out: {shown}"
    return chosen, [f"The melody is {_track_name(chosen)}, {why}; {left_out}."]


def _melody_track(pitched: Sequence[Track]) -> tuple[Track, str]:
    """Return the melody among tracks with notes, and why it is the melody."""
    if len(pitched) == 1:
        return pitched[0], "the only track with pitches"
    for word in MELODY_WORDS:
        for track in pitched:
            if is_melody_name(track.name, (word,)):
                return track, "because its name says so"
    means = [np.mean([note.pitch for note in track.notes]) for track in pitched]
    highest = int(np.argmax(means))  # the first of equals
    return pitched[highest], "because it sounds highest on average"


def is_melody_name(name: str, words: Sequence[str] = MELODY_WORDS) -> bool:
    """Return whether a track's name says that it is the melody.

    >>> is_melody_name("Lead Guitar"), is_melody_name("Misleading")
    (True, False)
    """
    return any(re.search(rf"\b{word}", name.lower()) for word in words)


def _track_name(track: Track) -> str:
    """Return what to call a track in a sentence."""
    if track.is_drum:
        return f"the drums '{track.name[:30]}'" if track.name else "the drums"
    return f"the track '{track.name[:30]}'" if track.name else "a track without a name"


def top_line(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return the notes that are the melody of a track that may hold chords.

    A note belongs to a chord below the melody if higher notes (or the same pitch,
    struck before it) sound during more than half of it. So notes that overlap a little,
    played legato, all stay.

    >>> line = top_line([Note(0, 60, 4), Note(0, 64, 4), Note(4, 62, 4)])
    >>> [note.pitch for note in line]
    [64, 62]
    """
    times = np.unique([(note.start, note.end) for note in notes])
    lengths = np.diff(times)  # of the spans in which nothing begins or ends
    is_covered = np.zeros(len(lengths), dtype=bool)
    kept = []
    for note in sorted(notes, key=lambda n: (-n.pitch, n.start, -n.duration)):
        first, last = np.searchsorted(times, (note.start, note.end))
        span = slice(first, last)
        if lengths[span][is_covered[span]].sum() <= note.duration / 2:
            kept.append(note)
        is_covered[span] = True
    return tuple(sorted(kept))
