"""Embeddings as pictures: points on a plane, and how much lies on which circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from deepcomposer_edu.music.circle import CIRCLES
from deepcomposer_edu.viz.colours import FAINT_INK, GRID, INK, track_colour
from deepcomposer_edu.viz.figures import add_grid, legend_above, legend_beside, new_axes

PLANE_HEIGHT = 3.6  # inches
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")


def plot_plane(
    places: np.ndarray,
    labels: Sequence[str],
    groups: Sequence[str] | None = None,
    path: Sequence[int] | None = None,
    axes_shares: Sequence[float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw named points on a plane, both axes on one scale.

    Args:
        places: shape (V, 2).
        labels: V names.
        groups: a word for each point; each word has a colour and a marker of its own.
        path: numbers of points to join by a line, in order.
        axes_shares: the shares of variance along both axes, 0 to 1, to say so.
        ax: where to draw; new axes, 6 x 3.6 inches, if None.
    """
    ax = new_axes(height=PLANE_HEIGHT) if ax is None else ax
    words = list(groups) if groups is not None else [""] * len(labels)
    if path is not None:
        joined = np.asarray(places)[list(path)]
        ax.plot(joined[:, 0], joined[:, 1], color=GRID, linewidth=1.2, zorder=1)
    for number, word in enumerate(dict.fromkeys(words)):
        rows = [i for i, other in enumerate(words) if other == word]
        ax.scatter(
            places[rows, 0],
            places[rows, 1],
            s=26,
            color=track_colour(number),
            marker=MARKERS[number % len(MARKERS)],
            edgecolor=FAINT_INK,
            linewidth=0.5,
            label=word,
            zorder=2,
        )
    for label, (x, y) in zip(labels, places, strict=True):
        ax.annotate(
            label, (x, y), (4, 3), textcoords="offset points", fontsize=8, color=INK
        )
    names = ("first axis", "second axis")
    if axes_shares is not None:
        names = tuple(
            f"{name}, {share:.0%} of the variance"
            for name, share in zip(names, axes_shares, strict=False)
        )
    ax.set_xlabel(names[0])
    ax.set_ylabel(names[1])
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.1)
    if any(words):
        legend_beside(ax)
    return ax


def plot_circles(shares: Mapping[str, np.ndarray], ax: Axes | None = None) -> Axes:
    """Draw how much of some sets of twelve vectors lies on each circle, as bars.

    Args:
        shares: for each set, by name, what `circle_shares` gave, shape (6,).
        ax: where to draw; new axes, 6 x 2.5 inches, if None.
    """
    ax = new_axes() if ax is None else ax
    width = 0.8 / max(len(shares), 1)
    for number, (name, values) in enumerate(shares.items()):
        places = np.arange(6) + (number - (len(shares) - 1) / 2) * width
        ax.bar(places, values, width * 0.92, color=track_colour(number), label=name)
    ax.set_xticks(range(6), CIRCLES)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_ylabel("share of the variance")
    add_grid(ax)
    legend_above(ax, 3)
    return ax
