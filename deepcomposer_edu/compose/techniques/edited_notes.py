"""A voice after its edits: notes that stayed as they were given, new ones between them.

A network hears whole sixteenths in a singer's range. What was given may lie between
them, octaves away, louder or softer: where nothing was edited, that is what comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from deepcomposer_edu.compose.prepare import Melody
from deepcomposer_edu.compose.request import as_given
from deepcomposer_edu.music.grid import Grid, nearest_step, voice_notes
from deepcomposer_edu.music.score import Note


def edited_notes(
    melody: Melody,
    given: Sequence[Note],
    before: Grid,
    after: Grid,
    voice: int,
    velocity: int | None = None,
) -> tuple[Note, ...]:
    """Return a given voice with its edits: notes that stayed are those given.

    Args:
        melody: the prepared melody.
        given: the voice's notes, in the score's time.
        before: what the network heard, (4, T).
        after: what it answered, (4, T).
        voice: which voice, from 0.
        velocity: how loud new notes are; None: as loud as the melody.

    Returns:
        The notes in order of time.
    """
    velocity = melody.velocity if velocity is None else velocity
    old, now = (voice_notes(grid, voice) for grid in (before, after))
    if old == now:
        return tuple(given)
    stayed = {note.start for note in set(old) & set(now)}
    heard = {note.start for note in old}
    is_same = before.pitches[voice] == after.pitches[voice]  # (T,)
    is_same &= before.onsets[voice] == after.onsets[voice]
    kept, found = [], set()
    for note in given:
        start = _heard_at(note, melody, heard)
        if start is None:  # the network never heard it: it goes with what is around it
            first = max(floor(note.start - melody.offset), 0)
            last = max(nearest_step(note.end - melody.offset), first + 1)
            if is_same[first:last].all():
                kept.append(note)
        elif start in stayed:
            kept.append(note)
            found.add(start)
    new = [note for note in now if note.start not in found]
    return tuple(sorted([*kept, *as_given(melody, new, velocity)]))


def _heard_at(note: Note, melody: Melody, starts: set[int]) -> int | None:
    """Return the step at which the network heard a given note, None if it did not."""
    at = note.start - melody.offset
    for step in (nearest_step(at), floor(at), 0 if at < 0 else -1):
        if step in starts:
            return step
    return None
