"""How usual a value is among others."""

import math

import numpy as np
import pytest

from deepcomposer_edu.music.typical import typicality

TEN = range(1, 11)


def test_both_ends_are_unusual_and_the_middle_is_not():
    assert typicality(1, TEN) == typicality(10, TEN) == pytest.approx(0.2)
    assert typicality(5, TEN) == 1
    assert typicality(0, TEN) == typicality(11, TEN) == 0


def test_a_value_that_all_have_is_usual():
    assert typicality(0.0, [0.0] * 9 + [1.0]) == 1


def test_what_cannot_be_measured_is_not_usual():
    assert typicality(math.nan, TEN) == 0


def test_turning_the_scale_round_changes_nothing():
    random = np.random.default_rng(0)
    values = random.normal(size=50)
    for value in random.normal(size=20):
        assert typicality(value, values) == pytest.approx(typicality(-value, -values))


def test_one_in_twenty_of_the_same_kind_is_below_a_twentieth():
    random = np.random.default_rng(0)
    reference = random.normal(size=2000)
    low = [typicality(value, reference) < 0.05 for value in random.normal(size=2000)]
    assert np.mean(low) == pytest.approx(0.05, abs=0.02)
