"""What a technique's parameters may be, and the sentences for values that may not."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from operator import index

from deepcomposer_edu.errors import InputError

MAX_SEED = 2**32 - 1
TEMPO_RANGE = (10.0, 400.0)

Value = bool | int | float | str

YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Parameter:
    """One thing that can be turned on a technique.

    Args:
        name: the keyword of `compose` and of `--param`.
        default: the value when nothing is given; its type is the parameter's type
            (bool, int, float or str).
        low: least value allowed (numbers only).
        high: greatest value allowed (numbers only).
        meaning: what turning it changes, in words.
        choices: the words allowed (text only).
        check: for free text instead of words: gets it and raises an InputError if it
            cannot be read.
        example: of a text that `check` allows.
    """

    name: str
    default: Value
    low: float = 0
    high: float = 1
    meaning: str = ""
    choices: tuple[str, ...] = ()
    check: Callable[[str], object] | None = None
    example: str = ""

    @property
    def allowed(self) -> str:
        """The values allowed, in words: 'a number from 0.1 to 5'."""
        if isinstance(self.default, bool):
            return "true or false"
        if self.check is not None:
            return f"a text such as {self.example}, or nothing"
        if isinstance(self.default, str):
            return " or ".join(self.choices)
        kind = "a whole number" if isinstance(self.default, int) else "a number"
        return f"{kind} from {self.low:g} to {self.high:g}"

    def checked(self, value: object) -> Value:
        """Return `value` in the parameter's type; text as typed in a shell will do.

        Raises:
            InputError: if it has the wrong type or lies outside the range.
        """
        try:
            return self._converted(value)
        except InputError as error:  # the text's own check says it better
            raise InputError(f"The parameter {self.name}: {error}") from None
        except (TypeError, ValueError, OverflowError):
            raise InputError(
                f"The parameter {self.name} is {_start_of(value, repr)}, but it must "
                f"be {self.allowed} ({self.meaning})."
            ) from None

    def _converted(self, value: object) -> Value:
        """Return the value in the right type, or raise a ValueError or TypeError."""
        text = str(value).strip().lower() if isinstance(value, str) else None
        if isinstance(self.default, bool):
            if isinstance(value, bool):
                return value
            if text in YES or text in NO:
                return text in YES
            raise ValueError(value)
        if self.check is not None and text is not None:
            self.check(text)
            return " ".join(text.split())
        if isinstance(self.default, str):
            if text in self.choices:
                return text
            raise ValueError(value)
        if isinstance(value, bool):
            raise TypeError(value)
        if text is not None:
            number = float(text)
        elif hasattr(value, "__float__") or hasattr(value, "__index__"):
            number = float(value)
        else:
            raise TypeError(value)
        if not math.isfinite(number) or not self.low <= number <= self.high:
            raise ValueError(value)
        if not isinstance(self.default, int):
            return number
        if number != int(number):
            raise ValueError(value)
        return int(number)


def checked_parameters(
    technique: str, specified: Iterable[Parameter], given: Mapping[str, object]
) -> dict[str, Value]:
    """Return every parameter of a technique, with the given values checked.

    Raises:
        InputError: if a name is unknown or a value is not allowed.
    """
    known = {parameter.name: parameter for parameter in specified}
    for name in given:
        if name not in known:
            allowed = ", ".join(known) or "none"
            raise InputError(
                f"The technique {technique} has no parameter "
                f"{name[:40]!r}{did_you_mean(name, known)}; its parameters are: "
                f"{allowed}."
            )
    return {
        name: parameter.checked(given[name]) if name in given else parameter.default
        for name, parameter in known.items()
    }


def checked_seed(seed: object) -> int:
    """Return the seed as an int from 0 to 4294967295, or raise an InputError."""
    with suppress(TypeError):  # an array of numbers, say
        if not isinstance(seed, bool) and 0 <= (number := index(seed)) <= MAX_SEED:
            return number
    raise InputError(
        f"The seed is {_start_of(seed)}, but it must be a whole number from 0 to "
        f"{MAX_SEED}; the same seed makes the same music."
    )


def checked_tempo(tempo: object) -> float:
    """Return the tempo in beats per minute as a float, or raise an InputError."""
    low, high = TEMPO_RANGE
    is_number = hasattr(tempo, "__float__") and not isinstance(tempo, bool)
    with suppress(TypeError, OverflowError):  # a list of numbers, one of 400 digits
        if is_number and low <= (number := float(tempo)) <= high:
            return number
    raise InputError(
        f"The tempo is {_start_of(tempo)}, but it must be a number from {low:g} to "
        f"{high:g} beats per minute."
    )


def _start_of(value: object, written: Callable[[object], str] = str) -> str:
    """Return the first letters of a value."""
    try:
        text = written(value)
    except ValueError:  # Python does not write them out
        return "a number of thousands of digits"
    return text if len(text) <= 40 else f"{text[:40]}..."


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return ' (did you mean X?)' for the nearest of `names`, or nothing."""
    close = difflib.get_close_matches(str(name)[:80].lower(), list(names), n=1)
    return f" (did you mean {close[0]}?)" if close else ""
