"""From the tracks of a file to four voices: chosen ones, or all its notes together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from deepcomposer_edu.corpora.folder_rules import (
    AUTO,
    N_VOICES,
    PROGRAM,
    TEXTURE,
    LeftOutError,
    Picks,
)
from deepcomposer_edu.music.grid import (
    MAX_GRID_STEPS,
    REST,
    VOICE_NAMES,
    Grid,
    nearest_step,
    to_grid,
)
from deepcomposer_edu.music.instruments import find_instrument, instrument_name
from deepcomposer_edu.music.score import Note, Score, Track

INNER = (64, 57)  # where alto and tenor are looked for at first, in the middle of both


def voices_of(score: Score, tracks: Picks = AUTO) -> tuple[Grid, list[Track]]:
    """Return the four voices of a score, and the tracks that they were made from.

    Args:
        score: music with any number of tracks.
        tracks: see `folder_rules.FolderRules`.

    Raises:
        LeftOutError: if the score has no such tracks.
    """
    sources = four_voices(score, tracks) if tracks != TEXTURE else pitched_tracks(score)
    if tracks == TEXTURE:
        return texture(note for track in sources for note in track.notes), sources
    return to_grid(Score(tuple(sources))), sources


def four_voices(score: Score, tracks: Picks = AUTO) -> list[Track]:
    """Return the tracks of a score that make four voices, the melody first.

    Chosen automatically, they are the tracks named Soprano, Alto, Tenor and Bass.
    Without those names they are the track that lies highest and, of the others, the
    three that sound longest, in order of their mean pitch. Drums never count.

    Args:
        score: music with any number of tracks.
        tracks: "auto", or four picks as `folder_rules.FolderRules` takes them.

    Raises:
        LeftOutError: if there are fewer than four tracks with pitched notes, or one of
            those chosen is missing.
    """
    if tracks != AUTO:
        return _picked(score, tracks)
    pitched = pitched_tracks(score)
    if len(pitched) < N_VOICES:
        raise LeftOutError(
            "tracks",
            f"it has {len(pitched)} tracks with pitched notes, but four voices need "
            'four, one for each; tracks="texture" makes voices of all notes.',
        )
    named = [
        next((t for t in pitched if t.name.lower().startswith(name.lower())), None)
        for name in VOICE_NAMES
    ]
    if None not in named:
        return named
    by_height = sorted(pitched, key=_mean_pitch, reverse=True)
    highest, others = by_height[0], by_height[1:]
    longest = sorted(others, key=_sounding, reverse=True)[: N_VOICES - 1]
    return [highest, *sorted(longest, key=_mean_pitch, reverse=True)]


def pitched_tracks(score: Score) -> list[Track]:
    """Return the tracks that hold notes and are no drums."""
    return [track for track in score.tracks if track.notes and not track.is_drum]


def track_rows(score: Score) -> list[dict[str, object]]:
    """Return what can be chosen in a score: one row for each track with notes.

    Each row has its number from 1, name, instrument, number of notes, lowest and
    highest pitch, and the largest number of notes that begin together.
    """
    rows = []
    for number, track in enumerate(_numbered(score), 1):
        starts = [note.start for note in track.notes]
        pitches = [note.pitch for note in track.notes]
        rows.append(
            {
                "number": number,
                "name": track.name,
                "instrument": "drums"
                if track.is_drum
                else instrument_name(track.program),
                "n_notes": len(pitches),
                "lowest": min(pitches),
                "highest": max(pitches),
                "most_together": max(Counter(starts).values()),
            }
        )
    return rows


def texture(notes: Iterable[Note]) -> Grid:
    """Return four voices made of all notes that sound together, step by step.

    The highest note is the soprano and the lowest the bass. Alto and tenor are those
    two of the others that lie nearest to where they were; of one, both sing it; of
    none, they rest, as bass, alto and tenor do where a single note sounds.

    Args:
        notes: of all tracks, in any order.

    Returns:
        The voices, shape (4, T).

    Raises:
        LeftOutError: if the music is longer than a grid can be.
    """
    notes = list(notes)
    sounding, struck = _sounding_and_struck(notes)  # (T, 128) each
    pitches = np.full((N_VOICES, len(sounding)), REST, dtype=np.int16)
    inner = INNER
    for step, row in enumerate(sounding):
        if step and np.array_equal(row, sounding[step - 1]):
            pitches[:, step] = pitches[:, step - 1]
            continue
        heard = np.flatnonzero(row)[::-1].tolist()  # the highest first
        pitches[:, step] = chosen = _spread(heard, inner)
        if chosen[1] != REST:
            inner = chosen[1], chosen[2]
    steps = np.arange(len(sounding))
    onsets = struck[steps, np.maximum(pitches, 0)] & (pitches != REST)  # (4, T)
    return Grid(pitches, onsets)


def _spread(heard: Sequence[int], inner: tuple[int, int]) -> tuple[int, ...]:
    """Return soprano, alto, tenor and bass of the notes that sound, highest first."""
    if len(heard) < 2:
        return (*heard, *[REST] * (N_VOICES - len(heard)))
    top, *middle, bottom = heard
    if not middle:
        return top, REST, REST, bottom
    if len(middle) == 1:
        return top, middle[0], middle[0], bottom

    def distance(pair: tuple[int, int]) -> int:
        return sum(abs(now - before) for now, before in zip(pair, inner, strict=True))

    return top, *min(combinations(middle, 2), key=distance), bottom


def _sounding_and_struck(notes: Sequence[Note]) -> tuple[np.ndarray, np.ndarray]:
    """Return which pitches sound and which begin in each step, (T, 128) bool each."""
    spans = [
        (start := nearest_step(n.start), max(start + 1, nearest_step(n.end)), n.pitch)
        for n in notes
    ]
    length = max(end for _, end, _ in spans)
    if length > MAX_GRID_STEPS // 8:
        raise LeftOutError(
            "length",
            f"it lasts {length:,} steps of a sixteenth, but at most "
            f"{MAX_GRID_STEPS // 8:,} are taken.",
        )
    sounding, struck = (np.zeros((length, 128), dtype=bool) for _ in range(2))
    for start, end, pitch in spans:
        sounding[start:end, pitch] = True
        struck[start, pitch] = True
    return sounding, struck


def _picked(score: Score, picks: Sequence[int | str]) -> list[Track]:
    """Return the chosen tracks; each can be taken once."""
    numbered = _numbered(score)
    taken: list[Track] = []
    for pick in picks:
        free = [t for t in numbered if not any(t is other for other in taken)]
        if isinstance(pick, int):
            found = numbered[pick - 1] if pick <= len(numbered) else None
            found = found if any(t is found for t in free) else None
        elif pick.lower().startswith(PROGRAM):
            program = find_instrument(pick[len(PROGRAM) :])
            free = [t for t in free if not t.is_drum]
            found = next((t for t in free if t.program == program), None)
        else:
            start = pick.strip().lower()
            found = next((t for t in free if t.name.lower().startswith(start)), None)
        if found is None or found.is_drum:
            what = "is drums" if found is not None else "is not there"
            raise LeftOutError(
                "tracks", f"its track {pick!r} {what}; it has {_list(score)}."
            )
        taken.append(found)
    return taken


def _numbered(score: Score) -> list[Track]:
    """Return the tracks as they are numbered: those that hold notes, drums too."""
    return [track for track in score.tracks if track.notes]


def _list(score: Score) -> str:
    """Return the tracks of a score in words, at most eight of them."""
    names = [
        f"{row['number']} {row['name'] or row['instrument']}"[:40]
        for row in track_rows(score)
    ]
    return ", ".join(names if len(names) <= 8 else [*names[:8], "..."]) or "none"


def _sounding(track: Track) -> float:
    """How many steps a track sounds, chords counted note by note."""
    return sum(note.duration for note in track.notes)


def _mean_pitch(track: Track) -> float:
    """How high a track lies: its mean pitch, long notes counting more."""
    return sum(n.pitch * n.duration for n in track.notes) / _sounding(track)
