"""Figures without pyplot: they need no screen, work in threads, become PNG or SVG."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.viz.colours import FAINT_INK, GRID, INK

WIDTH, HEIGHT = 6.0, 2.5  # inches
SCREEN_DPI = 110
FILE_DPI = 200


class CourseFigure(Figure):
    """A figure that a notebook shows when it is the last thing in a cell."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=SCREEN_DPI)
        return buffer.getvalue()


def new_axes(n_panels: int = 1, height: float = HEIGHT) -> Axes | list[Axes]:
    """Return empty axes, 6 inches wide, in the course's style.

    Args:
        n_panels: how many stand one above the other; they share the x axis.
        height: of each, in inches.

    Returns:
        One Axes, or a list of them from top to bottom if `n_panels` is above 1.
    """
    figure = CourseFigure(figsize=(WIDTH, height * n_panels), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(n_panels, 1, sharex=True, squeeze=False)[:, 0].tolist()
    for ax in axes:
        style_axes(ax)
    return axes[0] if n_panels == 1 else axes


def style_axes(ax: Axes) -> None:
    """Give axes the course's look: small type, no box, thin lines."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set(color=FAINT_INK, linewidth=0.6)
    ax.tick_params(labelsize=8, color=FAINT_INK, labelcolor=INK, width=0.6, length=3)
    ax.xaxis.label.set(size=8, color=INK)
    ax.yaxis.label.set(size=8, color=INK)
    ax.set_axisbelow(True)


def add_grid(ax: Axes) -> None:
    """Draw thin lines behind the data at every tick of the y axis."""
    ax.grid(axis="y", color=GRID, linewidth=0.5)


def legend_above(ax: Axes, n_columns: int, **look: object) -> None:
    """Put the legend above the axes, beginning at their left edge.

    Args:
        ax: the axes.
        n_columns: how many entries stand on a line.
        **look: what is to be otherwise: `handles`, or the look as `Axes.legend` has it.
    """
    usual = {"fontsize": 8, "handlelength": 1.4, "handleheight": 0.8}
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=n_columns, frameon=False,
        borderaxespad=0.2, **(usual | look),
    )  # fmt: skip


def legend_beside(ax: Axes) -> None:
    """Put the legend beside the axes, at the middle of their right edge."""
    ax.legend(
        loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8, frameon=False,
        handletextpad=0.2,
    )  # fmt: skip


def save_figure(figure: Figure | Axes, path: str | Path, dpi: int = FILE_DPI) -> Path:
    """Write a figure as PNG, SVG or PDF (by the name's ending) and return the path.

    Args:
        figure: a figure, or axes of it.
        path: the file; it appears whole or not at all.
        dpi: dots per inch of a PNG.

    Raises:
        InputError: if the ending is another one or the file can't be written.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("png", "svg", "pdf"):
        raise InputError(
            f"A figure can't be saved as {path.name!r}, only with the ending .png, "
            ".svg or .pdf; change the name."
        )
    if isinstance(figure, Axes):
        figure = figure.get_figure(root=True)
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format=kind, dpi=dpi)
    return path
