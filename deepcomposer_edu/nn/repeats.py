"""A network that says the same thing again and again: measured, and kept from it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from torch import Tensor

from deepcomposer_edu.nn.sampling import NEVER


def longest_run(tokens: Sequence[int]) -> int:
    """Return how many times a token is repeated without a break, at most.

    Args:
        tokens: any tokens in order: numbers, or the letters of a text.

    Returns:
        The length of the longest stretch of equal tokens; 0 if there are none.

    >>> longest_run([60, 62, 62, 62, 60]), longest_run("AAB"), longest_run([])
    (3, 2, 0)
    """
    return max((len(list(stretch)) for _, stretch in groupby(tokens)), default=0)


def forbid_long_runs(logits: Tensor, written: Sequence[int], max_run: int) -> Tensor:
    """Return the logits with a token forbidden that has come too often in a row.

    If the last `max_run` tokens are all the same, that token gets the logit -inf, so
    that it cannot be drawn next. Otherwise nothing changes.

    Args:
        logits: (V,), what the network says about the next token; not changed.
        written: the numbers of the tokens so far, perhaps none.
        max_run: how often in a row a token may come, 1 or more.

    Returns:
        (V,), the logits to draw from.
    """
    last = list(written[-max_run:])
    if len(last) < max_run or len(set(last)) > 1:
        return logits
    allowed = logits.clone()
    allowed[last[0]] = NEVER
    return allowed
