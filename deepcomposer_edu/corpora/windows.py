"""Short excerpts of the chorales, cut at bar lines: what the models learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from deepcomposer_edu.corpora.chorales import Chorale
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST

LOW, HIGH = 36, 83  # the 48 pitches of the models, C2 to B5: all of Bach fits
OCTAVE = 12


@dataclass(frozen=True, eq=False)
class Windows:
    """N excerpts of equal length; indexing picks some of them.

    Args:
        pitches: MIDI numbers, -1 for a rest, shape (N, 4, T), int16.
        onsets: whether a note begins there, shape (N, 4, T), bool. Notes that sound on
            from before the window begin with it.
        fermatas: whether the soprano holds a fermata, shape (N, T), bool.
        keys: semitones that move a window to C major or A minor, shape (N,), int.
        pieces: which chorale of the list each window comes from, shape (N,), int.
        starts: at which step of that chorale it begins, shape (N,), int.
        steps_per_bar: length of the bars, shape (N,), int.
    """

    pitches: np.ndarray
    onsets: np.ndarray
    fermatas: np.ndarray
    keys: np.ndarray
    pieces: np.ndarray
    starts: np.ndarray
    steps_per_bar: np.ndarray

    def __len__(self) -> int:
        return len(self.pitches)

    def __getitem__(self, chosen: slice | np.ndarray | Sequence[int]) -> Windows:
        return Windows(*(getattr(self, f.name)[chosen] for f in fields(self)))


def chorale_windows(
    chorales: Sequence[Chorale], n_steps: int = 32, hop_bars: int = 1
) -> Windows:
    """Return every excerpt of `n_steps` steps that begins at a bar line.

    Bar lines are the real ones: a chorale that begins with a pickup has its first bar
    line after it. A last bar that is cut short (it lends its beat to the pickup) is
    filled by holding its last chord, so that endings are not lost.

    Args:
        chorales: the pieces, each with bar lines.
        n_steps: T, length of an excerpt; 32 is two bars of 4/4.
        hop_bars: bars from one excerpt to the next, at least 1.

    Returns:
        The windows in the order of the pieces.

    Raises:
        InputError: if a number is below 1, or no piece is long enough.
    """
    if n_steps < 1 or hop_bars < 1:
        raise InputError(
            f"Windows of {n_steps} steps every {hop_bars} bars were asked for, but "
            "both numbers must be at least 1."
        )
    rows = []
    for piece, chorale in enumerate(chorales):
        for start in chorale.bar_starts[::hop_bars].tolist():
            missing = start + n_steps - chorale.grid.n_steps
            if missing < chorale.steps_per_bar:
                rows.append(_window(chorale, piece, start, n_steps))
    if not rows:
        raise InputError(
            f"No piece holds a window of {n_steps} steps from a bar line on; give "
            "longer pieces or ask for shorter windows."
        )
    return Windows(*(np.array(column) for column in zip(*rows, strict=True)))


def _window(chorale: Chorale, piece: int, start: int, n_steps: int) -> tuple:
    """One excerpt as a row: the fields of Windows, in their order."""
    # beyond the end, the last step is read again and again: its chord is held
    steps = np.minimum(np.arange(start, start + n_steps), chorale.grid.n_steps - 1)
    is_held = np.arange(start, start + n_steps) >= chorale.grid.n_steps
    pitches = chorale.grid.pitches[:, steps]  # (4, T)
    onsets = chorale.grid.onsets[:, steps] & ~is_held
    onsets[:, 0] = pitches[:, 0] != REST
    return (
        pitches,
        onsets,
        chorale.fermatas[steps],
        chorale.key.to_c,
        piece,
        start,
        chorale.steps_per_bar,
    )


def transposed(windows: Windows, semitones: int | np.ndarray) -> Windows:
    """Return the windows moved up by `semitones`; rests stay rests.

    Args:
        windows: the excerpts.
        semitones: one number for all, or one for each window, shape (N,).

    Raises:
        InputError: if a pitch would leave the MIDI range 0 to 127.
    """
    shift = np.broadcast_to(np.asarray(semitones, dtype=np.int16), len(windows))
    sounding = windows.pitches != REST
    pitches = np.where(sounding, windows.pitches + shift[:, None, None], REST)
    if sounding.any() and not 0 <= pitches[sounding].min() <= pitches.max() <= 127:
        raise InputError(
            f"Moving by {semitones} semitones takes a note out of the MIDI range 0 to "
            "127; choose a smaller step."
        )
    keys = (windows.keys - shift + 6) % OCTAVE - 6
    return replace(windows, pitches=pitches.astype(np.int16), keys=keys)


def normalised(windows: Windows, low: int = LOW, high: int = HIGH) -> Windows:
    """Return the windows moved to C major or A minor, within `low` to `high`.

    Of the shortest way there and the ways an octave below and above, the first one that
    keeps every note in range is taken. Where none does, the one with the fewest notes
    outside, and these are folded back by an octave (a low bass note, as a rule).

    Args:
        windows: the excerpts.
        low: lowest pitch allowed.
        high: highest pitch allowed, at least `low` + 11.

    Returns:
        The same windows with `keys` all 0.
    """
    ways = np.stack([windows.keys, windows.keys - OCTAVE, windows.keys + OCTAVE])
    sounding = windows.pitches != REST
    strays = []
    for shift in ways:
        moved = windows.pitches + shift[:, None, None]
        is_out = sounding & ((moved < low) | (moved > high))
        strays.append(is_out.sum(axis=(1, 2)))
    best = np.argmin(strays, axis=0)  # the first of equals: the shortest way
    moved = transposed(windows, ways[best, np.arange(len(windows))])
    pitches = moved.pitches
    while (below := (pitches != REST) & (pitches < low)).any():
        pitches = pitches + OCTAVE * below
    while (above := pitches > high).any():
        pitches = pitches - OCTAVE * above
    return replace(moved, pitches=pitches.astype(np.int16))


def batches(
    arrays: Sequence[np.ndarray], batch_size: int, seed: int
) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield all rows once, in random order, a batch at a time.

    Every array is shuffled the same way, so a window keeps its key. The same seed gives
    the same order; take another seed for each pass over the data.

    Args:
        arrays: arrays with the same first axis, shape (N, ...).
        batch_size: B, rows in a batch, at least 1; the last batch may be smaller.
        seed: chooses the order.

    Yields:
        One array of shape (B, ...) for each of `arrays`.

    Raises:
        InputError: if the arrays' lengths differ or `batch_size` is below 1.

    >>> [batch.tolist() for (batch,) in batches([np.arange(5)], batch_size=2, seed=0)]
    [[2, 4], [3, 0], [1]]
    """
    lengths = {len(array) for array in arrays}
    if len(lengths) != 1 or batch_size < 1:
        raise InputError(
            f"Batches of {batch_size} from arrays of lengths {sorted(lengths)} were "
            "asked for, but a batch holds at least 1 and the lengths must agree."
        )
    order = np.random.default_rng(seed).permutation(lengths.pop())  # (N,)
    for start in range(0, len(order), batch_size):
        chosen = order[start : start + batch_size]
        yield tuple(array[chosen] for array in arrays)
