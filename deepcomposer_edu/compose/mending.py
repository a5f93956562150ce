"""Fixes of a teacher's marks, put into a composition as it is, and written down.

A fix gives a stretch of a voice another pitch (`models/fixes.py`). Loudness, tempo,
sections and instruments stay. The changes stand in the provenance, so that a mended
piece can be made again without looking for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deepcomposer_edu.compose import provenance as prov
from deepcomposer_edu.compose.arranging.record import MEND, owners_of, voices_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.sources import source_of
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.chorale_features import (
    checked_voices,
    score_voices,
    voice_order,
)
from deepcomposer_edu.music.faults import Fault
from deepcomposer_edu.music.grid import VOICE_NAMES, Grid, nearest_step
from deepcomposer_edu.music.score import Metre, Note, Score, note_name
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.music.theory import place_name

if TYPE_CHECKING:
    from deepcomposer_edu.models.fixes import Change, Fix

MAX_CHANGES = 2_000  # of one record: more than any search makes
_CHANGE = re.compile(r"([a-z]+) (\d{1,6})-(\d{1,6}) ([A-G]#?-?\d{1,2})")
_PITCHES = {note_name(pitch): pitch for pitch in range(128)}
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Marks:
    """What a teacher would mark in a composition.

    Args:
        grid: its four voices, the highest first.
        metre: of its bars.
        pickup: steps before the first bar line.
        faults: in order of time.
    """

    grid: Grid
    metre: Metre
    pickup: float
    faults: tuple[Fault, ...]

    def fix(self, number: int) -> Fix | None:
        """Return a way to mend a mark, by its number from 0; None if none is near.

        Raises:
            InputError: if there is no such mark.
        """
        from deepcomposer_edu.models.fixes import find_fix

        return find_fix(self.grid, self.fault(number), self.metre, self.pickup)

    def fault(self, number: int) -> Fault:
        """Return a mark by its number, from 0.

        Raises:
            InputError: if there is none.
        """
        is_number = isinstance(number, int) and not isinstance(number, bool)
        if not is_number or not 0 <= number < len(self.faults):
            raise InputError(
                f"There is no mark {str(number)[:20]}; this version has "
                f"{len(self.faults)}, numbered from 0."
            )
        return self.faults[number]


def teacher_marks_of(composition: Composition) -> Marks:
    """Return what a teacher would mark in the four voices of a composition.

    Raises:
        InputError: if it has no four voices.
    """
    from deepcomposer_edu.models.wrong_notes import teacher_marks

    grid = _voices(composition)
    metre, pickup = composition.score.metres[0], composition.score.pickup
    return Marks(grid, metre, pickup, tuple(teacher_marks(grid, metre, pickup)))


def mend(composition: Composition, changes: Sequence[Change]) -> Composition:
    """Return a composition with changes of its voices made, one after the other.

    What was mended before is mended once more, with all changes in one record.

    Args:
        composition: the piece, in four voices.
        changes: as `models.fixes.Fix.changes` names them.

    Raises:
        InputError: if there are none, or nothing sounds where one is to be made.
    """
    rows = [(c.voice, int(c.start), int(c.end), int(c.new)) for c in changes]
    made = composition.provenance
    if made["technique"] == MEND and composition.parents:
        rows = [*_read_changes(made["parameters"].get("changes")), *rows]
        composition = composition.parents[0]
    return _mended(composition, rows)


def mend_all(
    composition: Composition, on_progress: Progress = lambda _done, _left: None
) -> tuple[Composition, int, int]:
    """Return a composition with mark after mark mended.

    Args:
        composition: the piece, in four voices.
        on_progress: called with how many marks were seen to, and how many are left; an
            exception raised in it ends the work.

    Returns:
        The mended piece, how many fixes were made, and for how many marks none is near.
        Without a fix it is the piece itself.

    Raises:
        InputError: if it has no four voices.
    """
    from deepcomposer_edu.models import fixes

    metre, pickup = composition.score.metres[0], composition.score.pickup
    grid = _voices(composition)
    _, done, left = fixes.mend_all(grid, metre, pickup, on_progress=on_progress)
    changes = [change for fix in done for change in fix.changes]
    made = mend(composition, changes) if changes else composition
    return made, len(done), len(left)


def mended_again(record: Mapping, given: object) -> Composition:
    """Return what `mend` made, made again.

    Args:
        record: the provenance.
        given: its parent, made again.

    Raises:
        InputError: if the record is damaged.
    """
    if not isinstance(given, Composition):
        raise _damaged()
    return _mended(given, _read_changes(record["parameters"].get("changes")))


def notes_at(composition: Composition, fault: Fault) -> list[list[int]]:
    """Return the notes that a mark is about, as [track, number of the note]."""
    found = []
    for voice in fault.voices:
        for track in _tracks_of(composition)[voice]:
            for i, note in enumerate(composition.score.tracks[track].notes):
                start, end = _span(note)
                if start <= fault.step < end:
                    found.append([track, i])
    return found


Row = tuple[int, int, int, int]  # voice, first step, the step after the last, pitch


def _mended(composition: Composition, rows: Sequence[Row]) -> Composition:
    """Return a composition with changes made, and its provenance."""
    if not 1 <= len(rows) <= MAX_CHANGES:
        raise InputError(
            f"{len(rows)} changes were asked for, but 1 to {MAX_CHANGES} can be made; "
            "give those of a fix."
        )
    _, parent, parents = source_of(composition)
    tracks_of, before = _tracks_of(composition), composition.score
    score, notes = before, []
    for row in rows:
        score, sentence = _with_change(score, tracks_of, row)
        notes.append(sentence)
    given = composition.provenance
    is_melody_kept = score.tracks[0].notes == before.tracks[0].notes
    kept = ("raw", "arrangement", *(("n_given",) if is_melody_kept else ()))
    record = {
        "format": prov.FORMAT,
        "format_version": prov.FORMAT_VERSION,
        "technique": MEND,
        "genre": given["genre"],
        "model": None,
        "parameters": {"changes": _changes_text(rows)},
        "seed": given["seed"],
        "tempo": None,
        "instruments": list(given["instruments"]),
        **{key: given[key] for key in kept if key in given},
        "melody_edited": given.get("melody_edited") is True or not is_melody_kept,
        "weights": None,
        "versions": prov.versions(with_torch=False),
        "input_notes": notes,
        "result": {"sha256": prov.notes_digest(score), "score": score_to_dict(score)},
        "parents": [parent],
    }
    return Composition(score, record, list(notes), parents)


def _with_change(
    score: Score, tracks_of: Sequence[Sequence[int]], row: Row
) -> tuple[Score, str]:
    """Return a score with one change made, and the change in words."""
    voice, start, end, pitch = row
    tracks, old = list(score.tracks), None
    for k in tracks_of[voice]:
        notes: list[Note] = []
        for note in tracks[k].notes:
            parts = _parts(note, start, end, pitch)
            if len(parts) > 1 or parts[0] is not note:
                old = note.pitch if old is None else old
            notes.extend(parts)
        tracks[k] = replace(tracks[k], notes=tuple(sorted(notes)))
    where = place_name(start, score.metres[0], score.pickup)
    who = VOICE_NAMES[voice].lower()
    if old is None:
        raise InputError(
            f"The {who} has no other note in {where}, so nothing can be changed there; "
            "look at the marks of this version again."
        )
    new = f"{where}: the {who} sings {note_name(pitch)} in place of {note_name(old)}."
    return replace(score, tracks=tuple(tracks)), new[0].upper() + new[1:]


def _parts(note: Note, start: int, end: int, pitch: int) -> list[Note]:
    """Return a note, or the parts into which a change of `start` to `end` cuts it."""
    first, last = _span(note)
    if last <= start or first >= end or note.pitch == pitch:
        return [note]
    begin = note.start if first >= start else float(start)
    stop = note.end if last <= end else float(end)
    parts = [replace(note, start=begin, duration=stop - begin, pitch=pitch)]
    if begin > note.start:
        parts.insert(0, replace(note, duration=begin - note.start))
    if stop < note.end:
        parts.append(replace(note, start=stop, duration=note.end - stop))
    return parts


def _span(note: Note) -> tuple[int, int]:
    """Return where a note sounds on the grid: its first step, and the one after."""
    first = nearest_step(note.start)
    return first, max(nearest_step(note.end), first + 1)


def _voices(composition: Composition) -> Grid:
    """Return the four voices of a composition, or raise an InputError."""
    return checked_voices(score_voices(voices_of(composition)))


def _tracks_of(composition: Composition) -> list[list[int]]:
    """Return the tracks that each of four voices has, the highest voice first."""
    _voices(composition)
    whole = voices_of(composition)
    owners = owners_of(composition)
    names = sorted(set(owners))
    return [
        [k for k, owner in enumerate(owners) if owner == names[i]]
        for i in voice_order(whole)
    ]


def _changes_text(rows: Sequence[Row]) -> str:
    """Return changes as text: "alto 40-44 D4" is D4 from step 40 up to step 44."""
    return ", ".join(
        f"{VOICE_NAMES[voice].lower()} {start}-{end} {note_name(pitch)}"
        for voice, start, end, pitch in rows
    )


def _read_changes(text: object) -> list[Row]:
    """Return the changes of a text, or raise an InputError."""
    if not isinstance(text, str):
        raise _damaged()
    names = [name.lower() for name in VOICE_NAMES]
    rows = []
    for part in text.split(", ")[: MAX_CHANGES + 1]:
        match = _CHANGE.fullmatch(part)
        if match is None or match[1] not in names or match[4] not in _PITCHES:
            raise _damaged()
        start, end = int(match[2]), int(match[3])
        if start >= end:
            raise _damaged()
        rows.append((names.index(match[1]), start, end, _PITCHES[match[4]]))
    return rows


def _damaged() -> InputError:
    return InputError(
        "The provenance is damaged: what was mended cannot be read; give the "
        "composition.json that the studio wrote."
    )
