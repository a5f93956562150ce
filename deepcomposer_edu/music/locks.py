"""Which cells of a piece must stay, written as a musician would say it.

"soprano bass" are voices, "3, 5-8" are bars, "bass 5:1, alto 6:3" are single notes: the
bass note that sounds on the first beat of bar 5, and the alto's on the third of bar 6.
Bars and beats are counted from 1, as in a score; an incomplete first bar is bar 0. A
beat is a quarter. Results count from 0, as Python does, and the upbeat's bar is -1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.edits import STEPS_PER_BEAT, note_numbers
from deepcomposer_edu.music.grid import VOICE_NAMES, Grid

UPBEAT = -1  # the bar before the first bar line
MAX_TEXT = 2000  # characters: longer than any list a person types
_WORDS = re.compile(r"[\s,;]+")
_BARS = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")
_NOTE = re.compile(r"([a-z]+)\s+(\d{1,6})\s*:\s*(\d{1,4}(?:\.\d{1,4})?)")


def parse_voices(text: str) -> list[int]:
    """Return the voices that a text names, from 0 for the soprano, in their order.

    Args:
        text: names or their first letters (melody is another word for soprano) with
            spaces or commas between them, "all" or nothing.

    Raises:
        InputError: if a word is no voice.

    >>> parse_voices("Bass, soprano")
    [0, 3]
    """
    names = [name.lower() for name in VOICE_NAMES]
    found = set()
    for word in _WORDS.split(_checked(text)):
        if word == "all":
            return list(range(len(names)))
        if word in ("", "and"):
            continue
        found.add(_voice(word))
    return sorted(found)


def _voice(word: str) -> int:
    """Return the voice of a name or of its first letter."""
    if word == "melody":
        return 0
    for i, name in enumerate(VOICE_NAMES):
        if word in (name.lower(), name[0].lower()):
            return i
    known = ", ".join(name.lower() for name in VOICE_NAMES)
    raise InputError(
        f"{word[:30]!r} is no voice; the voices are {known}, with spaces or commas "
        "between them."
    )


def parse_bars(text: str, n_bars: int, has_upbeat: bool = False) -> list[int]:
    """Return the bars that a text names, from 0 for the first whole bar, in order.

    Args:
        text: numbers from 1 and spans like 5-8, with commas between them, "all" or
            nothing.
        n_bars: how many whole bars (the last may be shorter) there are.
        has_upbeat: whether an incomplete bar comes before them; it is named 0, and
            UPBEAT (-1) in the result.

    Raises:
        InputError: if a part is no bar, or the piece has no such bar.

    >>> parse_bars("3, 5-8", 8)
    [2, 4, 5, 6, 7]
    """
    first = 0 if has_upbeat else 1
    found = set()
    text = re.sub(r"\s*[-–]\s*", "-", _checked(text))
    for word in _WORDS.split(text):
        if word == "all":
            return [bar - 1 for bar in range(first, n_bars + 1)]
        if word in ("", "and", "bar", "bars"):
            continue
        match = _BARS.fullmatch(word)
        if match is None:
            raise InputError(
                f"{word[:30]!r} is no bar; write bars as numbers and spans with commas "
                "between them, 3, 5-8 for example."
            )
        low = int(match[1])
        high = int(match[2]) if match[2] else low
        if not first <= low <= high <= n_bars:
            raise InputError(
                f"The bars {word[:30]!r} were asked for, but this piece has bars "
                f"{first} to {n_bars}, and a span goes from the lower to the higher."
            )
        found.update(range(low - 1, high))
    return sorted(found)


def parse_notes(text: str) -> list[tuple[int, int, float]]:
    """Return the places that a text names: (voice, bar, beat), all from 0.

    Args:
        text: places like "bass 5:1" (voice, bar, beat, the last two from 1), with
            commas between them, or nothing. A beat may be broken: 2.5 is half a beat
            after 2.

    Raises:
        InputError: if a part is no such place.

    >>> parse_notes("bass 5:1, alto 6:3.5")
    [(3, 4, 0.0), (1, 5, 2.5)]
    """
    found = []
    for part in re.split(r"[,;\n]", _checked(text)):
        place = part.strip()
        if not place:
            continue
        match = _NOTE.fullmatch(place)
        if match is None or float(match[3]) < 1:
            raise InputError(
                f"{place[:30]!r} is no note; write voice, bar and beat, as in bass 5:1,"
                " with commas between notes."
            )
        found.append((_voice(match[1]), int(match[2]) - 1, float(match[3]) - 1))
    return found


def count_bars(n_steps: int, steps_per_bar: int, pickup: int = 0) -> int:
    """Return how many bars a piece has after its upbeat; the last may be shorter."""
    return max(0, -(-(n_steps - pickup) // steps_per_bar))


def bar_numbers(n_steps: int, steps_per_bar: int, pickup: int = 0) -> np.ndarray:
    """Return the bar of each step, (T,), from 0; UPBEAT (-1) before the first line."""
    bars = (np.arange(n_steps) - pickup) // steps_per_bar
    return np.maximum(bars, UPBEAT)


def region_cells(
    grid: Grid,
    steps_per_bar: int = 16,
    pickup: int = 0,
    *,
    voices: Sequence[int] | None = None,
    bars: Sequence[int] | None = None,
) -> np.ndarray:
    """Return the cells that lie in these bars of these voices, (K, T) bool.

    Args:
        grid: the piece, (K, T).
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
        voices: from 0, as `parse_voices` gives them; None means all.
        bars: from 0, as `parse_bars` gives them; None means all.

    Raises:
        InputError: if the music has no such voice.
    """
    cells = np.ones(grid.pitches.shape, dtype=bool)
    if voices is not None:
        chosen = _present(voices, grid.n_voices)
        cells &= np.isin(np.arange(grid.n_voices), chosen)[:, None]
    if bars is not None:
        numbers = bar_numbers(grid.n_steps, steps_per_bar, pickup)
        cells &= np.isin(numbers, list(bars))
    return cells


def locked_cells(
    grid: Grid,
    steps_per_bar: int = 16,
    pickup: int = 0,
    *,
    voices: Sequence[int] = (),
    bars: Sequence[int] = (),
    notes: Sequence[tuple[int, int, float]] = (),
) -> np.ndarray:
    """Return the cells that must not change, (K, T) bool.

    Locked is what lies in one of the voices, or in one of the bars, or belongs to one
    of the notes, from its beginning to its end.

    Args:
        grid: the piece, (K, T).
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
        voices: from 0, as `parse_voices` gives them.
        bars: from 0, as `parse_bars` gives them.
        notes: places, as `parse_notes` gives them.

    Raises:
        InputError: if there is no such place, or no note sounds there.
    """
    locked = np.zeros(grid.pitches.shape, dtype=bool)
    locked |= region_cells(grid, steps_per_bar, pickup, voices=voices)
    locked |= region_cells(grid, steps_per_bar, pickup, bars=bars)
    numbers = note_numbers(grid)
    for voice, bar, beat in notes:
        _present([voice], grid.n_voices)
        place = f"bar {bar + 1}, beat {beat + 1:g}"
        step = pickup + bar * steps_per_bar + int(beat * STEPS_PER_BEAT)
        if beat * STEPS_PER_BEAT >= steps_per_bar or not 0 <= step < grid.n_steps:
            last = count_bars(grid.n_steps, steps_per_bar, pickup)
            raise InputError(
                f"A note in {place} was to be kept, but there is no such place: the "
                f"piece has bars {int(pickup == 0)} to {last} of "
                f"{steps_per_bar / STEPS_PER_BEAT:g} quarters."
            )
        if numbers[voice, step] < 0:
            raise InputError(
                f"The {VOICE_NAMES[voice].lower()}'s note in {place} was to be kept, "
                "but the voice rests there; name a place where it sings."
            )
        locked[voice] |= numbers[voice] == numbers[voice, step]
    return locked


def _present(voices: Sequence[int], n_voices: int) -> list[int]:
    """Return the voices if a piece of so many voices has them."""
    for voice in voices:
        if voice >= n_voices:
            raise InputError(
                f"The {VOICE_NAMES[voice].lower()} was named, but the music has only "
                f"{n_voices} voice{'s' if n_voices > 1 else ''}."
            )
    return list(voices)


def _checked(text: str) -> str:
    """Return the text in small letters, or raise an InputError."""
    if not isinstance(text, str):
        raise InputError(
            f"Voices, bars or notes were given as {type(text).__name__}, but a text is "
            "needed, 3, 5-8 for example."
        )
    if len(text) > MAX_TEXT:
        raise InputError(
            f"The text has {len(text)} characters, but at most {MAX_TEXT} are read; "
            "name fewer voices, bars or notes."
        )
    return text.strip().lower()
