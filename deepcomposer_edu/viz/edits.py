"""What a model edited, and how sure it was: on the roll, cell by cell, pass by pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid, voice_notes
from deepcomposer_edu.music.score import Metre, Score
from deepcomposer_edu.viz.colours import INK, track_colour
from deepcomposer_edu.viz.figures import add_grid, legend_above, new_axes
from deepcomposer_edu.viz.rolls import (
    NOTE_HEIGHT,
    RollLayout,
    draw_empty_roll,
    roll_layout,
)

if TYPE_CHECKING:
    from deepcomposer_edu.models.ar_cnn import Edited
    from deepcomposer_edu.music.edits import Edit

KEPT = "#b9c0c8"  # notes that stayed
# from unsure to sure; lightness alone tells them apart
SURE = LinearSegmentedColormap.from_list("sure", ["#f7d488", "#c2487f", "#0b2c5e"])
TALL = 2.9  # inches: a roll with a scale beside it


def score_of(
    grid: Grid, steps_per_bar: int = 16, pickup: int = 0, tempo: float = 80.0
) -> Score:
    """Return a grid as a score with its own bars.

    Args:
        grid: the voices.
        steps_per_bar: length of a bar, 16 for 4/4, at least 1.
        pickup: steps before the first bar line.
        tempo: quarter notes per minute.

    Raises:
        InputError: if a bar would have no steps.
    """
    if steps_per_bar < 1 or pickup < 0:
        raise InputError(
            f"A bar has {steps_per_bar} steps and the pickup {pickup}, but a bar needs "
            "at least 1 and a pickup 0 or more."
        )
    beat = next(size for size in (4, 2, 1) if steps_per_bar % size == 0)
    metre = Metre(0, steps_per_bar // beat, 16 // beat)
    return from_grid(grid, tempo, metres=[metre], pickup=pickup)


def surest(edited: Edited) -> np.ndarray:
    """Return how probable each cell's note was when it was last drawn.

    Returns:
        (K, T), 0 to 1; NaN where no edit was made.
    """
    chances = np.full(edited.grid.pitches.shape, np.nan)
    for edit in edited.edits:
        chances[edit.voice, edit.start : edit.start + edit.n_steps] = edit.probability
    return chances


def plot_edits(
    edited: Edited, steps_per_bar: int = 16, pickup: int = 0, ax: Axes | None = None
) -> Axes:
    """Draw a piece with what its edits changed.

    Notes that stayed are pale. New ones are filled, the darker the surer the model was
    when it drew them; those that are gone are hollow and dashed.

    Args:
        edited: the piece, how it was before, and its edits.
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
        ax: where to draw; new axes, 6 x 2.9 inches, if None.
    """
    ax = new_axes(height=TALL) if ax is None else ax
    before, after = edited.start, edited.grid
    scores = [score_of(grid, steps_per_bar, pickup) for grid in (before, after)]
    layout = piece_layout(scores, before.n_steps)
    draw_empty_roll(ax, layout)
    differs = before.pitches != after.pitches  # (K, T)
    chances = surest(edited)
    kept = note_parts(after, ~differs)
    new = note_parts(after, differs)
    gone = note_parts(before, differs)
    ax.add_collection(
        part_bars(kept, facecolors=KEPT, edgecolors="white", linewidths=0.8)
    )
    fills = [SURE(np.nanmean(chances[voice, a:b])) for voice, a, b, _ in new]
    ax.add_collection(
        part_bars(new, facecolors=fills, edgecolors=INK, linewidths=0.5, zorder=4)
    )
    ax.add_collection(
        part_bars(
            gone, facecolors="none", edgecolors=INK, linewidths=0.8,
            linestyles=(0, (2, 1.5)), zorder=3,
        )
    )  # fmt: skip
    _add_scale(ax, SURE, "probability when drawn")
    handles = [
        Patch(color=KEPT, label="stayed"),
        Patch(facecolor=SURE(0.5), edgecolor=INK, label="new"),
        Patch(facecolor="none", edgecolor=INK, linestyle=(0, (2, 1)), label="gone"),
    ]
    legend_above(ax, 3, handles=handles)
    return ax


def plot_passes(edits: Sequence[Edit], n_passes: int) -> list[Axes]:
    """Draw how many edits each pass made, and how sure the model was of them.

    Args:
        edits: in order.
        n_passes: how many passes there were; each edit's `iteration` is 1 to this.

    Returns:
        Two panels: a bar for each pass, and the middle probability of its edits.

    Raises:
        InputError: if an edit belongs to a later pass.
    """
    last = max((edit.iteration for edit in edits), default=0)
    if n_passes < max(last, 1):
        raise InputError(
            f"There are {n_passes} passes, but an edit belongs to pass {last}; give "
            "the number of all passes."
        )
    of_pass: list[list[Edit]] = [[] for _ in range(n_passes)]
    for edit in edits:
        of_pass[edit.iteration - 1].append(edit)
    x = np.arange(1, n_passes + 1)
    counts, sure = new_axes(2, height=1.5)
    counts.bar(x, [len(here) for here in of_pass], 0.85, color=track_colour(0))
    counts.set_ylabel("edits")
    middle = [
        np.median([edit.probability for edit in here]) if here else np.nan
        for here in of_pass
    ]
    sure.plot(x, middle, color=track_colour(2), marker="o", markersize=2.5, linewidth=1)
    sure.set(ylim=(0, 1.05), xlim=(0.3, n_passes + 0.7))
    sure.set_ylabel("probability")
    sure.set_xlabel("pass")
    sure.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    for ax in (counts, sure):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        add_grid(ax)
    return [counts, sure]


def piece_layout(scores: Sequence[Score], n_steps: int) -> RollLayout:
    """Return a layout for scores of `n_steps`, though the last of them may rest."""
    longest = max(scores, key=lambda score: score.end)
    if longest.end < n_steps:
        whole = Score.from_notes(
            [(0, 60, max(n_steps, 1))], metres=longest.metres, pickup=longest.pickup
        )
        lines = roll_layout([whole]).lines
    else:
        lines = roll_layout([longest]).lines
    found = roll_layout(scores)
    return RollLayout(found.low, found.high, lines, {})


def note_parts(grid: Grid, chosen: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Return what of each note lies in chosen cells, as (voice, start, end, pitch)."""
    found = []
    for voice in range(grid.n_voices):
        row = chosen[voice].astype(int)
        for note in voice_notes(grid, voice):
            start, end = int(note.start), int(note.end)
            edges = np.flatnonzero(np.diff(np.r_[0, row[start:end], 0])) + start
            pairs = edges.reshape(-1, 2).tolist()
            found += [(voice, first, last, note.pitch) for first, last in pairs]
    return found


def part_bars(
    parts: Sequence[tuple[int, int, int, int]], margin: float = 0, **style: object
) -> PolyCollection:
    """Return a bar for each part of a note.

    Args:
        parts: as `note_parts` gives them.
        margin: semitones by which a bar is larger than its note, above and below.
        **style: of matplotlib's PolyCollection.
    """
    high, wide = NOTE_HEIGHT / 2 + margin, margin / 2
    corners = [
        [
            (a - wide, p - high),
            (a - wide, p + high),
            (b + wide, p + high),
            (b + wide, p - high),
        ]
        for _, a, b, p in parts
    ]
    return PolyCollection(corners, **{"zorder": 2, **style})


def _add_scale(ax: Axes, colours: LinearSegmentedColormap, label: str) -> None:
    """Put a scale of colours for 0 to 100 % beside a roll."""
    from matplotlib.cm import ScalarMappable

    bar = ax.figure.colorbar(ScalarMappable(cmap=colours), ax=ax, pad=0.015, aspect=18)
    style_scale(bar.ax, label)


def style_scale(ax: Axes, label: str) -> None:
    """Give a scale of colours small type, per cent and a name."""
    ax.yaxis.set_major_formatter(PercentFormatter(1))  # decimals as they are needed
    ax.tick_params(labelsize=7, width=0.5, length=2, labelcolor=INK)
    ax.set_ylabel(label, fontsize=7, color=INK)
    for spine in ax.spines.values():
        spine.set_visible(False)
