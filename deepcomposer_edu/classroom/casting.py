"""Who sings which bars: everybody is heard before anybody is heard again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.errors import InputError

MOST_VERSES = 12


def casting(
    n_singers: Sequence[int],
    n_bars: int,
    bars_each: int = 2,
    n_verses: int | None = None,
    seed: int = 0,
) -> np.ndarray:
    """Return who sings which bar of each voice, drawn by lot.

    The bars of a verse are cut into stretches. The singers of a voice are put into an
    order by lot and take one stretch after the other, through all verses; when all have
    sung, a new order is drawn.

    Args:
        n_singers: how many sing each voice, at least 1 each.
        n_bars: of one verse.
        bars_each: length of a stretch in bars.
        n_verses: how often the tune is sung; None: so often that everybody is heard.
        seed: of the lots.

    Returns:
        (n_verses, voices, n_bars) int, the number of the singer within the voice.

    Raises:
        InputError: if a number is not allowed, or more verses would be needed than
            anybody wants to hear.

    >>> casting([3], n_bars=4, bars_each=2).tolist()
    [[[2, 2, 0, 0]], [[1, 1, 2, 2]]]
    """
    if not 1 <= bars_each <= n_bars:
        raise InputError(
            f"Each singer is to have {bars_each} bars, but the tune has {n_bars}; "
            f"choose 1 to {n_bars}."
        )
    n_stretches = -(-n_bars // bars_each)
    needed = max(-(-n // n_stretches) for n in n_singers)
    n_verses = needed if n_verses is None else n_verses
    if not 1 <= n_verses <= MOST_VERSES:
        raise InputError(
            f"{n_verses} verses are needed or asked for, but 1 to {MOST_VERSES} can be "
            "sung; give each singer fewer bars, or take a longer tune."
        )
    random = np.random.default_rng(seed)
    cast = np.zeros((n_verses, len(n_singers), n_bars), dtype=int)
    for voice, n in enumerate(n_singers):
        turns = n_verses * n_stretches
        orders = [random.permutation(n) for _ in range(-(-turns // n))]
        in_turn = np.concatenate(orders)[:turns].reshape(n_verses, n_stretches)
        cast[:, voice] = in_turn.repeat(bars_each, axis=1)[:, :n_bars]
    return cast
