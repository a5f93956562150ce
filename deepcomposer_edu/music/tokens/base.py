"""What all tokenizers share: tokens with their place, numbers, the way back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.score import STEPS_PER_BAR, note_name

PITCH_NAMES = tuple(note_name(pitch) for pitch in range(128))  # "C-1" to "G9"
PITCHES = {name: pitch for pitch, name in enumerate(PITCH_NAMES)}
LONGEST = 64  # steps that one token of length can say: four bars of 4/4
MAX_VOICES = 16  # as many as MIDI has channels


@dataclass(frozen=True)
class Token:
    """A token and the place in the music that it speaks of.

    Args:
        text: the token itself, such as "C4", "shift 4" or "bar".
        start: the step at which that place begins.
        end: the step at which it ends; `start` where the token has no length.
        voice: the voice it speaks of, from 0; None if it speaks of all.
        pitch: the MIDI number of the note that begins with this token, else None.
    """

    text: str
    start: int
    end: int
    voice: int | None = None
    pitch: int | None = None


class Tokenizer(ABC):
    """Turns a grid of voices into a list of tokens and back, losing nothing.

    Args:
        n_voices: K, how many voices the music has, 1 to 16.
        steps_per_bar: length of a bar in steps; only "remi" looks at bars.
        pickup: length in steps of an incomplete first bar, 0 if there is none.

    Raises:
        InputError: if a number is out of range.
    """

    name = ""

    def __init__(
        self, n_voices: int = 1, steps_per_bar: int = STEPS_PER_BAR, pickup: int = 0
    ) -> None:
        if not 1 <= n_voices <= MAX_VOICES:
            raise InputError(
                f"A tokenizer for {n_voices} voices was asked for, but there must be "
                f"1 to {MAX_VOICES}."
            )
        if steps_per_bar < 1 or not 0 <= pickup < steps_per_bar:
            raise InputError(
                f"Bars of {steps_per_bar} steps with a pickup of {pickup} were asked "
                "for, but a bar has at least 1 step and a pickup is shorter than a bar."
            )
        self.n_voices = n_voices
        self.steps_per_bar = int(steps_per_bar)
        self.pickup = int(pickup)
        self.vocabulary = tuple(self._vocabulary())
        self._numbers = {text: i for i, text in enumerate(self.vocabulary)}

    @abstractmethod
    def _vocabulary(self) -> Iterable[str]:
        """All tokens there are, each once."""

    @abstractmethod
    def _write(self, grid: Grid) -> list[str]:
        """The tokens of a grid."""

    @abstractmethod
    def _locate(self, texts: Sequence[str]) -> list[Token]:
        """The tokens with their places."""

    def encode(self, grid: Grid) -> list[str]:
        """Return the tokens of some voices.

        Args:
            grid: shape (K, T), with K the tokenizer's `n_voices`.

        Raises:
            InputError: if the grid has another number of voices.
        """
        if grid.n_voices != self.n_voices:
            raise InputError(
                f"The music has {grid.n_voices} voices, but this tokenizer is for "
                f"{self.n_voices}; make one with n_voices={grid.n_voices}."
            )
        return self._write(grid)

    def locate(self, texts: Iterable[str]) -> list[Token]:
        """Return the tokens with their places in the music, one for each text.

        Raises:
            InputError: if a text is not in the vocabulary.
        """
        texts = list(texts)
        self.numbers(texts)
        return self._locate(texts)

    def decode(self, texts: Iterable[str]) -> Grid:
        """Return the voices that some tokens stand for; `encode` undone.

        Tokens that a model wrote need not make sense. What has no meaning where it
        stands, such as a "hold" with no note to hold, is passed over.

        Raises:
            InputError: if a text is not in the vocabulary.
        """
        tokens = self.locate(texts)
        n_steps = max((token.end for token in tokens), default=0)
        pitches = np.full((self.n_voices, n_steps), REST)  # (K, T)
        onsets = np.zeros(pitches.shape, dtype=bool)
        for voice in range(self.n_voices):
            notes = [t for t in tokens if t.pitch is not None and t.voice == voice]
            notes.sort(key=lambda token: token.start)
            ends = [min(a.end, b.start) for a, b in pairwise(notes)]
            ends += [notes[-1].end] if notes else []
            for token, end in zip(notes, ends, strict=True):
                pitches[voice, token.start : end] = token.pitch
                onsets[voice, token.start : min(token.start + 1, end)] = True
        return Grid(pitches, onsets)

    def numbers(self, texts: Iterable[str]) -> np.ndarray:
        """Return the number of each token in the vocabulary, shape (L,), int.

        Raises:
            InputError: if a text is not in the vocabulary.
        """
        texts = list(texts)
        for text in texts:
            if text not in self._numbers:
                raise InputError(
                    f"{text!r} is not one of the {len(self.vocabulary)} tokens of "
                    f'"{self.name}", which are like {self._examples()}; decode tokens '
                    "with the tokenizer that wrote them."
                )
        return np.array([self._numbers[text] for text in texts], dtype=int)

    def texts(self, numbers: Iterable[int]) -> list[str]:
        """Return the tokens with these numbers; `numbers` undone.

        Raises:
            InputError: if a number is not below the size of the vocabulary.
        """
        found = []
        for number in numbers:
            if not 0 <= number < len(self.vocabulary):
                raise InputError(
                    f'There is no token {number} of "{self.name}": they are numbered '
                    f"from 0 to {len(self.vocabulary) - 1}."
                )
            found.append(self.vocabulary[int(number)])
        return found

    def _examples(self) -> str:
        first, last = self.vocabulary[0], self.vocabulary[-1]
        return f"{first!r} and {last!r}"

    def _voice_texts(self) -> list[str]:
        """The tokens that name a voice; none are needed where there is one voice."""
        return [f"voice {k}" for k in range(self.n_voices)] if self.n_voices > 1 else []


def number_in(text: str) -> int:
    """Return the number at the end of a token: 4 of "shift 4".

    >>> number_in("position 12")
    12
    """
    return int(text.rpartition(" ")[2])
