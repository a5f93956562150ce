"""How loud an arrangement is: a plan of its sections, and notes struck by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deepcomposer_edu.music.arranging import loudness_at
from deepcomposer_edu.music.score import Track

# Velocities at which sections begin; each grows by SWELL and comes back
FIRST, VARIED, OTHER, RETURN, SOFT, FINAL = 64, 72, 86, 76, 62, 80
SWELL = 10
DOWNBEAT = 4  # how much harder the first notes of a bar are struck


def dynamics_plan(
    names: Sequence[str], starts: Sequence[float], close: float, end: float
) -> list[tuple[float, int]]:
    """Return the (step, velocity) points of a piece's loudness.

    It begins softly, a varied section is louder, a contrasting one loudest; the last
    section comes back, sinks, and the close rises to the tonic. Every section swells
    to its middle; between two sections the loudness goes over in a straight line.

    Args:
        names: of the sections, such as ["A", "A'", "B", "A"].
        starts: the steps at which they begin.
        close: where the close begins, or the end.
        end: where the music ends.
    """
    points = []
    ends = [*starts[1:], close]
    for i, (name, start, last) in enumerate(zip(names, starts, ends, strict=True)):
        level = _level(name, names[0], i == len(names) - 1 and i > 0)
        length = last - start
        points.append((start, level))
        points.append((start + length / 2, level + SWELL))
        points.append((start + 7 * length / 8, level + SWELL // 2))
    if close < end:
        points += [(close, SOFT), (end, FINAL)]
    return points


def _level(name: str, first: str, is_last: bool) -> int:
    if is_last:
        return RETURN
    if name.rstrip("'") != first:
        return OTHER
    return VARIED if name.endswith("'") else FIRST


def with_dynamics(
    tracks: Sequence[Track],
    plan: Sequence[tuple[float, float]],
    bar_steps: float,
    pickup: float,
) -> tuple[Track, ...]:
    """Return tracks whose notes are as loud as a plan says.

    What was louder or softer than the median of the first track stays so in proportion.

    Args:
        tracks: the voices.
        plan: (step, velocity) points in order of time.
        bar_steps: length of a bar.
        pickup: length of the upbeat.
    """
    loudness = sorted(note.velocity for note in tracks[0].notes) or [80]
    usual = loudness[len(loudness) // 2]

    def struck(start: float, velocity: int) -> int:
        accent = DOWNBEAT * ((start - pickup) % bar_steps < 1e-9)
        wanted = (loudness_at(start, plan) + accent) * velocity / usual
        return min(max(round(wanted), 1), 127)

    return tuple(
        replace(
            track,
            notes=tuple(
                replace(n, velocity=struck(n.start, n.velocity)) for n in track.notes
            ),
        )
        for track in tracks
    )
