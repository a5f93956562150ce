"""The planted failures: each shows its sign, and only its own; mended, none does."""

from __future__ import annotations

from functools import cache

import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.tiny_gan import LOWEST_DEGREE, N_DEGREES
from deepcomposer_edu.training.failures import (
    FAILURES,
    MEASURE_EVERY,
    N_BARS,
    drone,
    make_case,
)
from deepcomposer_edu.training.findings import CAUSES, FINDINGS, company, value_words
from deepcomposer_edu.training.tiny_data import real_bars
from deepcomposer_edu.training.tiny_gan import TinyConfig, TinyGame

SEEDS = (0, 1)


@cache
def findings(name, mended, seed):
    """What is measured; trainings without a fault are alike, so each is made once."""
    failure = FAILURES[name]
    if mended:
        name = next(n for n, f in FAILURES.items() if f.mended == failure.mended)
    case = make_case(name, mended=mended, seed=seed)
    return case.findings


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", FAILURES)
def test_a_patient_shows_the_sign_of_its_cause_and_of_no_other_to_choose(name, seed):
    found = findings(name, False, seed)
    shown = {n for n in FAILURES[name].choices if CAUSES[n].holds(found)}
    assert shown == {name}, found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", FAILURES)
def test_mended_it_shows_no_sign_at_all(name, seed):
    found = findings(name, True, seed)
    assert {n for n, cause in CAUSES.items() if cause.holds(found)} == set(), found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "what", "at_most"),
    [
        ("mode-collapse", "distinct_share", 0.1),
        ("temperature-0", "distinct_share", 0.1),
        ("batch-norm", "known_share", 0.2),
        ("n-critic-0", "known_share", 0.1),
    ],
)
def test_what_is_heard_is_worse_than_mended(name, what, at_most, seed):
    ill, well = (findings(name, mended, seed)[what] for mended in (False, True))
    assert ill < at_most < well


@pytest.mark.parametrize("seed", SEEDS)
def test_an_exploded_critic_is_seen_at_once_and_heard_a_little(seed):
    ill, well = (findings("exploded-critic", mended, seed) for mended in (False, True))
    assert ill["gap"] > 1000 * abs(well["gap"])
    assert ill["known_share"] < well["known_share"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_wrong_track_is_one_note_and_the_tune_is_not(seed):
    ill, well = (findings("wrong-track", mended, seed) for mended in (False, True))
    assert ill["repeat_share"] > 0.95 > 0.5 > well["repeat_share"]


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_has_one_fault(name):
    failure = FAILURES[name]
    broken, mended = failure.broken.to_dict(), failure.mended.to_dict()
    faults = {setting for setting in broken if broken[setting] != mended[setting]}
    if failure.drawn_at is not None or failure.wrong_track:
        assert faults == set()
    elif name == "mode-collapse":  # the ratio of the two is the fault
        assert faults == {"generator_rate", "critic_rate"}
    else:
        assert len(faults) == 1


@pytest.mark.parametrize("name", FAILURES)
def test_each_can_be_told_from_three_others(name):
    choices = FAILURES[name].choices
    assert len(set(choices)) == 4 and name in choices and set(choices) <= set(CAUSES)


def test_every_cause_is_that_of_a_patient_and_is_measured():
    assert set(CAUSES) == set(FAILURES)
    assert all(cause.sign in FINDINGS for cause in CAUSES.values())


def test_the_same_seed_makes_the_same_case():
    one, two = (make_case("mode-collapse", seed=4, n_steps=12) for _ in range(2))
    assert one.findings == two.findings and one.rows == two.rows
    assert one.score() == two.score()


def test_a_case_has_curves_bars_and_the_data():
    case = make_case("wrong-track", n_steps=MEASURE_EVERY)
    assert [row["step"] for row in case.rows] == list(range(1, MEASURE_EVERY + 1))
    assert "distinct_share" in case.rows[-1] and "distinct_share" not in case.rows[1]
    ill, real = case.score().tracks[0].notes, case.real_score().tracks[0].notes
    assert max(note.start for note in ill) < 16 * N_BARS
    assert len({note.pitch for note in real}) > 3  # the tune, not the drone
    assert case.reference["repeat_share"] < 0.5


def test_a_training_can_be_stopped():
    case = make_case("n-critic-0", on_step=lambda step: step < 5)
    assert len(case.rows) == 5


def test_a_drone_keeps_the_rhythm_and_holds_the_tonic():
    bars = real_bars("melody")[:50]
    held = drone(bars)
    assert torch.equal(held < N_DEGREES, bars < N_DEGREES)
    assert held[held < N_DEGREES].unique().tolist() == [-LOWEST_DEGREE]
    assert torch.equal(held[bars >= N_DEGREES], bars[bars >= N_DEGREES])


def test_company_matters_to_batch_norm_only_and_asking_leaves_no_trace():
    for kind in ("none", "layer", "spectral", "batch"):
        game = TinyGame(TinyConfig(data="rhythm", normalisation=kind))
        game.step()
        before = {n: v.clone() for n, v in game.critic.state_dict().items()}
        assert (company(game) > 1e-3) == (kind == "batch")
        after = game.critic.state_dict()
        assert all(torch.equal(before[n], after[n]) for n in before)


def test_a_refutation_says_what_was_measured():
    words = CAUSES["exploded-critic"].refuted({"gap": 0.38})
    assert "0.38" in words
    assert "12 %" in CAUSES["wrong-track"].refuted({"learned_repeat_share": 0.12})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("gap", 646.2, "646"),
        ("gap", 0.384, "0.38"),
        ("gap", 0.0, "0"),
        ("chance", 0.0, "0 %"),
        ("chance", 0.0044, "0.44 %"),
        ("top_share", 0.961, "96 %"),
    ],
)
def test_values_are_told_with_two_digits(name, value, words):
    assert value_words(name, value) == words


@pytest.mark.parametrize("wrong", [("no such thing", 5), ("mode-collapse", 0)])
def test_what_does_not_exist_is_refused(wrong):
    with pytest.raises(InputError):
        make_case(wrong[0], n_steps=wrong[1])
