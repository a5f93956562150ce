"""A small, quick reader for Humdrum **kern scores such as Palestrina's masses.

A kern file is a table of text: a column (spine) for each voice, the lowest first, a row
for each moment, `2.gg` for a dotted half note on G5, `.` where a voice holds its note.
What the format can say beyond single notes, ties, rests and bars (chords, grace notes,
spines that split) does not occur in those masses and is refused here. music21 reads
all of it, in twenty times the time; a test compares the two.

Format: D. Huron, "The Humdrum Toolkit: Reference Manual", 1994, chapter 2.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from deepcomposer_edu.corpora.partwise import (
    SEMITONES,
    Bar,
    Part,
    PartNote,
    PartScore,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import STEPS_PER_QUARTER

_STEPS_PER_WHOLE = 4 * STEPS_PER_QUARTER
# tie marks, length, dots, letters, accidentals; then signs that change no note
_NOTE = re.compile(
    r"([\[_\]]?)(\d{1,4})(\.{0,4})(?:(r{1,4})|(([A-Ga-g])\6{0,4})(#{0,3}|-{0,3})n?)"
    r"[;\[\]_]{0,8}"
)


def read_kern(path: str | Path) -> tuple[PartScore, dict[str, str]]:
    """Return the score in a kern file and its reference records.

    Args:
        path: the file.

    Returns:
        The score, its parts from the highest spine to the lowest, as written (no repeat
        is played twice), and the records by their three letters, such as
        {"OPR": "Missa Aspice Domine", "OTL": "Benedictus"}.

    Raises:
        InputError: if the file is no kern score, or holds what this reader leaves out.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="latin-1").splitlines()
    except OSError as error:
        raise InputError(
            f"{path.name} cannot be read ({error}); choose a .krn score."
        ) from error
    found = (re.match(r"!!!([A-Z]+)\d*:\s*(.*)", line) for line in lines)
    records = {m[1]: m[2].strip() for m in found if m}
    rows = [line.split("\t") for line in lines if line and line[0] != "!"]
    if not rows or set(rows[0]) != {"**kern"}:
        raise InputError(
            f"{path.name} is no kern score (its first row must be **kern in every "
            "column); choose a .krn file with nothing but voices."
        )
    table = _Table(path.name, len(rows[0]))
    for row in rows[1:]:
        table.read(row)
    table.end_bar()
    # the parts are named as the file does it: *Icant or !Cantus are conventions
    score = PartScore(table.parts[::-1], table.bars, table.sharps)
    score.title = records.get("OTL", "")
    return score, records


@lru_cache(4096)  # the same few hundred tokens come again and again
def kern_note(token: str) -> tuple[Fraction, int | None, bool] | None:
    """Return what one cell of a kern table says.

    Args:
        token: a note or rest, such as "4.gg-" or "[1F".

    Returns:
        (length in steps, MIDI pitch or None for a rest, whether it is tied to the note
        before); None if the cell is anything else.

    >>> kern_note("2.gg")
    (Fraction(12, 1), 79, False)
    """
    match = _NOTE.fullmatch(token)
    if match is None:
        return None
    tie, length, dots, rest, letters, _, accidentals = match.groups()
    is_long = set(length) == {"0"}  # 0 is a breve (two wholes), 00 a long (four)
    wholes = Fraction(2 ** len(length)) if is_long else Fraction(1, int(length))
    steps = _STEPS_PER_WHOLE * wholes * (2 - Fraction(1, 2 ** len(dots)))
    if rest:
        return steps, None, False
    # c is C4, cc C5; C is C3, CC C2
    octave = 3 + len(letters) if letters[0].islower() else 4 - len(letters)
    pitch = 12 * (octave + 1) + SEMITONES[letters[0].upper()]
    pitch += accidentals.count("#") - accidentals.count("-")
    return steps, pitch, tie in ("_", "]") or token.endswith(("]", "_"))


class _Table:
    """Reads the rows of a kern table, bar after bar."""

    def __init__(self, name: str, n_spines: int) -> None:
        self.name = name
        self.parts = [Part(f"Spine {i + 1}", [[]]) for i in range(n_spines)]
        self.bars: list[Bar] = []
        self.sharps = 0
        self.metre = (4, 4)
        self.clocks = [Fraction(0)] * n_spines

    def read(self, row: list[str]) -> None:
        """Take one row: a bar line, interpretations, or notes."""
        if row[0].startswith("="):
            if any(self.clocks):
                self.end_bar()
            return
        if len(row) != len(self.parts) or any(t in ("*^", "*v", "*+") for t in row):
            raise self._error(f"a row of {len(row)} columns")
        for i, token in enumerate(row):
            if token.startswith("*"):
                self._interpret(i, token)
            elif token != ".":
                self._note(i, token)

    def _interpret(self, i: int, token: str) -> None:
        if metre := re.fullmatch(r"\*M(\d{1,3})/(\d{1,3})", token):
            self.metre = int(metre[1]), int(metre[2])
            if 0 in self.metre:
                raise self._error(f"the metre {token[2:]}")
        elif key := re.fullmatch(r"\*k\[(.*)\]", token):
            self.sharps = key[1].count("#") - key[1].count("-")
        elif token.startswith("*I") and self.parts[i].name.startswith("Spine"):
            self.parts[i].name = token[2:]

    def _note(self, i: int, token: str) -> None:
        read = kern_note(token)
        if read is None:
            raise self._error(f'"{token[:20]}"')
        steps, pitch, is_tied = read
        if pitch is not None:
            note = PartNote(float(self.clocks[i]), float(steps), pitch, is_tied)
            self.parts[i].bars[-1].append(note)
        self.clocks[i] += steps

    def end_bar(self) -> None:
        """Close the bar that is being read, if there is anything in it."""
        beats, beat_type = self.metre
        full = _STEPS_PER_WHOLE * beats / beat_type
        if any(self.clocks):
            name = f"{beats}/{beat_type}"
            self.bars.append(Bar(float(max(self.clocks)), full, name))
            self.clocks = [Fraction(0)] * len(self.parts)
            for part in self.parts:
                part.bars.append([])

    def _error(self, what: str) -> InputError:
        return InputError(
            f"{self.name} holds {what}, which this small kern reader does not know; "
            "read the file with music21.converter.parse instead."
        )
