"""One entry's points as a bar, and words that leaderboard and feedback share."""

from __future__ import annotations

import math

from deepcomposer_edu.challenge.judging import MIN_JUDGES
from deepcomposer_edu.challenge.standing import Standing

MOST = 110  # points: 100, and 10 for the brief
_WIDE, _HIGH = 600, 22  # of a bar, in its own units
COLOURS = """<p class="key small"><span class="machine"></span>machine (40) &nbsp;
<span class="judges"></span>judges (40) &nbsp; <span class="emotion"></span>emotional
resonance (20) &nbsp; <span class="brief"></span>brief (10). The line with ends is where
the points probably lie (95 %), as far as judges make them uncertain.</p>"""


def _shares(one: Standing) -> list[tuple[str, float]]:
    """Return the parts of an entry's points as (class, points)."""
    judges = sum(one.human.get(key, 0.0) for key in one.auto)
    return [
        ("machine", sum(one.auto.values())),
        ("judges", judges),
        ("emotion", one.human.get("emotion", 0.0)),
        ("brief", one.bonus),
    ]


def points_bar(one: Standing) -> str:
    """Return an entry's points as a bar of four parts, with its interval."""
    parts, x = [], 0.0
    for name, points in _shares(one):
        width = points / MOST * _WIDE
        parts.append(
            f'<rect class="{name}" x="{x:.1f}" y="3" width="{width:.1f}" height="16"/>'
        )
        x += width
    if not math.isnan(one.low):
        low, high = (value / MOST * _WIDE for value in (one.low, one.high))
        parts.append(
            f'<path class="whisker" d="M{low:.1f} 6v10M{low:.1f} 11H{high:.1f}'
            f'M{high:.1f} 6v10"/>'
        )
    words = ", ".join(f"{name} {points:.1f}" for name, points in _shares(one))
    return (
        f'<svg class="bars" viewBox="0 0 {_WIDE} {_HIGH}" role="img" '
        f'aria-label="{words}"><rect class="track" y="3" width="{_WIDE}" height="16"/>'
        f"{''.join(parts)}</svg>"
    )


def why_not_ranked(one: Standing) -> str:
    """Return half a sentence: why an entry has no rank."""
    if one.flags:
        return (
            "waits, since somebody put a flag on it; whoever runs the contest looks "
            "into that first"
        )
    return f"{one.n_judges} judges scored it, {MIN_JUDGES} are needed"
