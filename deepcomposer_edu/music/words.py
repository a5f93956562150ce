"""Numbers in sentences."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    Args:
        number: how many.
        noun: what, when there is one of it; several get an "s".

    >>> counted(1, "note"), counted(3, "note"), counted(2048, "bar")
    ('1 note', '3 notes', '2,048 bars')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
