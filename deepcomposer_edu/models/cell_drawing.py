"""Drawing hidden cells of a piece, voice after voice inside each step.

The network's logits for the hidden cells do not know of each other. Going from step to
step and from voice to voice, each draw can look at what was drawn before it: notes that
would run in parallel fifths or octaves with a voice that is there are passed over.
"""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.models.counterpoint import PERFECT
from deepcomposer_edu.models.drawing_order import VOICE_ORDER
from deepcomposer_edu.models.frames import N_PITCHES, VOICES

NEAR = 4  # steps: from beat to beat, where nothing in between is known yet


def draw_cells(
    scores: np.ndarray,
    classes: np.ndarray,
    hidden: np.ndarray,
    avoid_parallels: bool = True,
) -> np.ndarray:
    """Return the piece with the best-scored class in each hidden cell.

    Args:
        scores: (4, T, V) the higher, the likelier; with Gumbel noise in them, the best
            one is a draw (Maddison et al. 2017, section 2).
        classes: (4, T) what is known, -1 for cells that are neither known nor drawn
            now; the content of hidden cells is ignored.
        hidden: (4, T) bool, the cells that are drawn.
        avoid_parallels: whether parallel fifths and octaves are passed over.

    Returns:
        (4, T) classes.
    """
    found = np.where(hidden, scores.argmax(axis=-1), classes)
    if not avoid_parallels:
        return found
    rows = np.where(hidden, -1, classes).tolist()  # -1: not drawn yet
    best = found.tolist()
    for t in np.flatnonzero(hidden.any(axis=0)).tolist():
        for voice in VOICE_ORDER:
            if not hidden[voice, t]:
                continue
            banned = parallels_at(rows, voice, t)
            if best[voice][t] in banned:
                row = scores[voice, t].copy()  # (V,)
                row[list(banned)] = -np.inf
                best[voice][t] = int(row.argmax())
            rows[voice][t] = best[voice][t]
    return np.array(rows)


def parallels_at(rows: list[list[int]], voice: int, t: int) -> set[int]:
    """Return the classes that would bring a voice into parallels, coming or going.

    A voice comes from, and goes to, the nearest step at which it and the other voice
    are known, up to a quarter away: notes that are not drawn yet will mostly be held.

    Args:
        rows: four voices of T classes, -1 where nothing is known yet.
        voice: the voice that is drawn.
        t: the step.
    """
    banned = set()
    for other in range(VOICES):
        here = rows[other][t]
        if other == voice or not 0 <= here < N_PITCHES:
            continue
        for side in (-1, 1):
            near = _nearest(rows[voice], rows[other], t, side)
            if near is None or rows[other][near] == here:
                continue
            own, theirs = rows[voice][near], rows[other][near]
            if not (own < N_PITCHES > theirs) or abs(own - theirs) % 12 not in PERFECT:
                continue
            wanted = own + here - theirs
            if 0 <= wanted < N_PITCHES:
                banned.add(wanted)
    return banned


def _nearest(one: list[int], other: list[int], t: int, side: int) -> int | None:
    """Return the nearest step on one side at which both voices are known, if any."""
    for near in range(t + side, t + side * (NEAR + 1), side):
        if not 0 <= near < len(one):
            return None
        if one[near] >= 0 and other[near] >= 0:
            return near
    return None
