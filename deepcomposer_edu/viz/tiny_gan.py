"""Pictures of a tiny GAN: the plane at several moments, and bars of rhythm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.viz.colours import FAINT_INK, GRID, INK, track_colour
from deepcomposer_edu.viz.figures import (
    CourseFigure,
    add_grid,
    legend_above,
    new_axes,
    style_axes,
)
from deepcomposer_edu.viz.landscape import plot_landscape

N_STEPS = 16
BAR_INCHES = 0.16  # height of a bar in the picture
PANEL_INCHES = 3.0


def plot_stages(
    stages: Sequence[tuple[str, Callable, object, object]], reach: float = 2.6
) -> Figure:
    """Draw the critic's landscape at several moments, side by side.

    Args:
        stages: for each, its title, the critic (points (N, 2) to N scores), real points
            and generated points, (N, 2) each.
        reach: each plane is shown from -reach to reach.

    Raises:
        InputError: if there are no stages.
    """
    if not stages:
        raise InputError("There are no stages to draw; give one or more.")
    width = PANEL_INCHES * len(stages)
    figure = CourseFigure(figsize=(width, PANEL_INCHES + 0.4), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(stages), squeeze=False)[0]
    for ax, (title, score, real, fake) in zip(panels, stages, strict=True):
        style_axes(ax)
        plot_landscape(
            score, real, fake, reach=reach, with_arrows=False, n_cells=40, ax=ax
        )
        ax.set_title(title, fontsize=9, color=INK)
        ax.set(xlabel="", ylabel="")
        if (legend := ax.get_legend()) is not None:
            legend.remove()  # one below all of them is enough
    handles = panels[0].get_legend_handles_labels()
    figure.legend(
        *handles, loc="outside lower center", ncols=2, fontsize=8, frameon=False
    )
    return figure


def plot_rhythms(groups: Mapping[str, np.ndarray]) -> Axes:
    """Draw bars of rhythm one below the other, a filled cell where a note starts.

    Args:
        groups: by name, (N, 16) of 0 and 1, array or tensor. Time runs to the right,
            with a line at each beat.

    Raises:
        InputError: if a group is no rhythms.
    """
    groups = {name: np.asarray(bars) for name, bars in groups.items()}
    for name, bars in groups.items():
        if bars.ndim != 2 or bars.shape[1] != N_STEPS:
            raise InputError(
                f"{name!r} has the shape {bars.shape}, but rhythms are (bars, 16)."
            )
    n_rows = sum(len(bars) + 1 for bars in groups.values())
    ax = new_axes(height=0.5 + BAR_INCHES * n_rows)
    top, ticks = 0, []
    for number, (name, bars) in enumerate(groups.items()):
        for row, bar in enumerate(bars):
            for step in range(N_STEPS):
                colour = track_colour(number) if bar[step] else "#ffffff"
                ax.add_patch(_cell(step, top + row, colour))
        ticks.append((top + len(bars) / 2 - 0.5, name))
        top += len(bars) + 1
    ax.vlines([0, 4, 8, 12, 16], -0.5, top - 1.5, color=INK, linewidth=0.8)
    ax.set_xlim(0, N_STEPS)
    ax.set_ylim(top - 1.3, -0.7)
    ax.set_yticks([place for place, _ in ticks], [name for _, name in ticks])
    ax.set_xticks([0, 4, 8, 12], ["1", "2", "3", "4"])
    ax.set_xlabel("beat of the bar")
    ax.spines[["left", "bottom"]].set_visible(False)
    return ax


def _cell(step: int, row: int, colour: str) -> Rectangle:
    return Rectangle(
        (step + 0.06, row - 0.42), 0.88, 0.84, facecolor=colour, edgecolor=GRID,
        linewidth=0.4,
    )  # fmt: skip


def plot_steps(
    groups: Mapping[str, np.ndarray], y_label: str, half: bool = False
) -> Axes:
    """Draw a value for each of the 16 steps of a bar, groups side by side.

    Args:
        groups: by name, 16 values between 0 and 1.
        y_label: what they are.
        half: whether to mark 0.5.

    Returns:
        The axes.
    """
    ax = new_axes()
    width = 0.8 / len(groups)
    for number, (name, values) in enumerate(groups.items()):
        places = np.arange(N_STEPS) + (number - (len(groups) - 1) / 2) * width
        ax.bar(
            places, np.asarray(values), width, color=track_colour(number), label=name
        )
    if half:
        ax.axhline(0.5, color=FAINT_INK, linewidth=0.8, linestyle="--")
    ax.set_xticks(range(0, N_STEPS, 4), ["1", "2", "3", "4"])
    ax.set_xlabel("beat of the bar, four steps each")
    ax.set_ylabel(y_label)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    add_grid(ax)
    if len(groups) > 1:
        legend_above(ax, 4)
    return ax
