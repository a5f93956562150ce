"""The genres that networks learn from: Bach's chorales, and music that is not Bach.

Each genre gives pieces of four voices on the sixteenth grid, split so that no work
stands on two sides. Voices that a piece lacks rest: a fiddle tune is a first voice over
three silent ones. All comes from the scores that install with music21; what did not fit
is counted in `left_out`.

    chorale     J. S. Bach, as in `corpora.chorales`
    palestrina  Giovanni Pierluigi da Palestrina: movements of masses in four voices
    quartet     string quartets by Haydn, Mozart and Beethoven, in stretches
    ragtime     Scott Joplin's Maple Leaf Rag: one piece, so it has no valid or test
    folk        fiddle tunes from three old tune books, as in `corpora.melodies`
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from deepcomposer_edu.corpora.cache import cached_arrays, record_of, with_bar
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.genre_build import BUILT, build_genres
from deepcomposer_edu.corpora.raw_pieces import RawPiece, genre_arrays_of
from deepcomposer_edu.corpora.windows import HIGH, LOW, Windows, chorale_windows
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid, from_grid
from deepcomposer_edu.music.keys import Key, duration_histogram, find_key
from deepcomposer_edu.music.repertoire import genre_index, genre_info
from deepcomposer_edu.music.score import Metre, Score

SPLITS = ("train", "valid", "test")
N_VOICES = 4
MAX_STRAYS = 0.05  # sounding steps of a window that may need another octave
AROUND = 48  # steps before and after a window that say which key it is in


class GenrePiece(RawPiece):
    """One piece of a genre on the grid, see `RawPiece`; a missing voice rests.

    Its genre is one of `music.repertoire.GENRES`; Palestrina's key is the major key of
    the signature.
    """

    @property
    def melody(self) -> Grid:
        """The first voice alone, shape (1, T)."""
        return self.grid.voices(0)

    @property
    def fermatas(self) -> np.ndarray:
        """Where the first voice holds a fermata, (T,), bool: nowhere is one kept."""
        return np.zeros(self.grid.n_steps, dtype=bool)

    def to_score(self, tempo: float | None = None) -> Score:
        """Return the piece as a score with the genre's instruments.

        Args:
            tempo: quarter notes per minute; the genre's own if left out.
        """
        about = genre_info(self.genre)
        beats, beat_type = (int(part) for part in self.metre.split("/"))
        return from_grid(
            self.grid,
            tempo=about.tempo if tempo is None else tempo,
            programs=about.programs,
            metres=(Metre(0, beats, beat_type),),
            pickup=self.pickup,
            title=self.title,
        )


def load_genre(genre: str, split: str = "train") -> list[GenrePiece]:
    """Return the pieces of a genre in one split.

    The first call on a machine reads them from the scores that install with music21,
    which takes some seconds; later calls read a small file in the cache.

    Args:
        genre: one of `music.repertoire.GENRES`.
        split: "train", "valid", "test", or "all" for the three in this order.

    Returns:
        The pieces in the order of their sources. Ragtime has one piece, to train on;
        its valid and test are empty.

    Raises:
        InputError: for another genre or split, or where music21's scores are missing.
    """
    genre_index(genre)
    if split not in (*SPLITS, "all"):
        raise InputError(
            f'There is no split "{str(split)[:40]}" of a genre; choose "train", '
            '"valid", "test" or "all".'
        )
    wanted = SPLITS if split == "all" else (split,)
    return [piece for name in wanted for piece in _loaders[genre](genre, name)]


def _built(genre: str, split: str) -> list[GenrePiece]:
    arrays = genre_arrays()
    chosen = (arrays["genre"] == genre) & (arrays["split"] == split)
    return [_piece(arrays, int(i)) for i in np.flatnonzero(chosen)]


def _piece(arrays: dict[str, np.ndarray], i: int) -> GenrePiece:
    steps = slice(arrays["offsets"][i], arrays["offsets"][i + 1])
    bars = slice(arrays["bar_offsets"][i], arrays["bar_offsets"][i + 1])
    words = ("genre", "title", "source", "work", "split", "metre")
    return GenrePiece(
        **{name: str(arrays[name][i]) for name in words},
        grid=Grid(arrays["pitches"][:, steps], arrays["onsets"][:, steps]),
        key=Key(int(arrays["tonic"][i]), "minor" if arrays["is_minor"][i] else "major"),
        steps_per_bar=int(arrays["steps_per_bar"][i]),
        pickup=int(arrays["pickup"][i]),
        bar_starts=arrays["bar_starts"][bars],
    )


def _chorales(genre: str, split: str) -> list[GenrePiece]:
    names = ("title", "source", "split", "grid", "key", "metre")
    names += ("steps_per_bar", "pickup", "bar_starts")
    return [
        GenrePiece(
            genre=genre,
            work=f"BWV {chorale.bwv}",
            **{name: getattr(chorale, name) for name in names},
        )
        for chorale in load_chorales(split)
    ]


def _folk(genre: str, split: str) -> list[GenrePiece]:
    from deepcomposer_edu.corpora.melodies import load_melodies

    return [
        GenrePiece(
            genre=genre,
            title=tune.title,
            source=tune.source,
            work=f"{tune.book}: {tune.title}",
            split=split,
            grid=four_voices(tune.grid),
            key=tune.key,
            metre=tune.metre,
            steps_per_bar=tune.steps_per_bar,
            pickup=tune.pickup,
            bar_starts=tune.bar_starts,
        )
        for tune in load_melodies(split)
    ]


_loaders = {"chorale": _chorales, "folk": _folk, **dict.fromkeys(BUILT, _built)}


def four_voices(grid: Grid) -> Grid:
    """Return a grid of up to four voices with silent ones below, (4, T).

    Raises:
        InputError: if there are more than four voices.
    """
    missing = N_VOICES - grid.n_voices
    if missing < 0:
        raise InputError(
            f"The music has {grid.n_voices} voices, but at most {N_VOICES} fit; choose "
            "four of them."
        )
    rests = ((0, missing), (0, 0))
    return Grid(
        np.pad(grid.pitches, rests, constant_values=REST), np.pad(grid.onsets, rests)
    )


def with_local_keys(windows: Windows, pieces: Sequence[GenrePiece]) -> Windows:
    """Return windows of these pieces, each with the key of the bars around it.

    A chorale stays near its key; a quartet wanders, so its one key says little about a
    window. Three bars on either side and the window itself decide instead.

    Args:
        windows: what `chorale_windows(pieces)` gave.
        pieces: the same pieces, in the same order.
    """
    length = windows.pitches.shape[-1]
    keys = []
    for number, start in zip(windows.pieces, windows.starts, strict=True):
        around = slice(max(0, start - AROUND), start + length + AROUND)
        grid = Grid(pieces[number].grid.pitches[:, around])
        keys.append(find_key(duration_histogram(grid)).to_c)
    return replace(windows, keys=np.array(keys, dtype=windows.keys.dtype))


def four_part_windows(
    pieces: Sequence[GenrePiece], n_steps: int = 32, low: int = LOW, high: int = HIGH
) -> Windows:
    """Return the windows from which four-part writing can be learned.

    These are the windows from bar lines on in which every voice sounds for at least
    half of the steps, the first voice for three quarters, and in which at most one
    sounding step in twenty lies outside the pitches of the models when the window
    stands in C major or A minor.

    Args:
        pieces: pieces of one genre.
        n_steps: T, length of a window.
        low: lowest pitch of the models.
        high: highest pitch of the models.

    Raises:
        InputError: if no piece holds a window.
    """
    windows = chorale_windows(pieces, n_steps)
    if any(piece.genre == "quartet" for piece in pieces):
        windows = with_local_keys(windows, pieces)
    sounds = windows.pitches != REST  # (N, 4, T)
    shares = sounds.mean(axis=2)
    ways = np.stack([windows.keys, windows.keys - 12, windows.keys + 12])
    strays = []
    for way in ways:
        moved = windows.pitches + way[:, None, None]
        is_outside = sounds & ((moved < low) | (moved > high))
        strays.append(is_outside.sum(axis=(1, 2)))
    fits = np.min(strays, axis=0) <= MAX_STRAYS * sounds.sum(axis=(1, 2))
    return windows[fits & (shares[:, 0] >= 0.75) & (shares.min(axis=1) >= 0.5)]


def left_out() -> dict[str, dict[str, int]]:
    """Return, for each genre built here, how many of what is missing, and why.

    Raises:
        InputError: if the record is missing or damaged.
    """
    return record_of("genres")["left_out"]


def genre_arrays(show_progress: bool = True) -> dict[str, np.ndarray]:
    """Return the pieces built here as plain arrays, from the cache or built now.

    What is in the cache is compared with its checksum; a damaged file is built again.
    Where another release of music21 gives other notes, a warning says so.

    Args:
        show_progress: whether building shows a progress bar.

    Returns:
        The arrays that `genre_build.genre_arrays_of` describes.

    Raises:
        InputError: if music21's scores are not installed.
    """
    return cached_arrays(
        "genres", record_of("genres")["sha256"], lambda: _arrays_now(show_progress)
    )


def _arrays_now(show_progress: bool) -> dict[str, np.ndarray]:
    built = build_genres(_told if show_progress else iter)
    return genre_arrays_of(built.pieces)


def _told(files: Iterable) -> Iterable:
    return with_bar(files, "Reading masses, quartets and a rag (once)")
