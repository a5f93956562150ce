"""Pictures of a population: who went on from whom, and what the best had."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.course.showing import Picture, picture
from deepcomposer_edu.viz.names import label_of

if TYPE_CHECKING:
    from deepcomposer_edu.nn.population import Population


def lineage(population: Population | str | Path, caption: str = "") -> Picture:
    """Return the family tree of a population, as a picture.

    Args:
        population: what `evolve` or `train_population` returned, or its run folder.
        caption: the sentence under it.

    Raises:
        InputError: if no round is over, or the folder holds no population.
    """
    from deepcomposer_edu.viz.lineage import measure_words, plot_lineage

    population = _population(population)
    figure = plot_lineage(population).figure
    best, dead = population.best, [t for t in population.turns if t.score is None]
    line = ", then ".join(str(turn.member) for turn in population.lineage())
    text = (
        f"Family tree of {population.n_members} members over {population.n_rounds} "
        f"rounds. The best at the end, member {best.member} "
        f"({measure_words(population.metric)} {best.score:.3g}), was round by round "
        f"member {line}."
    )
    if dead:
        text += f" {len(dead)} died on the way and went on from a better one."
    return picture(figure, text, caption)


def settings_line(
    population: Population | str | Path, name: str, caption: str = ""
) -> Picture:
    """Return how a setting moved through a population, as a picture.

    Args:
        population: as for `lineage`.
        name: of a setting that differs between the members, such as "learning_rate".
        caption: the sentence under it.

    Raises:
        InputError: if there is no such setting, or as `lineage`.
    """
    from deepcomposer_edu.viz.lineage import plot_settings

    population = _population(population)
    figure = plot_settings(population, name).figure
    values = [turn.settings[name] for turn in population.lineage()]
    text = (
        f"The {label_of(name)} of the best, round by round: "
        f"{', '.join(f'{value:.2g}' for value in values)}."
    )
    return picture(figure, text, caption)


def _population(population: Population | str | Path) -> Population:
    from deepcomposer_edu.training.lineage import load_population

    if isinstance(population, str | Path):
        return load_population(population)
    return population
