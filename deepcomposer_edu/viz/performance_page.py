"""The pages of a piece's film: a few bars large, and the whole piece small below."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.viz.colours import FAINT_INK, GRID, INK, SHADE, track_colour
from deepcomposer_edu.viz.figures import style_axes
from deepcomposer_edu.viz.film import Box
from deepcomposer_edu.viz.film_page import (
    WIDTH_INCHES,
    FilmPage,
    columns,
    name_tracks,
    short_title,
)
from deepcomposer_edu.viz.rolls import (
    RollLayout,
    draw_empty_roll,
    draw_notes,
    roll_layout,
)

PAGE_STEPS = 128  # eight bars of 4/4
_ROLL = (0.085, 0.2, 0.895, 0.645)  # left, bottom, width, height of the page
_KEYS_WIDTH = 0.022
_OVERVIEW = (0.085, 0.045, 0.895, 0.06)
_BLACK_KEYS = (1, 3, 6, 8, 10)


class PerformancePages:
    """Draws a piece page by page.

    Args:
        score: what to show, with at least one note.
        size: width and height in pixels.
    """

    def __init__(self, score: Score, size: tuple[int, int]) -> None:
        self.score, self.size = score, size
        self.page = FilmPage(size)
        self.figure = self.page.figure
        self.whole = roll_layout([score])
        self.layouts = _pages_of(self.whole)
        self.roll = self.page.axes(_ROLL)
        self.keys = self.page.axes(
            (_ROLL[0] - _KEYS_WIDTH, _ROLL[1], _KEYS_WIDTH, _ROLL[3])
        )
        self.overview = self.page.axes(_OVERVIEW)
        draw_empty_roll(self.roll, self.whole)
        self._draw_keys()
        self._draw_overview()
        self._name_piece()

    def picture(self, number: int) -> np.ndarray:
        """Return a page, shape (height, width, 3), uint8.

        Args:
            number: of the page, from 0.
        """
        layout = self.layouts[number]
        self.roll.clear()
        style_axes(self.roll)
        draw_empty_roll(self.roll, layout)
        draw_notes(self.roll, _between(self.score, layout), layout)
        self.roll.set_ylabel("")
        beside_keys = _KEYS_WIDTH * WIDTH_INCHES * 72 + 4  # points
        self.roll.tick_params(axis="y", length=0, pad=beside_keys)
        self.roll.spines["left"].set_visible(False)
        first, last = layout.lines[0][0], layout.lines[-1][0]
        here = self.overview.hlines(
            -0.14,
            first,
            last,
            color=INK,
            linewidth=2.5,
            clip_on=False,
            transform=self.overview.get_xaxis_transform(),
        )
        self.page.canvas.draw()
        here.remove()
        return self.page.pixels()

    def roll_box(self) -> Box:
        """Return where the roll lies in the picture: left, top, right, bottom."""
        return self.page.box(self.roll)

    def overview_box(self) -> Box:
        """Return where the whole piece lies in the picture."""
        return self.page.box(self.overview)

    def columns(self, number: int, steps: np.ndarray) -> np.ndarray:
        """Return the pixel column of each step on a page, within the roll."""
        lines = self.layouts[number].lines
        return columns(self.roll_box(), lines[0][0], lines[-1][0], steps)

    def overview_columns(self, steps: np.ndarray) -> np.ndarray:
        """Return the pixel column of each step in the whole piece."""
        return columns(self.overview_box(), 0, self.whole.n_steps, steps)

    def lamps(self, steps: np.ndarray) -> dict[int, list[tuple[Box, str | None]]]:
        """Return which keys light up and go out at which of a page's pictures.

        Args:
            steps: reached at each picture, shape (n_frames,).
        """
        ons: dict[int, list[tuple[int, int, int]]] = {}
        for k, track in enumerate(self.score.tracks):
            for note in track.notes:
                first, last = np.searchsorted(steps, (note.start, note.end)).tolist()
                row = self._row(track, note)
                if first < last:
                    ons.setdefault(row, []).append((first, last, k))
        changes: dict[int, list[tuple[Box, str | None]]] = {}
        for row, spans in ons.items():
            edges = sorted(
                {frame for first, last, _ in spans for frame in (first, last)}
            )
            for frame in edges:
                if frame < len(steps):
                    held = [k for first, last, k in spans if first <= frame < last]
                    colour = track_colour(held[0]) if held else None
                    changes.setdefault(frame, []).append((self._key_box(row), colour))
        return changes

    def _row(self, track: Track, note: Note) -> int:
        """Return the height at which a note is drawn."""
        return self.whole.drum_rows[note.pitch] if track.is_drum else note.pitch

    def _key_box(self, row: int) -> Box:
        """Return the pixels of the key at a height, even numbers."""
        left, top, right, bottom = self.page.box(self.keys)
        low, high = self.keys.get_ylim()
        per_row = (bottom - top) / (high - low)
        upper = top + (high - row - 0.5) * per_row
        edges = (left, upper + 1, right, upper + per_row - 1)
        return tuple(round(edge / 2) * 2 for edge in edges)

    def _draw_keys(self) -> None:
        """Draw a narrow keyboard left of the roll."""
        ax, low, high = self.keys, self.whole.low, self.whole.high
        ax.clear()
        ax.set(xlim=(0, 1), ylim=self.roll.get_ylim(), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.add_patch(
            Rectangle((0, low - 0.5), 1, high - low + 1, facecolor="w", edgecolor=GRID)
        )
        for pitch in range(low, high + 1):
            if pitch % 12 in _BLACK_KEYS:
                key = Rectangle((0, pitch - 0.5), 0.62, 1, color=FAINT_INK, linewidth=0)
                ax.add_patch(key)
            elif pitch % 12 in (0, 5):  # two white keys meet below C and F
                ax.axhline(pitch - 0.5, color=GRID, linewidth=0.6)

    def _draw_overview(self) -> None:
        """Draw every note of the piece as a thin line."""
        ax = self.overview
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.set_facecolor(SHADE)
        for k, track in enumerate(self.score.tracks):
            lines = [
                [
                    (note.start, self._row(track, note)),
                    (note.end, self._row(track, note)),
                ]
                for note in track.notes
            ]
            ax.add_collection(
                LineCollection(lines, colors=track_colour(k), linewidths=1.2)
            )
        bottom = min(self.whole.drum_rows.values(), default=self.whole.low) - 1
        ax.set_xlim(0, self.whole.n_steps)
        ax.set_ylim(bottom, self.whole.high + 1)

    def _name_piece(self) -> None:
        """Write the title, the length and the tracks' names above the roll."""
        seconds = round(self.score.seconds)
        self.figure.text(
            _ROLL[0],
            0.925,
            short_title(self.score.title) or "Untitled",
            fontsize=17,
            weight="bold",
            color=INK,
        )
        self.figure.text(
            _ROLL[0] + _ROLL[2],
            0.925,
            f"{seconds // 60}:{seconds % 60:02d}",
            ha="right",
            fontsize=10,
            color=FAINT_INK,
        )
        names = [
            (i, track.name or f"track {i + 1}")
            for i, track in enumerate(self.score.tracks)
            if track.notes
        ]
        at = (_ROLL[0] - 0.008, _ROLL[1] + _ROLL[3])
        name_tracks(self.figure, names, "lower left", at)


def _pages_of(whole: RollLayout) -> list[RollLayout]:
    """Return a layout for each page: whole bars, about equally many on each."""
    lines = whole.lines
    n_pages = max(round(whole.n_steps / PAGE_STEPS), 1)
    n_bars = len(lines) - 1
    per_page = max(-(-n_bars // n_pages), 1)
    return [
        replace(whole, lines=lines[first : first + per_page + 1])
        for first in range(0, n_bars, per_page)
    ]


def _between(score: Score, layout: RollLayout) -> Score:
    """Return the score with only the notes that sound on a page."""
    first, last = layout.lines[0][0], layout.lines[-1][0]
    return replace(
        score,
        tracks=tuple(
            replace(
                track,
                notes=tuple(n for n in track.notes if n.end > first and n.start < last),
            )
            for track in score.tracks
        ),
    )
