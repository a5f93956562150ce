"""What hands do: place the notes of a chord near the last ones, lead a bass."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

WIDE = 9  # semitones between neighbours from which a chord sounds thin
LOW_MUD = 52  # below, thirds and seconds sound muddy
REACH = 16  # semitones from the lowest to the highest note of one hand


def place_chord(
    classes: Sequence[int],
    before: Sequence[int],
    low: int,
    high: int,
    n_notes: int | None = None,
) -> tuple[int, ...]:
    """Return pitches for a chord that move as little as possible from the last ones.

    Args:
        classes: pitch classes, the most important first.
        before: the pitches of the chord before; () for the first.
        low: the lowest pitch allowed.
        high: the highest.
        n_notes: how many notes; None: one for each pitch class.

    Returns:
        Pitches from the lowest up; each pitch class at least once where room allows.

    >>> place_chord((0, 4, 7), (), 55, 70)
    (60, 64, 67)
    >>> place_chord((5, 9, 0), (60, 64, 67), 55, 70)
    (60, 65, 69)
    """
    wanted = list(dict.fromkeys(c % 12 for c in classes))
    n_notes = len(wanted) if n_notes is None else n_notes
    best: tuple[float, tuple[int, ...]] | None = None
    for pitches in _placings(wanted, n_notes, low, max(high, low + 11)):
        cost = _movement(pitches, before, (low + high) / 2) + _ugliness(pitches)
        if pitches[-1] > high:
            cost += 3 * (pitches[-1] - high)
        if best is None or (cost, pitches) < best:
            best = (cost, pitches)
    return best[1] if best else ()


def _placings(
    wanted: Sequence[int], n_notes: int, low: int, high: int
) -> list[tuple[int, ...]]:
    """Return ways to place a chord: close and open, from every possible lowest note."""
    found = []
    for bottom in range(low, high + 1):
        if bottom % 12 not in wanted:
            continue
        stack = [p for p in range(bottom, bottom + 25) if p % 12 in wanted]
        close = tuple(stack[:n_notes])
        found.append(close)
        if len(close) >= 3:  # the second from above an octave down: an open chord
            dropped = sorted((*close[:-2], close[-1], close[-2] - 12))
            found.append(tuple(dropped))
            lifted = sorted((close[0], *close[2:], close[1] + 12))
            found.append(tuple(lifted))
    return [
        p
        for p in found
        if p[0] >= low
        and p[-1] - p[0] <= REACH
        and {x % 12 for x in p} >= set(wanted[:n_notes])
    ] or found


def _movement(pitches: Sequence[int], before: Sequence[int], centre: float) -> float:
    """Return how far a chord moves from the one before, or from the middle."""
    drift = abs(sum(pitches) / len(pitches) - centre)
    if not before:
        return 2 * drift
    moves = sum(min(abs(p - q) for q in before) for p in pitches)
    moves += sum(min(abs(p - q) for p in pitches) for q in before)
    return moves + 2 * abs(pitches[-1] - before[-1]) / 3 + drift / 3


def _ugliness(pitches: Sequence[int]) -> float:
    """Return the cost of gaps that sound thin and of mud in the depths."""
    cost = 0.5 * max(pitches[-1] - pitches[0] - 12, 0)
    for lower, upper in pairwise(pitches):
        gap = upper - lower
        cost += 2.0 * max(gap - WIDE, 0)
        if lower < LOW_MUD and gap < 5:
            cost += 3.0
        if gap == 1:
            cost += 2.0
    return cost


def near(pitch_class: int, before: int | None, low: int, high: int) -> int:
    """Return the pitch of a class within a range that is nearest to the last one.

    >>> near(7, 36, 28, 47), near(0, None, 28, 47)
    (31, 36)
    """
    options = [p for p in range(low, high + 1) if (p - pitch_class) % 12 == 0]
    if not options:
        return low + (pitch_class - low) % 12
    goal = (low + high) / 2 - 1 if before is None else before
    return min(options, key=lambda p: (abs(p - goal), p))


def around(classes: Sequence[int], pitch: int, low: int, high: int) -> list[int]:
    """Return the other notes of a chord for a bass: fifth first, near a pitch.

    >>> around((0, 4, 7), 36, 28, 45)
    [31, 40]
    """
    others = [*classes[2:3], *classes[1:2], *classes[3:]]
    return [near(pitch_class, pitch, low, high) for pitch_class in others]


def tone_toward(scale: Sequence[int], start: int, goal: int) -> int:
    """Return the note of a scale next to `goal`, on the side of `start`.

    >>> tone_toward((0, 2, 4, 5, 7, 9, 11), 48, 43)
    45
    """
    step = 1 if start >= goal else -1
    pitch = goal + step
    while pitch % 12 not in scale:
        pitch += step
    return pitch
