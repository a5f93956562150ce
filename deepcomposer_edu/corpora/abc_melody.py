"""A tune in ABC notation as one voice on the sixteenth grid, in a few milliseconds.

music21 reads the letters: pitches under the key signature, accidentals that last to the
bar line, broken rhythms. What is left here is to lay the bars one after the other. The
way through a full music21 score, that `music/abc.py` takes, is ten times slower: too
slow for four thousand tunes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid

STEPS_PER_WHOLE = 16
METRES = {"C": (4, 4), "C|": (2, 2)}
MAX_OFF_GRID = 0.2  # of the notes: may begin between two sixteenths
MAX_ODD_BARS = 0.1  # of the bars: may be longer or shorter than the metre says
_REST = re.compile(r"[zxXyZ]")


@dataclass(frozen=True)
class AbcMelody:
    """A tune on the sixteenth grid: whole bars, of every repeat the last time.

    Args:
        grid: one voice, (1, T).
        metre: beats and beat type, (6, 8) for 6/8.
        steps_per_bar: 16 for 4/4, 12 for 6/8.
        pickup: steps before the first whole bar.
    """

    grid: Grid
    metre: tuple[int, int]
    steps_per_bar: int
    pickup: int


@dataclass
class _Bar:
    """What stands between two bar lines."""

    opens: str  # the bar lines before it: "|", "|:", ":|2"
    notes: list[tuple[int, Fraction, bool]]  # (pitch or REST, steps, held on?)
    closes: str = ""

    @property
    def length(self) -> Fraction:
        return sum((steps for _, steps, _ in self.notes), Fraction(0))


def read_melody(text: str) -> AbcMelody:
    """Return the melody of one tune in ABC notation.

    Grace notes are left out, of a chord the highest note is taken. Nothing is repeated,
    and of two endings the second is taken. Notes between two sixteenths, those of
    triplets, go to the nearest one.

    Args:
        text: the tune, with its M:, L: and K: lines.

    Raises:
        InputError: if it cannot be read, holds no notes, changes its metre, keeps to
            no grid of sixteenths, or has bars that do not add up. The message is the
            reason alone, to be counted.
    """
    from music21 import abcFormat

    # from ABC 2.0 on an accidental lasts to the bar line, as the books mean it
    handler = abcFormat.ABCHandler(abcVersion=(2, 1, 0))
    try:
        handler.process(text)
    except Exception as error:  # music21 raises many kinds here
        raise InputError("music21 cannot read it") from error
    metre = _metre(handler.tokens, abcFormat)
    size = metre[0] * STEPS_PER_WHOLE // metre[1]
    bars = [bar for bar in _bars(handler.tokens, abcFormat) if not _is_first_time(bar)]
    if not any(pitch != REST for bar in bars for pitch, _, _ in bar.notes):
        raise InputError("it holds no notes")
    notes, pickup, n_odd = _laid_out(bars, size)
    if n_odd > MAX_ODD_BARS * len(bars):
        raise InputError("its bars do not add up")
    struck = [start for start, pitch, _ in notes if pitch != REST]
    if np.mean([start.denominator != 1 for start in struck]) > MAX_OFF_GRID:
        raise InputError("too many notes lie between the sixteenths")
    return AbcMelody(_painted(notes), metre, size, pickup)


def _metre(tokens: list, abc: object) -> tuple[int, int]:
    """Return the one metre of a tune."""
    found = {
        token.data.split("%")[0].strip()
        for token in tokens
        if isinstance(token, abc.ABCMetadata) and token.tag == "M"
    }
    if len(found) != 1:
        raise InputError("it has no metre or several")
    text = found.pop()
    if text in METRES:
        return METRES[text]
    match = re.fullmatch(r"(\d{1,2})/(2|4|8)", text)
    if not match or not 0 < int(match[1]) <= 12:
        raise InputError("its metre is unusual")
    return int(match[1]), int(match[2])


def _bars(tokens: list, abc: object) -> list[_Bar]:
    """Return the bars as they are written."""
    bars = [_Bar("", [])]
    for token in tokens:
        if isinstance(token, abc.ABCBar):
            line = token.src.strip()
            if bars[-1].notes:
                bars[-1].closes = line
                bars.append(_Bar(line, []))
            else:
                bars[-1].opens += line
                if len(bars) > 1:
                    bars[-2].closes += line
        elif isinstance(token, abc.ABCNote) and not token.inGrace:
            inner = getattr(token, "subTokens", None) or [token]
            steps = 4 * Fraction(token.quarterLength or inner[0].quarterLength)
            if token.activeTuplet is not None:
                steps *= Fraction(token.activeTuplet.tupletMultiplier())
            names = [one.pitchName for one in inner if not _REST.search(one.src)]
            pitch = max((_midi(name) for name in names if name), default=REST)
            bars[-1].notes.append((pitch, steps, token.tie in ("start", "continue")))
    return [bar for bar in bars if bar.length > 0]


@cache
def _midi(name: str) -> int:
    """Return the MIDI number of a pitch as music21 spells it, "B-4" for one."""
    from music21.pitch import Pitch

    return Pitch(name).midi


def _is_first_time(bar: _Bar) -> bool:
    return "1" in bar.opens


def _is_double(line: str) -> bool:
    """Return whether a bar line ends or begins a part of the tune."""
    return line.strip("12 ") not in ("|", "")


def _laid_out(
    bars: list[_Bar], size: int
) -> tuple[list[tuple[Fraction, int, Fraction]], int, int]:
    """Lay the bars one after the other, each as long as the metre says.

    A short bar at the beginning of a part is its pickup. It takes the end of the bar
    before it, as a player does, whether room was left for it there or not.

    Returns:
        (start, pitch or REST, end) of each note, in steps; the steps before the first
        whole bar; and how many bars are too long or too short.
    """
    notes: list[tuple[Fraction, int, Fraction]] = []
    pickup = n_odd = 0
    bar_start = Fraction(0)  # where the next whole bar begins
    is_held = False
    for number, bar in enumerate(bars):
        begins = number == 0 or (_is_double(bar.opens) and "2" not in bar.opens)
        start = bar_start
        if bar.length < size and begins:
            if number == 0:
                pickup = round(bar.length)
                bar_start = Fraction(pickup)
            else:
                start = bar_start - bar.length
                notes = [(s, p, min(e, start)) for s, p, e in notes if s < start]
                is_held = False
        else:
            is_odd = bar.length > size or not _is_double(bar.closes)
            n_odd += bar.length != size and is_odd
            bar_start += size
        for pitch, steps, is_held_on in bar.notes:
            end = min(start + steps, bar_start)
            if start < end:
                if is_held and notes and notes[-1][1:] == (pitch, start):
                    notes[-1] = (notes[-1][0], pitch, end)
                else:
                    notes.append((start, pitch, end))
            is_held = is_held_on
            start = end
    return notes, pickup, n_odd


def _painted(notes: list[tuple[Fraction, int, Fraction]]) -> Grid:
    """Return the grid of notes in order of time; the nearest step counts."""
    n_steps = int(notes[-1][2] + Fraction(1, 2))
    pitches = np.full((1, n_steps), REST, dtype=np.int16)  # (1, T)
    onsets = np.zeros((1, n_steps), dtype=bool)
    for start, pitch, end in notes:
        first, last = (int(place + Fraction(1, 2)) for place in (start, end))
        if pitch != REST and last > first:
            pitches[0, first:last] = pitch
            onsets[0, first] = True
    return Grid(pitches, onsets)
