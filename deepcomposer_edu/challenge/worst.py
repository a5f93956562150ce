"""The bar that costs most, and curves of loudness and tension over the bars."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from deepcomposer_edu.challenge.measures import Piece
from deepcomposer_edu.challenge.report import Worst
from deepcomposer_edu.models.rule_grade import grade
from deepcomposer_edu.music.bars import bar_lines
from deepcomposer_edu.music.battery import dissonant_pair_rate
from deepcomposer_edu.music.score import Score

FAULT = 2.0  # what a marked place costs, beside the rule grade's score
WINDOW = 32  # steps: two bars of 4/4, the shortest that the rule grade knows
MAX_BARS = 400


def worst_bar(piece: Piece, score: Score) -> Worst | None:
    """Return the bar that is worst by the rules, None if there is nothing to grade.

    What counts is how a window of two bars around it is graded, and what a teacher
    would mark in the bar itself.

    Args:
        piece: four voices.
        score: the music with its tempos.
    """
    spans = _spans(score, piece.grid.n_steps)
    found = []
    for number, start, end in spans[:MAX_BARS]:
        first = int(min(max(start - 8, 0), max(piece.grid.n_steps - WINDOW, 0)))
        window = piece.grid.crop(first, first + WINDOW)
        own = [fault for fault in piece.faults if start <= fault.step < end]
        if window.n_steps >= 16 and window.sounding.any(axis=1).all():
            cost = FAULT * len(own) - grade(window).score
            found.append((cost, -number, start, end, own))
    if not found:
        return None
    _, number, start, end, own = max(found, key=lambda row: row[:2])
    told = tuple(fault.sentence for fault in own)
    marked = f"{len(own)} place{'s' if len(own) != 1 else ''} that a teacher would mark"
    sentence = f"Bar {-number} costs most: it has {marked if own else 'no faults'}"
    sentence += "." if own else ", but is the least like a chorale."
    return Worst(
        -number,
        start,
        end,
        score.seconds_at(start),
        score.seconds_at(end),
        told,
        sentence,
    )


def curves(piece: Piece, score: Score) -> dict[str, list[float]]:
    """Return loudness and tension of each bar, for information.

    Loudness is the mean velocity of the notes that begin there, tension the share of
    pairs of voices that are a second, a tritone or a seventh apart.
    """
    bars, loudness, tension = [], [], []
    for number, start, end in _spans(score, piece.grid.n_steps)[:MAX_BARS]:
        struck = [n.velocity for n in score.notes if start <= n.start < end]
        rate = dissonant_pair_rate(piece.grid.crop(int(start), int(end)))
        bars.append(number)
        loudness.append(round(float(np.mean(struck)), 1) if struck else 0.0)
        tension.append(round(float(np.nan_to_num(rate)), 3))
    return {"bars": bars, "loudness": loudness, "tension": tension}


def _spans(score: Score, n_steps: int) -> list[tuple[int, float, float]]:
    """Return (number, first step, end) of each bar."""
    lines = bar_lines(score)
    return [
        (number, start, end)
        for (start, number), (end, _) in pairwise(lines)
        if start < n_steps
    ]
