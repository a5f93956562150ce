"""The repertoires that networks learn from: their names, sounds and tempos.

A band (`music.bands`) is a style that rules write. A repertoire is music that somebody
composed and a network learned from. Which scores stand behind each name, and how many,
is in `corpora.genres`.
"""

from __future__ import annotations

from dataclasses import dataclass

from deepcomposer_edu.errors import InputError


@dataclass(frozen=True)
class Repertoire:
    """One kind of music to learn from.

    Attributes:
        name: what it is called in programs.
        title: what it is called on a screen.
        description: what it is, in a line without a full stop.
        programs: General MIDI instruments of the four voices, 0 to 127, highest first.
        tempo: quarter notes per minute that suit it on the sixteenth grid.
    """

    name: str
    title: str
    description: str
    programs: tuple[int, int, int, int]
    tempo: float


_ORGAN, _CHOIR, _PIANO = 19, 52, 0
_VIOLIN, _VIOLA, _CELLO = 40, 41, 42
_FIDDLE, _ACCORDION, _BASS = 110, 21, 32

_ALL = (
    Repertoire(
        "chorale",
        "Bach chorale",
        "four voices as in Bach's chorales",
        (_ORGAN,) * 4,
        80.0,
    ),
    Repertoire(
        "palestrina",
        "Palestrina mass",
        "four voices as in Palestrina's masses",
        (_CHOIR,) * 4,
        80.0,
    ),
    Repertoire(
        "quartet",
        "String quartet",
        "four strings as in quartets by Haydn, Mozart and Beethoven",
        (_VIOLIN, _VIOLIN, _VIOLA, _CELLO),
        112.0,
    ),
    Repertoire(
        "ragtime",
        "Piano rag",
        "two hands as in Joplin's Maple Leaf Rag",
        (_PIANO,) * 4,
        88.0,
    ),
    Repertoire(
        "folk",
        "Fiddle tune",
        "one voice as in old American, Irish and Scottish tune books",
        (_FIDDLE, _ACCORDION, _ACCORDION, _BASS),
        112.0,
    ),
)
# The place of a name is its number in every network that has learned several: append
# new ones at the end.
GENRES: tuple[str, ...] = tuple(repertoire.name for repertoire in _ALL)
# What the network of several genres has learned: enough music in four voices
FOUR_PART_GENRES = ("chorale", "palestrina", "quartet")


def genre_info(genre: str) -> Repertoire:
    """Return what is known about a repertoire.

    Args:
        genre: one of GENRES.

    Raises:
        InputError: if there is no such repertoire.
    """
    return _ALL[genre_index(genre)]


def genre_index(genre: str) -> int:
    """Return the number of a repertoire in a network that has learned several.

    Raises:
        InputError: if there is no such repertoire.

    >>> genre_index("palestrina")
    1
    """
    if genre not in GENRES:
        raise InputError(
            f"There is no repertoire {str(genre)[:40]!r}; choose one of "
            f"{', '.join(GENRES)}."
        )
    return GENRES.index(genre)
