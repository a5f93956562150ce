"""A population on Ray Tune: members in processes of their own, on one computer or many.

Who goes on from whom is decided by Ray's own PopulationBasedTraining, not by
`training/population.py`; the members, the run folder and the lineage are the same. A
worker that dies is begun again by Ray from its member's last checkpoint.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.population import FACTORS, SHARE, Population, Turn
from deepcomposer_edu.training.checkpoint import (
    checkpoints,
    latest_checkpoint,
    write_checkpoint,
)
from deepcomposer_edu.training.lineage import write_lineage
from deepcomposer_edu.training.population import (
    begun,
    check_plan,
    first_settings,
    plan_of,
)
from deepcomposer_edu.training.population_member import train_member, with_chance
from deepcomposer_edu.training.population_run import RunMembers, show_run

MAX_FAILURES = 3  # how often Ray begins a member again that died
SETTINGS, FIRST = "settings", "first"  # in what Ray tells a member
WHO = "who.json"  # in a checkpoint: which of Ray's trials wrote it, after which round


def evolve_on_ray(
    members: RunMembers,
    ranges: Mapping[str, tuple[float, float]],
    n_members: int,
    n_rounds: int,
    *,
    seed: int = 0,
    run: Path,
    resume: bool = False,
    address: str | None = None,
    on_turn: Callable[[Turn], object] | None = None,
) -> Population:
    """Train a population with Ray Tune; see `population_run.train_population`.

    Raises:
        InputError: if Ray is missing, no cluster answers, every member failed, or a run
            is to be resumed: that is for the populations without Ray.
    """
    if resume:
        raise InputError(
            "A population on Ray can't go on with a run that was begun: what was seen "
            "of that stood still. Begin anew in another folder, or train it without "
            "Ray, which can be stopped and resumed."
        )
    ray, tune = _ray()
    check_plan(ranges, n_members, n_rounds, SHARE)
    population = Population((), members.metric, members.lower_is_better, run)
    plan = plan_of(members, ranges, n_members, n_rounds, seed, SHARE, FACTORS)
    begun(run, {**plan, "engine": "ray"}, population, False)
    _join(ray, address)
    storage = run.expanduser().resolve() / "ray"
    arguments = {k: v for k, v in members.arguments.items() if k != "control"}
    trainable = tune.with_resources(
        tune.with_parameters(
            train_on_ray,
            members=replace(members, arguments=arguments, control=None),
            n_rounds=n_rounds,
        ),
        {"cpu": 1},
    )
    begin = first_settings(ranges, n_members, seed)
    tuner = tune.Tuner(
        trainable,
        param_space={
            SETTINGS: tune.grid_search([{**s, FIRST: i} for i, s in enumerate(begin)])
        },
        tune_config=tune.TuneConfig(
            metric=members.metric,
            mode="min" if members.lower_is_better else "max",
            scheduler=_scheduler(tune, ranges),
            reuse_actors=True,  # no new process each round
        ),
        run_config=tune.RunConfig(
            name="members",
            storage_path=str(storage),
            stop={"round": n_rounds},
            failure_config=tune.FailureConfig(max_failures=MAX_FAILURES),
            checkpoint_config=tune.CheckpointConfig(num_to_keep=3),
            verbose=0,
        ),
    )
    results = tuner.fit()
    turns = turns_of([result.metrics_dataframe for result in results], members.metric)
    if not turns:
        problem = " ".join(str(results.errors[:1]).split())[-300:]
        raise InputError(f"Every member failed: {problem}")
    population = replace(population, turns=turns)
    write_lineage(run, population)
    for turn in turns if on_turn is not None else ():
        on_turn(turn)
    with results[population.best.member].checkpoint.as_directory() as folder:
        show_run(Path(folder), run)
    (run / WHO).unlink(missing_ok=True)
    return population


def _ray() -> tuple[object, object]:
    # Ray tells its makers that it is used, unless it is asked not to.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
        from ray import tune
    except ImportError as error:
        raise InputError(
            "Ray is not installed; run `pip install 'deepcomposer-edu[ray]'`, or train "
            "the population in this process with engine='here'."
        ) from error
    return ray, tune


def _join(ray: object, address: str | None) -> None:
    """Start Ray on this computer, or join a cluster; one that runs here is kept.

    Raises:
        InputError: if no cluster answers, or none starts here.
    """
    if ray.is_initialized():
        return
    # "local" begins a new one, whatever notes an older one has left on the disk
    alone = {"address": "local", "include_dashboard": False}
    where = {"address": address} if address else alone
    try:
        ray.init(log_to_driver=False, logging_level="ERROR", **where)
    except Exception as error:  # what does not start in time is a plain one
        if not address:
            raise InputError(
                f"Ray does not start on this computer ({_short(error)}); give it "
                "less to do meanwhile and try again, or train with engine='here'."
            ) from error
        raise InputError(
            f"No Ray cluster answers at {str(address)[:60]!r} ({_short(error)}); start "
            "one with `ray start --head`, or leave the address out."
        ) from error


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:150].rstrip(".")


def _scheduler(tune: object, ranges: Mapping[str, tuple[float, float]]) -> object:
    """Return Ray's scheduler with the rules of `training/population.py`."""
    from ray.tune.schedulers import PopulationBasedTraining

    def keep_inside(told: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        inside = {
            name: min(max(told[SETTINGS][name], low), high)
            for name, (low, high) in ranges.items()
        }
        return {**told, SETTINGS: {**told[SETTINGS], **inside}}

    return PopulationBasedTraining(
        time_attr="round",
        perturbation_interval=1,
        hyperparam_mutations={
            SETTINGS: {n: tune.loguniform(*pair) for n, pair in ranges.items()}
        },
        quantile_fraction=SHARE,
        resample_probability=0.0,  # only `explore` changes settings
        perturbation_factors=(max(FACTORS), min(FACTORS)),
        custom_explore_fn=keep_inside,
        synch=True,  # all are compared after the same round
    )


def train_on_ray(
    told: Mapping[str, Mapping[str, float]], members: RunMembers, n_rounds: int
) -> None:
    """Train one member in a worker of Ray, round after round.

    Its checkpoint is its whole run folder. When Ray begins it anew, from its own
    checkpoint or from that of a better member, it goes on from there.

    Args:
        told: by Ray: the settings, and the number with which the member began.
        members: what is trained, and how.
        n_rounds: in all.
    """
    from ray import tune

    torch.set_num_threads(1)
    settings = dict(told[SETTINGS])
    seed = members.seed * 100 + int(settings.pop(FIRST))
    trial = tune.get_context().get_trial_id()
    checkpoint = tune.get_checkpoint()
    with tempfile.TemporaryDirectory() as scratch:
        folder, number, parent = Path(scratch) / "member", 0, trial
        if checkpoint is not None:
            with checkpoint.as_directory() as found:
                shutil.copytree(found, folder)
            who = json.loads((folder / WHO).read_text(encoding="utf-8"))
            number, parent = who["round"], who["trial"]
            if parent != trial:  # other batches than its parent's
                chance = int.from_bytes(trial.encode()[-3:])
                state = with_chance(latest_checkpoint(folder), chance)
                write_checkpoint(folder, state)
        while number < n_rounds:
            score = train_member(
                folder,
                members.trainer,
                {**members.arguments, "seed": seed},
                settings,
                members.step(number),
                members.round_steps,
                members.metric,
            )
            number += 1
            if not math.isfinite(score):
                score = math.inf if members.lower_is_better else -math.inf
            for path in checkpoints(folder)[:-1]:
                path.unlink()
            who = {"trial": trial, "round": number}
            (folder / WHO).write_text(json.dumps(who), encoding="utf-8")
            tune.report(
                {members.metric: score, "round": number, "parent": parent}
                | {f"set_{name}": value for name, value in settings.items()},
                checkpoint=tune.Checkpoint.from_directory(folder),
            )
            parent = trial


def turns_of(tables: list[object], metric: str) -> tuple[Turn, ...]:
    """Return the lineage in the reports of Ray's trials.

    Args:
        tables: one of each member: a data frame of its reports, or None.
        metric: what was measured.
    """
    reports: dict[tuple[int, int], Mapping[str, object]] = {}
    number_of: dict[str, int] = {}
    for member, table in enumerate(tables):
        for row in () if table is None else table.to_dict("records"):
            reports[int(row["round"]) - 1, member] = row  # the last of a round counts
            number_of[row["trial_id"]] = member
    turns = []
    for number in range(1 + max((number for number, _ in reports), default=-1)):
        for member in range(len(tables)):
            row = reports.get((number, member), {})
            after = reports.get((number + 1, member), {})
            score = float(row.get(metric, math.inf))
            named = {k[4:]: float(v) for k, v in row.items() if k.startswith("set_")}
            turns.append(
                Turn(
                    number,
                    member,
                    named,
                    score if math.isfinite(score) else None,
                    number_of.get(after.get("parent"), member),
                    "" if math.isfinite(score) else f"It had no {metric}.",
                )
            )
    return tuple(turns)
