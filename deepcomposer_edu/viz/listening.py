"""Where a harmoniser answers a change in its melody, as bars over the steps."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from deepcomposer_edu.music.score import STEPS_PER_BAR
from deepcomposer_edu.viz.colours import GRID, track_colour
from deepcomposer_edu.viz.figures import add_grid, legend_above, new_axes

MOVED_COLOUR, ANSWER_COLOUR = track_colour(1), track_colour(0)


def plot_change_rate(
    rate: np.ndarray,
    moved: range,
    ax: Axes | None = None,
    steps_per_bar: int = STEPS_PER_BAR,
) -> Axes:
    """Draw how much changed at each step, and which melody note was moved.

    Args:
        rate: share of the lower voices that differ, shape (T,), 0 to 1.
        moved: the steps of the note that was moved.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.
        steps_per_bar: for the lines at the bars.
    """
    ax = new_axes() if ax is None else ax
    n_steps = len(rate)
    ax.axvspan(
        moved.start, moved.stop, color=MOVED_COLOUR, alpha=0.45, linewidth=0,
        label="the melody note that was moved", zorder=0,
    )  # fmt: skip
    ax.bar(
        np.arange(n_steps) + 0.5,
        rate,
        width=0.85,
        color=ANSWER_COLOUR,
        label="lower voices that changed",
        zorder=2,
    )
    bars = np.arange(0, n_steps + 1, steps_per_bar)
    for step in bars:
        ax.axvline(step, color=GRID, linewidth=0.7, zorder=1)
    ax.set_xticks(
        bars[bars < n_steps], [str(i + 1) for i in range(sum(bars < n_steps))]
    )
    add_grid(ax)
    ax.set_xlim(0, n_steps)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("bar")
    ax.set_ylabel("share")
    legend_above(ax, 2)
    return ax
