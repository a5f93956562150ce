"""The battery: nine numbers that tell four-part music from noise.

All of them look at pitches on the sixteenth grid, without onsets, so that music whose
onsets are unknown can be compared too: a note struck again counts as held. Each metric
takes one grid or several; several are pooled, so that every step counts alike.

Bach's chorales (the 229 of the usual training set, one random crop of 128 steps from
each) give: hold 0.77, onsets per step 0.91, triads 0.64, dissonant pairs 0.10, order
0.97, moving pairs 0.15, best scale 0.94, and for 1000 moving pairs about 0.7 parallel
fifths and 0.6 parallel octaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

import numpy as np

from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import duration_histogram, scale_shares

CROP_STEPS = 128
# Seconds, tritones and sevenths, in either direction
DISSONANT_CLASSES = (1, 2, 6, 10, 11)
FIFTH, OCTAVE = 7, 0
_TRIADS = ((0, 4, 7), (0, 3, 7), (0, 3, 6))  # major, minor, diminished

Counts = tuple[float, float]  # how often it is so, how often it could be
Grids = Grid | Iterable[Grid]


def chord_table(shapes: Iterable[Iterable[int]]) -> np.ndarray:
    """Return which sets of pitch classes are such chords, shape (4096,), bool.

    Args:
        shapes: of each chord, its notes in semitones above the root.
    """
    table = np.zeros(1 << 12, dtype=bool)
    for shape in shapes:
        for root in range(12):
            table[sum(1 << (root + degree) % 12 for degree in shape)] = True
    return table


_IS_TRIAD = chord_table(_TRIADS)
_IS_DISSONANT = np.isin(np.arange(12), DISSONANT_CLASSES)


def is_triad(sets: np.ndarray) -> np.ndarray:
    """Return which sets of pitch classes are a major, minor or diminished triad.

    Args:
        sets: bit c says that pitch class c is in it, 0 to 4095, any shape.

    >>> is_triad(np.array([1 << 0 | 1 << 4 | 1 << 7, 1 << 0 | 1 << 4])).tolist()
    [True, False]
    """
    return _IS_TRIAD[sets]


def intervals(grid: Grid, upper: int, lower: int) -> np.ndarray:
    """Return the interval class between two voices, shape (T,), 0 to 11, -1 at rests.

    It is the distance in semitones without octaves, whichever of the two is higher.
    """
    a, b = grid.pitches[upper].astype(int), grid.pitches[lower].astype(int)
    classes = np.abs(a - b) % 12
    return np.where((a != REST) & (b != REST), classes, -1)


def _moves(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Return semitones moved into each step but the first, and where both sound.

    Two arrays of shape (K, T - 1): the moves, and whether the voice sounds before and
    after.
    """
    pitches = grid.pitches.astype(int)
    sounds = grid.sounding
    return np.diff(pitches, axis=1), sounds[:, 1:] & sounds[:, :-1]


def parallel_steps(grid: Grid, upper: int, lower: int, interval: int) -> np.ndarray:
    """Return whether two voices arrive at each step in parallel, shape (T,), bool.

    Both move the same way by the same amount and end `interval` semitones apart,
    octaves not counted: 7 for fifths, 0 for octaves and unisons.
    """
    arrives = np.zeros(grid.n_steps, dtype=bool)
    if grid.n_steps < 2:
        return arrives
    classes = intervals(grid, upper, lower)
    a, b = np.diff(grid.pitches[[upper, lower]].astype(int), axis=1)  # (T - 1,) each
    lasting = (classes[1:] >= 0) & (classes[:-1] >= 0)
    arrives[1:] = (a == b) & (a != 0) & lasting & (classes[1:] == interval)
    return arrives


# What is counted, for one grid


def _holds(grid: Grid) -> Counts:
    same = grid.pitches[:, 1:] == grid.pitches[:, :-1]
    return int(same.sum()), same.size


def _changes(grid: Grid) -> Counts:
    changed = grid.pitches[:, 1:] != grid.pitches[:, :-1]
    begun = changed & grid.sounding[:, 1:]
    return int(begun.sum()), max(grid.n_steps - 1, 0)


def _triads(grid: Grid) -> Counts:
    bits = np.where(grid.sounding, 1 << (grid.pitches.astype(int) % 12), 0)  # (K, T)
    sets = np.bitwise_or.reduce(bits, axis=0)  # (T,)
    return int(is_triad(sets).sum()), grid.n_steps


def _dissonances(grid: Grid) -> Counts:
    n_dissonant = n_pairs = 0
    for upper, lower in combinations(range(grid.n_voices), 2):
        classes = intervals(grid, upper, lower)
        classes = classes[classes >= 0]
        n_dissonant += int(_IS_DISSONANT[classes].sum())
        n_pairs += len(classes)
    return n_dissonant, n_pairs


def _orders(grid: Grid) -> Counts:
    if grid.n_voices < 2:
        return 0, 0
    full = grid.sounding.all(axis=0)
    ordered = (grid.pitches[:-1] >= grid.pitches[1:]).all(axis=0)
    return int((ordered & full).sum()), int(full.sum())


def _moving(grid: Grid) -> Counts:
    if grid.n_steps < 2:
        return 0, 0
    moves, sounds = _moves(grid)
    n_moving = n_pairs = 0
    for a, b in combinations(range(grid.n_voices), 2):
        both = sounds[a] & sounds[b]
        n_moving += int(((moves[a] != 0) & (moves[b] != 0) & both).sum())
        n_pairs += int(both.sum())
    return n_moving, n_pairs


def _parallels(interval: int) -> Callable[[Grid], Counts]:
    def count(grid: Grid) -> Counts:
        pairs = combinations(range(grid.n_voices), 2)
        n_parallel = sum(int(parallel_steps(grid, *p, interval).sum()) for p in pairs)
        return 1000 * n_parallel, _moving(grid)[0]

    return count


def _in_best_scale(grid: Grid) -> Counts:
    histogram = duration_histogram(grid)
    return float(scale_shares(histogram).max() * histogram.sum()), float(
        histogram.sum()
    )


def _rate(count: Callable[[Grid], Counts], grids: Grids) -> float:
    """Return how often it is so among how often it could be; nan if it never could."""
    several = [grids] if isinstance(grids, Grid) else list(grids)
    counts = [count(grid) for grid in several]
    chances = sum(total for _, total in counts)
    return sum(hits for hits, _ in counts) / chances if chances else float("nan")


# The metrics


def hold_rate(grids: Grids) -> float:
    """Return the share of cells (but the first of each voice) that keep their pitch.

    A rest after a rest counts as kept. nan without a second step.
    """
    return _rate(_holds, grids)


def onsets_per_step(grids: Grids) -> float:
    """Return how many voices change to a new pitch at a step, on average, 0 to K."""
    return _rate(_changes, grids)


def triad_rate(grids: Grids) -> float:
    """Return the share of steps whose pitch classes are exactly one triad.

    A triad is major, minor or diminished, in any inversion and doubling; a seventh
    chord is none, and neither are two notes or silence.
    """
    return _rate(_triads, grids)


def dissonant_pair_rate(grids: Grids) -> float:
    """Return the share of sounding pairs of voices a second, tritone or seventh apart.

    Semitones without octaves: 1, 2, 6, 10 and 11. nan if no two voices ever sound.
    """
    return _rate(_dissonances, grids)


def voice_order_rate(grids: Grids) -> float:
    """Return the share of full steps in which no voice lies above the one before it.

    Only steps in which all voices sound count. nan for a single voice.
    """
    return _rate(_orders, grids)


def moving_pair_rate(grids: Grids) -> float:
    """Return the share of sounding pairs of voices that both change their pitch."""
    return _rate(_moving, grids)


def parallels_per_1000_moving(grids: Grids, interval: int | None = None) -> float:
    """Return how many of 1000 pairs of voices that both move do so in parallel.

    Args:
        grids: one grid or several.
        interval: 7 for fifths, 0 for octaves and unisons, None for both together.

    Returns:
        The number, 0 to 1000; nan if no two voices ever move together.
    """
    if interval is None:
        fifths = _rate(_parallels(FIFTH), grids := _listed(grids))
        return fifths + _rate(_parallels(OCTAVE), grids)
    return _rate(_parallels(interval), grids)


def best_scale_rate(grids: Grids) -> float:
    """Return the share of sounding cells inside each grid's best major scale."""
    return _rate(_in_best_scale, grids)


def _listed(grids: Grids) -> list[Grid]:
    return [grids] if isinstance(grids, Grid) else list(grids)


def battery(grids: Grids) -> dict[str, float | None]:
    """Return all nine metrics, pooled over the grids.

    Args:
        grids: music of two voices or more, the highest voice first; for numbers that
            compare with published ones, crops of 128 steps (`battery_crops`).

    Returns:
        A dictionary of numbers; None where a metric does not apply. Rates lie in
        [0, 1], onsets per step in 0 to K, parallels are for 1000 moving pairs.
    """
    grids = _listed(grids)
    numbers = {
        "hold_rate": hold_rate(grids),
        "onsets_per_step": onsets_per_step(grids),
        "triad_rate": triad_rate(grids),
        "dissonant_pair_rate": dissonant_pair_rate(grids),
        "voice_order_rate": voice_order_rate(grids),
        "moving_pair_rate": moving_pair_rate(grids),
        "parallel_fifths_per_1000": parallels_per_1000_moving(grids, FIFTH),
        "parallel_octaves_per_1000": parallels_per_1000_moving(grids, OCTAVE),
        "best_scale_rate": best_scale_rate(grids),
    }
    return {
        name: None if np.isnan(value) else float(value)
        for name, value in numbers.items()
    }


def battery_crops(
    grids: Sequence[Grid], n_steps: int = CROP_STEPS, seed: int = 0
) -> list[Grid]:
    """Return one random crop of `n_steps` from each grid that is long enough.

    Equal lengths keep long pieces from speaking louder than short ones.
    """
    random = np.random.default_rng(seed)
    crops = []
    for grid in grids:
        if grid.n_steps >= n_steps:
            start = int(random.integers(grid.n_steps - n_steps + 1))
            crops.append(grid.crop(start, start + n_steps))
    return crops
