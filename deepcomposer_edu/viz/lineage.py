"""Who went on from whom: the family tree of a population."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.population import Population, Turn
from deepcomposer_edu.viz.colours import FAINT_INK, GRID, INK, track_colour
from deepcomposer_edu.viz.figures import new_axes
from deepcomposer_edu.viz.names import label_of

ROW = 0.5  # inches of a member
MOST_WRITTEN = 48  # turns; with more, their scores are not written


def plot_lineage(population: Population, ax: Axes | None = None) -> Axes:
    """Draw a population: a row for each member, rounds from left to right.

    A dot is a member after a round, with its score. A line leads to what it goes on
    from: straight on from itself, or slanting from the better one that it took over.
    The thick line is how the best came to be; a cross is one that died.

    Args:
        population: with at least one round.
        ax: where to draw; new axes, 6 inches wide, if None.

    Raises:
        InputError: if no round is over.
    """
    if not population.turns:
        raise InputError("No round of this population is over yet; train it first.")
    n = population.n_members
    ax = new_axes(height=1.0 + ROW * n) if ax is None else ax
    line = {(turn.round, turn.member) for turn in population.lineage()}
    for turn in population.turns:
        before = _before(population, turn)
        is_chosen = (turn.round, turn.member) in line
        style = {"color": GRID, "linewidth": 1.2, "zorder": 1}
        if before != turn.member:
            style["color"] = FAINT_INK
        if is_chosen:
            style = {"color": track_colour(0), "linewidth": 3, "zorder": 2}
        ax.plot([turn.round, turn.round + 1], [before, turn.member], **style)
    _draw_dots(population, line, ax)
    ax.set_yticks(range(n), [f"member {member}" for member in range(n)])
    ax.set_ylim(n - 0.4, -0.7)
    ax.set_xticks(range(1, population.n_rounds + 1))
    ax.set_xlim(-0.1, population.n_rounds + 0.4)
    ax.set_xlabel(f"rounds; beside each dot: {measure_words(population.metric)}")
    return ax


def measure_words(metric: str) -> str:
    """Return what is compared, in words.

    >>> measure_words("valid_loss"), measure_words("height")
    ('loss on music kept back', 'height')
    """
    return f"loss {label_of(metric)}" if metric.endswith("loss") else label_of(metric)


def _before(population: Population, turn: Turn) -> int:
    """Return the member that a turn went on from."""
    if turn.round == 0:
        return turn.member
    return population.round(turn.round - 1)[turn.member].parent


def _draw_dots(population: Population, line: set, ax: Axes) -> None:
    """Draw each turn, darker where it is better, and write its score beside it."""
    known = np.array([t.score for t in population.turns if t.score is not None])
    order = np.sort(known)
    for turn in population.turns:
        place = (turn.round + 1, turn.member)
        if turn.score is None:
            ax.plot(*place, "x", color=INK, markersize=7, zorder=4)
            continue
        rank = np.searchsorted(order, turn.score) / max(1, len(order) - 1)
        rank = 1 - rank if population.lower_is_better else rank
        ax.plot(
            *place,
            "o",
            markersize=8,
            markeredgecolor=track_colour(0)
            if (turn.round, turn.member) in line
            else FAINT_INK,
            markerfacecolor=str(round(0.95 - 0.75 * rank, 3)),
            zorder=3,
        )
        if len(population.turns) <= MOST_WRITTEN:
            ax.annotate(
                f"{turn.score:.3g}",
                place,
                (0, 7),
                textcoords="offset points",
                ha="center",
                fontsize=7,
                color=INK,
                zorder=5,
                path_effects=[withStroke(linewidth=2.5, foreground="white")],
            )


def plot_settings(population: Population, name: str, ax: Axes | None = None) -> Axes:
    """Draw how a setting moved: thin for each member, thick for what the best had.

    Args:
        population: with at least one round.
        name: of a setting that differs between the members.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.

    Raises:
        InputError: if no round is over, or there is no such setting.
    """
    known = list(population.turns[0].settings) if population.turns else []
    if name not in known:
        raise InputError(
            f"The members differ in no setting {name!r}; they do in: "
            f"{', '.join(known) or 'nothing, as no round is over yet'}."
        )
    ax = new_axes() if ax is None else ax
    edges = np.arange(population.n_rounds + 1)
    for member in range(population.n_members):
        values = [
            population.round(r)[member].settings.get(name, np.nan)
            for r in range(population.n_rounds)
        ]
        ax.stairs(values, edges, baseline=None, color=FAINT_INK, linewidth=1)
    chosen = [turn.settings[name] for turn in population.lineage()]
    ax.stairs(
        chosen, edges, baseline=None, color=track_colour(0), linewidth=3,
        label="the line of the best",
    )  # fmt: skip
    ax.set_yscale("log")
    ax.set_xlabel("rounds")
    ax.set_ylabel(label_of(name))
    ax.legend(fontsize=8, frameon=False)
    return ax
