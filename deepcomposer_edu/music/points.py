"""Points for a piece, by where it stands among music that one trusts.

A metric by itself says little: 0.9 of what? A percentile among real chorales says how
unusual that is. See `music/typical.py` for values that should be neither too small nor
too large.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.music.typical import typicality


def percentile_points(
    value: float,
    reference: Sequence[float] | np.ndarray,
    better: str = "usual",
    most: float = 10,
) -> float:
    """Return the points that a value earns among the values of real chorales.

    If low values are better, count which share of the reference is as high as the value
    or higher; if high values are better, which share is as low or lower. Twice that
    share of the points is earned, all of them at most: so who is as good as the
    middle chorale gets everything, who is beyond every chorale nothing. If the usual is
    better, `typicality(value, reference)` is the share of the points.

    Args:
        value: a metric of one piece; nan earns nothing.
        reference: the same metric of N real chorales, N > 0.
        better: "low", "high" or "usual".
        most: how many points there are.

    Returns:
        Points, 0 to `most`.

    >>> [percentile_points(v, [1, 2, 3, 4], "low") for v in (1, 3, 4, 5)]
    [10.0, 10.0, 5.0, 0.0]
    """
    values = np.asarray(reference, dtype=float)
    if better == "usual":
        return float(most * typicality(value, values))
    as_good = values >= value if better == "low" else values <= value
    return float(most * min(1, 2 * np.mean(as_good)))
