"""The music of each letter of a form: taken from what was given, or from others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from deepcomposer_edu.compose.arranging.plan import Plan
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.keys import Key, find_key
from deepcomposer_edu.music.passages import Passage, whole_bars
from deepcomposer_edu.music.score import Metre, Score
from deepcomposer_edu.music.sections import Ranges

PHRASE = 8  # bars of a theme, if there are as many
SHORTEST_THEME = 2  # bars that a second theme needs


@dataclass(frozen=True)
class Themes:
    """The music of each letter, and what they have in common.

    Args:
        passages: by letter; a letter without one is made from the first.
        key: of the piece.
        ranges: lowest and highest pitch of each voice.
        pickup: length of the upbeat in steps.
        metre: of all bars.
    """

    passages: dict[str, Passage]
    key: Key
    ranges: Ranges
    pickup: float
    metre: Metre


def passages_of(
    given: Passage,
    plan: Plan,
    others: Mapping[str, Score],
    key: Key,
    notes: list[str],
) -> dict[str, Passage]:
    """Return the music of each letter, as far as it is given.

    A letter takes no more bars than its sections have, so that the next one can go on
    there.
    """
    needed: dict[str, int] = {}
    for name, n_bars in zip(plan.names, plan.bars, strict=True):
        letter = name.rstrip("'")
        needed[letter] = max(needed.get(letter, 0), n_bars)
    length, found, at = phrase_bars(given.n_bars), {}, 0
    for letter, n_bars in needed.items():
        if letter in others:
            found[letter] = _material(letter, others[letter], given, key, notes)
            continue
        last = min(at + min(length, n_bars), given.n_bars)
        if not found or last - at >= SHORTEST_THEME:
            found[letter] = given.bars(at, last)
            at = last
    return found


def phrase_bars(n_bars: int) -> int:
    """Return how many bars a theme has.

    >>> [phrase_bars(n) for n in (2, 8, 10, 12, 16)]
    [2, 8, 8, 4, 8]
    """
    if n_bars <= PHRASE or n_bars >= 2 * PHRASE:
        return min(n_bars, PHRASE)
    return PHRASE // 2 if n_bars % (PHRASE // 2) == 0 else PHRASE


def _material(
    letter: str, score: Score, first: Passage, key: Key, notes: list[str]
) -> Passage:
    """Return other music for a letter, on the tracks of the first."""
    passage, _ = whole_bars(score)
    if passage.bar_steps != first.bar_steps:
        raise InputError(
            f"The music for {letter} has bars of {passage.bar_steps:g} sixteenths, but "
            f"the piece has bars of {first.bar_steps:g}; give music in the same metre."
        )
    own = [track for track in passage.tracks if not track.is_drum]
    n_voices = sum(not track.is_drum for track in first.tracks)
    if len(own) != n_voices:
        raise InputError(
            f"The music for {letter} has {len(own)} voices, but the piece has "
            f"{n_voices}; give music with as many."
        )
    drums = [track for track in passage.tracks if track.is_drum]
    left = {True: drums, False: own}
    tracks = tuple(
        replace(track, notes=left[track.is_drum].pop(0).notes)
        if left[track.is_drum]
        else replace(track, notes=())
        for track in first.tracks
    )
    found = find_key(Score(passage.tracks))
    if found != key:
        notes.append(
            f"The music for {letter} is in {found.name}, the piece in {key.name}."
        )
    return replace(passage.bars(0, phrase_bars(passage.n_bars)), tracks=tracks)
