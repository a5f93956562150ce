"""Four ways to write music as a list of tokens, all of them without loss.

    tokenizer = make_tokenizer("remi", n_voices=4)
    texts = tokenizer.encode(grid)      # ["bar", "position 0", "voice 0", ...]
    tokenizer.decode(texts) == grid     # True, for every grid
    tokenizer.numbers(texts)            # what a network gets
    tokenizer.locate(texts)             # each token with its place in the music

What a grid does not hold no token holds: loudness, tempo, instruments.
"""

from __future__ import annotations

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import STEPS_PER_BAR
from deepcomposer_edu.music.tokens.base import Token, Tokenizer
from deepcomposer_edu.music.tokens.event_tokens import EventTokenizer
from deepcomposer_edu.music.tokens.grid_tokens import GridTokenizer
from deepcomposer_edu.music.tokens.note_tokens import NoteTokenizer
from deepcomposer_edu.music.tokens.remi_tokens import RemiTokenizer

_KINDS = {
    kind.name: kind
    for kind in (GridTokenizer, NoteTokenizer, EventTokenizer, RemiTokenizer)
}
TOKENIZERS = tuple(_KINDS)  # ("grid", "note", "event", "remi")

__all__ = ["TOKENIZERS", "Token", "Tokenizer", "make_tokenizer"]


def make_tokenizer(
    name: str, n_voices: int = 1, steps_per_bar: int = STEPS_PER_BAR, pickup: int = 0
) -> Tokenizer:
    """Return a tokenizer by its name.

    Args:
        name: "grid", "note", "event" or "remi".
        n_voices: K, how many voices the music has, 1 to 16.
        steps_per_bar: length of a bar in steps; only "remi" looks at bars.
        pickup: length in steps of an incomplete first bar, 0 if there is none.

    Raises:
        InputError: if there is no such tokenizer, or a number is out of range.
    """
    if name not in _KINDS:
        raise InputError(
            f"There is no tokenizer {name!r}; choose one of {', '.join(TOKENIZERS)}."
        )
    return _KINDS[name](n_voices, steps_per_bar, pickup)
