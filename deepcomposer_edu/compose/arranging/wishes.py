"""What is asked of an arrangement, checked before anything is made."""

from __future__ import annotations

from dataclasses import dataclass

from deepcomposer_edu.compose.arranging.scoring import Instruments, read_scoring
from deepcomposer_edu.compose.parameters import checked_seed, checked_tempo
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.arranging import section_names

SECONDS_RANGE = (10.0, 600.0)
ENDINGS = ("cadence", "none")


@dataclass(frozen=True)
class Wishes:
    """What is asked for.

    Args:
        seconds: how long the piece lasts.
        names: of its sections.
        tempo: quarters per minute, None for that of the music.
        scoring: instruments by section, as `read_scoring` gives them.
        ending: one of ENDINGS.
        seed: of all choices.
    """

    seconds: float
    names: tuple[str, ...]
    tempo: float | None
    scoring: dict[str, list[str]]
    ending: str
    seed: int


def checked_wishes(
    seconds: object,
    form: object,
    tempo: object,
    instruments: Instruments,
    ending: object,
    seed: object,
) -> Wishes:
    """Return what is asked for, or raise an InputError; see `arrange`."""
    low, high = SECONDS_RANGE
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not low <= seconds <= high:
        raise InputError(
            f"The length is {str(seconds)[:20]} seconds, but it must be a number from "
            f"{low:g} to {high:g}."
        )
    if ending not in ENDINGS:
        raise InputError(
            f"The ending is {str(ending)[:20]!r}, but it must be one of "
            f"{', '.join(ENDINGS)}."
        )
    if not isinstance(form, str):
        raise InputError(
            f'The form is {str(form)[:20]}, but it must be letters such as "AABA".'
        )
    return Wishes(
        float(seconds),
        tuple(section_names(form)),
        None if tempo is None else checked_tempo(tempo),
        read_scoring(instruments),
        ending,
        checked_seed(seed),
    )


def refuse_other_letter(letter: object, names: tuple[str, ...]) -> None:
    """Raise an InputError if there is no such section to give music for."""
    letters = list(dict.fromkeys(name.rstrip("'") for name in names))
    if letter not in letters:
        raise InputError(
            f"Music was given for {str(letter)[:20]!r}, but the form has the letters "
            f"{', '.join(letters)}."
        )
