"""Imitations of a chorale that are wrong in a known way.

Each keeps something of Bach, so that a single metric can be fooled: mixed voices leap
and step as his do, block triads are nothing but good chords, a drone has no parallels,
random notes of the key fit the key, and a few wrong notes change almost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.baselines import random_in_key
from deepcomposer_edu.music.faults import runs
from deepcomposer_edu.music.grid import REST, Grid, stacked
from deepcomposer_edu.music.keys import MAJOR_SCALE, find_key
from deepcomposer_edu.music.theory import VOICE_RANGES

WRONG_SHARE = 0.1


def mixed_voices(chorales: Sequence[Grid]) -> Grid:
    """Return voices of four different chorales: the first's soprano, and so on.

    Each is moved to the first's key (C major and A minor count as one), the way that
    is shorter, and all are as long as the shortest.

    Args:
        chorales: four pieces of four voices.
    """
    keys = [find_key(grid).to_c for grid in chorales]
    n_steps = min(grid.n_steps for grid in chorales)
    parts = []
    for voice, (grid, to_c) in enumerate(zip(chorales, keys, strict=True)):
        shift = (to_c - keys[0] + 6) % 12 - 6
        parts.append(grid.voices(voice).crop(0, n_steps).transposed(shift))
    return stacked(parts)


def block_triads(chorale: Grid) -> Grid:
    """Return the melody over triads of its key that move with it, note for note.

    The melody is the top of each triad in root position, so every voice moves in
    parallel with it, and the bass an octave and more below.
    """
    to_c = find_key(chorale).to_c
    scale = sorted((degree - to_c) % 12 for degree in MAJOR_SCALE)
    melody = chorale.pitches[0].astype(int)  # (T,)
    rows = np.full((4, chorale.n_steps), REST)
    rows[0] = melody
    for step, pitch in enumerate(melody):
        if pitch == REST:
            continue
        below = [p for p in range(pitch - 1, pitch - 26, -1) if p % 12 in scale]
        rows[1:, step] = (
            below[1],
            below[3],
            below[10],
        )  # fifth is top: third, root, root
    return Grid(rows, np.repeat(chorale.onsets[:1], 4, axis=0))


def drone(chorale: Grid) -> Grid:
    """Return the melody over one chord, tonic and fifth, held for good."""
    tonic = find_key(chorale).tonic
    rows = np.full((4, chorale.n_steps), REST)
    rows[0] = chorale.pitches[0]
    for voice, degree in ((1, 7), (2, 0), (3, 0)):
        low, high = VOICE_RANGES[voice]
        middle = (low + high) // 2
        rows[voice] = middle + (tonic + degree - middle + 6) % 12 - 6
    return Grid(rows)


def random_notes(chorale: Grid, seed: int = 0) -> Grid:
    """Return the melody over random notes of its key."""
    return random_in_key(chorale.voices(0), find_key(chorale).to_c, seed)


def wrong_notes(chorale: Grid, seed: int = 0, share: float = WRONG_SHARE) -> Grid:
    """Return the chorale with some notes of the lower voices off by 1 or 2 semitones.

    Args:
        chorale: four voices.
        seed: which notes, and which way.
        share: of the notes of alto, tenor and bass, 0 to 1.
    """
    random = np.random.default_rng(seed)
    pitches = chorale.pitches.copy()
    for voice in range(1, chorale.n_voices):
        for run in runs(chorale, voice):
            if random.random() < share:
                pitches[voice, run.start : run.end] += random.choice([-2, -1, 1, 2])
    return Grid(pitches, chorale.onsets)


def late_voices(chorale: Grid) -> Grid:
    """Return the chorale with alto, tenor and bass one, two and three beats late."""
    parts = [chorale.voices(0)]
    for voice in range(1, chorale.n_voices):
        pitches = np.roll(chorale.pitches[voice], 4 * voice)
        onsets = np.roll(chorale.onsets[voice], 4 * voice)
        parts.append(Grid(pitches[None], onsets[None]))
    return stacked(parts)


def shuffled_octaves(chorale: Grid, seed: int = 0) -> Grid:
    """Return Bach's chords, each of whose lower notes takes a random octave in range.

    Every chord is right, and no voice leads anywhere.
    """
    random = np.random.default_rng(seed)
    pitches = chorale.pitches.copy()
    for voice in range(1, chorale.n_voices):
        low, high = VOICE_RANGES[voice]
        for run in runs(chorale, voice):
            allowed = [p for p in range(low, high + 1) if (p - run.pitch) % 12 == 0]
            pitches[voice, run.start : run.end] = random.choice(allowed)
    return Grid(pitches, chorale.onsets)


_BY_RULE: dict[str, Callable[[Grid], Grid]] = {
    "block triads": block_triads,
    "drone": drone,
    "late voices": late_voices,
}
_BY_CHANCE: dict[str, Callable[[Grid, int], Grid]] = {
    "random notes of the key": random_notes,
    "10 % wrong notes": wrong_notes,
    "random octaves": shuffled_octaves,
}
MIXED = "mixed voices"
IMITATIONS = (MIXED, *_BY_RULE, *_BY_CHANCE)


def imitations(kind: str, chorales: Sequence[Grid], seed: int = 0) -> list[Grid]:
    """Return an imitation of every chorale.

    Args:
        kind: one of IMITATIONS.
        chorales: pieces of four voices; at least four of them for mixed voices.
        seed: the same seed gives the same imitations.

    Raises:
        InputError: if there is no such kind, or there are too few chorales to mix.
    """
    if kind not in IMITATIONS:
        raise InputError(
            f"There is no imitation {str(kind)[:40]!r}; choose one of: "
            f"{', '.join(IMITATIONS)}."
        )
    if kind in _BY_RULE:
        return [_BY_RULE[kind](grid) for grid in chorales]
    if kind in _BY_CHANCE:
        return [_BY_CHANCE[kind](grid, seed + i) for i, grid in enumerate(chorales)]
    if len(chorales) < 4:
        raise InputError(
            f"{len(chorales)} chorales were given, but voices are mixed from four "
            "different ones; give at least four."
        )
    random = np.random.default_rng(seed)
    made = []
    for i in range(len(chorales)):
        others = [j for j in range(len(chorales)) if j != i]
        chosen = [i, *random.choice(others, size=3, replace=False)]
        made.append(mixed_voices([chorales[j] for j in chosen]))
    return made
