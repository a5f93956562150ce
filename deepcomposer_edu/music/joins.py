"""Joins of passages: no voice jumps far, and no fault that the cut has made stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from deepcomposer_edu.music.faults import find_faults
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.passages import Passage
from deepcomposer_edu.music.score import Note

MOST_JUMP = 7  # semitones that a voice may jump at a join: a fifth
SHORTEST_SPLIT = 4  # steps of a note that is halved: a quarter
PASSING = (4, 2)  # steps of a tone that leads over a join
MOST_VOICES = 8  # that are looked at to mend a join
AROUND = 12  # steps on each side in which a change may not add a fault
PARALLELS = ("parallel fifths", "parallel octaves")


def fault_kinds(grid: Grid) -> Counter[str]:
    """Return how many places of each kind a teacher would mark; two voices at least."""
    if grid.n_voices < 2 or not grid.n_steps:
        return Counter()
    return Counter(fault.name for fault in find_faults(grid))


def with_notes(passage: Passage, place: int, notes: Sequence[Note]) -> Passage:
    """Return a passage of which one track has other notes."""
    tracks = list(passage.tracks)
    tracks[place] = replace(tracks[place], notes=tuple(notes))
    return replace(passage, tracks=tuple(tracks))


def adds_none(
    passage: Passage,
    place: int,
    before: Sequence[Note],
    after: Sequence[Note],
    at: Note,
) -> bool:
    """Return whether a change of a track adds no fault of any kind near a note."""
    old, new = (_near(with_notes(passage, place, n), at) for n in (before, after))
    return new <= old  # of no kind there are more


def _near(passage: Passage, at: Note) -> Counter[str]:
    return fault_kinds(passage.window(at.start - AROUND, at.end + AROUND))


def mended_joins(
    passage: Passage, joins: Sequence[float], key: Key
) -> tuple[Passage, int]:
    """Return a passage in which no voice jumps over a fifth at a join, if possible.

    A voice is led over a wide gap by a tone in between, of the chord that sounds there
    or else of the scale: in the second half of its last note before the join, in the
    last or first beat or half beat, or, in a lower voice, instead of a short last note.
    A lower voice may also sing its last note an octave nearer. What adds the fewest
    faults is taken, and nothing that adds more than one.

    Args:
        passage: several sections in a row.
        joins: the steps at which a section begins.
        key: of the scale.

    Returns:
        The passage, and how many jumps are left.
    """
    n_left = 0
    pitched = [k for k, track in enumerate(passage.tracks) if not track.is_drum]
    for place in pitched:
        for join in joins:
            is_top = place == pitched[0]
            passage, is_mended = _mended(passage, place, join, key, is_top)
            n_left += not is_mended
    for join in joins:
        passage = _without_faults(passage, pitched[1:MOST_VOICES], join)
    return passage, n_left


def _mended(
    passage: Passage, place: int, join: float, key: Key, is_top: bool
) -> tuple[Passage, bool]:
    """Return a passage with one voice's join mended, and whether it is good now."""
    notes = passage.tracks[place].notes
    before = [note for note in notes if note.start < join]
    after = [note for note in notes if note.start >= join]
    if not before or not after or _jump(before[-1], after[0]) <= MOST_JUMP:
        return passage, True
    chord = _chord_at(passage, join - 1)
    now = _near(passage, before[-1])
    found = []
    for tone in _tones(before[-1].pitch, after[0].pitch, chord | set(key.scale)):
        for changed in _ways(before, after, tone, is_top):
            new = _near(with_notes(passage, place, changed), before[-1])
            adds_parallels = any(new[name] > now[name] for name in PARALLELS)
            if not adds_parallels:
                more = new.total() - now.total()
                found.append((more, tone % 12 not in chord, len(found), changed))
    for changed in () if is_top else _octaves(before, after):
        new = _near(with_notes(passage, place, changed), before[-1])
        found.append((new.total() - now.total(), True, len(found), changed))
    if not found:
        return passage, False
    more, _, _, changed = min(found, key=lambda way: way[:3])
    if more > 1:
        return passage, False
    return with_notes(passage, place, changed), True


def _jump(first: Note, second: Note) -> int:
    return abs(second.pitch - first.pitch)


def _tones(start: int, goal: int, classes: set[int]) -> list[int]:
    """Return the tones from which both ends are near, the middle ones first."""
    low, high = sorted((start, goal))
    reached = range(max(low + 1, high - MOST_JUMP), min(high, low + MOST_JUMP + 1))
    tones = [pitch for pitch in reached if pitch % 12 in classes]
    return sorted(tones, key=lambda pitch: (abs(2 * pitch - low - high), pitch))


def _ways(
    before: Sequence[Note], after: Sequence[Note], tone: int, is_top: bool
) -> Iterator[list[Note]]:
    """Yield a voice's notes with a tone that leads over the join, in every way."""
    notes, old, new = [*before, *after], before[-1], after[0]
    lengths = (old.duration / 2, *PASSING)
    for length in dict.fromkeys(lengths):
        if min(PASSING) <= length < old.duration:
            yield _split(notes, old, old.duration - length, (old.pitch, tone))
    for length in PASSING:
        if length < new.duration and not is_top:
            yield _split(notes, new, length, (tone, new.pitch))
    is_near = len(before) < 2 or abs(tone - before[-2].pitch) <= MOST_JUMP
    if old.duration <= SHORTEST_SPLIT and is_near and not is_top:
        yield sorted([*(n for n in notes if n is not old), replace(old, pitch=tone)])


def _octaves(before: Sequence[Note], after: Sequence[Note]) -> Iterator[list[Note]]:
    """Yield a voice's notes with the last one before the join an octave nearer."""
    old, new = before[-1], after[0]
    pitch = old.pitch + (12 if new.pitch > old.pitch else -12)
    if 0 <= pitch <= 127 and abs(new.pitch - pitch) <= MOST_JUMP:
        yield [*before[:-1], replace(old, pitch=pitch), *after]


def _split(
    notes: Sequence[Note], old: Note, length: float, pitches: tuple[int, int]
) -> list[Note]:
    """Return notes of which one is cut in two after `length` steps."""
    first = replace(old, pitch=pitches[0], duration=length)
    second = replace(
        old,
        start=old.start + length,
        pitch=pitches[1],
        duration=old.duration - length,
    )
    return sorted([*(note for note in notes if note is not old), first, second])


def _without_faults(passage: Passage, places: Sequence[int], join: float) -> Passage:
    """Return a passage with fewer faults around a join, if a voice can see to that.

    The second half of a lower voice's last note before it goes to another tone of the
    chord: parallels that the cut has made go away so.
    """
    first, last = join - AROUND, join + AROUND
    best, fewest = passage, fault_kinds(passage.window(first, last)).total()
    for place in places:
        notes = passage.tracks[place].notes
        old = next((n for n in reversed(notes) if n.start < join), None)
        after = next((n for n in notes if n.start >= join), None)
        if not fewest or old is None or after is None or old.duration < SHORTEST_SPLIT:
            continue
        half = old.duration / 2
        for tone in sorted(_chord_at(passage, old.start + half)):
            for pitch in range(tone, 128, 12):
                moves = (abs(pitch - old.pitch), abs(after.pitch - pitch))
                if moves[0] > 0 and max(moves) <= MOST_JUMP:
                    changed = _split(notes, old, half, (old.pitch, pitch))
                    found = with_notes(passage, place, changed)
                    n = fault_kinds(found.window(first, last)).total()
                    if n < fewest:
                        best, fewest = found, n
    return best


def _chord_at(passage: Passage, step: float) -> set[int]:
    """Return the pitch classes that sound at a step."""
    column = passage.window(max(int(step), 0), int(step) + 1).pitches
    return {int(pitch) % 12 for pitch in column.ravel() if pitch != REST}
