"""How a training run went: losses and musical measures, beside the data's values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.viz.colours import FAINT_INK, track_colour
from deepcomposer_edu.viz.figures import add_grid, legend_above, new_axes
from deepcomposer_edu.viz.names import LOSSES, is_share, label_of

_SMOOTH_ABOVE = 200  # points: more than that are drawn as means of neighbours


def series(history: Sequence[Mapping], name: str) -> tuple[list[float], list[float]]:
    """Return the steps and the finite values of one key, where a line has it."""
    points = [
        (float(line["step"]), float(line[name]))
        for line in history
        if isinstance(line.get(name), int | float) and math.isfinite(line[name])
    ]
    return [step for step, _ in points], [value for _, value in points]


def plot_history(
    history: Sequence[Mapping],
    ax: Axes | None = None,
    *,
    names: Sequence[str] = LOSSES,
    reference: Mapping[str, float] | None = None,
    labels: Mapping[str, str] | None = None,
    colours: Mapping[str, str] | None = None,
) -> Axes:
    """Draw how values moved while a model was trained and return the axes.

    Args:
        history: one mapping a line of metrics.jsonl, each with "step"; other keys
            may be missing on some lines.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.
        names: the keys to draw, one colour each; those without a value are left out.
        reference: the data's own values by key: a dashed line in the same colour.
        labels: what keys are called in the legend, where `label_of` is not enough.
        colours: colours of keys that should not have the next one in turn.

    Raises:
        InputError: if no line has one of the names.
    """
    present = [name for name in names if series(history, name)[0]]
    if not present:
        raise InputError(
            f"The history holds none of {', '.join(names)}; train for some steps "
            "first, or name keys that its lines have."
        )
    ax = new_axes() if ax is None else ax
    for number, name in enumerate(present):
        steps, values = series(history, name)
        colour = (colours or {}).get(name, track_colour(number))
        marker = "o" if len(steps) <= 30 else ""
        ax.plot(
            *(_thinned(steps), _thinned(values)),
            color=colour,
            label=(labels or {}).get(name, label_of(name)),
            linewidth=1.4,
            marker=marker,
            markersize=3,
        )
        if reference and isinstance(reference.get(name), int | float):
            ax.axhline(
                reference[name], color=colour, linestyle=(0, (4, 3)), linewidth=1
            )
    if reference and any(name in reference for name in present):
        ax.plot([], [], color=FAINT_INK, linestyle=(0, (4, 3)), label="the data's own")
    _name_axes(ax, present)
    n_entries = len(ax.get_legend_handles_labels()[0])
    size = 8 if n_entries < 5 else 7
    columns = min(n_entries, 5)
    legend_above(ax, columns, fontsize=size, handlelength=1.6, columnspacing=1.1)
    return ax


def _name_axes(ax: Axes, names: Sequence[str]) -> None:
    """Say what the axes show, in shares or in numbers without powers of ten."""
    add_grid(ax)
    ax.margins(x=0.01)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.set_xlabel("training step")
    if all(is_share(name) for name in names):
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_ylabel("share")
        _widen(ax)
    else:
        # 15,000,000 and 0.0005, and no power of ten above the axis
        ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
        ax.set_ylabel("loss" if all("loss" in name for name in names) else "value")


def _thinned(values: list[float]) -> list[float]:
    """Return at most about 200 means of neighbours, so that a trend can be seen."""
    size = max(len(values) // _SMOOTH_ABOVE, 1)
    parts = (values[i : i + size] for i in range(0, len(values), size))
    return [sum(part) / len(part) for part in parts]


def _widen(ax: Axes, least: float = 0.1) -> None:
    """Show at least ten per cent of the scale, so that nothing looks like a change."""
    low, high = ax.get_ylim()
    if high - low < least:
        middle = min(max((low + high) / 2, least / 2), 1 - least / 2)
        ax.set_ylim(middle - 0.55 * least, middle + 0.55 * least)
