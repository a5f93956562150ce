"""Bach's four-part chorales: pieces to learn from, and pieces to test with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from deepcomposer_edu.corpora.build import build_chorales, to_arrays
from deepcomposer_edu.corpora.cache import cached_arrays, record_of, with_bar
from deepcomposer_edu.corpora.chorale_list import SPLITS, bwv_of
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.score import Metre, Score


@dataclass(frozen=True)
class Chorale:
    """One chorale: four voices on the sixteenth grid, and what its score says.

    Args:
        title: the German title, or the file's name for music of your own.
        bwv: number in the catalogue of Bach's works, with the movement; "" if none.
        source: the file it was read from.
        split: "train", "valid", "test" or "extra".
        grid: soprano, alto, tenor, bass, shape (4, T).
        key: its key.
        metre: time signature of the first whole bar, such as "4/4".
        steps_per_bar: length of that bar in steps, 16 for 4/4.
        pickup: steps before the first whole bar.
        bar_starts: steps at which whole bars begin, shape (number of bars,).
        fermatas: steps at which the soprano holds a fermata, shape (T,), bool.
        is_clean: whether no piece that models learn from has the same melody: for
            "test", none in train or valid; for "valid", none in train.
    """

    title: str
    bwv: str
    source: str
    split: str
    grid: Grid
    key: Key
    metre: str
    steps_per_bar: int
    pickup: int
    bar_starts: np.ndarray = field(repr=False)
    fermatas: np.ndarray = field(repr=False)
    is_clean: bool = True

    @property
    def melody(self) -> Grid:
        """The soprano alone, shape (1, T)."""
        return self.grid.voices(0)

    def to_score(self, tempo: float = 80.0) -> Score:
        """Return the chorale as a score of four tracks, at `tempo` BPM."""
        beats, beat_type = (int(part) for part in self.metre.split("/"))
        return from_grid(
            self.grid,
            tempo=tempo,
            metres=(Metre(0, beats, beat_type),),
            pickup=self.pickup,
            title=self.title,
        )


def load_chorales(split: str = "train") -> list[Chorale]:
    """Return the chorales of one split.

    The first call on a machine reads them from the scores that install with music21,
    which takes a few seconds; later calls read a small file in the cache.

    Args:
        split: "train", "valid" or "test" of the canonical split, of which 211 of 229,
            69 of 76 and 70 of 77 pieces could be found; "extra": 24 more chorales that
            may be trained on, since no valid or test piece begins like them; or "all"
            for train, valid and test.

    Returns:
        The chorales in the order of their file names.

    Raises:
        InputError: for another split, or where music21's scores are not installed.
    """
    if split not in (*SPLITS, "all"):
        raise InputError(
            f'There is no split "{split}" of the chorales; choose "train", "valid", '
            '"test", "extra" or "all".'
        )
    arrays = chorale_arrays()
    wanted = SPLITS[:3] if split == "all" else (split,)
    places = np.flatnonzero(np.isin(arrays["split"], wanted))
    return [_chorale(arrays, int(i)) for i in places]


def _chorale(arrays: dict[str, np.ndarray], i: int) -> Chorale:
    steps = slice(arrays["offsets"][i], arrays["offsets"][i + 1])
    bars = slice(arrays["bar_offsets"][i], arrays["bar_offsets"][i + 1])
    source = str(arrays["source"][i])
    mode = "minor" if arrays["is_minor"][i] else "major"
    return Chorale(
        title=str(arrays["title"][i]),
        bwv=bwv_of(source),
        source=source,
        split=str(arrays["split"][i]),
        grid=Grid(arrays["pitches"][:, steps], arrays["onsets"][:, steps]),
        key=Key(int(arrays["tonic"][i]), mode),
        metre=str(arrays["metre"][i]),
        steps_per_bar=int(arrays["steps_per_bar"][i]),
        pickup=int(arrays["pickup"][i]),
        bar_starts=arrays["bar_starts"][bars],
        fermatas=arrays["fermatas"][steps],
        is_clean=bool(arrays["is_clean"][i]),
    )


def expected_digest() -> str:
    """Return the checksum of the arrays that the shipped weights were trained on.

    Raises:
        InputError: if the record is missing or damaged.
    """
    return record_of("chorales")["sha256"]


def chorale_arrays(show_progress: bool = True) -> dict[str, np.ndarray]:
    """Return all chorales as plain arrays, from the cache or built now.

    What is in the cache is compared with its checksum; a damaged file is built again.
    Where another release of music21 gives other notes, a warning says so.

    Args:
        show_progress: whether building shows a progress bar.

    Returns:
        The arrays that `build.to_arrays` describes.

    Raises:
        InputError: if music21's scores are not installed.
    """
    return cached_arrays(
        "chorales",
        expected_digest(),
        lambda: to_arrays(build_chorales(_told if show_progress else iter)),
    )


def _told(files: Iterable) -> Iterable:
    return with_bar(files, "Reading Bach's chorales (once)")
