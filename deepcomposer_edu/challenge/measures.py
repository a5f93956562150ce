"""The numbers behind the machine's points: measured on four voices alike for all.

Each number is compared with the same number of Bach's chorales, so that no raw value
decides. What of them is stored is made by `data/make/challenge.py`.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from deepcomposer_edu.corpora.novelty import SHORT, chord_changes, chord_runs
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.battery import is_triad
from deepcomposer_edu.music.chorale_features import checked_voices, chorale_features
from deepcomposer_edu.music.faults import Fault, find_faults, runs
from deepcomposer_edu.music.grid import Grid, voice_notes
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.score import Metre, Note
from deepcomposer_edu.paths import data_dir

BEAT = 4  # steps
FOUR_FOUR = Metre()
LONGEST = 16  # steps: longer notes count as one length
PARALLEL = ("parallel fifths", "parallel octaves")


@dataclass(frozen=True)
class Measure:
    """One number of a piece.

    Args:
        criterion: which of the four it belongs to.
        words: what it is.
        better: "low", "high" or "usual", as in `percentile_points`.
        is_share: whether it is shown in per cent.
    """

    criterion: str
    words: str
    better: str
    is_share: bool = True


MEASURES = {
    "known_runs": Measure(
        "originality",
        "Runs of four chords that stand in the training chorales",
        "low",
    ),
    "beyond_tune": Measure(
        "originality", "Notes that are not those of the given melody", "high"
    ),
    "lengths": Measure(
        "rhythm", "Notes that would need another length to be spread as usual", "low"
    ),
    "onsets": Measure("rhythm", "Notes that begin on each beat", "usual", False),
    "harmony_moves": Measure("rhythm", "Sixteenths at which the chord moves", "usual"),
    "on_beat": Measure("rhythm", "Moves of the chord that fall on a beat", "usual"),
    "variety": Measure("rhythm", "Bars whose rhythm is new", "usual"),
    "key_fit": Measure("accompaniment", "Music inside its scale", "high"),
    "chords": Measure("accompaniment", "Beats that are a triad or a seventh", "high"),
    "parallels": Measure(
        "accompaniment",
        "Parallel fifths and octaves for 100 moves of the chord",
        "low",
        False,
    ),
    "crossing": Measure("accompaniment", "Neighbouring voices that crossed", "low"),
    "fits_tune": Measure(
        "accompaniment",
        "Triads on the beats, beyond those that other notes on top would make",
        "high",
    ),
    "steps": Measure("cleanliness", "Upper voices' moves that are steps", "usual"),
    "wide_leaps": Measure("cleanliness", "Moves that are wider than a fifth", "low"),
    "range": Measure("cleanliness", "Notes outside their voice's range", "low"),
}


@dataclass(frozen=True, eq=False)
class Piece:
    """Four voices with what is needed to measure them.

    Args:
        grid: the voices, the highest first, (4, T).
        metre: of its bars.
        pickup: length of the upbeat in steps.
        melody: the melody that was given; None: its own highest voice.
    """

    grid: Grid
    metre: Metre = FOUR_FOUR
    pickup: float = 0
    melody: tuple[Note, ...] | None = None

    @functools.cached_property
    def faults(self) -> list[Fault]:
        """What a strict teacher would mark."""
        return find_faults(checked_voices(self.grid), self.metre, self.pickup)


def measured(piece: Piece, lengths: Sequence[float], known: set[bytes]) -> dict:
    """Return every number of MEASURES for a piece.

    Args:
        piece: four voices.
        lengths: how often notes last 1 to 16 sixteenths in chorales, shares, (16,).
        known: runs of four chords of the training chorales.

    Raises:
        InputError: if it has not four voices or is too short.
    """
    grid = checked_voices(piece.grid)
    features = chorale_features(grid, piece.faults)
    pitches = grid.pitches
    moves = (pitches[:, 1:] != pitches[:, :-1]).any(axis=0)  # (T - 1,)
    at = (np.arange(1, grid.n_steps) - piece.pickup) % BEAT
    n_moves = max(int(moves.sum()), 1)
    n_parallels = sum(fault.name in PARALLEL for fault in piece.faults)
    found = chord_runs(grid, SHORT)
    return {
        "known_runs": _share_of(run in known for run in found),
        "beyond_tune": beyond_tune(grid, piece.melody),
        "lengths": length_distance(grid, lengths),
        "onsets": float(grid.onsets.sum() / grid.n_steps * BEAT),
        "harmony_moves": float(moves.mean()),
        "on_beat": float((moves & (at < 0.5)).sum() / n_moves),
        "variety": _variety(piece),
        "fits_tune": fits_tune(grid, piece.pickup),
        "parallels": 100 * n_parallels / max(chord_changes(grid).shape[1] - 1, 1),
        **{
            name: features[name]
            for name in (
                "key_fit",
                "chords",
                "crossing",
                "steps",
                "wide_leaps",
                "range",
            )
        },
    }


def note_lengths(grid: Grid) -> np.ndarray:
    """Return how often notes last 1 to 16 sixteenths, counts, shape (16,).

    Repeated notes count as one: the benchmark's arrays do not know them.
    """
    counts = np.zeros(LONGEST)
    for voice in range(grid.n_voices):
        for run in runs(grid, voice):
            counts[min(run.end - run.start, LONGEST) - 1] += 1
    return counts


def length_distance(grid: Grid, lengths: Sequence[float]) -> float:
    """Return which share of the notes would need another length to be as usual."""
    counts = note_lengths(grid)
    shares = counts / max(counts.sum(), 1)
    return float(np.abs(shares - np.asarray(lengths)).sum() / 2)


def beyond_tune(grid: Grid, melody: Sequence[Note] | None) -> float:
    """Return the share of a piece's notes that are not those of the given melody.

    A note of the highest voice is the melody's if it stands in a run of three that the
    melody has, at any height. Without a melody, all of the highest voice is.
    """
    top = [note.pitch for note in voice_notes(grid, 0)]
    n_all = int(grid.onsets.sum())
    if not n_all:
        return 0.0
    if melody is None:
        return 1 - len(top) / n_all
    given = [note.pitch for note in melody]
    known = {_intervals(given[i : i + 3]) for i in range(len(given) - 2)}
    is_given = [False] * len(top)
    for i in range(len(top) - 2):
        if _intervals(top[i : i + 3]) in known:
            is_given[i : i + 3] = [True] * 3
    return 1 - sum(is_given) / n_all


def _intervals(pitches: Sequence[int]) -> tuple[int, ...]:
    return tuple(b - a for a, b in pairwise(pitches))


def fits_tune(grid: Grid, pickup: float = 0) -> float:
    """Return how much better the lower voices fit their melody than any other.

    It is the share of beats on which all voices together are a triad, less the mean
    share with each of the six other notes of the key in the melody's place. Voices
    that do not listen to the melody fit all of them alike: 0.

    Args:
        grid: the melody and the voices below it, (K, T).
        pickup: length of the upbeat in steps.

    G over C and E is a triad; of the other six A would make one, too:

    >>> round(fits_tune(Grid([[67], [64], [60], [48]])), 2)
    0.83
    """
    on_beat = (np.arange(grid.n_steps) - pickup) % BEAT < 0.5
    heard = grid.pitches[:, on_beat & grid.sounding.all(axis=0)].astype(int)  # (K, B)
    if not heard.size:
        return 0.0
    classes = 1 << heard % 12
    below = np.bitwise_or.reduce(classes[1:], axis=0)  # (B,) sets as bits
    scale = 1 << np.array(find_key(grid.voices(0)).scale)[:, None]  # (7, 1)
    is_other = scale != classes[0]  # (7, B)
    others = (is_triad(below | scale) & is_other).sum(axis=0) / is_other.sum(axis=0)
    return float(is_triad(below | classes[0]).mean() - others.mean())


def own_repeats(grid: Grid) -> float:
    """Return the share of runs of four chords that stood earlier in the same piece.

    In any key, since runs are written so that it does not matter.
    """
    found = chord_runs(grid, SHORT)
    return 1 - len(Counter(found)) / len(found) if found else 0.0


def _share_of(answers: object) -> float:
    listed = list(answers)
    return sum(listed) / len(listed) if listed else 0.0


def _variety(piece: Piece) -> float:
    """Return the share of bars in which notes change as in no bar before."""
    grid, bar = piece.grid, max(round(piece.metre.steps_per_bar), 1)
    first = round(piece.pickup)
    changed = np.ones(grid.n_steps, dtype=bool)
    changed[1:] = (grid.pitches[:, 1:] != grid.pitches[:, :-1]).any(axis=0)
    starts = range(first, grid.n_steps, bar)
    rhythms = [changed[start : start + bar].tobytes() for start in starts]
    return len(set(rhythms)) / max(len(rhythms), 1)


@dataclass(frozen=True, eq=False)
class Reference:
    """What is usual in Bach's chorales.

    Args:
        percentiles: for each measure its percentiles 0 to 100, (101,).
        lengths: shares of notes that last 1 to 16 sixteenths, (16,).
        tonic_rate: share of chorales that end on the tonic.
        n_chorales: how many were measured.
    """

    percentiles: Mapping[str, np.ndarray]
    lengths: np.ndarray
    tonic_rate: float
    n_chorales: int


@functools.cache
def load_reference() -> Reference:
    """Return the stored values of real chorales.

    Raises:
        InputError: if the file is missing or damaged.
    """
    path = data_dir() / "challenge" / "reference.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        table = {name: np.array(stored["percentiles"][name]) for name in MEASURES}
        lengths = np.array(stored["lengths"], dtype=float)
        if (
            any(row.shape != (101,) for row in table.values())
            or len(lengths) != LONGEST
        ):
            raise ValueError("the tables have other sizes")
        return Reference(
            table, lengths, float(stored["tonic_rate"]), int(stored["n_chorales"])
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"The numbers of real chorales, {path}, cannot be read ({error!r}); make "
            "them again with `python data/make/challenge.py`."
        ) from error
