"""The piano roll as a picture: time to the right, pitch upwards, a colour per track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from deepcomposer_edu.music.bars import bar_lines
from deepcomposer_edu.music.score import Score, note_name
from deepcomposer_edu.viz.colours import (
    GRID,
    SHADE,
    TRACK_COLOURS,
    darker,
    track_colour,
)
from deepcomposer_edu.viz.figures import legend_above, new_axes

__all__ = [
    "TRACK_COLOURS",
    "RollLayout",
    "bar_lines",
    "draw_empty_roll",
    "draw_notes",
    "plot_pianoroll",
    "roll_layout",
]

NOTE_HEIGHT = 0.86  # of a semitone
ONSET_WIDTH = 1 / 280  # of the whole roll
ONSET_SHARE = 0.35  # of its note, at most
MAX_BAR_NUMBERS = 18
_BLACK_KEYS = (1, 3, 6, 8, 10)
_MARGIN = 2  # semitones above the highest and below the lowest note
_SHARP_BELOW = 400  # steps
_DRUM_GAP = 2  # rows between the lowest pitch and the drums


@dataclass(frozen=True)
class RollLayout:
    """What a roll shows: pitches, bars, and where each drum stands.

    Args:
        low: the lowest pitch.
        high: the highest pitch.
        lines: where each bar starts, as `bar_lines` gives them.
        drum_rows: the height at which each drum's number is drawn.
    """

    low: int
    high: int
    lines: tuple[tuple[float, int], ...]
    drum_rows: dict[int, int]

    @property
    def n_steps(self) -> float:
        """The width of the roll in steps: from the first bar line to the last."""
        return self.lines[-1][0] - self.lines[0][0]


def plot_pianoroll(score: Score, ax: Axes | None = None) -> Axes:
    """Draw a score as a piano roll and return the axes.

    Each note is a bar as long as it is held, with a dark line where it is struck: a
    repeated note has a second line, a held one has not. Drums have no pitch; they
    stand in rows of their own below the notes.

    Args:
        score: what to draw; a score without notes gives an empty roll.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.
    """
    ax = new_axes() if ax is None else ax
    layout = roll_layout([score])
    draw_empty_roll(ax, layout)
    draw_notes(ax, score, layout)
    _add_legend(ax, score)
    return ax


def roll_layout(scores: Sequence[Score]) -> RollLayout:
    """Return a layout in which every one of the scores fits; the longest sets the bars.

    Raises:
        ValueError: if there is no score.
    """
    tracks = [track for score in scores for track in score.tracks]
    pitches = {n.pitch for track in tracks if not track.is_drum for n in track.notes}
    drums = {n.pitch for track in tracks if track.is_drum for n in track.notes}
    low, high = _pitch_range(pitches)
    return RollLayout(
        low=low,
        high=high,
        lines=tuple(bar_lines(max(scores, key=lambda score: score.end))),
        drum_rows={
            pitch: low - _DRUM_GAP - row
            for row, pitch in enumerate(sorted(drums, reverse=True))
        },
    )


def draw_empty_roll(ax: Axes, layout: RollLayout) -> None:
    """Draw what lies behind the notes: black keys, bar lines, names and numbers."""
    low, high, rows = layout.low, layout.high, layout.drum_rows
    for pitch in range(low, high + 1):
        if pitch % 12 in _BLACK_KEYS:
            ax.axhspan(pitch - 0.5, pitch + 0.5, color=SHADE, linewidth=0, zorder=0)
    bottom = min(rows.values()) - 1 if rows else low - 0.5
    ticks = [pitch for pitch in range(low, high + 1) if pitch % 12 == 0]
    names = [note_name(pitch) for pitch in ticks]
    if rows:
        ticks.append(sum(rows.values()) / len(rows))
        names.append("drums")
    ax.set_yticks(ticks, names)
    ax.set_ylim(bottom, high + 0.5)
    ax.set_ylabel("pitch")
    _draw_bars(ax, layout.lines)


def draw_notes(ax: Axes, score: Score, layout: RollLayout) -> list[PolyCollection]:
    """Draw the notes of every track on an empty roll and return what was added."""
    added = []
    for number, track in enumerate(score.tracks):
        pitches = [note.pitch for note in track.notes]
        heights = [layout.drum_rows[p] for p in pitches] if track.is_drum else pitches
        colour = track_colour(number)
        starts = np.array([note.start for note in track.notes])
        ends = np.array([note.end for note in track.notes])
        low = np.array(heights) - NOTE_HEIGHT / 2
        high = low + NOTE_HEIGHT
        widest = layout.n_steps * ONSET_WIDTH
        struck = starts + np.minimum(widest, ONSET_SHARE * (ends - starts))
        for right, fill, order in ((ends, colour, 2), (struck, darker(colour), 3)):
            corners = np.stack([starts, low, starts, high, right, high, right, low], -1)
            shapes = PolyCollection(
                corners.reshape(-1, 4, 2),  # (notes, corners, x and y)
                facecolors=fill,
                edgecolors="none",
                zorder=order,
                # whole pixels look sharp, but can swallow a short note
                snap=layout.n_steps < _SHARP_BELOW,
            )
            added.append(ax.add_collection(shapes, autolim=False))
    return added


def _pitch_range(pitches: set[int]) -> tuple[int, int]:
    """Return the lowest and highest pitch to show: at least an octave, with a C."""
    low = max(min(pitches, default=62) - _MARGIN, 0)
    high = min(max(pitches, default=70) + _MARGIN, 127)
    if high - low < 12:
        low = min(max((low + high) // 2 - 6, 0), 127 - 12)
        high = low + 12
    return low, high


def _draw_bars(ax: Axes, lines: Sequence[tuple[float, int]]) -> None:
    """Draw a line at every bar and number as many as there is room for."""
    numbered = [(step, number) for step, number in lines[:-1] if number > 0]
    every = 1
    while len(numbered) > every * MAX_BAR_NUMBERS:
        every *= 2
    for step, _ in lines:
        ax.axvline(step, color=GRID, linewidth=0.7 if every < 4 else 0.3, zorder=1)
    shown = [line for line in numbered if (line[1] - 1) % every == 0]
    ax.set_xticks([step for step, _ in shown], [str(number) for _, number in shown])
    ax.set_xlim(lines[0][0], lines[-1][0])
    ax.set_xlabel("bar")


def _add_legend(ax: Axes, score: Score) -> None:
    """Name the tracks above the roll if there are several."""
    named = [
        Patch(color=track_colour(i), label=track.name or f"track {i + 1}")
        for i, track in enumerate(score.tracks)
        if track.notes
    ]
    if len(named) > 1:
        shown = named[: len(TRACK_COLOURS)]
        legend_above(ax, min(len(named), 4), handles=shown, columnspacing=1.4)
