"""Faults of part-writing, marked on the piano roll."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from deepcomposer_edu.music.faults import FAULT_NAMES, Fault
from deepcomposer_edu.music.grid import REST, Grid, from_grid, to_grid
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.viz.colours import INK
from deepcomposer_edu.viz.figures import legend_above, new_axes
from deepcomposer_edu.viz.rolls import plot_pianoroll

# A sign for each fault, so that nothing depends on colour
SIGNS = dict(zip((*FAULT_NAMES, "wrong note"), "soxv^>*P_X", strict=True))
MARK_SIZE = 7


def plot_faults(
    music: Score | Grid, faults: Sequence[Fault], ax: Axes | None = None
) -> Axes:
    """Draw a piano roll with a mark at every note that a fault concerns.

    Each kind of fault has a sign of its own, which the legend explains; a line joins
    the voices of one fault.

    Args:
        music: the score, or its grid; one voice for each pitched track.
        faults: those of `music.faults.find_faults`, or of
            `models.wrong_notes.teacher_marks`, for the same music.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.
    """
    ax = new_axes() if ax is None else ax
    is_grid = isinstance(music, Grid)
    grid = music if is_grid else to_grid(music)
    plot_pianoroll(from_grid(music) if is_grid else music, ax)
    ax.get_legend() and ax.get_legend().remove()
    for fault in faults:
        pitches = [int(grid.pitches[v, fault.step]) for v in fault.voices]
        sounding = [pitch for pitch in pitches if pitch != REST]
        ax.plot(
            [fault.step + 0.5] * len(sounding),
            sounding,
            color=INK,
            marker=SIGNS[fault.name],
            markersize=MARK_SIZE,
            markerfacecolor="white",
            markeredgewidth=1.1,
            linewidth=0.9,
            zorder=5,
        )
    names = [name for name in SIGNS if any(f.name == name for f in faults)]
    if names:
        keys = [_key(name) for name in names]
        legend_above(ax, min(len(names), 4), handles=keys, columnspacing=1.4)
    return ax


def _key(name: str) -> Line2D:
    return Line2D(
        [], [], color=INK, marker=SIGNS[name], markerfacecolor="white",
        markersize=MARK_SIZE, linewidth=0, label=name,
    )  # fmt: skip
