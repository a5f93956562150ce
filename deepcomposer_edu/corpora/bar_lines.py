"""Where the bars of a score begin, whatever its changes of metre."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Metre, Score


def bar_starts(score: Score, n_steps: int) -> np.ndarray:
    """Return the steps at which whole bars begin, shape (number of bars,), int.

    The pickup comes before the first; each bar has the length of the last time
    signature before it.

    Raises:
        InputError: if a time signature asks for bars shorter than a step.
    """
    starts: list[int] = []
    position = float(score.pickup)
    while position < n_steps:
        starts.append(round(position))
        metre = _metre_at(score.metres, position)
        if metre.steps_per_bar < 1:
            raise InputError(
                f"its time signature is {metre.numerator}/{metre.denominator}, but a "
                "bar must last a sixteenth or more."
            )
        position += metre.steps_per_bar
    return np.array(starts, dtype=np.int64)


def _metre_at(metres: Sequence[Metre], position: float) -> Metre:
    """The time signature that holds at a step: the last that begins by then."""
    begun = [metre for metre in metres if metre.step <= position]
    return begun[-1] if begun else metres[0]
