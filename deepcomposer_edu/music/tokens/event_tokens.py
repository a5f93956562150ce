"""Event tokens: note on, note off, and how much time goes by.

The messages of a MIDI file as words, as in Performance RNN (Oore et al. 2018), Music
Transformer and DeepComposer's own Transformer, which counted time in hundredths of a
second; here it is counted in steps. A note's length is written nowhere: it is the time
between its "on" and its "off".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deepcomposer_edu.music.grid import Grid, voice_notes
from deepcomposer_edu.music.score import Note, note_name
from deepcomposer_edu.music.tokens.base import (
    PITCH_NAMES,
    PITCHES,
    Token,
    Tokenizer,
    number_in,
)

LONGEST_SHIFT = 16  # steps; more time needs more tokens


def note_changes(notes: Sequence[Note]) -> list[tuple[int, str]]:
    """Return (step, "on C4") and (step, "off C4") for each note, in order of time.

    At one step the notes that end come before those that begin: else a repeated note
    would be switched off as soon as it is struck again.

    >>> note_changes([Note(0, 60, 4), Note(4, 60, 4)])
    [(0, 'on C4'), (4, 'off C4'), (4, 'on C4'), (8, 'off C4')]
    """
    changes = [(int(n.start), 1, f"on {note_name(n.pitch)}") for n in notes]
    changes += [(int(n.end), 0, f"off {note_name(n.pitch)}") for n in notes]
    return [(step, text) for step, _, text in sorted(changes)]


def add_shifts(timed: Sequence[tuple[int, str]], n_steps: int) -> list[str]:
    """Return the texts with the time between them written as "shift" tokens.

    "shift 4" means that 4 steps go by before the next token. One token says 1 to
    LONGEST_SHIFT steps; a longer time is written with as many of the longest as fit,
    then what remains. Where no time goes by, nothing is written.

    Args:
        timed: (step, text) in order of time, the first at step 0 or later.
        n_steps: length of the music; the shifts reach to its end.

    Returns:
        The texts in the same order, with shifts between them and after the last.

    >>> add_shifts([(0, "on C4"), (4, "off C4")], n_steps=24)
    ['on C4', 'shift 4', 'off C4', 'shift 16', 'shift 4']
    """
    texts, now = [], 0
    for step, text in [*timed, (n_steps, "")]:
        while now < step:
            n_shift = min(step - now, LONGEST_SHIFT)
            texts.append(f"shift {n_shift}")
            now += n_shift
        texts.append(text)
    return texts[:-1]


class EventTokenizer(Tokenizer):
    """A token for each note's beginning and end, and tokens for time.

    Where there are several voices, a token before each "on" and "off" names the voice.
    """

    name = "event"

    def _vocabulary(self) -> Iterable[str]:
        return [
            *(f"on {name}" for name in PITCH_NAMES),
            *(f"off {name}" for name in PITCH_NAMES),
            *(f"shift {n}" for n in range(1, LONGEST_SHIFT + 1)),
            *self._voice_texts(),
        ]

    def _write(self, grid: Grid) -> list[str]:
        timed = []
        for k in range(self.n_voices):
            named = self._voice_texts()[k : k + 1]
            for step, text in note_changes(voice_notes(grid, k)):
                # ends before beginnings in all voices; then from the highest down
                timed += [(step, text.startswith("on"), k, [*named, text])]
        timed.sort(key=lambda change: change[:3])
        flat = [(step, text) for step, _, _, texts in timed for text in texts]
        return add_shifts(flat, grid.n_steps)

    def _locate(self, texts: Sequence[str]) -> list[Token]:
        tokens: list[Token] = []
        sounding: dict[int, int] = {}  # voice -> place in `tokens` of its "on"
        now = voice = 0
        for text in texts:
            kind, _, what = text.partition(" ")
            if kind == "shift":
                tokens.append(Token(text, now, now + int(what)))
                now += int(what)
                for i in sounding.values():
                    tokens[i] = _until(tokens[i], now)
            elif kind == "voice":
                voice = number_in(text)
                tokens.append(Token(text, now, now, voice))
            else:
                old = sounding.get(voice)
                if kind == "on":
                    sounding[voice] = len(tokens)
                elif old is not None and tokens[old].pitch == PITCHES[what]:
                    del sounding[voice]
                pitch = PITCHES[what] if kind == "on" else None
                tokens.append(Token(text, now, now, voice, pitch))
        return tokens


def _until(token: Token, end: int) -> Token:
    """The same token with another end."""
    return Token(token.text, token.start, end, token.voice, token.pitch)
