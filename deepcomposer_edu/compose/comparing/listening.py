"""Does it listen? Move one note of the melody, and see which other notes change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from deepcomposer_edu.compose.comparing.difference import (
    Address,
    difference,
    share_changed,
)
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.interface import given_score, recompose
from deepcomposer_edu.compose.prepare import prepare
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Note, Score, note_name
from deepcomposer_edu.music.theory import place_name

NEARBY = 2 * STEPS_PER_QUARTER  # steps before and after the note: two beats


@dataclass(frozen=True)
class Listening:
    """What changed in the accompaniment when one melody note moved.

    Args:
        before: the composition as it was.
        after: composed again with the changed melody, everything else the same.
        note_index: which note of the melody was moved.
        changed_before: [track, note index] of each accompanying note that is gone.
        changed_after: [track, note index] of each accompanying note that is new.
        at_note: share of the accompanying notes that sound with the moved note and
            changed, 0 to 1; None where none sounds.
        nearby: the same within two beats of it.
        elsewhere: the same in the rest of the piece.
        sentence: all of it in words.
    """

    before: Composition
    after: Composition
    note_index: int
    changed_before: list[Address]
    changed_after: list[Address]
    at_note: float | None
    nearby: float | None
    elsewhere: float | None
    sentence: str

    @property
    def changed(self) -> tuple[list[Address], list[Address]]:
        """The changed notes in `before` and in `after`, as [track, note index]."""
        return self.changed_before, self.changed_after

    def __str__(self) -> str:
        return self.sentence


def does_it_listen(
    composition: Composition,
    note_index: int,
    new_pitch: int | None = None,
    semitones: int | None = None,
) -> Listening:
    """Move one melody note, compose again, and return what else changed.

    Technique, genre, parameters and seed stay the same, so the model rolls the same
    dice: what changes is its answer to the note.

    Args:
        composition: what to ask about.
        note_index: which note of the melody moves, from 0.
        new_pitch: its new pitch, 0 to 127, or
        semitones: how far it moves, up if above 0.

    Raises:
        InputError: if there is no such note, or it cannot move there.
    """
    if composition.provenance.get("melody_edited") is True:
        raise InputError(
            "In this composition the melody itself was edited, so its notes are not "
            "those that were given; ask about one whose melody stayed."
        )
    given = given_score(composition)
    melody = prepare(replace(given, tracks=given.tracks[:1])).given
    if isinstance(note_index, bool) or not hasattr(note_index, "__index__"):
        raise InputError(
            f"The note is {str(note_index)[:40]}, but its number in the melody is "
            f"needed, from 0 to {len(melody.notes) - 1}."
        )
    if len(melody.notes) <= note_index < len(composition.score.tracks[0].notes):
        raise InputError(
            f"The note is number {note_index}, but those from {len(melody.notes)} on "
            "are the network's own; choose one of the given melody."
        )
    if not 0 <= note_index < len(melody.notes):
        raise InputError(
            f"The note is number {note_index}, but the melody's notes have the "
            f"numbers 0 to {len(melody.notes) - 1}."
        )
    note = melody.notes[note_index]
    moved = replace(note, pitch=_new_pitch(note, new_pitch, semitones))
    notes = (*melody.notes[:note_index], moved, *melody.notes[note_index + 1 :])
    line = replace(melody, notes=notes)
    if len(prepare(replace(given, tracks=(line,))).given.notes) != len(notes):
        raise InputError(
            f"Moved to {note_name(moved.pitch)}, the note would hide another one that "
            "sounds with it; choose another pitch."
        )
    changed = replace(given, tracks=(line, *given.tracks[1:]))
    after = recompose(composition.provenance, changed)
    return _compared(composition, after, int(note_index), note, moved)


def _new_pitch(note: Note, new_pitch: int | None, semitones: int | None) -> int:
    """Return where the note moves to, or raise an InputError."""
    if (new_pitch is None) == (semitones is None):
        raise InputError(
            "One of new_pitch and semitones is needed: where the note moves to, or "
            "how far."
        )
    given = new_pitch if semitones is None else semitones
    if isinstance(given, bool) or not hasattr(given, "__index__"):
        raise InputError(
            f"The note moves by {str(given)[:40]}, but by whole semitones."
        )
    pitch = int(given) + (0 if semitones is None else note.pitch)
    if not 0 <= pitch <= 127:
        raise InputError(
            f"The note would move to pitch {pitch}, but pitches go from 0 to 127."
        )
    if pitch == note.pitch:
        raise InputError(
            f"The note stays on {note_name(pitch)}; choose another pitch, so that "
            "there is something to listen to."
        )
    return pitch


def changed_shares(
    before: Score, after: Score, note: Note, n_given: int, until: float
) -> tuple[float | None, float | None, float | None]:
    """Return how much of what was added to a melody differs between two scores.

    Args:
        before: the melody with what was added.
        after: the same, made of the melody with one note moved.
        note: that note as it was.
        n_given: how many notes the melody has; what follows them in its track was
            added.
        until: the end of the melody in steps.

    Returns:
        Shares, 0 to 1, of the notes that sound with the moved one; of those more than
        two beats before or after it, while the melody lasts, whichever is smaller; and
        of all. None where there are none.
    """
    found = difference(before, after)
    gone = {(k, i) for k, i in found.before if k > 0 or i >= n_given}
    come = {(k, i) for k, i in found.after if k > 0 or i >= n_given}

    def share(is_in: Callable[[Note], bool]) -> float | None:
        sizes = []
        for score, changed in ((before, gone), (after, come)):
            inside = [
                (k, i) in changed
                for k, track in enumerate(score.tracks)
                if not track.is_drum
                for i, other in enumerate(track.notes)
                if (k > 0 or i >= n_given) and is_in(other)
            ]
            sizes.append((len(inside), sum(inside)))
        total = sum(n for n, _ in sizes)
        return sum(n for _, n in sizes) / total if total else None

    def is_far(other: Note) -> bool:
        return other.start < until and _zone(other, note) == "else"

    sides = (
        share(lambda other: is_far(other) and other.start < note.start),
        share(lambda other: is_far(other) and other.start > note.start),
    )
    known = [side for side in sides if side is not None]
    at_note = share(lambda other: _zone(other, note) == "at")
    return at_note, min(known, default=None), share(lambda _: True)


def _compared(
    before: Composition, after: Composition, index: int, note: Note, moved: Note
) -> Listening:
    """Return what changed between the two, at the note, near it and elsewhere."""
    found = difference(before.score, after.score)
    # what follows the given melody in its own track is the network's answer, too
    n_given = len(before.given_notes)
    gone, come = (
        [[track, i] for track, i in addresses if track > 0 or i >= n_given]
        for addresses in (found.before, found.after)
    )
    zones = [
        _zone_share(before.score, after.score, gone, come, note, zone, n_given)
        for zone in ("at", "near", "else")
    ]
    sentence = _sentence(before.score, note, moved, zones)
    old, new = before.notes[:1], after.notes[:1]
    if old != new and old and new:
        sentence += f" The key is heard otherwise now: {new[0]}"
    return Listening(before, after, index, gone, come, *zones, sentence)


def _zone_share(
    before: Score,
    after: Score,
    gone: list[Address],
    come: list[Address],
    note: Note,
    zone: str,
    n_given: int,
) -> float | None:
    """Return the share of the network's notes of a zone that changed."""

    def count(score: Score, changed: list[Address]) -> tuple[int, int]:
        marked = {tuple(address) for address in changed}
        inside = [
            (k, i) in marked
            for k, track in enumerate(score.tracks)
            if not track.is_drum
            for i, other in enumerate(track.notes)
            if (k > 0 or i >= n_given) and _zone(other, note) == zone
        ]
        return len(inside), sum(inside)

    n_before, changed_before = count(before, gone)
    n_after, _ = count(after, come)
    if n_before + n_after == 0:
        return None
    return share_changed(n_before, n_after, n_before - changed_before)


def _zone(other: Note, note: Note) -> str:
    """Return whether a note sounds with the moved one, near it, or elsewhere."""
    if other.start < note.end and other.end > note.start:
        return "at"
    is_near = other.start < note.end + NEARBY and other.end > note.start - NEARBY
    return "near" if is_near else "else"


def _sentence(score: Score, note: Note, moved: Note, zones: list[float | None]) -> str:
    """Return what changed, in words."""
    place = place_name(note.start, score.metres[0], score.pickup)
    begin = (
        f"When {note_name(note.pitch)} in {place} becomes {note_name(moved.pitch)}, "
    )
    if not any(zones):
        return f"{begin}nothing in the accompaniment changes: it does not listen here."
    names = ("with it", "within two beats", "elsewhere")
    told = [
        f"{share:.0%} of the notes {name}"
        for share, name in zip(zones, names, strict=True)
        if share is not None
    ]
    return f"{begin}the accompaniment changes: {', '.join(told)}."
