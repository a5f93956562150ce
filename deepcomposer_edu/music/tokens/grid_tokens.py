"""Grid tokens: one for every step of every voice.

As in BachBot (Liang et al. 2017) and DeepBach (Hadjeres et al. 2017): a step says the
note that begins there, that the last one is held, or that the voice rests. There are
few kinds of token, but a great many tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.score import note_name
from deepcomposer_edu.music.tokens.base import (
    PITCH_NAMES,
    PITCHES,
    Token,
    Tokenizer,
)

HOLD, SILENCE = "hold", "rest"


def step_texts(grid: Grid, voice: int) -> list[str]:
    """Return one token for each step of a voice: a note's name, "hold" or "rest".

    Where a note begins (`grid.onsets`), the token is its name, such as "C4". While it
    sounds on, the token is "hold". Where the voice is silent, it is "rest".

    Args:
        grid: the voices; `grid.pitches` and `grid.onsets` have shape (K, T), and a
            rest is REST (-1).
        voice: which row of the grid, from 0.

    Returns:
        T tokens.

    >>> step_texts(Grid([[60, 60, REST, 64]]), voice=0)
    ['C4', 'hold', 'rest', 'E4']
    """
    texts = []
    for pitch, is_onset in zip(grid.pitches[voice], grid.onsets[voice], strict=True):
        if pitch == REST:
            texts.append(SILENCE)
        else:
            texts.append(note_name(pitch) if is_onset else HOLD)
    return texts


def read_steps(texts: Sequence[str]) -> Grid:
    """Return the voice that its grid tokens stand for; `step_texts` undone.

    A note's name begins a note, "hold" lets the note before it sound on, and "rest" is
    silence. A "hold" with no note before it, at the start or after a rest, is silence.

    Args:
        texts: T tokens. PITCHES["C4"] is 60, and so on for every name.

    Returns:
        One voice, shape (1, T), made with Grid(pitches, onsets).

    >>> read_steps(["C4", "hold", "C4", "rest"]).onsets.tolist()
    [[True, False, True, False]]
    """
    pitches, sounding = [], REST
    for text in texts:
        if text != HOLD:
            sounding = PITCHES.get(text, REST)
        pitches.append(sounding)
    onsets = [text in PITCHES for text in texts]
    return Grid([pitches], [onsets])


class GridTokenizer(Tokenizer):
    """A token for every step: the voices from the highest down, step by step."""

    name = "grid"

    def _vocabulary(self) -> Iterable[str]:
        return [*PITCH_NAMES, HOLD, SILENCE]

    def _write(self, grid: Grid) -> list[str]:
        voices = [step_texts(grid, k) for k in range(self.n_voices)]  # K lists of T
        return [text for step in zip(*voices, strict=True) for text in step]

    def _locate(self, texts: Sequence[str]) -> list[Token]:
        tokens = []
        # the end of the note that sounds now in each voice: found from back to front
        ends = dict.fromkeys(range(self.n_voices), 0)
        for i in reversed(range(len(texts))):
            step, voice = divmod(i, self.n_voices)
            text = texts[i]
            if text == HOLD:
                ends[voice] = ends[voice] or step + 1
                tokens.append(Token(text, step, step + 1, voice))
                continue
            end = (ends[voice] if text != SILENCE else 0) or step + 1
            ends[voice] = 0
            tokens.append(Token(text, step, end, voice, PITCHES.get(text)))
        return tokens[::-1]
