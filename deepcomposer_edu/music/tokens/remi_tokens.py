"""REMI tokens: bars and positions in the bar, then pitch and duration.

REvamped MIDI-derived events (Huang and Yang 2020). "position 4" says where in the bar a
note stands, so that the strong beat has the same name in every bar, and a length is a
word of its own instead of a distance between two events. Tempo, chords and loudness,
which REMI has too, are left out, as a grid has none; "end" is ours, so that silence at
the end of a piece is not lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from deepcomposer_edu.music.grid import Grid, voice_notes
from deepcomposer_edu.music.score import Note, note_name
from deepcomposer_edu.music.tokens.base import (
    LONGEST,
    PITCH_NAMES,
    PITCHES,
    Token,
    Tokenizer,
    number_in,
)

BAR, END = "bar", "end"


def pitch_and_durations(note: Note) -> list[str]:
    """Return "pitch C4" and "duration 4"; long notes have several durations.

    >>> pitch_and_durations(Note(0, 60, 4))
    ['pitch C4', 'duration 4']
    """
    n_whole, rest = divmod(int(note.duration), LONGEST)
    lengths = [LONGEST] * n_whole + ([rest] if rest else [])
    return [f"pitch {note_name(note.pitch)}", *(f"duration {n}" for n in lengths)]


def add_bars(
    timed: Sequence[tuple[int, str]], steps_per_bar: int, first_bar: int = 0
) -> list[str]:
    """Return the texts with "bar" and "position" tokens that say where they stand.

    "bar" stands once for every bar that begins, also for one in which nothing happens.
    "position 4" says that what follows stands 4 steps after the beginning of its bar;
    it is written once for all texts of one step.

    Args:
        timed: (step, text) in order of time.
        steps_per_bar: length of a bar in steps.
        first_bar: the step at which the first bar begins: 0, or below 0 where the music
            begins within it (-12 for a pickup of 4 steps in bars of 16).

    Returns:
        The texts in the same order, with bars and positions before them.

    >>> add_bars([(0, "pitch C4"), (0, "duration 8"), (24, "end")], steps_per_bar=16)
    ['bar', 'position 0', 'pitch C4', 'duration 8', 'bar', 'position 8', 'end']
    """
    texts, next_bar, now = [], first_bar, None
    for step, text in timed:
        while step >= next_bar:
            texts.append(BAR)
            next_bar += steps_per_bar
        if step != now:
            texts.append(f"position {step - (next_bar - steps_per_bar)}")
            now = step
        texts.append(text)
    return texts


class RemiTokenizer(Tokenizer):
    """Bars, positions, pitches and durations; "voice N" before each pitch, where there
    are several voices.
    """  # noqa: D205

    name = "remi"

    def _vocabulary(self) -> Iterable[str]:
        return [
            BAR,
            *(f"position {n}" for n in range(self.steps_per_bar)),
            *self._voice_texts(),
            *(f"pitch {name}" for name in PITCH_NAMES),
            *(f"duration {n}" for n in range(1, LONGEST + 1)),
            END,
        ]

    @property
    def _first_bar(self) -> int:
        return self.pickup - self.steps_per_bar if self.pickup else 0

    def _write(self, grid: Grid) -> list[str]:
        notes = [
            (int(note.start), k, note)
            for k in range(self.n_voices)
            for note in voice_notes(grid, k)
        ]
        timed = []
        for step, k, note in sorted(notes):
            texts = self._voice_texts()[k : k + 1] + pitch_and_durations(note)
            timed += [(step, text) for text in texts]
        return add_bars(
            [*timed, (grid.n_steps, END)], self.steps_per_bar, self._first_bar
        )

    def _locate(self, texts: Sequence[str]) -> list[Token]:
        tokens: list[Token] = []
        bar = self._first_bar - self.steps_per_bar
        now = voice = 0
        note: int | None = None  # place in `tokens` of the pitch that gets a duration
        for text in texts:
            kind = text.partition(" ")[0]
            if kind == "duration" and note is not None:
                pitch = tokens[note]
                longer = replace(pitch, end=pitch.end + number_in(text))
                tokens[note] = longer
                tokens.append(replace(longer, text=text, pitch=None))
                continue
            note = None
            if kind == BAR:
                bar += self.steps_per_bar
                now = max(0, bar)
            elif kind == "position":
                now = max(0, bar + number_in(text))
            elif kind == "voice":
                voice = number_in(text)
            elif kind == "pitch":
                note = len(tokens)
                pitch_number = PITCHES[text.partition(" ")[2]]
                tokens.append(Token(text, now, now, voice, pitch_number))
                continue
            of_all = kind in (BAR, "position", END)
            tokens.append(Token(text, now, now, None if of_all else voice))
        return tokens
