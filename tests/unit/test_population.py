"""Populations: who goes on from whom, run folders, deaths, resuming."""

import math
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from toy_population import RANGES, SETTINGS, train_toy

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.population import Population, Turn, exploit, explore
from deepcomposer_edu.training.checkpoint import checkpoint_path, load_checkpoint
from deepcomposer_edu.training.control import TrainingControl
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.lineage import load_population
from deepcomposer_edu.training.population import evolve, first_settings
from deepcomposer_edu.training.population_hill import (
    BEGIN_WEIGHTS,
    HillMembers,
)
from deepcomposer_edu.training.population_hill import RANGES as WEIGHTS
from deepcomposer_edu.training.population_run import train_population
from deepcomposer_edu.training.state import read_state


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def train(run, n_members=3, n_rounds=3, trainer=train_toy, **options):
    return train_population(
        run,
        trainer,
        RANGES,
        n_members,
        n_rounds,
        10,
        arguments={"settings": SETTINGS},
        **options,
    )


# --- the rules ---------------------------------------------------------------


def test_the_worst_goes_on_from_the_best():
    assert exploit([3.0, 9.0, 1.0, 5.0], chance()) == [0, 1, 1, 3]


@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=12),
    st.floats(0.01, 0.5),
    st.integers(0, 99),
)
def test_as_many_are_replaced_as_are_best_and_nobody_in_between(scores, share, seed):
    parents = exploit(scores, chance(seed), share)
    n = max(1, int(share * len(scores)))
    replaced = [i for i, parent in enumerate(parents) if parent != i]
    ranked = sorted(range(len(scores)), key=lambda i: -scores[i])
    assert replaced and set(replaced) <= set(ranked[-n:])
    assert all(parents[i] in ranked[:n] for i in replaced)


def test_each_of_the_best_is_taken_about_as_often():
    taken = Counter(
        exploit([4.0, 3.0, 0.0, 0.0], chance(seed), 0.5)[3] for seed in range(400)
    )
    # 400 fair throws leave 150 to 250 with p < 1e-6
    assert set(taken) == {0, 1} and 150 < taken[0] < 250


def test_whoever_died_is_replaced_however_many_they_are():
    assert exploit([-math.inf, -math.inf, 1.0, -math.inf], chance()) == [2, 2, 2, 2]


def test_explore_changes_each_setting_by_itself_and_keeps_what_it_was_given():
    settings = {"a": 1.0, "b": 10.0}
    seen = {tuple(explore(settings, chance(seed)).values()) for seed in range(40)}
    assert seen == {(a, b) for a in (0.8, 1.2) for b in (8.0, 12.0)}
    assert settings == {"a": 1.0, "b": 10.0}


def test_the_first_settings_fill_their_range_evenly_in_the_logarithm():
    drawn = [s["rate"] for s in first_settings({"rate": (0.001, 0.1)}, 100, 0)]
    assert all(0.001 <= value <= 0.1 for value in drawn)
    # half of 100 below the middle of the logarithm, give or take five deviations
    assert 25 < sum(value < 0.01 for value in drawn) < 75


def test_the_lineage_follows_who_went_on_from_whom():
    # round 0: 1 took over 0; round 1: 2 took over 1; so all came from 0 or themselves
    parents = [[0, 0, 2], [0, 1, 1], [0, 1, 2]]
    turns = tuple(
        Turn(r, m, {}, float(m), parent)
        for r, row in enumerate(parents)
        for m, parent in enumerate(row)
    )
    population = Population(turns, "loss", lower_is_better=False)
    assert [turn.member for turn in population.lineage()] == [0, 1, 2]
    assert population.best == turns[-1]


def test_a_population_climbs_a_hill_that_no_member_sees_whole():
    apart = [
        evolve(HillMembers(200), WEIGHTS, 2, 1, begin=BEGIN_WEIGHTS),
        evolve(HillMembers(4), WEIGHTS, 2, 50, begin=BEGIN_WEIGHTS),
    ]
    alone, together = (population.best.score for population in apart)
    assert alone < 0.7 < 1.0 < together < 1.2


# --- run folders -------------------------------------------------------------


def test_the_run_shows_the_best_as_one_training_with_its_forebears_history(tmp_path):
    population = train(tmp_path / "run")
    best, line = population.best, population.lineage()
    shown = load_checkpoint(checkpoint_path(tmp_path / "run", 30)).tensors
    own = tmp_path / "run/members" / f"{best.member:02d}"
    kept = load_checkpoint(checkpoint_path(own, 30)).tensors
    assert all(torch.equal(shown[name], kept[name]) for name in kept)
    rows = read_history(tmp_path / "run")
    assert [row["step"] for row in rows] == list(range(31))
    assert [rows[s]["valid_loss"] for s in (10, 20, 30)] == [t.score for t in line]
    assert read_state(tmp_path / "run").state == "finished"
    assert (tmp_path / "run/samples/step_000030.txt").exists()


def test_who_takes_over_goes_on_with_the_weights_and_moments_of_the_better(tmp_path):
    population = train(tmp_path / "run", n_rounds=1)
    (turn,) = [turn for turn in population.turns if turn.parent != turn.member]
    one, other = (
        load_checkpoint(checkpoint_path(tmp_path / f"run/members/{i:02d}", 10)).tensors
        for i in (turn.member, turn.parent)
    )
    different = [name for name in one if not torch.equal(one[name], other[name])]
    assert different == ["random.state"]  # it will draw other batches


def test_settings_stay_in_their_range(tmp_path):
    low, high = RANGES["learning_rate"]
    for turn in train(tmp_path / "run", n_rounds=6).turns:
        assert low <= turn.settings["learning_rate"] <= high


def same_run(one, other, n_steps):
    files = [checkpoint_path(run, n_steps).read_bytes() for run in (one, other)]
    return files[0] == files[1]


def test_more_rounds_later_are_the_rounds_that_were_not_stopped(tmp_path):
    whole, part = tmp_path / "whole", tmp_path / "part"
    train(whole)
    train(part, n_rounds=1)
    train(part, resume=True)
    assert load_population(whole).turns == load_population(part).turns
    assert same_run(whole, part, 30)


def test_a_population_stopped_in_a_round_goes_on_to_the_same_numbers(tmp_path):
    whole, part = tmp_path / "whole", tmp_path / "part"
    train(whole)
    control = TrainingControl()
    seen = []

    def stop_in_the_second_round(row):
        seen.append(row)
        if len(seen) == 44:
            control.stop()

    options = {"settings": SETTINGS, "on_step": stop_in_the_second_round}
    population = train_population(
        part, train_toy, RANGES, 3, 3, 10, arguments=options, control=control
    )
    assert population.n_rounds == 1
    assert read_state(part).state == "stopped"
    train(part, resume=True)
    assert load_population(whole).turns == load_population(part).turns
    assert same_run(whole, part, 30)


def test_a_power_cut_between_decision_and_copy_costs_nothing(tmp_path, monkeypatch):
    whole, part = tmp_path / "whole", tmp_path / "part"
    train(whole)
    from deepcomposer_edu.training import population_run

    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(population_run.RunMembers, "copy", cut)
        with pytest.raises(KeyboardInterrupt):
            train(part)
    assert load_population(part).n_rounds == 1
    train(part, resume=True)
    assert same_run(whole, part, 30)


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from toy_population import RANGES, SETTINGS, train_toy
from deepcomposer_edu.training.population_run import train_population

seen = []

def on_step(row):
    seen.append(row)
    if len(seen) == 55:
        os.kill(os.getpid(), signal.SIGKILL)

arguments = {"settings": SETTINGS, "on_step": on_step}
train_population(sys.argv[1], train_toy, RANGES, 3, 3, 10, arguments=arguments)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_a_population_that_was_killed_goes_on_to_the_same_numbers(tmp_path):
    whole, part = tmp_path / "whole", tmp_path / "part"
    train(whole)
    here = str(Path(__file__).resolve().parent.parent)
    done = subprocess.run([sys.executable, "-c", KILLED, str(part), here])
    assert done.returncode == -signal.SIGKILL
    train(part, resume=True)
    assert same_run(whole, part, 30)


# --- deaths ------------------------------------------------------------------


def dying(member, from_step):
    def trainer(run, *, n_steps, **options):
        if run.name == f"{member:02d}" and n_steps == from_step:
            raise MemoryError("no room\nleft")
        return train_toy(run, n_steps=n_steps, **options)

    return trainer


@pytest.mark.parametrize("from_step", [10, 20])
def test_a_member_that_dies_goes_on_from_the_best(tmp_path, from_step):
    population = train(tmp_path / "run", trainer=dying(1, from_step))
    number = from_step // 10 - 1
    dead = population.round(number)[1]
    assert dead.score is None and dead.problem == "MemoryError: no room left"
    best = min((t for t in population.round(number) if t.score), key=lambda t: t.score)
    assert dead.parent == best.member
    after = population.round(number + 1)[1]
    assert after.score is not None


def test_a_member_whose_loss_is_no_number_goes_on_from_the_best(tmp_path):
    def exploding(run, *, n_steps, **options):
        history = train_toy(run, n_steps=n_steps, **options)
        if run.name == "00" and n_steps == 10:
            history.rows[-1]["valid_loss"] = math.nan
            history.keep_until(n_steps)
        return history

    population = train(tmp_path / "run", n_rounds=2, trainer=exploding)
    assert population.turns[0].score is None
    assert population.turns[0].parent != 0
    assert population.turns[3].score is not None


def test_if_all_die_it_is_one_sentence(tmp_path):
    def broken(*_, **__):
        raise RuntimeError("no luck")

    with pytest.raises(InputError, match=r"Every member failed.*no luck"):
        train(tmp_path / "run", trainer=broken)
    assert read_state(tmp_path / "run").state == "failed"


# --- what is refused ---------------------------------------------------------


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"n_members": 1}, "must be 2 to 100 members"),
        ({"n_rounds": 0}, "1 round or more"),
        ({"engine": "slurm"}, "must be 'here' or 'ray'"),
        ({"metric": "beauty"}, "measured no 'beauty'"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(tmp_path, wrong, words):
    with pytest.raises(InputError, match=words):
        train(tmp_path / "run", **wrong)


@pytest.mark.parametrize(
    "ranges, words",
    [
        ({}, "No setting may differ"),
        ({"learning_rate": (0.0, 1.0)}, "above 0"),
        ({"learning_rate": (1.0, 0.1)}, "not below it"),
        ({"precision": (1.0, 2.0)}, "there are: learning_rate, weight_decay"),
        ({"wrong": (0.1, 1.0)}, "There is no setting 'wrong'"),
    ],
)
def test_ranges_that_make_no_sense_are_one_sentence(tmp_path, ranges, words):
    with pytest.raises(InputError, match=words):
        train_population(
            tmp_path / "r", train_toy, ranges, arguments={"settings": SETTINGS}
        )


def test_another_population_is_not_gone_on_with(tmp_path):
    train(tmp_path / "run", n_rounds=1)
    with pytest.raises(InputError, match="already holds a run"):
        train(tmp_path / "run")
    with pytest.raises(InputError, match="begun with other n_members"):
        train(tmp_path / "run", n_members=4, resume=True)
    with pytest.raises(InputError, match="holds no population"):
        train(tmp_path / "elsewhere", resume=True)


@pytest.mark.parametrize("name", ["population.json", "lineage.jsonl"])
def test_damaged_files_are_one_sentence(tmp_path, name):
    train(tmp_path / "run", n_rounds=1)
    (tmp_path / "run" / name).write_text('{"round": 0}\n')
    with pytest.raises(InputError, match=name):
        load_population(tmp_path / "run")


@pytest.mark.parametrize("name", ["config.json", "checkpoints/step_000010.safetensors"])
def test_a_missing_file_of_a_member_is_named(tmp_path, name):
    run = tmp_path / "run"
    best = train(run, n_rounds=1).best.member
    missing = run / "members" / f"{best:02d}" / name
    missing.unlink()
    with pytest.raises(InputError) as refused:
        train(run, n_rounds=2, resume=True)
    assert f"{missing} is missing" in str(refused.value)


def test_without_ray_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match="Ray is not installed; run `pip install"):
        train(tmp_path / "run", engine="ray")
