"""A close on the tonic for any number of voices: subdominant, dominant, tonic.

Each voice goes to a tone of the next chord near it. Of all ways to do that, the one
that costs least is taken: least motion, and what a teacher would mark costs most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from deepcomposer_edu.music.keys import Key

NEAREST = 5  # chord tones that each voice considers
MAX_SEARCHED = 4  # voices that are moved together; more go one by one
KEPT = 6  # ways that are followed from chord to chord
PARALLEL, CROSSED, LEADING, NO_THIRD = 60.0, 40.0, 25.0, 20.0
WIDE, NO_TONIC, JUMP, HIDDEN = 8.0, 40.0, 6.0, 3.0


@dataclass(frozen=True)
class Harmony:
    """A chord of the close.

    Args:
        classes: its pitch classes, the root first, then third and fifth.
        bass: the pitch class that the lowest voice sings.
        leading: the leading tone, if it is the dominant.
    """

    classes: tuple[int, ...]
    bass: int
    leading: int | None = None


def close_of(key: Key) -> tuple[Harmony, Harmony, Harmony]:
    """Return subdominant, dominant and tonic of a key; minor has a leading tone, too.

    >>> [harmony.classes for harmony in close_of(Key(0))]
    [(5, 9, 0), (7, 11, 2), (0, 4, 7)]
    """
    third = 4 if key.mode == "major" else 3

    def triad(root: int, third: int) -> tuple[int, int, int]:
        return tuple((key.tonic + root + n) % 12 for n in (0, third, 7))

    leading = (key.tonic + 11) % 12
    return (
        Harmony(triad(5, third), (key.tonic + 5) % 12),
        Harmony(triad(7, 4), (key.tonic + 7) % 12, leading),
        Harmony(triad(0, third), key.tonic),
    )


def close_voices(
    last: Sequence[int], key: Key, ranges: Sequence[tuple[int, int]]
) -> list[tuple[int, ...]]:
    """Return what each voice sings in a close on the tonic.

    Args:
        last: the pitch that each voice comes from, the highest voice first.
        key: whose close.
        ranges: lowest and highest pitch of each voice.

    Returns:
        Three chords: pitches of the voices in the same order.
    """
    ways = [(0.0, (tuple(last),))]
    harmonies = close_of(key)
    for place, harmony in enumerate(harmonies):
        is_last = place == len(harmonies) - 1
        before = harmonies[place - 1] if place else None
        found = []
        for cost, way in ways:
            for chord in _chords(way[-1], harmony, ranges):
                more = _cost(way[-1], chord, harmony, before, is_last)
                found.append((cost + more, (*way, chord)))
        ways = sorted(found)[:KEPT]
    return list(ways[0][1][1:])


def _chords(
    before: tuple[int, ...], harmony: Harmony, ranges: Sequence[tuple[int, int]]
) -> list[tuple[int, ...]]:
    """Return the chords to choose from: every voice at one of its nearest tones."""
    n = len(before)
    choices = []
    for voice, (pitch, bounds) in enumerate(zip(before, ranges, strict=True)):
        is_bass = n > 1 and voice == n - 1
        classes = (harmony.bass,) if is_bass else harmony.classes
        choices.append(_nearest(pitch, classes, bounds, 2 if is_bass else NEAREST))
    if n <= MAX_SEARCHED:
        return list(product(*choices))
    inner = choices[1:-1]
    return [
        (top, *(tones[i % len(tones)] for tones in inner), bottom)
        for top in choices[0]
        for bottom in choices[-1]
        for i in range(2)
    ]


def _nearest(
    pitch: int, classes: Sequence[int], bounds: tuple[int, int], most: int
) -> list[int]:
    """Return the nearest pitches of some classes within bounds, at least one."""
    low, high = bounds
    tones = [p for p in range(max(low, 0), min(high, 127) + 1) if p % 12 in classes]
    if not tones:  # a very narrow range
        tones = [p for p in range(128) if p % 12 in classes]
    return sorted(tones, key=lambda p: (abs(p - pitch), p))[:most]


def _cost(
    before: Sequence[int],
    chord: Sequence[int],
    harmony: Harmony,
    last: Harmony | None,
    is_last: bool,
) -> float:
    """Return what it costs to go from one chord to the next."""
    moves = [b - a for a, b in zip(before, chord, strict=True)]
    upper = moves if len(moves) == 1 else moves[:-1]
    cost = float(sum(abs(m) for m in upper)) + 0.3 * abs(moves[-1])
    cost += JUMP * sum(max(abs(m) - 4, 0) for m in upper)
    for i, j in combinations(range(len(chord)), 2):
        interval, was = (abs(x[i] - x[j]) % 12 for x in (chord, before))
        if moves[i] and moves[j] and interval in (0, 7):
            same_way = moves[i] * moves[j] > 0
            cost += PARALLEL * (interval == was)
            cost += HIDDEN * (same_way and i == 0 and j == len(chord) - 1)
    for high, low in pairwise(chord):
        cost += CROSSED * (high < low)
    for high, low in pairwise(chord[:-1]):
        cost += WIDE * (high - low > 12)
    classes = [pitch % 12 for pitch in chord]
    if len(chord) >= 3:
        cost += NO_THIRD * (harmony.classes[1] not in classes)
    if harmony.leading is not None:
        cost += LEADING * max(classes.count(harmony.leading) - 1, 0)
        beside_tonic = (harmony.leading, (harmony.leading + 3) % 12)
        cost += NO_TONIC * (classes[0] not in beside_tonic)
    if last is not None and last.leading is not None:  # a leading tone leads
        for pitch, move in zip(before, moves, strict=True):
            cost += LEADING * (pitch % 12 == last.leading and move != 1)
    if is_last:
        cost += NO_TONIC * (classes[0] != harmony.classes[0])
    return cost
