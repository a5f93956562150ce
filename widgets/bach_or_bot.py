"""Bach or bot in the notebook: a blind listening test and what your answers mean."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

import traitlets

from deepcomposer_edu.compose.blind.deck import VERDICTS, checked_verdicts, deck_of
from deepcomposer_edu.compose.blind.result import MAX_PLAYER, Result, result_of
from deepcomposer_edu.compose.blind.rounds import BlindTest
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets.base import SoundWidget


class BachOrBot(SoundWidget, bundle="bach_or_bot"):
    """A listening test round by round: hear a piece, say who made it.

    The browser has all it needs from the beginning, so the test goes on where the
    kernel is lost. What was answered is in `said`, what it is worth in `result`.

    Args:
        test: the rounds, as `compose.blind.blind_test` makes them; None makes one of
            20 rounds against the shipped WGAN-GP, which takes a while.
        verdicts: "each" tells after every round what it was, "end" only at the end,
            when answers can no longer be changed.
        player: a name to tell results apart, or "".

    Raises:
        InputError: if a value is not allowed.
    """

    # What there is to hear. `sealed` holds what each round is, not to be read at a
    # glance; `published` the figures that the score is set beside.
    clips = traitlets.List().tag(sync=True)  # MP3s in base64, all of one length
    sealed = traitlets.Unicode().tag(sync=True)
    seconds = traitlets.Float(1.0).tag(sync=True)  # of each clip
    names = traitlets.List(["Bach", "Bot"]).tag(sync=True)  # person, machine
    about = traitlets.Unicode().tag(sync=True)
    published = traitlets.List().tag(sync=True)
    verdicts = traitlets.Enum(VERDICTS, "each").tag(sync=True)
    test_digest = traitlets.Unicode().tag(sync=True)
    result_id = traitlets.Unicode().tag(sync=True)  # the same however often it is saved

    # What was done; read these, or observe them.
    clicks = traitlets.List().tag(sync=True)  # True: "the person", False, or None
    place = traitlets.Int(0).tag(sync=True)  # the round, from 0; after the last: result
    is_done = traitlets.Bool(False).tag(sync=True)  # the result has been seen
    is_playing = traitlets.Bool(False).tag(sync=True)
    player = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        test: BlindTest | None = None,
        verdicts: str = "each",
        player: str = "",
    ) -> None:
        verdicts = checked_verdicts(verdicts)
        if test is None:
            from deepcomposer_edu.compose.blind import blind_test

            test = blind_test()
        if not isinstance(test, BlindTest):
            raise InputError(
                f"The test is a {type(test).__name__}, but one from blind_test() or "
                "blind_test_of() is needed."
            )
        self.test = test
        super().__init__(
            **deck_of(test, verdicts),
            clicks=[None] * len(test.rounds),
            result_id=secrets.token_hex(8),
            player=str(player).strip()[:MAX_PLAYER],
        )

    @property
    def said(self) -> list[bool | None]:
        """For each round whether it was called the person's; None: not judged."""
        return list(self.clicks)

    @said.setter
    def said(self, answers: Sequence[bool | None]) -> None:
        self.clicks = list(answers)

    @property
    def result(self) -> Result:
        """What was answered up to now, and what it is worth."""
        return result_of(self.test, self.said, self.player, self.result_id)

    def answer(self, number: int, is_real: bool) -> None:
        """Answer a round, as the two buttons do.

        Args:
            number: of the round, from 0.
            is_real: whether the person made it.

        Raises:
            InputError: if there is no such round.
        """
        if isinstance(number, bool) or number not in range(len(self.test.rounds)):
            raise InputError(
                f"There is no round {number!r}: the {len(self.test.rounds)} rounds are "
                "numbered from 0."
            )
        clicks = list(self.clicks)
        clicks[number] = bool(is_real)
        self.clicks = clicks

    def save(self, path: str | Path) -> Path:
        """Write the result as a JSON file, as the button does, and return its path."""
        return self.result.save(path)

    @traitlets.validate("clicks")
    def _check_clicks(self, proposal: dict) -> list[bool | None]:
        """Refuse what is not one answer for each round."""
        clicks = list(proposal["value"])
        n_rounds = len(self.test.rounds)
        if len(clicks) != n_rounds or any(
            one is not None and not isinstance(one, bool) for one in clicks
        ):
            raise InputError(
                f"There are {len(clicks)} answers for {n_rounds} rounds; give True, "
                "False or None for each."
            )
        return clicks
