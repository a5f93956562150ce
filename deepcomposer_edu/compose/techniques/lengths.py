"""How long music goes on, and how long it may become."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from deepcomposer_edu.compose.prepare import MAX_SECONDS, MAX_STEPS, Melody
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import STEPS_PER_BAR, Track

SECONDS = 30.0  # that a melody goes on for if nobody says how long


def heard_steps(melody: Melody, below: Sequence[Track] = ()) -> int:
    """Return the steps from the grid's beginning until every given note has ended."""
    end = max(track.end for track in (melody.given, *below))
    return max(melody.grid.n_steps, ceil(end - melody.offset - 1e-6))


def steps_lasting(melody: Melody, n_given: int, seconds: float = SECONDS) -> int:
    """Return how many steps after the given music last at least so many seconds."""
    frame, end = melody.frame, melody.offset + n_given
    begin, n_steps = frame.seconds_at(end), 1
    while frame.seconds_at(end + n_steps) - begin < seconds - 1e-6:
        n_steps += 1
    return n_steps


def up_to_a_bar(melody: Melody, n_given: int, n_new: int) -> int:
    """Return the next higher number of new steps with which the music ends a bar."""
    return n_new + (melody.pickup - n_given - n_new) % melody.steps_per_bar


def check_length(melody: Melody, n_steps: int) -> None:
    """Raise an InputError if the music would become longer than any may be."""
    end = melody.offset + n_steps
    seconds = melody.frame.seconds_at(end)
    if end > MAX_STEPS or seconds > MAX_SECONDS:
        raise InputError(
            f"With what follows, the music would last {end / STEPS_PER_BAR:,.0f} bars "
            f"of 4/4 and {seconds / 60:,.0f} minutes, but a composition may last "
            f"{MAX_STEPS // STEPS_PER_BAR:,} bars and {MAX_SECONDS // 60} minutes; let "
            "it go on for less, or give a part of the melody."
        )
