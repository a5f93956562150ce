"""How fast was it played? The tempo of a recording made without a metronome."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from deepcomposer_edu.widgets.recording import Event

SLOWEST_GUESS, FASTEST_GUESS = 50.0, 200.0  # BPM
N_CANDIDATES = 400  # 0.35 % apart, finer than any player is even
USUAL_TEMPO = 100.0  # BPM: of two that fit alike, the nearer to this is meant
PREFERENCE = 0.35  # how much; from 19 tunes played unevenly at eight tempi
FEWEST_NOTES = 4


def guess_tempo(events: Iterable[Event]) -> float | None:
    """Return the tempo in BPM at which the notes fall best on a grid.

    For each tempo the beginnings of the notes are laid around a circle, once round for
    a quarter, for an eighth and for a sixteenth. Where the tempo is right they gather
    at one place of the circle, so their mean lies far from its middle. Twice and half
    the tempo fit nearly as well, so the one nearer to 100 BPM is preferred.

    Args:
        events: a recording, as widgets/recording.py describes it.

    Returns:
        A whole number of BPM from 50 to 200; None with fewer than four notes, which
        could mean anything.
    """
    struck = sorted({event["time"] for event in events if event.get("velocity", 0) > 0})
    if len(struck) < FEWEST_NOTES:
        return None
    times = np.array(struck) - struck[0]  # (N,) ms
    tempi = np.geomspace(SLOWEST_GUESS, FASTEST_GUESS, N_CANDIDATES)  # (M,)
    quarters = 60_000 / tempi  # ms
    gathered = np.zeros(N_CANDIDATES)
    for part in (1, 2, 4):
        angles = 2 * np.pi * times[:, None] * part / quarters  # (N, M)
        gathered += np.abs(np.exp(1j * angles).mean(axis=0)) / 3
    unusual = np.log2(tempi / USUAL_TEMPO) ** 2 / 2
    return float(round(tempi[np.argmax(gathered - PREFERENCE * unusual)]))
