"""What a critic thinks: a landscape of scores, and two heaps with the work between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator, PercentFormatter

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.viz.colours import FAINT_INK, GRID, INK, track_colour
from deepcomposer_edu.viz.figures import add_grid, legend_above, legend_beside, new_axes

HEIGHT = 4.0  # inches: a plane needs as much as it is wide
REAL_COLOUR, FAKE_COLOUR = track_colour(0), track_colour(1)
PUSH_COLOUR = track_colour(2)
N_ARROWS = 24  # more are a thicket
MAX_NAMES = 16  # below an axis; more would touch
# Grey, so that the points keep their colours; never as dark as they are.
GREYS = LinearSegmentedColormap.from_list("scores", ["#9aa1a9", "#ffffff"])


def plot_landscape(
    score: Callable,
    real: np.ndarray,
    fake: np.ndarray,
    *,
    reach: float | None = None,
    with_arrows: bool = True,
    n_cells: int = 60,
    ax: Axes | None = None,
) -> Axes:
    """Draw a critic's scores over the plane, with real and generated points.

    The lighter, the higher the score; lines join places of the same score, so that they
    lie close where the critic is steep. The arrows show where the scores rise at some
    of the generated points, longer where they rise faster: there the generator is sent.

    Args:
        score: takes points (N, 2) as a float32 tensor, gives N scores, such as
            `TinyGame.score`.
        real: (N, 2) points of the data, array or tensor.
        fake: (N, 2) generated points.
        reach: the plane is shown from -reach to reach; None: so that all real points
            fit in.
        with_arrows: whether to draw the arrows.
        n_cells: scores along each axis, 10 or more.
        ax: where to draw; new axes, 6 x 4 inches, if None.

    Raises:
        InputError: if the points do not lie on a plane.
    """
    real, fake = (np.asarray(points, dtype=np.float32) for points in (real, fake))
    for points in (real, fake):
        if points.ndim != 2 or points.shape[1] != 2:
            raise InputError(
                f"A landscape needs points (N, 2), but it was given {points.shape}; "
                "take data that are points of a plane, such as ring."
            )
    ax = new_axes(height=HEIGHT) if ax is None else ax
    reach = 1.25 * float(np.abs(real).max()) if reach is None else reach
    places = np.linspace(-reach, reach, max(n_cells, 10), dtype=np.float32)
    plane = np.stack(np.meshgrid(places, places), axis=-1)  # (n, n, 2)
    scores = _scores(score, plane.reshape(-1, 2)).reshape(plane.shape[:2])
    ax.contourf(places, places, scores, levels=14, cmap=GREYS, zorder=0)
    ax.contour(
        places, places, scores, levels=14, colors=FAINT_INK, linewidths=0.3, zorder=1
    )
    ax.scatter(*real.T, s=7, color=REAL_COLOUR, linewidth=0, label="real", zorder=2)
    ax.scatter(
        *fake.T, s=15, color=FAKE_COLOUR, marker="D", edgecolor=INK, linewidth=0.3,
        label="generated", zorder=3,
    )  # fmt: skip
    if with_arrows:
        _draw_arrows(ax, score, fake[:N_ARROWS], reach)
    ax.set_xlim(-reach, reach)
    ax.set_ylim(-reach, reach)
    ax.set_aspect("equal")
    ax.set_xlabel("first number")
    ax.set_ylabel("second number")
    legend_beside(ax)
    return ax


def _scores(score: Callable, points: np.ndarray) -> np.ndarray:
    import torch

    with torch.no_grad():
        got = score(torch.tensor(points, dtype=torch.float32))
    return np.asarray(got, dtype=float)


def _draw_arrows(ax: Axes, score: Callable, points: np.ndarray, reach: float) -> None:
    """Draw where the scores rise at some points, the steepest arrow reach / 4 long."""
    nudge = 0.01 * reach
    sides = np.array([[nudge, 0], [-nudge, 0], [0, nudge], [0, -nudge]])
    around = (points[:, None] + sides[None]).reshape(-1, 2)
    up, down = np.split(_scores(score, around).reshape(-1, 2, 2), 2, axis=2)
    slopes = ((up - down) / (2 * nudge))[..., 0]  # (N, 2)
    steepest = np.linalg.norm(slopes, axis=1).max(initial=0)
    if not np.isfinite(steepest) or steepest == 0:
        return  # a flat critic sends nobody anywhere
    arrows = slopes / steepest * reach / 4
    ax.quiver(
        *points.T, *arrows.T, color=PUSH_COLOUR, angles="xy", scale_units="xy",
        scale=1, width=0.006, zorder=4,
    )  # fmt: skip
    ax.plot(
        [], [], color=PUSH_COLOUR, marker=">", markersize=5, linewidth=1.6,
        label="where the score rises",
    )  # fmt: skip


def plot_heaps(
    real: Sequence[float],
    fake: Sequence[float],
    labels: Sequence[str],
    *,
    scores: Sequence[float] | None = None,
    names: tuple[str, str] = ("real", "fake"),
    ax: Axes | None = None,
) -> Axes:
    """Draw two histograms side by side, and below them a critic's scores of the bins.

    Args:
        real: (V,) shares.
        fake: (V,) shares.
        labels: what each bin is called.
        scores: (V,) the critic's score of each bin; None: no second panel.
        names: what the two heaps are called.
        ax: where to draw, without scores only; new axes, 6 inches wide, if None.

    Returns:
        The upper axes, if there are two.
    """
    axes = [ax or new_axes()] if scores is None else new_axes(2, height=1.7)
    places = np.arange(len(labels))
    for shift, heap, name, colour in (
        (-0.2, real, names[0], REAL_COLOUR),
        (0.2, fake, names[1], FAKE_COLOUR),
    ):
        axes[0].bar(places + shift, np.asarray(heap), 0.4, color=colour, label=name)
    axes[0].yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes[0].yaxis.set_major_locator(MaxNLocator(4))
    axes[0].set_ylabel("share")
    add_grid(axes[0])
    legend_above(axes[0], 2)
    if scores is not None:
        axes[1].plot(
            places, np.asarray(scores), color=PUSH_COLOUR, marker="o", markersize=3.5,
            linewidth=1.4,
        )  # fmt: skip
        axes[1].set_ylabel("critic's score")
        add_grid(axes[1])
    every = -(-len(labels) // MAX_NAMES)
    axes[-1].set_xticks(places[::every], list(labels)[::every])
    return axes[0]


def plot_plan(
    plan: np.ndarray,
    labels: Sequence[str],
    *,
    names: tuple[str, str] = ("real", "fake"),
    ax: Axes | None = None,
) -> Axes:
    """Draw who is carried where: lines from the fakes' bins down to the real ones.

    Args:
        plan: (V, V): row i, column j is the share carried from bin i to bin j.
        labels: what each bin is called.
        names: what the lower and the upper heap are called.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.
    """
    ax = new_axes() if ax is None else ax
    plan = np.asarray(plan)
    widest = max(plan.max(initial=0), 1e-12)
    for i, j in np.argwhere(plan > 1e-6):
        ax.plot(
            [i, j], [1, 0], color=PUSH_COLOUR, linewidth=6 * plan[i, j] / widest,
            alpha=0.55, solid_capstyle="butt", zorder=1,
        )  # fmt: skip
    for height, heap, colour in (
        (1, plan.sum(axis=1), FAKE_COLOUR),
        (0, plan.sum(axis=0), REAL_COLOUR),
    ):
        some = heap > 1e-6
        ax.scatter(
            np.flatnonzero(some), np.full(some.sum(), height), s=260 * heap[some] + 8,
            color=colour, edgecolor=INK, linewidth=0.4, zorder=2,
        )  # fmt: skip
    every = -(-len(labels) // MAX_NAMES)
    ax.set_xticks(np.arange(len(labels))[::every], list(labels)[::every])
    ax.set_yticks([0, 1], list(names))
    ax.set_ylim(-0.2, 1.2)
    return ax


def plot_weights(
    weights: Mapping[str, Sequence[float]],
    ax: Axes | None = None,
    *,
    x_label: str = "weight",
    n_bins: int = 40,
) -> Axes:
    """Draw how some sets of numbers are spread, as outlines over the same bins.

    Args:
        weights: for each set, by name, its numbers.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.
        x_label: what the numbers are.
        n_bins: bins from the least to the greatest of all.
    """
    ax = new_axes() if ax is None else ax
    every = np.concatenate([np.ravel(values) for values in weights.values()])
    bins = np.histogram_bin_edges(every, n_bins)
    for number, (name, values) in enumerate(weights.items()):
        flat = np.ravel(values)
        ax.hist(
            flat, bins, weights=np.full(len(flat), 1 / max(len(flat), 1)),
            histtype="step", linewidth=1.6, color=track_colour(number), label=name,
        )  # fmt: skip
    ax.axvline(0, color=GRID, linewidth=0.7, zorder=0)
    ax.set_xlabel(x_label)
    ax.set_ylabel("share")
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    add_grid(ax)
    legend_above(ax, 4)
    return ax
