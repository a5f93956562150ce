"""Samples per second: which ones are allowed, said in one way everywhere."""

from __future__ import annotations

from numbers import Real

from deepcomposer_edu.errors import InputError

LOWEST_RATE, HIGHEST_RATE = 8_000, 48_000  # at which scores are played


def checked_rate(
    rate: object,
    low: int = LOWEST_RATE,
    high: int = HIGHEST_RATE,
    usual: int = 44_100,
) -> int:
    """Return a sample rate as an int.

    Args:
        rate: what was asked for; 8000.0 will do, too.
        low: the lowest that is allowed.
        high: the highest.
        usual: is named if another is needed.

    Raises:
        InputError: if it is no whole number, or out of range.
    """
    is_number = isinstance(rate, Real) and not isinstance(rate, bool)
    if not is_number or not low <= rate <= high or int(rate) != rate:
        raise InputError(
            f"The sample rate is {str(rate)[:40]}, but it must be a whole number from "
            f"{low} to {high} samples per second; {usual} is usual here."
        )
    return int(rate)
