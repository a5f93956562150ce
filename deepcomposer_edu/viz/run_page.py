"""One page of the training video: the roll, the losses, and the music in numbers.

All that stays the same is drawn once; a stage adds its notes, marks and bars to a copy.
"""

from __future__ import annotations

import math

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from deepcomposer_edu.viz.colours import (
    FAINT_INK,
    INK,
    SHADE,
    TRACK_COLOURS,
    darker,
    track_colour,
)
from deepcomposer_edu.viz.film import Box
from deepcomposer_edu.viz.film_page import FilmPage, columns, name_tracks
from deepcomposer_edu.viz.history import plot_history, series
from deepcomposer_edu.viz.names import LOSSES, MEASURES, is_share, label_of
from deepcomposer_edu.viz.rolls import draw_empty_roll, draw_notes, roll_layout
from deepcomposer_edu.viz.runs import Run, Stage

MAX_MEASURES = 5
_ROLL = (0.062, 0.465, 0.918, 0.405)  # left, bottom, width, height of the page
_LOSSES = (0.062, 0.095, 0.41, 0.225)
_MEASURES = (0.678, 0.095, 0.215, 0.225)
_NOW_AT, _DATA_AT = 1.19, 1.4  # columns of numbers, in shares of a bar
_BAR = 0.52  # height of a measure's bar


class RunPage:
    """Draws a run stage by stage.

    Args:
        run: what to show.
        size: width and height in pixels.
    """

    def __init__(self, run: Run, size: tuple[int, int]) -> None:
        self.run, self.size = run, size
        self.page = FilmPage(size)
        self.figure = self.page.figure
        self.layout = roll_layout([stage.score for stage in run.stages])
        self.roll = self.page.axes(_ROLL)
        draw_empty_roll(self.roll, self.layout)
        self._name_tracks()
        self.drawn_losses = [name for name in LOSSES if series(run.history, name)[0]]
        self.losses = self._draw_losses() if self.drawn_losses else None
        self.measures = _measures(run)
        self.bars = self._draw_measures() if self.measures else None
        self.page.keep()

    def picture(self, number: int) -> np.ndarray:
        """Return the page of a stage, shape (height, width, 3), uint8.

        Args:
            number: of the stage, from 0.
        """
        self.page.restore()
        stage = self.run.stages[number]
        added: list[Artist] = [
            *draw_notes(self.roll, stage.score, self.layout),
            *self._title(number),
            *self._mark_losses(stage),
            *self._fill_measures(stage),
        ]
        return self.page.pixels(added)

    def roll_box(self) -> Box:
        """Return where the roll lies in the picture: left, top, right, bottom."""
        return self.page.box(self.roll)

    def columns(self, steps: np.ndarray) -> np.ndarray:
        """Return the pixel column of each position in steps, within the roll."""
        return columns(self.roll_box(), 0, self.layout.n_steps, steps)

    def _name_tracks(self) -> None:
        """Put the tracks' names above the roll."""
        tracks = self.run.stages[-1].score.tracks
        names = [(i, track.name or f"track {i + 1}") for i, track in enumerate(tracks)]
        name_tracks(self.roll, names, "lower right", (1, 1))

    def _draw_losses(self) -> Axes:
        """Draw the losses of the whole run."""
        ax = self.page.axes(_LOSSES)
        return plot_history(self.run.history, ax)

    def _draw_measures(self) -> Axes:
        """Draw empty bars from 0 to 100 % with the data's own values marked."""
        ax = self.page.axes(_MEASURES)
        for i, name in enumerate(self.measures):
            ax.add_patch(_bar(i, 1.0, SHADE))
            if name in self.run.reference:
                _mark(ax, i, self.run.reference[name])
                _right(ax, _DATA_AT, i, f"{self.run.reference[name]:.0%}", size=8.5)
        for x, text in ((_NOW_AT, "now"), (_DATA_AT, "data")):
            _right(ax, x, -0.9, text, size=8, color=FAINT_INK)
        ax.set_xlim(0, 1)
        ax.set_ylim(len(self.measures) - 0.4, -0.6)
        ax.set_yticks(
            range(len(self.measures)), [label_of(name) for name in self.measures]
        )
        ax.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
        ax.set_xlabel("share; the line is the data's own value")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
        return ax

    def _title(self, number: int) -> list[Artist]:
        """Say how far training is."""
        stage, last = self.run.stages[number], self.run.stages[-1]
        title = self.figure.text(
            _ROLL[0],
            0.935,
            f"Step {stage.step:,}",
            fontsize=17,
            weight="bold",
            color=INK,
        )
        about = f"of {last.step:,}"
        seconds = stage.measured.get("seconds", 0)
        if seconds:
            about += f"  ·  after {_duration(seconds)} of training"
        about += f"  ·  stage {number + 1} of {len(self.run.stages)}"
        end = title.get_window_extent(self.page.canvas.get_renderer()).x1 / self.size[0]
        return [
            title,
            self.figure.text(end + 0.01, 0.935, about, fontsize=10, color=FAINT_INK),
        ]

    def _mark_losses(self, stage: Stage) -> list[Artist]:
        """Put a line and dots at the stage's step."""
        if self.losses is None:
            return []
        added: list[Artist] = [self.losses.axvline(stage.step, color=INK, linewidth=1)]
        for colour, name in zip(TRACK_COLOURS, self.drawn_losses, strict=False):
            if name in stage.measured:
                added += self.losses.plot(
                    stage.step,
                    stage.measured[name],
                    marker="o",
                    markersize=7,
                    color=colour,
                    markeredgecolor=darker(colour),
                )
        return added

    def _fill_measures(self, stage: Stage) -> list[Artist]:
        """Fill the bars up to the values of now."""
        added: list[Artist] = []
        for i, name in enumerate(self.measures):
            value, text = stage.measured.get(name, math.nan), "–"
            if math.isfinite(value):
                bar = _bar(i, float(np.clip(value, 0, 1)), track_colour(3))
                added.append(self.bars.add_patch(bar))
                text = f"{value:.0%}"
            if name in self.run.reference:  # again, so that it lies above the bar
                added.append(_mark(self.bars, i, self.run.reference[name]))
            added.append(_right(self.bars, _NOW_AT, i, text, size=9, weight="bold"))
        return added


def _measures(run: Run) -> list[str]:
    """Return the shares to show: the usual ones first, then what else was measured."""
    measured = {name for row in run.history for name in row if name != "step"}
    usual = [name for name in MEASURES if name in measured]
    others = [name for name in run.reference if name in measured and is_share(name)]
    return list(dict.fromkeys(usual + others))[:MAX_MEASURES]


def _mark(ax: Axes, row: int, share: float) -> Artist:
    """Draw the data's own value as an upright line in a row of the measures."""
    (line,) = ax.plot(
        [share, share], [row - 0.42, row + 0.42], color=INK, linewidth=1.6
    )
    return line


def _right(
    ax: Axes,
    x: float,
    row: float,
    text: str,
    size: float,
    color: str = INK,
    weight: str = "normal",
) -> Artist:
    """Write text that ends at `x` in a row of the measures."""
    style = {"fontsize": size, "color": color, "weight": weight}
    return ax.text(x, row, text, ha="right", va="center", **style)


def _bar(row: int, share: float, colour: str) -> Rectangle:
    """Return a bar from 0 to `share` in a row of the measures."""
    return Rectangle((0, row - _BAR / 2), share, _BAR, color=colour, linewidth=0)


def _duration(seconds: float) -> str:
    """Return a time in words.

    >>> _duration(42), _duration(95), _duration(7500)
    ('42 s', '1 min 35 s', '2 h 5 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
