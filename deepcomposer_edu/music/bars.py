"""Where the bars of a piece begin, whatever its metres."""

from __future__ import annotations

from bisect import bisect_right

from deepcomposer_edu.music.score import Score


def bar_lines(score: Score) -> list[tuple[float, int]]:
    """Return where each bar starts, as (step, bar number).

    The first whole bar has number 1, a pickup before it number 0. A new metre starts a
    new bar. The last line stands at or behind the end of the last note.

    >>> from deepcomposer_edu.music.score import Score
    >>> bar_lines(Score.from_notes([(0, 60, 20)]))
    [(0.0, 1), (16.0, 2), (32.0, 3)]
    """
    metres = sorted(score.metres, key=lambda metre: metre.step)
    lines: list[tuple[float, int]] = []
    position, number = 0.0, 1
    if score.pickup > 0:
        lines.append((0.0, 0))
        position = float(score.pickup)
    while True:
        lines.append((position, number))
        if position >= score.end and len(lines) > 1:
            return lines
        current = [m for m in metres if m.step <= position] or metres[:1]
        following = position + max(current[-1].steps_per_bar, 1.0)
        changes = [m.step for m in metres if position < m.step < following]
        position, number = float(min([following, *changes])), number + 1


def bar_number(lines: list[tuple[float, int]], step: float) -> int:
    """Return the number of the bar that a step lies in.

    Args:
        lines: the bar lines as `bar_lines` gives them.
        step: the step; one before the first line counts as the first bar.

    >>> bar_number([(0.0, 1), (16.0, 2), (32.0, 3)], 20)
    2
    """
    place = bisect_right([start for start, _ in lines], step) - 1
    return lines[max(place, 0)][1]
