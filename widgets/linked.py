"""One piece four times over: as tokens, as a roll, as notation, and as sound."""

from __future__ import annotations

from collections.abc import Sequence

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid, to_grid
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import score_from_dict, score_to_dict
from deepcomposer_edu.music.tokens import TOKENIZERS, Token, make_tokenizer
from deepcomposer_edu.viz.colours import TRACK_COLOURS
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.player_pages import answer_pages
from deepcomposer_edu.widgets.score_input import to_score

MOST_TOKENS = 2_000  # that are shown; more would make the page slow
SLOWEST, FASTEST = 0.25, 2.0  # factors of the tempo
GRID_TEMPO = 100.0  # of a grid, which has none
WELCOME = (
    "Point at a token, at a bar of the roll, or at a note: the others light up. Click, "
    "or press Enter, to hear it."
)


class LinkedView(SoundWidget, bundle="linked"):
    """A piece as tokens, as a piano roll, as notation and as sound, linked.

    Point at one of them, or go there with the keys, and the same place lights up in the
    others. A click sounds it.

    Args:
        music: a Score, a Grid, something with a `score`, or the path of a file. Drums
            are played and shown, but have no tokens.
        tokens: the tokens to show, each with `text`, `start` and `end` in steps, and
            `voice` (from 0; None if it speaks of all). Left out, the music is written
            with the tokenizer that is chosen in the widget.
        tokenizer: one of "grid", "note", "event", "remi".
        speed: how much faster than written, 0.25 to 2.

    Raises:
        InputError: if there is no such tokenizer or file, or a token is none.

    >>> view = LinkedView(Grid([[60, 60, 62, 62]]), tokenizer="note")
    >>> [token["text"] for token in view.tokens]
    ['C4:2', 'D4:2']
    """

    # The music, as score_to_dict() gives it.
    music = traitlets.Dict().tag(sync=True)
    # {"text", "start", "end", "voice"} of each token; voice: number of a track, or None
    tokens = traitlets.List().tag(sync=True)
    n_left_out = traitlets.Int(0).tag(sync=True)  # tokens behind the last that is shown
    n_vocabulary = traitlets.Int(0).tag(sync=True)  # 0 where the tokens were given
    tokenizers = traitlets.List().tag(
        sync=True
    )  # to choose from; [] if tokens were given

    # What is chosen.
    tokenizer = traitlets.Enum(list(TOKENIZERS), "remi").tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)  # number of a token, -1 for none
    speed = traitlets.Float(1.0, min=SLOWEST, max=FASTEST).tag(sync=True)
    is_playing = traitlets.Bool(False).tag(sync=True)
    status = traitlets.Unicode(WELCOME).tag(sync=True)  # the sentence below
    track_colours = traitlets.List(list(TRACK_COLOURS)).tag(sync=True)  # as in figures

    def __init__(
        self,
        music: object,
        tokens: Sequence[object] | None = None,
        tokenizer: str = "remi",
        speed: float = 1.0,
    ) -> None:
        if isinstance(music, Grid):
            score = from_grid(music, GRID_TEMPO)
        else:
            score = to_score(music, "The linked view")
        if tokenizer not in TOKENIZERS:
            raise InputError(
                f"There is no tokenizer {tokenizer!r}; choose one of "
                f"{', '.join(TOKENIZERS)}."
            )
        is_number = isinstance(speed, int | float) and not isinstance(speed, bool)
        if not is_number or not SLOWEST <= speed <= FASTEST:
            raise InputError(
                f"The speed is {speed!r}, but it must be a number from {SLOWEST:g} to "
                f"{FASTEST:g}."
            )
        voices = [i for i, track in enumerate(score.tracks) if not track.is_drum]
        if tokens is None and not any(score.tracks[i].notes for i in voices):
            raise InputError(
                "The linked view needs at least one note that is no drum to write "
                "tokens from; give other music."
            )
        self._voices = voices  # number of the track of each voice
        self._is_given = tokens is not None
        super().__init__(
            music=score_to_dict(score), tokenizer=tokenizer, speed=float(speed)
        )
        self.on_msg(answer_pages)
        if tokens is None:
            self.tokenizers = list(TOKENIZERS)
            self._write()
            self.observe(self._write, "tokenizer")
        else:
            self._show([_checked(number, t) for number, t in enumerate(tokens)])

    @property
    def score(self) -> Score:
        """The music that is shown."""
        return score_from_dict(self.music)

    def _write(self, _change: object = None) -> None:
        """Write the music with the chosen tokenizer."""
        score = self.score
        grid = to_grid(score)
        tokenizer = make_tokenizer(
            self.tokenizer,
            n_voices=grid.n_voices,
            steps_per_bar=round(score.metres[0].steps_per_bar),
            pickup=round(score.pickup),
        )
        with self.hold_sync():
            self.n_vocabulary = len(tokenizer.vocabulary)
            self._show(tokenizer.locate(tokenizer.encode(grid)))

    def _show(self, tokens: Sequence[Token]) -> None:
        with self.hold_sync():
            self.chosen = -1
            self.n_left_out = max(0, len(tokens) - MOST_TOKENS)
            self.tokens = [
                {
                    "text": str(token.text),
                    "start": float(token.start),
                    "end": float(token.end),
                    "voice": self._track_of(getattr(token, "voice", None)),
                }
                for token in tokens[:MOST_TOKENS]
            ]

    def _track_of(self, voice: int | None) -> int | None:
        """Return the track of a voice; drums are not counted among the voices."""
        if voice is None:
            return None
        return self._voices[voice] if voice < len(self._voices) else int(voice)

    @traitlets.validate("chosen")
    def _check_chosen(self, proposal: dict) -> int:
        """Refuse a token that is not there."""
        number = proposal["value"]
        if not -1 <= number < max(len(self.tokens), 1):
            raise InputError(
                f"There is no token {number}: the {len(self.tokens)} tokens are "
                "numbered from 0, and -1 is none."
            )
        return number


def _checked(number: int, token: object) -> object:
    """Refuse what has no text and no place."""
    try:
        start, end = float(token.start), float(token.end)
        is_placed = 0 <= start <= end < float("inf")
        str(token.text)
    except (AttributeError, TypeError, ValueError):
        is_placed = False
    if not is_placed:
        raise InputError(
            f"Token {number} is {token!r}, but a token needs .text, and .start and "
            ".end in steps, the end not before the start."
        )
    return token
