"""ABC notation in: tunes written with letters, as fiddlers and text models write them.

`C D E` rise from middle C, `c` is an octave higher and `c'` one more, a number is a
length, `|` a bar line; `M:6/8`, `L:1/8` and `K:Em` say metre, length of a note without
a number, and key (abcnotation.com, standard 2.1). music21 reads the letters.
"""

from __future__ import annotations

import contextlib
import io
import math
import re
from dataclasses import replace
from fractions import Fraction

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.abc_bars import BAR_LINE
from deepcomposer_edu.music.limits import refuse_too_large
from deepcomposer_edu.music.musicxml import score_of_stream, with_repeats
from deepcomposer_edu.music.score import Metre, Score

MAX_ABC_LENGTH = 20_000  # characters of one tune
# music21's time grows with the square of these: a second or two for so many
MAX_ABC_NOTES = 1_000
MAX_BEATS = 99  # of a metre
MAX_UNITS = 500_000  # bars' lengths in what divides their notes, squared and summed
# Quarter notes a minute for a tune that does not say: as such tunes are danced.
TEMPOS = {"2/4": 90.0, "3/4": 120.0, "4/4": 140.0, "2/2": 160.0}
COMPOUND_TEMPO = 150.0  # three eighths to a beat, 100 beats a minute: a jig
BEAT_TYPES = (1, 2, 4, 8, 16, 32, 64)
VERSION = (2, 1, 0)  # in which a sharp holds to the bar line
_FIELD = re.compile(r"[A-Za-z]:")


def abc_tunes(text: str) -> list[str]:
    r"""Return the tunes of a text in ABC, each from its header to its last bar.

    A tune begins with a line `X:` or, where it has none, `T:`, and ends before an empty
    line or the next tune.

    Args:
        text: any text.

    Returns:
        One text for each tune that has at least one line of music; none if there is
        nothing of the kind.

    >>> abc_tunes("T:A\nK:D\nDEF|\n\nT:B\nK:G\nGAB|")
    ['T:A\nK:D\nDEF|', 'T:B\nK:G\nGAB|']
    """
    tunes: list[list[str]] = [[]]
    for line in text.splitlines():
        is_header = line.startswith(("X:", "T:"))
        has_music = any(not _FIELD.match(old) for old in tunes[-1])
        if not line.strip() or (is_header and has_music):
            tunes.append([])
        if line.strip():
            tunes[-1].append(line.rstrip())
    return [
        "\n".join(lines)
        for lines in tunes
        if any(line.startswith("K:") for line in lines) and not _FIELD.match(lines[-1])
    ]


def read_abc(text: str, tempo: float | None = None) -> Score:
    """Return the first tune of a text in ABC as a score of one track.

    Repeats are played, ties joined. A last bar that breaks off is played as far as it
    goes, so that a text that a model has written can be heard.

    Args:
        text: the tune, with a `K:` line before its notes. Missing lines X:, M: and L:
            are taken as 1, 4/4 and 1/8.
        tempo: quarter notes a minute; if left out, what suits the metre.

    Raises:
        InputError: if there is no tune in the text, or it cannot be read.
    """
    tunes = abc_tunes(text)
    if not tunes:
        raise InputError(
            "There is no tune in this text: in ABC, a line that begins with K: names "
            'the key, and notes follow it ("K:D", then "DEF GAB|").'
        )
    tune = tunes[0]
    fields = dict(re.findall(r"(?m)^([A-Za-z]):\s*(.*?)\s*$", tune))
    if len(tune) > MAX_ABC_LENGTH or re.search(r"\d{4}", tune.split("K:", 1)[1]):
        raise InputError(
            f"The tune cannot be read: it has more than {MAX_ABC_LENGTH:,} characters "
            "or a length of a thousand notes; give one tune."
        )
    missing = {"X": "1", "M": "4/4", "L": "1/8"}
    header = "".join(f"{k}:{v}\n" for k, v in missing.items() if k not in fields)
    metres = (re.findall(r"\d+", m) for m in re.findall(r"M:([^\n\]]*)", tune))
    if any(sum(int(n[:4]) for n in numbers[:-1]) > MAX_BEATS for numbers in metres):
        raise InputError(
            f"The tune cannot be read: it has a metre of more than {MAX_BEATS} beats; "
            "write one that can be counted, such as M:4/4."
        )
    try:
        score = score_of_stream(
            with_repeats(_parsed(header + with_repeat_starts(tune)))
        )
        if not score.notes:
            raise ValueError("it holds no notes")
    except Exception as error:  # music21 has a different kind for every defect
        reason = str(error).split("\n")[0] or type(error).__name__
        raise InputError(
            f"The tune cannot be read: {reason}. Look for a letter that is no note, "
            "or a bracket that is not closed."
        ) from error
    refuse_too_large(score, "The tune")
    # a bar that is too long can make music21 invent a metre that nobody can write
    metres = tuple(m for m in score.metres if m.denominator in BEAT_TYPES)
    metre = (metres or (Metre(),))[0]
    name = f"{metre.numerator}/{metre.denominator}"
    usual = COMPOUND_TEMPO if metre.denominator == 8 else TEMPOS.get(name, 120.0)
    return replace(
        score, tempo=tempo or usual, metres=metres, title=fields.get("T", "")
    )


def with_repeat_starts(tune: str) -> str:
    """Return a tune with a `|:` wherever a repeat begins and none is written.

    Books leave it out: a part that ends with `:|` begins after the last double bar or
    repeat. music21 would go back to the beginning of the tune each time.

    Args:
        tune: one tune with its header.

    Returns:
        The same, with `|:` put in; a first part that begins with the tune needs none.
    """
    header, key, music = tune.partition("\nK:")
    if not key:
        return tune
    line, _, body = music.partition("\n")
    pieces = BAR_LINE.split(body)  # music, bar line, music, bar line, ...
    start, is_open, is_after_ending = 0, True, False
    for i in range(1, len(pieces), 2):
        bar = pieces[i]
        if bar.startswith(":"):  # a repeat ends here
            if not is_open and start:
                pieces[start] += "|:"
            is_open, start = bar == "::", i
            is_after_ending = bar.endswith("2")
        elif bar.endswith(":"):
            is_open = True
        elif bar in ("||", "|]") or is_after_ending:
            is_open, start, is_after_ending = False, i, False
    return f"{header}{key}{line}\n{''.join(pieces)}"


def _parsed(text: str) -> object:
    """Return music21's stream of a tune."""
    from music21 import abcFormat

    file = abcFormat.ABCFile(abcVersion=VERSION)
    with contextlib.redirect_stderr(io.StringIO()):  # it thinks aloud there
        handler = file.readstr(text)
        _refuse_too_long(handler.tokens)
        return abcFormat.translate.abcToStreamScore(handler)


def _refuse_too_long(tokens: list) -> None:
    """Raise a ValueError if music21 would work on a tune's tokens for minutes."""
    from music21 import abcFormat

    bars: list[list[Fraction]] = [[]]
    for token in tokens:
        if isinstance(token, abcFormat.ABCBar):
            bars.append([])
        elif isinstance(token, abcFormat.ABCNote) and token.quarterLength:
            bars[-1].append(Fraction(token.quarterLength).limit_denominator(1_024))
    n_notes = sum(map(len, bars))
    if n_notes > MAX_ABC_NOTES:
        raise ValueError(f"it has {n_notes:,} notes, over {MAX_ABC_NOTES:,}")
    units = (sum(bar) * math.lcm(*(x.denominator for x in bar)) for bar in bars)
    if sum(n**2 for n in units) > MAX_UNITS:
        raise ValueError("its bars are far too long")
