"""How usual a piece is among pieces of a kind: neither too little nor too much.

A metric by itself says little. What counts is where a piece's value lies among the
values of music that one trusts, and both ends are unusual.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def typicality(value: float, reference: Sequence[float] | np.ndarray) -> float:
    """Return how usual a value is among reference values, from 0 to 1.

    Count which share of the reference values lies at or below the value, and which
    share lies at or above it. Twice the smaller of the two is the answer, but at most
    1: near 1 in the middle, near 0 at *either* end, 0 outside.

    Args:
        value: a metric of one piece, such as its triad rate.
        reference: the same metric of N pieces that are known to be good, N > 0.

    Returns:
        A float in [0, 1]. Among the values 1 to 10, the value 1 has 0.2 (one of ten is
        as small), 10 has 0.2 as well, 5 has 1 and 11 has 0. nan has 0: what cannot be
        measured is not usual.
    """
    values = np.asarray(reference, dtype=float)
    at_or_below = float(np.mean(values <= value))
    at_or_above = float(np.mean(values >= value))
    return min(2 * min(at_or_below, at_or_above), 1.0)
