"""Pictures of a stack of dilated convolutions: who reaches whom, by how many paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import MaxNLocator

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.viz.colours import FAINT_INK, GRID, INK, track_colour
from deepcomposer_edu.viz.figures import add_grid, new_axes

MOST_INPUTS = 64  # that can still be told apart
MOST_PANELS = 6
EXTRA = 2  # columns beyond the field, which the output does not reach
ROW_INCHES = 0.42
REACHED, ON_PATH, UNREACHED = track_colour(0), track_colour(2), GRID


def reached_lags(dilations: Sequence[int], kernel: int) -> list[set[int]]:
    """Return for each row, from the input up, which cells reach the newest output.

    Args:
        dilations: of each layer, from the input up.
        kernel: taps of each layer.

    Returns:
        Sets of lags (samples before the output): one for the input, one for each layer.

    >>> reached_lags([1, 2], 2)
    [{0, 1, 2, 3}, {0, 2}, {0}]
    """
    rows = [{0}]
    for dilation in reversed(dilations):
        rows.append({lag + tap * dilation for lag in rows[-1] for tap in range(kernel)})
    return rows[::-1]


def plot_field(
    dilations: Sequence[int],
    kernel: int = 2,
    lag: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the tree of cells that reach the newest output, and the paths to one input.

    Args:
        dilations: of each layer, from the input up, each 1 or more.
        kernel: taps of each layer, 2 or more.
        lag: an input, in samples before the output; its paths are drawn thick.
        ax: where to draw; new axes if None.

    Raises:
        InputError: if the stack is none, or more than 64 inputs would have to be drawn.
    """
    dilations = list(dilations)
    if not dilations or any(d < 1 for d in dilations) or kernel < 2:
        raise InputError(
            f"The dilations {dilations} with kernel {kernel} make no stack; give "
            "dilations from 1 up and a kernel from 2 up."
        )
    n_inputs = 1 + (kernel - 1) * sum(dilations)
    if n_inputs > MOST_INPUTS:
        raise InputError(
            f"The field has {n_inputs} inputs, but up to {MOST_INPUTS} can be drawn; "
            "take fewer layers, or the ReceptiveField widget."
        )
    rows = reached_lags(dilations, kernel)
    chosen = (
        _rows_to(lag, dilations, kernel) if lag is not None else [set()] * len(rows)
    )
    ax = new_axes(height=0.7 + ROW_INCHES * len(rows)) if ax is None else ax
    edges: dict[bool, list] = {False: [], True: []}
    for row, dilation in enumerate(dilations):
        for end in rows[row + 1]:
            for start in (end + tap * dilation for tap in range(kernel)):
                is_path = end in chosen[row + 1] and start in chosen[row]
                edges[is_path].append([(-start, row), (-end, row + 1)])
    for is_path, lines in edges.items():
        colour, width = (ON_PATH, 2.2) if is_path else (REACHED, 0.8)
        ax.add_collection(LineCollection(lines, colors=colour, linewidths=width))
    for row, reached in enumerate(rows):
        others = set(range(n_inputs + EXTRA)) - reached
        for lags, colour in ((others, UNREACHED), (reached, REACHED)):
            places = [-one for one in sorted(lags)]
            ax.plot(places, [row] * len(places), "o", color=colour, markersize=4.5)
        on_path = [-one for one in sorted(chosen[row] & reached)]
        ax.plot(on_path, [row] * len(on_path), "s", color=ON_PATH, markersize=6)
    ax.set_xlim(-n_inputs - EXTRA + 0.4, 0.6)
    ax.set_ylim(-0.5, len(rows) - 0.5)
    ax.set_yticks(range(len(rows)), ["input", *(f"dilation {d}" for d in dilations)])
    ax.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    ax.set_xlabel("time in samples; 0 is now")
    ax.spines[["left", "bottom"]].set_visible(False)
    return ax


def _rows_to(lag: int, dilations: Sequence[int], kernel: int) -> list[set[int]]:
    """Return for each row which cells an input reaches, as lags."""
    rows = [{lag}]
    for dilation in dilations:
        rows.append({one - tap * dilation for one in rows[-1] for tap in range(kernel)})
    return rows


def plot_paths(groups: Mapping[str, Sequence[int]]) -> list[Axes]:
    """Draw how many paths lead to each input; inputs that none leads to are marked.

    Args:
        groups: by name, the number of paths to the input `lag` samples back, lag = 0, 1
            and so on; up to 6 stacks.

    Raises:
        InputError: if there are no groups, or too many.
    """
    if not 1 <= len(groups) <= MOST_PANELS or not all(len(g) for g in groups.values()):
        raise InputError(
            f"{len(groups)} counts of paths were given, but 1 to {MOST_PANELS} can be "
            "drawn, each with at least one input."
        )
    axes = new_axes(len(groups), 1.5 if len(groups) > 1 else 2.0)
    axes = axes if isinstance(axes, list) else [axes]
    longest = max(len(counts) for counts in groups.values())
    for ax, (name, counts) in zip(axes, groups.items(), strict=True):
        values = np.asarray([float(count) for count in counts])
        places = -np.arange(len(values))
        ax.bar(places, values, 0.85, color=track_colour(0))
        gaps = places[values == 0]
        floor = 0.5 if values.max() > 30 else 0.0
        ax.plot(
            gaps, np.full(len(gaps), floor), "x", color=ON_PATH, markersize=5,
            clip_on=False, zorder=3, in_layout=False,
        )  # fmt: skip
        if floor:
            ax.set_yscale("log")
            ax.set_ylim(bottom=floor)
        else:
            ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        ax.set_ylabel("paths", color=INK)
        ax.set_title(f"{name}: {paths_words(counts)}", fontsize=8, loc="left")
        ax.axvline(0.5, color=FAINT_INK, linewidth=0.5)
        add_grid(ax)
    axes[-1].set_xlim(-longest + 0.3, 0.8)
    axes[-1].xaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes[-1].set_xlabel("input, in samples before the output")
    return axes


def paths_words(counts: Sequence[int]) -> str:
    """Return how many paths lead to the inputs of a field, in words.

    >>> paths_words([1, 1, 1])
    '3 inputs, one path to each'
    >>> paths_words([1, 2, 1]), paths_words([1, 0, 1])
    ('3 inputs, 1 to 2 paths to each', '3 inputs, 1 of them never seen')
    """
    n_gaps = sum(count == 0 for count in counts)
    if n_gaps:
        return f"{len(counts)} inputs, {n_gaps} of them never seen"
    low, high = min(counts), max(counts)
    few = "one path" if low == high == 1 else f"{low} to {high:,} paths"
    return f"{len(counts)} inputs, {few} to each"
