"""Pictures of how a network looks back and of what it draws from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from deepcomposer_edu.viz.colours import GRID, track_colour
from deepcomposer_edu.viz.figures import add_grid, legend_above, new_axes

MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
CHOSEN, PASSED_OVER = track_colour(0), GRID


def plot_lines(
    x: Sequence[float],
    lines: Mapping[str, Sequence[float]],
    x_label: str,
    y_label: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw some lines over the same places, each with a colour and a mark of its own.

    Args:
        x: the places, N of them.
        lines: for each line, by name, its N values.
        x_label: what x counts, with its unit.
        y_label: what the values are, with their unit.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.
    """
    ax = new_axes() if ax is None else ax
    every = max(len(x) // 12, 1)
    for number, (name, values) in enumerate(lines.items()):
        ax.plot(
            x, values, color=track_colour(number), linewidth=1.4, label=name,
            marker=MARKS[number % len(MARKS)], markersize=4, markevery=every,
        )  # fmt: skip
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    add_grid(ax)
    legend_above(ax, 4, handlelength=1.8)
    return ax


def plot_choices(
    probabilities: Sequence[float],
    names: Sequence[str],
    is_kept: Sequence[bool],
    ax: Axes | None = None,
) -> Axes:
    """Draw tokens by probability, the likeliest first, and which of them may come.

    Args:
        probabilities: of each token, V of them.
        names: what to call each token.
        is_kept: whether it may be drawn; the others are drawn pale and hatched.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.
    """
    ax = new_axes() if ax is None else ax
    shares, kept = np.asarray(probabilities), np.asarray(is_kept, dtype=bool)
    order = np.argsort(-shares, kind="stable")[:16]
    bars = ax.bar(range(len(order)), shares[order], width=0.8)
    for bar, i in zip(bars, order, strict=True):
        bar.set(color=CHOSEN if kept[i] else PASSED_OVER)
        if not kept[i]:
            bar.set(hatch="////", edgecolor="#8b949e", linewidth=0)
    ax.set_xticks(range(len(order)), [names[i] for i in order])
    ax.set_ylabel("probability")
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    add_grid(ax)
    return ax
