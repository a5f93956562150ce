"""Is it new? How much of four voices stands in the chorales that models learned from.

Music is cut into chords: a new one wherever any voice changes its pitch. A run of n
chords is the same as another if all its notes are, moved up or down together; rhythm
and struck repetitions do not count. Unseen Bach shares such runs with himself, too
(formulas, closes), so only more than he does is suspicious.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.chorale_features import checked_voices
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.score import Metre
from deepcomposer_edu.paths import data_dir

SHORT, LONG = 4, 8  # chords in a run
BEAT = 4
WINDOW = 32  # steps of the passages that are compared: two bars of 4/4
MAX_WINDOWS = 16  # places of a long piece that are looked at
SHIFTS = range(-6, 6)  # semitones; an octave is not looked past
_FAR = 1000  # a difference that no shift can make


@dataclass(frozen=True)
class Passage:
    """A passage of a chorale beside the one of yours that it is most like.

    Args:
        title: the chorale's.
        bwv: its number.
        bar: where it begins there, from 1; 0 is the upbeat.
        start: the same in steps.
        own_bar: where yours begins.
        own_start: the same in steps.
        semitones: how far Bach's was moved to stand in your key.
        agreement: share of your notes' steps at which his sound alike, 0 to 1.
        grid: Bach's, moved.
        own: yours, of the same length.
    """

    title: str
    bwv: str
    bar: int
    start: int
    own_bar: int
    own_start: int
    semitones: int
    agreement: float
    grid: Grid = field(repr=False)
    own: Grid = field(repr=False)


@dataclass(frozen=True)
class Novelty:
    """How much of a piece stands in the chorales that models learned from.

    Args:
        overlap_4: share of its runs of four chords that do, in any key, 0 to 1.
        overlap_8: the same of eight chords; nan in a piece with fewer.
        longest: the longest run of chords that stands in one chorale; below 4 not
            looked for, then 0.
        closest: the two bars most like some bars of a chorale.
        percentile: how many of 100 chorales that no model has seen have a smaller
            overlap of four chords, 0 to 100.
        sentence: all of it in words.
    """

    overlap_4: float
    overlap_8: float
    longest: int
    closest: Passage
    percentile: float
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def chord_changes(grid: Grid) -> np.ndarray:
    """Return the pitches of each new chord, shape (K, M), int: repetitions left out."""
    pitches = grid.pitches.astype(np.int16)
    is_new = np.ones(grid.n_steps, dtype=bool)
    is_new[1:] = (pitches[:, 1:] != pitches[:, :-1]).any(axis=0)
    return pitches[:, is_new]


def chord_runs(grid: Grid, n: int) -> list[bytes]:
    """Return every run of n chords, written so that the key does not matter.

    Pitches are counted from the lowest note of the run; rests stay rests.

    Args:
        grid: the voices, shape (K, T).
        n: chords in a run, at least 1.

    Returns:
        One string of bytes for each run: M - n + 1 of them for M chords, or none.
    """
    chords = chord_changes(grid)  # (K, M)
    if chords.shape[1] < n:
        return []
    rows = sliding_window_view(chords, n, axis=1).transpose(1, 0, 2)  # (runs, K, n)
    lowest = np.where(rows == REST, 127, rows).min(axis=(1, 2), keepdims=True)
    relative = np.where(rows == REST, _FAR, rows - lowest).astype(np.int16)
    return [row.tobytes() for row in relative]


class ChordIndex:
    """Where each run of four chords stands in some chorales, and each of eight.

    Args:
        chorales: the pieces, one at least.
    """

    def __init__(self, chorales: Sequence[Chorale]) -> None:
        self.chorales = list(chorales)
        self.places: dict[bytes, list[tuple[int, int]]] = {}
        self.runs = {SHORT: self.places, LONG: set()}
        for piece, chorale in enumerate(self.chorales):
            for i, run in enumerate(chord_runs(chorale.grid, SHORT)):
                self.places.setdefault(run, []).append((piece, i))
            self.runs[LONG].update(chord_runs(chorale.grid, LONG))
        self._cut_windows()

    def _cut_windows(self) -> None:
        """Put every two bars that begin at a beat into one table."""
        rows, self.windows = [], []
        for piece, chorale in enumerate(self.chorales):
            pitches = chorale.grid.pitches.astype(np.int16)
            for start in range(0, pitches.shape[1] - WINDOW + 1, BEAT):
                rows.append(pitches[:, start : start + WINDOW].ravel())
                self.windows.append((piece, start))
        table = np.array(rows, dtype=np.int16)  # (N, 4 * WINDOW)
        self.table = np.where(table == REST, -_FAR, table)

    def overlap(self, grid: Grid, n: int) -> float:
        """Return the share of the runs of n chords, 4 or 8, that stand here; or nan."""
        runs = chord_runs(grid, n)
        known = self.runs[n]
        return sum(r in known for r in runs) / len(runs) if runs else float("nan")

    def longest(self, grid: Grid) -> int:
        """Return how many chords the longest run has that stands in one chorale."""
        best = 0
        ongoing: dict[tuple[int, int], int] = {}
        for run in chord_runs(grid, SHORT):
            places = self.places.get(run, ())
            ongoing = {
                (p, i): ongoing.get((p, i - 1), SHORT - 1) + 1 for p, i in places
            }
            best = max(best, *ongoing.values(), 0)
        return best

    def closest(self, own: Grid) -> tuple[int, int, float]:
        """Return the row of `windows` most like a window, its shift, and agreement."""
        mine = own.pitches.astype(np.int16).ravel()
        sounds = mine != REST
        differences = self.table[:, sounds] - mine[sounds]  # (N, cells)
        counts = np.stack([(differences == s).sum(axis=1) for s in SHIFTS])
        shift, row = np.unravel_index(int(counts.argmax()), counts.shape)
        share = counts[shift, row] / max(int(sounds.sum()), 1)
        return int(row), -SHIFTS[int(shift)], float(share)


@functools.cache
def training_index() -> ChordIndex:
    """Return the index of the training chorales, made once: under a second."""
    return ChordIndex(load_chorales("train"))


def novelty(
    grid: Grid,
    metre: Metre | None = None,
    pickup: float = 0,
    index: ChordIndex | None = None,
) -> Novelty:
    """Return how much of four voices stands in the training chorales, and where.

    Args:
        grid: four voices, the highest first, two bars (32 steps) or more.
        metre: the time signature that counts your bars, by default 4/4.
        pickup: length in steps of an incomplete first bar.
        index: chorales to compare with; None: those that the models learned from.

    Raises:
        InputError: if there are not four voices, or less than two bars.
    """
    if checked_voices(grid).n_steps < WINDOW:
        raise InputError(
            f"The music has {grid.n_steps} steps, but passages of two bars are "
            f"compared; give at least {WINDOW} steps."
        )
    index = index or training_index()
    found = [(index.closest(grid.crop(s, s + WINDOW)), s) for s in _places(grid, index)]
    (row, shift, agreement), own_start = max(found, key=lambda f: f[0][2])
    piece, start = index.windows[row]
    chorale = index.chorales[piece]
    length = (metre or Metre()).steps_per_bar
    closest = Passage(
        title=chorale.title,
        bwv=chorale.bwv,
        bar=int(np.searchsorted(chorale.bar_starts, start, side="right")),
        start=start,
        own_bar=max(int((own_start - pickup) // length) + 1, 0),
        own_start=own_start,
        semitones=shift,
        agreement=agreement,
        grid=chorale.grid.crop(start, start + WINDOW).transposed(shift),
        own=grid.crop(own_start, own_start + WINDOW),
    )
    short, long = index.overlap(grid, SHORT), index.overlap(grid, LONG)
    usual = unseen_bach()
    percentile = float(np.interp(np.nan_to_num(short), usual["4"], np.arange(101)))
    longest = index.longest(grid)
    sentence = (
        f"{_percent(short)} of its runs of four chords stand in the training chorales "
        f"(unseen Bach: {usual['4'][50]:.0%} as a rule, seldom over "
        f"{usual['4'][95]:.0%}), {_percent(long)} of those of eight "
        f"(seldom over {usual['8'][95]:.0%}). Most alike: your bar {closest.own_bar} "
        f"and bar {closest.bar} of BWV {closest.bwv}, {closest.title}, "
        f"{closest.agreement:.0%} of the notes."
    )
    return Novelty(short, long, longest, closest, percentile, sentence)


def _percent(share: float) -> str:
    return "none" if np.isnan(share) else f"{share:.0%}"


def _places(grid: Grid, index: ChordIndex) -> list[int]:
    """Return where windows are compared: each bar, or where most chords are known."""
    starts = list(range(0, grid.n_steps - WINDOW + 1, 4 * BEAT))
    if len(starts) <= MAX_WINDOWS:
        return starts

    def known(start: int) -> float:
        return index.overlap(grid.crop(start, start + WINDOW), SHORT)

    ranked = sorted(starts, key=lambda s: -float(np.nan_to_num(known(s))))
    return sorted(ranked[:MAX_WINDOWS])


@functools.cache
def unseen_bach() -> dict[str, list[float]]:
    """Return percentiles 0 to 100 of the overlap of chorales that no model has seen.

    Returns:
        "4" and "8": lists of 101 shares, for runs of four and of eight chords.

    Raises:
        InputError: if the file is missing or damaged.
    """
    path = data_dir() / "corpora" / "novelty.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["percentiles"]
        return {n: [float(v) for v in stored[n]] for n in ("4", "8")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"The overlap of unseen chorales, {path}, cannot be read ({error!r}); make "
            "it again with `python data/make/novelty.py`."
        ) from error
