"""What a network finds likely: in every cell of a roll, and in one cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import PercentFormatter

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.viz.colours import INK, track_colour
from deepcomposer_edu.viz.edits import (
    TALL,
    note_parts,
    part_bars,
    piece_layout,
    score_of,
    style_scale,
)
from deepcomposer_edu.viz.figures import add_grid, legend_above, new_axes
from deepcomposer_edu.viz.rolls import draw_empty_roll

LIKELY = LinearSegmentedColormap.from_list("likely", ["#ffffff", "#4fb0d8", "#0b2c5e"])
PALEST = 0.02  # of the likeliest cell: less is left white
MOST_NAMES = 16  # notes of one cell whose probabilities are drawn


def plot_likely(
    probabilities: np.ndarray,
    low: int,
    grid: Grid | None = None,
    steps_per_bar: int = 16,
    pickup: int = 0,
    ax: Axes | None = None,
) -> Axes:
    """Draw a probability for each cell of a roll: the darker, the likelier.

    Args:
        probabilities: shape (T, P), 0 to 1: steps, pitches from `low` up.
        low: MIDI pitch of the first column.
        grid: notes whose outlines are drawn above it, if any.
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
        ax: where to draw; new axes, 6 x 2.9 inches, if None.

    Raises:
        InputError: if the shape is another one.
    """
    shares = np.asarray(probabilities, dtype=float)
    if shares.ndim != 2 or 0 in shares.shape:
        raise InputError(
            f"The probabilities have the shape {shares.shape}, but (steps, pitches) is "
            "needed."
        )
    n_steps, n_pitches = shares.shape
    is_drawn = shares.max(axis=0) > PALEST * shares.max()
    if grid is not None:
        sung = grid.pitches[grid.sounding].astype(int) - low
        is_drawn[sung[(sung >= 0) & (sung < n_pitches)]] = True
    rows = np.flatnonzero(is_drawn) if is_drawn.any() else np.arange(n_pitches)
    # only the pitches that matter: the empty roll begins two below and ends two above
    ends = [rows[0], rows[-1]]
    first = Grid([[low + int(i)] + [REST] * (n_steps - 1) for i in ends])
    ax = new_axes(height=TALL) if ax is None else ax
    layout = piece_layout([score_of(first, steps_per_bar, pickup)], n_steps)
    draw_empty_roll(ax, layout)
    image = ax.pcolormesh(
        np.arange(n_steps + 1),
        low - 0.5 + np.arange(n_pitches + 1),
        np.ma.masked_less(shares.T, PALEST * shares.max()),
        cmap=LIKELY, vmin=0, vmax=max(float(shares.max()), 1e-9), zorder=2,
        rasterized=True,
    )  # fmt: skip
    bar = ax.figure.colorbar(image, ax=ax, pad=0.015, aspect=18)
    style_scale(bar.ax, "probability")
    if grid is not None:
        cells = note_parts(grid, grid.sounding)
        outline = part_bars(cells, facecolors="none", edgecolors=INK, linewidths=0.9)
        ax.add_collection(outline)
        outline.set_zorder(4)
    return ax


def plot_one_note(
    groups: Mapping[str, Sequence[float]],
    names: Sequence[str],
    ax: Axes | None = None,
) -> Axes:
    """Draw what may sound in one cell, under several conditions side by side.

    Args:
        groups: for each condition, by name, the probability of each note, P of them.
        names: what to call each note, P of them; the likeliest 16 are drawn, in order.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.

    Raises:
        InputError: if a group has not as many values as there are names.
    """
    shares = {name: np.asarray(values, float) for name, values in groups.items()}
    for name, values in shares.items():
        if values.shape != (len(names),):
            raise InputError(
                f"{name!r} has {values.size} probabilities, but there are "
                f"{len(names)} names; give one for each."
            )
    if not shares:
        raise InputError("There is nothing to draw; give at least one distribution.")
    highest = np.max(list(shares.values()), axis=0)
    chosen = np.sort(np.argsort(-highest, kind="stable")[:MOST_NAMES])
    chosen = chosen[highest[chosen] > 0.001] if highest.max() > 0.001 else chosen
    ax = new_axes() if ax is None else ax
    width = 0.84 / len(shares)
    for number, (name, values) in enumerate(shares.items()):
        places = np.arange(len(chosen)) + (number - (len(shares) - 1) / 2) * width
        ax.bar(
            places, values[chosen], width, label=name, color=track_colour(number),
            hatch=(None, "////", "....")[number % 3], edgecolor="white", linewidth=0,
        )  # fmt: skip
    ax.set_xticks(range(len(chosen)), [names[i] for i in chosen])
    ax.set_ylabel("probability")
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    add_grid(ax)
    legend_above(ax, 3)
    return ax
