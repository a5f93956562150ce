"""A piece as a picture of its notes: voices, bars, sections, the worst bar, curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import pairwise

from deepcomposer_edu.challenge.report import Worst
from deepcomposer_edu.compose.arranging.scoring import Section
from deepcomposer_edu.music.bars import bar_lines
from deepcomposer_edu.music.score import Score

VOICES = ("soprano", "alto", "tenor", "bass")  # classes of the page's colours
ROW, TOP, CURVE, GAP = 5, 34, 46, 16  # heights in the picture's units
WIDE = 1_120  # its width
MAX_NOTES = 20_000


def bar_times(score: Score) -> list[list[float]]:
    """Return [number, first second, last second] of each bar."""
    return [
        [number, round(score.seconds_at(start), 4), round(score.seconds_at(end), 4)]
        for (start, number), (end, _) in pairwise(bar_lines(score))
    ]


def roll_svg(
    score: Score,
    sections: Sequence[Section] = (),
    worst: Worst | None = None,
    curves: Mapping[str, Sequence[float]] | None = None,
) -> str:
    """Return the notes as SVG, time from left to right.

    Args:
        score: one track for each voice.
        sections: their names stand above.
        worst: the bar that is marked.
        curves: "bars", "loudness" and "tension", as in a report.
    """
    lines = bar_lines(score)
    end = max(lines[-1][0], 1.0)
    pitches = [n.pitch for t in score.tracks if not t.is_drum for n in t.notes] or [60]
    low, high = min(pitches) - 2, max(pitches) + 2
    roll = (high - low + 1) * ROW
    rows = [("loudness", 127.0), ("tension", 1.0)] if curves else []
    height = TOP + roll + len(rows) * (CURVE + GAP) + 18

    def x(step: float) -> float:
        return round(step / end * WIDE, 2)

    parts = [f'<rect class="paper" y="{TOP}" width="{WIDE}" height="{roll}"/>']
    if worst is not None:
        left, width = x(worst.start), x(worst.end - worst.start)
        parts.append(
            f'<rect class="worst" x="{left}" y="{TOP}" width="{width}" '
            f'height="{height - TOP - 18}"/>'
        )
    for start, number in lines:
        parts.append(f'<path class="line" d="M{x(start)} {TOP}V{height - 18}"/>')
        if number % 4 == 1 and start < end:
            parts.append(f'<text x="{x(start) + 2}" y="{height - 4}">{number}</text>')
    for section in sections:
        parts.append(
            f'<text class="name" x="{x(section.start) + 2}" y="16">'
            f"{escape(section.name[:12])}</text>"
        )
        parts.append(
            f'<path class="section" d="M{x(section.start)} 22H{x(section.end) - 3}"/>'
        )
    parts += _notes(score, x, high)
    y = TOP + roll + GAP
    for name, most in rows:
        parts += _curve(name, curves or {}, score, x, y, most)
        y += CURVE + GAP
    for (start, number), (stop, _) in pairwise(lines):
        parts.append(
            f'<rect class="bar" data-bar="{number}" x="{x(start)}" y="{TOP}" '
            f'width="{x(stop - start)}" height="{height - TOP - 18}"/>'
        )
    parts.append(f'<path id="head" class="head" d="M0 {TOP}V{height - 18}"/>')
    words = f"The notes of {len(score.tracks)} tracks over {lines[-1][1] - 1} bars"
    return (
        f'<svg class="roll" viewBox="0 0 {WIDE} {height}" role="img" '
        f'aria-label="{words}">{"".join(parts)}</svg>'
    )


def _notes(score: Score, x: Callable[[float], float], high: int) -> list[str]:
    """Return a rounded line for each note, in its voice's colour."""
    found = []
    pitched = [track for track in score.tracks if not track.is_drum and track.notes]
    pitched.sort(key=lambda t: -sum(n.pitch for n in t.notes) / len(t.notes))
    for place, track in enumerate(pitched):
        name = VOICES[min(place * 4 // max(len(pitched), 1), 3)]
        for note in track.notes[:MAX_NOTES]:
            y = TOP + (high - note.pitch) * ROW
            width = max(x(note.duration) - 1, 1)
            found.append(
                f'<rect class="{name}" x="{x(note.start)}" y="{y}" '
                f'width="{round(width, 2)}" height="{ROW - 1}" rx="1"/>'
            )
    return found


def _curve(
    name: str,
    curves: Mapping[str, Sequence[float]],
    score: Score,
    x: Callable[[float], float],
    y: float,
    most: float,
) -> list[str]:
    """Return a curve over the bars, with its name."""
    spans = {number: (a, b) for (a, number), (b, _) in pairwise(bar_lines(score))}
    values = curves.get(name, ())
    peak = max([*values, most / 4])
    points = []
    for number, value in zip(curves.get("bars", ()), values, strict=False):
        if number in spans:
            first, last = spans[number]
            level = round(y + CURVE * (1 - value / peak), 1)
            points += [f"{x(first)} {level}", f"{x(last)} {level}"]
    if not points:
        return []
    return [
        f'<path class="curve {name}" d="M{"L".join(points)}"/>',
        f'<text x="2" y="{y + 10}">{name}</text>',
    ]
