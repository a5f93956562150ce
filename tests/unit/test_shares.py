"""What a count of right answers is worth."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.shares import (
    answers_needed,
    chance_of_at_least,
    wilson_interval,
)


def test_the_ends_of_the_interval_solve_wilsons_equation():
    for n_right, n in ((0, 10), (3, 10), (11, 20), (20, 20), (573, 1000)):
        p = n_right / n
        for end in wilson_interval(n_right, n):
            distance = (p - end) ** 2 * n
            assert distance == pytest.approx(1.959964**2 * end * (1 - end), abs=1e-5)


def test_the_interval_holds_the_true_share_about_as_often_as_it_says():
    random = np.random.default_rng(0)
    for share in (0.5, 0.57, 0.9):
        held = [
            low <= share <= high
            for low, high in (
                wilson_interval(int(k), 60) for k in random.binomial(60, share, 2000)
            )
        ]
        assert np.mean(held) == pytest.approx(0.95, abs=0.025)


def test_the_interval_turns_round_with_the_answers():
    low, high = wilson_interval(4, 20)
    assert wilson_interval(16, 20) == pytest.approx((1 - high, 1 - low))


def test_the_interval_never_leaves_zero_to_one_nor_has_no_length():
    for n in (1, 2, 20):
        for n_right in (0, n):
            low, high = wilson_interval(n_right, n)
            assert 0 <= low < high <= 1


def test_more_confidence_makes_a_longer_interval():
    lengths = [np.ptp(wilson_interval(11, 20, c)) for c in (0.5, 0.9, 0.99)]
    assert lengths == sorted(lengths)


def test_the_chance_is_the_exact_sum():
    for n_right, n, chance in ((0, 7, 0.5), (2, 2, 0.5), (14, 20, 0.5), (5, 9, 0.25)):
        c = Fraction(chance)
        exact = sum(
            comb(n, k) * c**k * (1 - c) ** (n - k) for k in range(n_right, n + 1)
        )
        assert chance_of_at_least(n_right, n, chance) == pytest.approx(float(exact))


def test_the_chance_of_many_answers_does_not_overflow():
    assert chance_of_at_least(1000, 2000) == pytest.approx(0.509, abs=0.001)
    assert chance_of_at_least(2000, 2000) < 1e-300


def test_the_answers_needed_give_the_power_asked_for():
    for share in (0.57, 0.65, 0.75, 0.9):
        n = answers_needed(share)
        needed = next(k for k in range(n + 2) if chance_of_at_least(k, n) <= 0.05)
        # discrete counts and the normal curve: not exactly 0.8
        assert chance_of_at_least(needed, n, share) == pytest.approx(0.8, abs=0.1)


def test_one_who_is_always_fooled_is_found_as_soon():
    assert answers_needed(0.3) == answers_needed(0.7)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: wilson_interval(0, 0), "There are 0 answers"),
        (lambda: wilson_interval(3, 2), "3 of 2 answers"),
        (lambda: wilson_interval(-1, 2), "-1 of 2 answers"),
        (lambda: wilson_interval(0.5, 2), "whole numbers are needed"),
        (lambda: wilson_interval(1, 2, 1.0), "The confidence is 1.0"),
        (lambda: wilson_interval(1, 2, 95), "The confidence is 95"),
        (lambda: chance_of_at_least(1, 20_000), "There are 20000 answers"),
        (lambda: chance_of_at_least(1, 2, 0.0), "The chance is 0.0"),
        (lambda: answers_needed(0.5), "no number of answers"),
        (lambda: answers_needed(1.5), "The share is 1.5"),
        (lambda: answers_needed("many"), "The share is many"),
    ],
)
def test_bad_numbers_give_one_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
