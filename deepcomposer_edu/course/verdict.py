"""What a check says about an answer: one sentence, in text and in the notebook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

PASSED, REFUSED, NOT_DONE, COURSE_OWN = "passed", "refused", "not done", "course's own"

# A word and a bar: the meaning never hangs on the colour alone.
_MARKS = {
    PASSED: ("Right.", "#0072b2"),
    REFUSED: ("Not yet.", "#d55e00"),
    NOT_DONE: ("To do.", "#808080"),
    COURSE_OWN: ("Not checked.", "#808080"),
}


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check; it shows itself as its sentence.

    Args:
        number: the exercise, such as "1.2".
        status: "passed", "refused", "not done" or "course's own".
        message: the sentence for the learner.
    """

    number: str
    status: str
    message: str

    @property
    def passed(self) -> bool:
        """Whether every check was passed."""
        return self.status == PASSED

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        return self.message

    __repr__ = __str__

    def _repr_html_(self) -> str:
        word, colour = _MARKS[self.status]
        message = escape(self.message).replace("\n", "<br>")
        message = re.sub(r"`([^`]+)`", r"<code>\1</code>", message)
        return (
            f'<div style="border-left: 0.3em solid {colour}; padding: 0.2em 0.8em">'
            f"<b>{word}</b> {message}</div>"
        )
