"""Sections made from a passage: longer or shorter, as a sequence, decorated, joined.

Choices are made by cost: what a teacher would mark, jumps at the joins, notes out of
range. Where several are equally good, the random generator decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from deepcomposer_edu.music.arranging import join_jump, scale_shift
from deepcomposer_edu.music.faults import find_faults
from deepcomposer_edu.music.grid import REST, Grid, to_grid
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.passages import Passage, in_a_row
from deepcomposer_edu.music.score import Note, Score, Track

# How far a contrasting section begins from the first one, in degrees of the scale: the
# dominant's and subdominant's regions, and the relative minor's
STARTS = (3, -4, 4, -3, -2, 5, 2, -5)
CHOICES = 3
STEPS = (-1, 1)  # falling and rising sequences
MOST_JUMP = 7  # semitones that a voice may jump at a join: a fifth
OUT_OF_RANGE, OF_A_FAULT, OF_A_JUMP = 4.0, 3.0, 1.0
DECORATED = 0.7  # of the places where the melody could be
SHORTEST_SPLIT = 4  # steps of a note that is split: a quarter
MOST_VOICES = 8  # that are looked at to mend a join
AROUND = 12  # steps on each side in which a change may not add a fault

Ranges = Sequence[tuple[int, int]]


def ranges_of(passage: Passage, slack: int = 3) -> list[tuple[int, int]]:
    """Return the lowest and highest pitch of each pitched track, with some slack."""
    found = []
    for track in passage.tracks:
        if not track.is_drum:
            pitches = [note.pitch for note in track.notes] or [60]
            found.append((min(pitches) - slack, max(pitches) + slack))
    return found


def filled(theme: Passage, n_bars: int, key: Key, ranges: Ranges) -> Passage:
    """Return a theme over a number of bars: cut at a bar line, or as a sequence.

    Where it has to be longer, every second time stands somewhere else on the scale,
    where it fits best.
    """
    n_times = -(-n_bars // theme.n_bars)
    if n_times == 1:
        return theme.bars(0, n_bars)
    shifts = (1, -1, 2, -2, 3, -3)
    moved = min(
        (theme.on_scale(n, key) for n in shifts),
        key=lambda other: _cost([theme, other, theme], ranges),
    )
    row = [moved if i % 2 else theme for i in range(n_times)]
    return in_a_row(row).bars(0, n_bars)


def contrast(
    theme: Passage, n_bars: int, key: Key, ranges: Ranges, random: np.random.Generator
) -> Passage:
    """Return a contrasting section: a sequence of the theme's first bars.

    Half the theme, or all of it if it has one bar or an odd number, is moved along the
    scale again and again, a degree at a time, from another place of the key. Of the
    few that cost least, the random generator takes one.
    """
    n_motif = theme.n_bars // 2 if theme.n_bars % 2 == 0 else theme.n_bars
    motif = theme.bars(0, min(n_motif, n_bars))
    n_times = -(-n_bars // motif.n_bars)
    found = []
    for start in STARTS:
        for step in STEPS:
            degrees = [start + step * min(i, 4) for i in range(n_times)]
            parts = [motif.on_scale(n, key) for n in degrees]
            cost = _cost([theme, *parts, theme], ranges)
            found.append((round(cost, 6), len(found), parts))
    good = sorted(found, key=lambda f: f[:2])[:CHOICES]
    return in_a_row(good[int(random.integers(len(good)))][2]).bars(0, n_bars)


def _cost(passages: Sequence[Passage], ranges: Ranges) -> float:
    """Return what is wrong with passages in a row: jumps, new faults, range."""
    grids = [passage.grid() for passage in passages]
    cost = 0.0
    for before, after in pairwise(grids):
        cost += OF_A_JUMP * max(join_jump(before, after) - MOST_JUMP, 0)
    cost += OF_A_FAULT * _kinds(in_a_row(passages).grid()).total()
    for grid in grids:
        for row, (low, high) in zip(grid.pitches, ranges, strict=True):
            outside = (row != REST) & ((row < low) | (row > high))
            cost += OUT_OF_RANGE * float(outside.mean()) * 10
    return cost


def _kinds(grid: Grid) -> Counter[str]:
    """Return how many places of each kind a teacher would mark; two voices at least."""
    if grid.n_voices < 2 or not grid.n_steps:
        return Counter()
    return Counter(fault.name for fault in find_faults(grid))


# --- decorating ---------------------------------------------------------------


def decorated(passage: Passage, key: Key, random: np.random.Generator) -> Passage:
    """Return a passage whose melody, the first pitched track, is decorated.

    Where it goes by a third, a passing tone fills it; where it repeats a note, a
    neighbour stands between. Nothing is decorated that would add a fault.
    """
    place = next(k for k, track in enumerate(passage.tracks) if not track.is_drum)
    notes = list(passage.tracks[place].notes)
    i = 0
    while i + 1 < len(notes):
        pair = _split(notes[i], notes[i + 1], key)
        if pair and random.random() < DECORATED:
            now = notes[:i] + pair + notes[i + 1 :]
            if _adds_none(passage, place, notes, now, notes[i]):
                notes, i = now, i + 1
        i += 1
    return _with_notes(passage, place, notes)


def _split(note: Note, after: Note, key: Key) -> list[Note] | None:
    """Return a note and the tone that leads to the next one, or None."""
    is_next = abs(after.start - note.end) < 1e-9
    if note.duration < SHORTEST_SPLIT or not is_next:
        return None
    size = abs(after.pitch - note.pitch)
    if size not in (0, 3, 4):
        return None
    way = 1 if after.pitch >= note.pitch else -1
    between = scale_shift(note.pitch, way, key)
    half = note.duration / 2
    if size and not min(note.pitch, after.pitch) < between < max(
        note.pitch, after.pitch
    ):
        return None
    if not 0 <= between <= 127:
        return None
    return [
        replace(note, duration=half),
        replace(note, start=note.start + half, pitch=between, duration=half),
    ]


def _adds_none(
    passage: Passage,
    place: int,
    before: Sequence[Note],
    after: Sequence[Note],
    at: Note,
) -> bool:
    """Return whether a change of a track adds no fault near a note."""
    first, last = at.start - AROUND, at.end + AROUND
    old, new = (
        _kinds(_with_notes(passage, place, notes).window(first, last))
        for notes in (before, after)
    )
    return new <= old  # of no kind there are more


def _with_notes(passage: Passage, place: int, notes: Sequence[Note]) -> Passage:
    tracks = list(passage.tracks)
    tracks[place] = replace(tracks[place], notes=tuple(notes))
    return replace(passage, tracks=tuple(tracks))


# --- joining ------------------------------------------------------------------


def mended_joins(
    passage: Passage, joins: Sequence[float], key: Key
) -> tuple[Passage, int]:
    """Return a passage in which no voice jumps over a fifth at a join, if possible.

    The last note before the join is halved, and its second half goes to a tone on the
    way: of the chord that sounds there, else of the scale. Where it is too short, the
    first half of the next note does. Nothing may add a fault.

    Args:
        passage: several sections in a row.
        joins: the steps at which a section begins.
        key: of the scale.

    Returns:
        The passage, and how many jumps are left.
    """
    n_left = 0
    for place, track in enumerate(passage.tracks):
        if track.is_drum:
            continue
        for join in joins:
            passage, is_mended = _mended_join(passage, place, join, key)
            n_left += not is_mended
    for join in joins:
        passage = _without_faults(passage, join)
    return passage, n_left


def _without_faults(passage: Passage, join: float) -> Passage:
    """Return a passage with fewer faults around a join, if a voice can see to that.

    The second half of a lower voice's last note before it goes to another tone of the
    chord: parallels that the cut has made go away so.
    """
    first, last = join - AROUND, join + AROUND

    def total(candidate: Passage) -> int:
        return _kinds(candidate.window(first, last)).total()

    best, fewest = passage, total(passage)
    pitched = [k for k, track in enumerate(passage.tracks) if not track.is_drum]
    for place in pitched[1:MOST_VOICES]:
        track = passage.tracks[place]
        old = next((n for n in reversed(track.notes) if n.start < join), None)
        after = next((n for n in track.notes if n.start >= join), None)
        if not fewest or old is None or after is None or old.duration < SHORTEST_SPLIT:
            continue
        for tone in sorted(_chord_at(passage, old.start + old.duration / 2)):
            for pitch in range(tone, 128, 12):
                steps = (abs(pitch - old.pitch), abs(after.pitch - pitch))
                if steps[0] > 0 and max(steps) <= MOST_JUMP:
                    notes = _halved(track.notes, old, pitch)
                    found = _with_notes(passage, place, notes)
                    if (n := total(found)) < fewest:
                        best, fewest = found, n
    return best


def _halved(
    notes: Sequence[Note], old: Note, pitch: int, is_second: bool = True
) -> list[Note]:
    """Return notes of which one is halved, one of its halves at another pitch."""
    half = old.duration / 2
    pitches = (old.pitch, pitch) if is_second else (pitch, old.pitch)
    first = replace(old, pitch=pitches[0], duration=half)
    second = replace(old, start=old.start + half, pitch=pitches[1], duration=half)
    return sorted([*(note for note in notes if note is not old), first, second])


def _chord_at(passage: Passage, step: float) -> set[int]:
    """Return the pitch classes that sound at a step."""
    column = to_grid(Score(passage.tracks)).pitches[:, int(step)]
    return {int(pitch) % 12 for pitch in column if pitch != REST}


def _mended_join(
    passage: Passage, place: int, join: float, key: Key
) -> tuple[Passage, bool]:
    """Return a passage with one voice's join mended, and whether it is good now."""
    track: Track = passage.tracks[place]
    before = [i for i, note in enumerate(track.notes) if note.start < join]
    after = [note for note in track.notes if note.start >= join]
    if not before or not after:
        return passage, True
    old, new = track.notes[before[-1]], after[0]
    if abs(new.pitch - old.pitch) <= MOST_JUMP:
        return passage, True
    classes = _chord_at(passage, old.start + old.duration / 2)
    low, high = sorted((old.pitch, new.pitch))
    reached = range(max(low + 1, high - MOST_JUMP), min(high, low + MOST_JUMP + 1))
    tones = [p for p in reached if p % 12 in classes | set(key.scale)]
    tones.sort(key=lambda p: (p % 12 not in classes, abs(2 * p - low - high), p))
    longest = max(old, new, key=lambda note: note.duration)
    split = old if old.duration >= SHORTEST_SPLIT else longest
    for tone in tones if split.duration >= SHORTEST_SPLIT else ():
        notes = _halved(track.notes, split, tone, is_second=split is old)
        if _adds_none(passage, place, track.notes, notes, old):
            return _with_notes(passage, place, notes), True
    return passage, False
