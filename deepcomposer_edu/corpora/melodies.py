"""Melodies of three tune books on the sixteenth grid: what MelodyRNN learns from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.corpora.abc_melody import read_melody
from deepcomposer_edu.corpora.cache import cached_arrays, record_of
from deepcomposer_edu.corpora.tune_books import load_tune_books
from deepcomposer_edu.corpora.tune_cleaning import SPLITS, BookTune
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.score import NOTE_NAMES, Metre, Score

MINOR_MODES = ("m", "dor", "phr")  # whose third is minor


@dataclass(frozen=True)
class Melody:
    """One tune of a tune book: a voice on the sixteenth grid, and what the book says.

    Args:
        title: the tune's name.
        book: the folder in music21's corpus, "airdsAirs" for one.
        source: the file and number in it.
        split: "train", "valid" or "test".
        grid: one voice, (1, T), nothing repeated.
        key: tonic, and minor for every mode with a minor third (Dorian, Phrygian).
        metre: "6/8", for example.
        steps_per_bar: 12 for 6/8, 16 for 4/4.
        pickup: steps before the first whole bar.
    """

    title: str
    book: str
    source: str
    split: str
    grid: Grid
    key: Key
    metre: str
    steps_per_bar: int
    pickup: int

    @property
    def bar_starts(self) -> np.ndarray:
        """Steps at which whole bars begin, (number of bars,)."""
        return np.arange(self.pickup, self.grid.n_steps, self.steps_per_bar)

    def to_score(self, tempo: float = 120.0) -> Score:
        """Return the melody as a score of one track, at `tempo` quarters a minute."""
        beats, beat_type = (int(part) for part in self.metre.split("/"))
        return from_grid(
            self.grid,
            tempo=tempo,
            metres=(Metre(0, beats, beat_type),),
            pickup=self.pickup,
            title=self.title,
        )


def load_melodies(split: str = "train") -> list[Melody]:
    """Return the melodies of one split, in the order of the books.

    The first call on a machine reads the ABC files that install with music21, which
    takes about ten seconds; later calls read a small file in the cache. The splits are
    those of `load_tune_books`: versions of one tune stand in one split.

    Args:
        split: "train", "valid", "test", or "all".

    Raises:
        InputError: for another split, or where music21's scores are not installed.
    """
    if split not in (*SPLITS, "all"):
        raise InputError(
            f'There is no split "{split}" of the melodies; choose "train", "valid", '
            '"test" or "all".'
        )
    arrays = melody_arrays()
    wanted = SPLITS if split == "all" else (split,)
    places = np.flatnonzero(np.isin(arrays["split"], wanted))
    return [_melody(arrays, int(i)) for i in places]


def _melody(arrays: dict[str, np.ndarray], i: int) -> Melody:
    steps = slice(arrays["offsets"][i], arrays["offsets"][i + 1])
    mode = "minor" if arrays["is_minor"][i] else "major"
    return Melody(
        title=str(arrays["title"][i]),
        book=str(arrays["book"][i]),
        source=str(arrays["source"][i]),
        split=str(arrays["split"][i]),
        grid=Grid(arrays["pitches"][None, steps], arrays["onsets"][None, steps]),
        key=Key(int(arrays["tonic"][i]), mode),
        metre=str(arrays["metre"][i]),
        steps_per_bar=int(arrays["steps_per_bar"][i]),
        pickup=int(arrays["pickup"][i]),
    )


def key_of(text: str) -> Key:
    """Return the key of ABC's K: line.

    >>> key_of("Bb").name, key_of("F#m").name, key_of("Ador").name, key_of("Dmix").name
    ('A# major', 'F# minor', 'A minor', 'D major')

    Raises:
        InputError: if it names no key.
    """
    match = re.fullmatch(r"([A-G])([#b]?)([a-z]*)", text)
    if match is None:
        raise InputError(f'"{text}" names no key; ABC writes G, Em, Bb or Ador.')
    letter, accidental, mode = match.groups()
    tonic = NOTE_NAMES.index(letter) + {"#": 1, "b": -1, "": 0}[accidental]
    return Key(tonic % 12, "minor" if mode in MINOR_MODES else "major")


def build_melodies(
    tunes: Iterable[BookTune],
) -> tuple[list[Melody], Counter[str]]:
    """Return the melodies of tunes, and for what reasons how many were left out."""
    melodies, left_out = [], Counter()
    for tune in tunes:
        try:
            read = read_melody(tune.abc)
        except InputError as reason:
            left_out[str(reason)] += 1
            continue
        melodies.append(
            Melody(
                title=tune.title,
                book=tune.book,
                source=tune.source,
                split=tune.split,
                grid=read.grid,
                key=key_of(tune.key),
                metre=f"{read.metre[0]}/{read.metre[1]}",
                steps_per_bar=read.steps_per_bar,
                pickup=read.pickup,
            )
        )
    return melodies, left_out


def to_arrays(melodies: list[Melody]) -> dict[str, np.ndarray]:
    """Return melodies as plain arrays: one row a melody, steps one after the other."""
    lengths = [melody.grid.n_steps for melody in melodies]
    return {
        "offsets": np.cumsum([0, *lengths], dtype=np.int64),
        "pitches": np.concatenate([m.grid.pitches[0] for m in melodies]),
        "onsets": np.concatenate([m.grid.onsets[0] for m in melodies]),
        "tonic": np.array([m.key.tonic for m in melodies], dtype=np.int8),
        "is_minor": np.array([m.key.mode == "minor" for m in melodies]),
        "steps_per_bar": np.array([m.steps_per_bar for m in melodies], dtype=np.int8),
        "pickup": np.array([m.pickup for m in melodies], dtype=np.int8),
        **{
            name: np.array([getattr(m, name) for m in melodies])
            for name in ("title", "book", "source", "split", "metre")
        },
    }


def expected_digest() -> str:
    """Return the checksum of the arrays that the shipped weights were trained on."""
    return record_of("melodies")["sha256"]


def melody_arrays() -> dict[str, np.ndarray]:
    """Return all melodies as plain arrays, from the cache or built now.

    What is in the cache is compared with its checksum; a damaged file is built again.
    Where another release of music21 gives other notes, a warning says so.

    Raises:
        InputError: if music21's scores are not installed.
    """
    return cached_arrays(
        "melodies",
        expected_digest(),
        lambda: to_arrays(build_melodies(load_tune_books("all"))[0]),
    )
