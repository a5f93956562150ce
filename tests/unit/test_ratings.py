"""Lenient judges, agreement between judges, and how sure a mean is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.ratings import (
    adjusted_intervals,
    adjusted_means,
    agreement,
    is_connected,
    kendall_w,
    leniency,
)

NAN = np.nan
# four observers, twelve units: the worked example of Krippendorff (Computing
# Krippendorff's Alpha-Reliability, 2011), whose alpha for interval data is 0.849
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)


def test_alpha_is_that_of_krippendorffs_own_example():
    assert agreement(KRIPPENDORFF) == pytest.approx(0.849, abs=5e-4)


def test_alpha_of_ratings_dealt_out_by_lot_is_near_zero():
    ratings = np.random.default_rng(0).integers(1, 6, (6, 400))
    assert abs(agreement(ratings)) < 0.05


def test_alpha_is_below_zero_where_judges_contradict_each_other():
    assert agreement([[1, 5, 1, 5], [5, 1, 5, 1]]) < -0.5


def test_a_strict_judge_lowers_alpha_but_not_kendalls_w():
    ratings = np.array([[5, 4, 3, 2.0], [4, 3, 2, 1]])
    # by hand: each entry differs by 1, all eight ratings have S = 192
    assert agreement(ratings) == pytest.approx(1 - 8 * 7 / 192)
    assert kendall_w(ratings) == pytest.approx(1)


def test_kendalls_w_is_the_mean_rank_correlation_in_disguise():
    ratings = np.random.default_rng(1).permuted(np.tile(np.arange(6.0), (4, 1)), axis=1)
    pairs = [
        spearmanr(ratings[i], ratings[j])[0] for i in range(4) for j in range(i + 1, 4)
    ]
    assert kendall_w(ratings) == pytest.approx((3 * np.mean(pairs) + 1) / 4)


def test_kendalls_w_knows_ties():
    # by hand: ranks 1, 2.5, 2.5 twice, so R = 2, 5, 5 and T = 6 for each judge
    assert kendall_w([[1, 2, 2], [3, 4, 4]]) == pytest.approx(12 * 6 / (4 * 24 - 24))


def test_nothing_to_agree_about_is_nan():
    assert np.isnan(agreement([[3, 3], [3, 3]]))
    assert np.isnan(agreement([[3, NAN], [NAN, 4]]))
    assert np.isnan(kendall_w([[3, 3], [2, 2]]))
    assert np.isnan(kendall_w([[3, NAN], [2, 2]]))


def test_a_judge_who_heard_only_good_entries_is_not_called_lenient():
    good = np.array([1.0, 2, 4, 5])
    ratings = np.array([good, good, [NAN, NAN, 4, 5]])
    assert leniency(ratings) == pytest.approx([0, 0, 0])
    assert adjusted_means(ratings) == pytest.approx(good)


def test_plain_means_would_be_unfair_where_adjusted_ones_are_not():
    # entries are equally good; the strict judge heard only the second
    ratings = np.array([[4, 4, NAN], [4, NAN, 4], [NAN, 2, 2.0]])
    ratings = np.vstack([ratings, [3, 3, 3]])
    assert np.ptp(np.nanmean(ratings, axis=0)) > 0.5
    assert adjusted_means(ratings) == pytest.approx([3.25] * 3)


@given(st.integers(2, 6), st.integers(2, 6), st.integers(0, 10_000))
def test_adding_a_constant_to_a_judge_changes_no_adjusted_difference(j, e, seed):
    random = np.random.default_rng(seed)
    ratings = random.integers(1, 6, (j, e)).astype(float)
    moved = ratings + random.normal(0, 2, (j, 1))
    before, after = adjusted_means(ratings), adjusted_means(moved)
    assert np.diff(after) == pytest.approx(np.diff(before), abs=1e-9)
    assert leniency(ratings).mean() == pytest.approx(0, abs=1e-9)


def test_a_complete_table_needs_no_more_than_row_means():
    ratings = np.random.default_rng(2).integers(1, 6, (4, 5)).astype(float)
    expected = ratings.mean(axis=1) - ratings.mean()
    assert leniency(ratings) == pytest.approx(expected)
    assert adjusted_means(ratings) == pytest.approx(ratings.mean(axis=0))


def test_the_interval_of_a_complete_table_is_students():
    ratings = np.array([[4, 2, 5.0], [3, 2, 3], [5, 1, 4]])
    left = ratings - leniency(ratings)[:, None] - adjusted_means(ratings)
    spread = np.sqrt((left**2).sum() / 4)
    low, high = adjusted_intervals(ratings)
    assert (high - low) / 2 == pytest.approx(2.776445 * spread / np.sqrt(3), rel=1e-6)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    random = np.random.default_rng(0)
    good, lenient = np.array([2, 3, 3.5, 4]), np.array([-1, 0, 0, 1.0])
    held = []
    for _ in range(300):
        ratings = good + lenient[:, None] + random.normal(0, 0.5, (4, 4))
        ratings[random.integers(4), random.integers(4)] = NAN
        low, high = adjusted_intervals(ratings)
        held.append((low <= good) & (good <= high))
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_judges_without_a_common_entry_cannot_be_compared():
    apart = np.array([[4, 5, NAN, NAN], [3, 5, NAN, NAN], [NAN, NAN, 2, 1.0]])
    assert not is_connected(apart)
    assert np.isnan(adjusted_intervals(apart)[0]).all()
    apart[0, 3] = 3
    assert is_connected(apart)


def test_one_judge_gives_no_interval():
    assert np.isnan(adjusted_intervals([[3, 4]])[0]).all()


@pytest.mark.parametrize(
    ("ratings", "why"),
    [
        ([1, 2, 3], "one row for each judge"),
        (np.zeros((0, 3)), "one row for each judge"),
        ([[1, np.inf]], "infinite"),
        ([[1, 2], [NAN, NAN]], "rated nothing"),
        ([[1, NAN], [2, NAN]], "rated by nobody"),
        (np.ones((1001, 2)), "at most 1000"),
    ],
)
def test_tables_that_cannot_be_used_get_a_sentence(ratings, why):
    with pytest.raises(InputError, match=why):
        leniency(ratings)
