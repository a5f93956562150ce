"""You are the critic: one bar after another, and how sure you are that it is real."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.course.as_widget import AsWidget
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score

if TYPE_CHECKING:
    import ipywidgets

ANSWERS = (
    ("Surely a person", 0.95),
    ("Rather a person", 0.7),
    ("Rather the network", 0.3),
    ("Surely the network", 0.05),
)
"""What can be said of a bar, and the probability of being real that it stands for."""


class CriticSeat(AsWidget):
    """Rounds in which you hear a piece and say whether it is real.

    It shows itself as a player with four buttons; `say` does the same without a mouse.

    Args:
        pieces: what is judged, N of them, in the order of the rounds.
        is_real: the truth, N values.
        to_score: makes of a piece what is heard.
        one: what a piece is called, "rhythm" say.

    Raises:
        InputError: if there are no pieces, or not one truth for each.
    """

    def __init__(
        self,
        pieces: Sequence,
        is_real: Sequence[bool],
        to_score: Callable[[object], Score],
        one: str = "bar",
    ) -> None:
        if not len(pieces) or len(pieces) != len(is_real):
            raise InputError(
                f"There are {len(pieces)} pieces and {len(is_real)} truths; give one "
                "truth for each of one or more pieces."
            )
        self.pieces = pieces
        self.is_real = np.asarray(is_real, dtype=bool)
        self.to_score = to_score
        self.one = one
        self.own: list[float] = []
        """Your guesses so far, as probabilities of being real."""
        self._others: list[float] = []  # of somebody who filled the rest

    @property
    def said(self) -> list[float]:
        """All guesses: yours, and after `fill` somebody else's for the rest."""
        return [*self.own, *self._others]

    @property
    def is_over(self) -> bool:
        """Whether you have judged all pieces."""
        return len(self.own) == len(self.pieces)

    def say(self, probability: float) -> str:
        """Judge the piece of this round, and return what it was.

        What somebody else said in your place counts no more.

        Args:
            probability: of being real, 0 to 1.

        Raises:
            InputError: if all rounds are over, or it is no probability.
        """
        if self.is_over:
            raise InputError(
                f"All {len(self.pieces)} rounds are over; run the cell again for new "
                "ones."
            )
        if not 0 <= probability <= 1:
            raise InputError(
                f"You said {probability!r}, but a probability lies between 0 and 1."
            )
        self._others = []
        number = len(self.own)
        self.own.append(float(probability))
        is_real = bool(self.is_real[number])
        truth = probability if is_real else 1 - probability
        return (
            f"{self.one.capitalize()} {number + 1} was "
            f"{'written by a person' if is_real else 'made by the network'}; you gave "
            f"that {truth:.0%}."
        )

    def fill(self, judge: Callable[[object], float]) -> None:
        """Let somebody else judge what is left, so that Run All goes on.

        Your own next guess puts an end to that.

        Args:
            judge: takes a piece and gives a probability of being real.
        """
        rest = self.pieces[len(self.own) :]
        self._others = [float(judge(piece)) for piece in rest]

    def _n_right(self, said: list[float]) -> int:
        guesses = np.array(said) > 0.5
        return int((guesses == self.is_real[: len(said)]).sum())

    @property
    def n_right(self) -> int:
        """How many of `said` were on the right side of a half."""
        return self._n_right(self.said)

    def _sum(self) -> str:
        if not self.own:
            return "Press Play, listen, then choose one of the four answers."
        return f"{self._n_right(self.own)} of {len(self.own)} right so far." + (
            " That was the last one: now run the next cells." if self.is_over else ""
        )

    def __repr__(self) -> str:
        return (
            f"{len(self.own)} of {len(self.pieces)} rounds judged. {self._sum()} "
            "Without buttons: seat.say(0.7)."
        )

    def widget(self) -> ipywidgets.VBox:
        """Return the player and the buttons as one widget."""
        import ipywidgets

        from deepcomposer_edu.widgets import Player

        player, title, told = Player(), ipywidgets.HTML(), ipywidgets.HTML()
        buttons = [
            ipywidgets.Button(description=text, layout={"width": "auto"})
            for text, _ in ANSWERS
        ]

        def draw(sentence: str = "") -> None:
            number = min(len(self.own), len(self.pieces) - 1)
            title.value = (
                f"<b>{escape(self.one.capitalize())} {number + 1} of "
                f"{len(self.pieces)}</b>: did a person write it?"
            )
            told.value = f"<p role='status'>{escape(f'{sentence} {self._sum()}')}</p>"
            player.score = self.to_score(self.pieces[number])
            for button in buttons:
                button.disabled = self.is_over

        for button, (_, probability) in zip(buttons, ANSWERS, strict=True):
            button.on_click(lambda _, p=probability: draw(self.say(p)))
        draw()
        row = ipywidgets.HBox(buttons, layout={"flex_flow": "row wrap"})
        return ipywidgets.VBox([title, player, row, told])
