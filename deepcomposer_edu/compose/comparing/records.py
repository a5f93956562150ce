"""What differs between a piece as it was written down and as it is made again."""

from __future__ import annotations

from collections.abc import Mapping

from deepcomposer_edu.compose.provenance import notes_digest
from deepcomposer_edu.music.score import Note, Score, note_name


def differences(recorded: Mapping, now: Mapping) -> list[str]:
    """Return in words which weights and versions differ between two provenances."""
    found = []
    old, new = recorded.get("weights"), now.get("weights")
    if old != new:
        found.append(f"weights were {_weights_name(old)} and are {_weights_name(new)}")
    old, new = recorded.get("versions", {}), now.get("versions", {})
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            found.append(
                f"{name[:30]} was {str(old.get(name))[:40]} and is "
                f"{str(new.get(name))[:40]}"
            )
    return found


def _weights_name(weights: object) -> str:
    """Return weights as name and first digits of their SHA-256."""
    if not isinstance(weights, Mapping):
        return "none"
    return f"{str(weights.get('name'))[:40]} {str(weights.get('sha256'))[:12]}"


def first_difference(expected: Score, got: Score) -> str | None:
    """Return where two scores first differ, in bar, beat and voice, or None.

    >>> one = Score.from_notes([(0, 60, 4), (20, 62, 4)])
    >>> first_difference(one, Score.from_notes([(0, 60, 4), (20, 64, 4)]))
    'bar 2, beat 2, voice 1: D4 for 4 steps became E4 for 4 steps'
    """
    if len(expected.tracks) != len(got.tracks):
        return f"{len(expected.tracks)} voices became {len(got.tracks)}"
    found = []
    for k, (old, new) in enumerate(zip(expected.tracks, got.tracks, strict=True)):
        name = old.name[:30] or f"voice {k + 1}"
        pairs = zip(old.notes, new.notes, strict=False)
        i = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
        if i is None and len(old.notes) != len(new.notes):
            i = min(len(old.notes), len(new.notes))
        if i is not None:
            before = old.notes[i] if i < len(old.notes) else None
            after = new.notes[i] if i < len(new.notes) else None
            start = min(note.start for note in (before, after) if note)
            text = f"{name}: {_note_words(before)} became {_note_words(after)}"
            found.append((start, k, text))
        elif (old.program, old.name) != (new.program, new.name):
            text = f"{name}: the instrument {old.program} became {new.program}"
            found.append((0, k, text))
    if found:
        start, _, text = min(found)
        return f"{_place(expected, start)}, {text}"
    if notes_digest(expected) != notes_digest(got):
        return "the tempo, the metre or the title"
    return None


def _note_words(note: Note | None) -> str:
    """Return a note in words, or that there is none."""
    if note is None:
        return "nothing"
    return f"{note_name(note.pitch)} for {note.duration:g} steps"


def _place(score: Score, step: float) -> str:
    """Return 'bar 2, beat 3' for a step; an incomplete first bar is bar 0."""
    metre = score.metres[0]
    bar, inside = divmod(step - score.pickup, metre.steps_per_bar)  # bar -1: the pickup
    beat = inside // (16 / metre.denominator)
    return f"bar {int(bar) + 1}, beat {int(beat) + 1}"
