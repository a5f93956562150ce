"""Population-based training in this process: one member after the other.

The rules are in `nn/population.py`; who the members are, in `population_run.py` and
`population_hill.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.nn.population import (
    FACTORS,
    SHARE,
    Population,
    Turn,
    exploit,
    explore,
)
from deepcomposer_edu.training.control import TrainingControl
from deepcomposer_edu.training.lineage import (
    PLAN,
    load_population,
    read_plan,
    write_lineage,
)

MOST = 100  # members


class Members(Protocol):
    """Who learns: `RunMembers` of a run folder each, `HillMembers` of two weights."""

    metric: str
    """What is measured, "valid_loss" say."""
    lower_is_better: bool

    def train(self, member: int, settings: Mapping[str, float], round: int) -> float:
        """Let a member learn for a round, and return what was measured of it."""

    def copy(self, parent: int, member: int, round: int) -> None:
        """Put the parent's weights, as they are after a round, in a member's place."""

    def publish(self, population: Population) -> None:
        """Show the best as it is after a round."""


def evolve(
    members: Members,
    ranges: Mapping[str, tuple[float, float]],
    n_members: int = 4,
    n_rounds: int = 5,
    *,
    seed: int = 0,
    begin: Sequence[Mapping[str, float]] | None = None,
    run: str | Path | None = None,
    resume: bool = False,
    share: float = SHARE,
    factors: Sequence[float] = FACTORS,
    on_turn: Callable[[Turn], object] | None = None,
    control: TrainingControl | None = None,
) -> Population:
    """Train a population in this process, one member after the other.

    A member that fails (an error, or a score that is no number) is told in its turn and
    goes on in the next round from one of the best. With a run folder, a population that
    was stopped, even by a power cut, goes on to the same numbers.

    Args:
        members: who learns.
        ranges: of each setting the lowest and the highest value, both above 0; none
            ever leaves it.
        n_members: 2 to 100.
        n_rounds: in all, 1 or more.
        seed: from which every random number follows.
        begin: the settings of each member in round 0; None: drawn from the ranges,
            evenly in the logarithm.
        run: a folder for `population.json` and `lineage.jsonl`; none without.
        resume: go on with the population in the folder.
        share: as for `exploit`.
        factors: as for `explore`.
        on_turn: called after each turn; whom it goes on from is not decided yet.
        control: asked after each turn whether to stop.

    Returns:
        All rounds that are over.

    Raises:
        InputError: if a value is not allowed, the folder holds another population, or
            every member failed in one round.
    """
    check_plan(ranges, n_members, n_rounds, share)
    control = control or TrainingControl()
    plan = plan_of(members, ranges, n_members, n_rounds, seed, share, factors)
    population = Population((), members.metric, members.lower_is_better, run)
    if run is not None:
        population = begun(Path(run), plan, population, resume)
    if population.turns:  # a power cut may have come while they were copied
        _copy(members, population)
    for number in range(population.n_rounds, n_rounds):
        if population.turns:
            chosen = _settings_after(population, ranges, seed, factors)
        else:
            chosen = begin or first_settings(ranges, n_members, seed)
        turns: list[Turn] = []
        for member in range(n_members):
            turn = _take_turn(members, number, member, chosen[member])
            if control.is_stop_wanted:
                return population
            turns.append(turn)
            if on_turn is not None:
                on_turn(turn)
        scores = [population.fitness(turn) for turn in turns]
        if max(scores) == -math.inf:
            raise InputError(
                f"Every member failed in round {number}: {turns[0].problem}"
            )
        parents = exploit(scores, _random(seed, number, n_members), share)
        decided = [
            replace(turn, parent=parent)
            for turn, parent in zip(turns, parents, strict=True)
        ]
        population = Population(
            (*population.turns, *decided), members.metric, members.lower_is_better, run
        )
        if run is not None:
            write_lineage(Path(run), population)
        _copy(members, population)
    return population


def _take_turn(
    members: Members, number: int, member: int, settings: Mapping[str, float]
) -> Turn:
    score, problem = None, ""
    try:
        score = members.train(member, settings, number)
        if not math.isfinite(score):
            score, problem = None, f"Its {members.metric} was no finite number."
    except Exception as error:  # a member may die of anything; the others go on
        words = " ".join(str(error).split())[:300]
        problem = f"{type(error).__name__}: {words}"
    return Turn(number, member, dict(settings), score, member, problem)


def _copy(members: Members, population: Population) -> None:
    """Put parents in the places of those who go on from them, after the last round."""
    last = population.n_rounds - 1
    for turn in population.round(last):
        if turn.parent != turn.member:
            members.copy(turn.parent, turn.member, last)
    members.publish(population)


def first_settings(
    ranges: Mapping[str, tuple[float, float]], n_members: int, seed: int
) -> list[dict[str, float]]:
    """Return what the members begin with, drawn evenly in the logarithm."""
    drawn = []
    for member in range(n_members):
        random = _random(seed, -1, member)
        drawn.append(
            {
                name: low * (high / low) ** torch.rand((), generator=random).item()
                for name, (low, high) in ranges.items()
            }
        )
    return drawn


def _settings_after(
    population: Population,
    ranges: Mapping[str, tuple[float, float]],
    seed: int,
    factors: Sequence[float],
) -> list[dict[str, float]]:
    """Return what each member learns with in the next round."""
    last = population.n_rounds - 1
    before = population.round(last)
    chosen = []
    for turn in before:
        settings = dict(before[turn.parent].settings)
        if turn.parent != turn.member:
            changed = explore(settings, _random(seed, last, turn.member), factors)
            settings = {
                name: min(max(value, ranges[name][0]), ranges[name][1])
                for name, value in changed.items()
            }
        chosen.append(settings)
    return chosen


def _random(seed: int, number: int, member: int) -> torch.Generator:
    """Return chance that depends on seed, round and member alone."""
    return torch.Generator().manual_seed((seed * 10_007 + number + 1) * 1009 + member)


# --- the run folder ----------------------------------------------------------


def check_plan(
    ranges: Mapping[str, tuple[float, float]],
    n_members: int,
    n_rounds: int,
    share: float,
) -> None:
    """Raise an InputError if a population cannot be trained so."""
    if not 2 <= n_members <= MOST or n_rounds < 1:
        raise InputError(
            f"{n_members} members and {n_rounds} rounds were asked for, but there must "
            f"be 2 to {MOST} members and 1 round or more."
        )
    if not 0 < share <= 0.5:
        raise InputError(
            f"The share of the best is {share:g}, but it must be above 0 and at most "
            "0.5."
        )
    if not ranges:
        raise InputError(
            'No setting may differ between the members; give ranges such as {"learning_'
            'rate": (0.0003, 0.01)}.'
        )
    for name, (low, high) in ranges.items():
        if not 0 < low <= high < math.inf:
            raise InputError(
                f"The range of {name} is {low:g} to {high:g}, but the lowest must be "
                "above 0 and the highest not below it."
            )


def plan_of(
    members: Members,
    ranges: Mapping[str, tuple[float, float]],
    n_members: int,
    n_rounds: int,
    seed: int,
    share: float,
    factors: Sequence[float],
) -> dict[str, object]:
    """Return how a population is begun, ready for JSON."""
    return {
        "ranges": {name: list(pair) for name, pair in ranges.items()},
        "n_members": n_members,
        "n_rounds": n_rounds,
        "round_steps": getattr(members, "round_steps", None),
        "engine": "here",
        "seed": seed,
        "share": share,
        "factors": list(factors),
        "metric": members.metric,
        "lower_is_better": members.lower_is_better,
    }


def begun(
    run: Path, plan: Mapping[str, object], population: Population, resume: bool
) -> Population:
    """Write the plan of a new population, or read how far one has come."""
    path = run / PLAN
    if not resume:
        if path.exists() or (run / "config.json").exists():
            raise InputError(
                f"The folder {run} already holds a run; resume it, or give a new "
                "folder."
            )
        with atomic_path(path) as temporary:
            temporary.write_text(json.dumps(plan, indent=1) + "\n", encoding="utf-8")
        return population
    saved = read_plan(run)
    different = [name for name, value in plan.items() if saved.get(name) != value]
    if plan["engine"] == "here":
        different = [name for name in different if name != "n_rounds"]  # more may come
    if different:
        raise InputError(
            f"The population in {run} was begun with other {', '.join(different)}; "
            "give the same, or a new folder."
        )
    return load_population(run)
