"""Note tokens: one for every note, pitch and length in one word.

As many tokens as notes and rests, but a word for every pitch at every length: the
vocabulary is large, and most of its words are never used. The voices follow one
another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deepcomposer_edu.music.grid import Grid, voice_notes
from deepcomposer_edu.music.score import note_name
from deepcomposer_edu.music.tokens.base import (
    LONGEST,
    PITCH_NAMES,
    PITCHES,
    Token,
    Tokenizer,
)

SILENCE, TIE = "rest", "tie"  # a tie makes the note before it longer


def note_texts(grid: Grid, voice: int) -> list[str]:
    """Return the tokens of one voice, such as "C4:4", a C4 of 4 steps.

    "rest:4" is silence. A note longer than LONGEST goes on with "tie:N", a longer rest
    with another rest.

    >>> note_texts(Grid([[60, 60, -1, 64]]), voice=0)
    ['C4:2', 'rest:1', 'E4:1']
    """
    texts, now = [], 0
    for note in voice_notes(grid, voice):
        texts += _in_parts(SILENCE, SILENCE, int(note.start) - now)
        texts += _in_parts(note_name(note.pitch), TIE, int(note.duration))
        now = int(note.end)
    return texts + _in_parts(SILENCE, SILENCE, grid.n_steps - now)


def _in_parts(first: str, others: str, n_steps: int) -> list[str]:
    """A length as tokens of at most LONGEST steps each."""
    texts, name = [], first
    while n_steps > 0:
        texts.append(f"{name}:{min(n_steps, LONGEST)}")
        n_steps -= LONGEST
        name = others
    return texts


class NoteTokenizer(Tokenizer):
    """A token for every note and rest; before each voice, where there are several,
    a token that names it.
    """  # noqa: D205

    name = "note"

    def _vocabulary(self) -> Iterable[str]:
        names = [*PITCH_NAMES, SILENCE, TIE]
        lengths = range(1, LONGEST + 1)
        return [f"{name}:{n}" for name in names for n in lengths] + self._voice_texts()

    def _write(self, grid: Grid) -> list[str]:
        texts: list[str] = []
        for k in range(self.n_voices):
            texts += self._voice_texts()[k : k + 1]
            texts += note_texts(grid, k)
        return texts

    def _locate(self, texts: Sequence[str]) -> list[Token]:
        tokens: list[Token] = []
        voice = now = 0
        last: int | None = (
            None  # place in `tokens` of the note that a tie would lengthen
        )
        for text in texts:
            name, _, length = text.partition(":")
            if not length:  # "voice 2"
                voice, now, last = int(name.split()[1]), 0, None
                tokens.append(Token(text, 0, 0, voice))
                continue
            end = now + int(length)
            if name == TIE and last is not None:
                note = tokens[last]
                tokens[last] = Token(note.text, note.start, end, voice, note.pitch)
            elif name in PITCHES:
                last = len(tokens)
            else:
                last = None
            tokens.append(Token(text, now, end, voice, PITCHES.get(name)))
            now = end
        return tokens
