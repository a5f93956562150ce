"""How the answers of lesson 14 on points and judges are judged."""

import math

import numpy as np

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.music.typical import typicality

_NAN = float("nan")

# 14.5 percentile_points -----------------------------------------------------------

_FOUR = (1.0, 2.0, 3.0, 4.0)
_TEN = tuple(range(1, 11))


def points_are_a_number(learner: Learner) -> None:
    """Points are one number."""
    learner.expect_number(learner(2, _FOUR, "low"))


def points_if_low_is_better(learner: Learner) -> None:
    """Parallels: the fewer, the better."""
    for value, points in ((1, 10), (3, 10), (4, 5), (5, 0)):
        share = np.mean(np.array(_FOUR) >= value)
        learner.expect_close(
            learner(value, _FOUR, "low"),
            points,
            1e-6,
            f"{share:.0%} of the chorales are at {value} or above.",
            known=[
                (10 * share, "Twice the share counts: the middle one gets everything."),
                (20 * share, "At most all the points: no more than `most`."),
                (learner.reference(value, _FOUR, "high"),
                 "The wrong end: if low is better, count who is as high or higher."),
                (10 * min(1, 2 * np.mean(np.array(_FOUR) > value)),
                 "Who has the same value counts, too: >=, not >."),
            ],
        )  # fmt: skip


def points_if_high_is_better(learner: Learner) -> None:
    """Chords on the beats: the more, the better."""
    for value, points in ((0, 0), (1, 5), (2, 10), (9, 10)):
        learner.expect_close(
            learner(value, _FOUR, "high"),
            points,
            1e-6,
            "If high is better, count who is as low or lower.",
        )


def points_if_usual_is_better(learner: Learner) -> None:
    """As usual, neither more nor less."""
    for value in (1, 3, 5, 8, 10, 11):
        usual = 10 * typicality(value, _TEN)
        learner.expect_close(
            learner(value, _TEN),
            usual,
            1e-6,
            "Left out, `better` is usual, and `typicality` is the share of the points.",
            known=[(usual / 10, "That is a share; there are `most` points.")],
        )


def points_of_other_amounts(learner: Learner) -> None:
    """How many points there are is said by the caller."""
    learner.expect_close(
        learner(4, _FOUR, "low", 4),
        2.0,
        1e-6,
        "Half of 4 points is 2.",
        known=[(5.0, "`most` was not looked at.")],
    )


def points_for_nothing(learner: Learner) -> None:
    """What could not be measured earns nothing."""
    for better in ("low", "high", "usual"):
        learner.expect_close(
            learner(_NAN, _FOUR, better), 0.0, 1e-6, "nan earns no points."
        )


# 14.6 leniency --------------------------------------------------------------------

_WHOLE = np.array([[4.0, 5, 3], [2, 3, 1]])
# good 4 4 1 1, lenient 0.5 -0.5 0; the first heard two good ones and one bad
_PARTS = np.array(
    [[4.5, 4.5, 1.5, _NAN], [_NAN, 3.5, 0.5, 0.5], [4.0, _NAN, _NAN, 1.0]]
)


def _row_means(table: np.ndarray) -> np.ndarray:
    means = np.nanmean(table, axis=1)
    return means - means.mean()


def leniency_is_a_row(learner: Learner) -> None:
    """One number for each judge."""
    learner.expect_shape(
        learner(_WHOLE), (2,), "One number for each judge, that is, for each row."
    )


def leniency_by_hand(learner: Learner) -> None:
    """One judge gives two points more than the other, for every entry."""
    learner.expect_close(
        learner(_WHOLE),
        np.array([1.0, -1.0]),
        1e-6,
        "The judges differ by 2 for each entry, and the mean of both is to be 0.",
        known=[
            (np.array([-1.0, 1.0]), "The sign: a lenient judge has a number above 0."),
            (np.array([4.0, 2.0]), "Those are the judges' means; from each the mean "
             "of all judges is taken away."),
            (np.array([2.0, 0.0]), "Counted from the strictest judge; the mean of all "
             "is to be 0."),
        ],
        axes=("judge",),
    )  # fmt: skip


def leniency_is_fair(learner: Learner) -> None:
    """Whoever heard the good entries is not lenient for that."""
    zeros = np.nan_to_num(_PARTS)
    learner.expect_close(
        learner(_PARTS),
        np.array([0.5, -0.5, 0.0]),
        1e-6,
        "Compare judges by what both of them rated: here the first gives half a point "
        "more than the third, and the second half a point less.",
        known=[
            (_row_means(_PARTS), "Means of the rows are unfair: the first judge heard "
             "the good entries. Fit entries and judges together."),
            (_row_means(zeros), "A missing rating is no 0: leave nan out."),
            (np.array([-0.5, 0.5, 0.0]), "The sign: a lenient judge has a number "
             "above 0."),
        ],
        axes=("judge",),
    )  # fmt: skip


def leniency_ignores_the_scale(learner: Learner) -> None:
    """If everybody gives one point more, nobody is more lenient than before."""
    learner.expect_close(
        learner(_PARTS + 1),
        learner(_PARTS),
        1e-6,
        "All gave one point more, so nothing changes between the judges: take the "
        "judges' mean away.",
        axes=("judge",),
    )


# 14.7 agreement -------------------------------------------------------------------


def _alpha(table: np.ndarray, weigh: bool = True, less: int = 1) -> float:
    columns = [column[~np.isnan(column)] for column in np.asarray(table, float).T]
    columns = [column for column in columns if len(column) > 1]
    pooled = np.concatenate(columns)

    def sums(values: np.ndarray) -> float:
        return float(((values[:, None] - values) ** 2).sum())

    observed = sum(sums(c) / ((len(c) - 1) if weigh else 1) for c in columns)
    return 1 - observed / (sums(pooled) / (len(pooled) - less))


_AGAINST = np.array([[1.0, 2], [2, 1]])
_MIXED = np.array([[1.0, 4, 3, _NAN], [2, 5, 3, _NAN], [1, _NAN, 5, 2]])


def agreement_is_a_number(learner: Learner) -> None:
    """Agreement is one number."""
    learner.expect_number(learner(_AGAINST))


def agreement_of_twins(learner: Learner) -> None:
    """Who always says the same agrees."""
    learner.expect_close(
        learner(np.array([[1.0, 2, 3], [1, 2, 3]])),
        1.0,
        1e-6,
        "Nobody ever differs about an entry, so D_o is 0.",
        known=[(0.0, "That is the disagreement; alpha is 1 minus it.")],
    )


def agreement_by_hand(learner: Learner) -> None:
    """Two judges who say the opposite agree less than the lot."""
    learner.expect_close(
        learner(_AGAINST),
        -0.5,
        1e-6,
        "S is 2 for each entry and 8 for all four ratings: 1 - (2 + 2) / (8 / 3).",
        known=[
            (_alpha(_AGAINST, less=0), "All n ratings have n - 1 others each: divide "
             "by n - 1, not by n."),
            (0.5, "1 minus the quotient, not the other way round."),
            (1.5, "That is D_o / D_e; alpha is 1 minus it."),
        ],
    )  # fmt: skip


def agreement_weighs_entries(learner: Learner) -> None:
    """An entry with three ratings has more pairs, and no more weight for each."""
    learner.expect_close(
        learner(_MIXED),
        _alpha(_MIXED),
        1e-6,
        "An entry with m ratings: S / (m - 1). One with a single rating is left out, "
        "of the pooled ratings, too.",
        known=[
            (_alpha(_MIXED, weigh=False), "Divide the S of each entry by m - 1, or "
             "entries with many ratings count too much."),
            (_alpha(_MIXED, less=0), "All n ratings: divide by n - 1, not by n."),
            (_alpha(np.nan_to_num(_MIXED)), "A missing rating is no 0: leave nan out."),
            (_with_single(_MIXED), "The entry with one rating counts nowhere, also not "
             "among all ratings."),
        ],
    )  # fmt: skip


def _with_single(table: np.ndarray) -> float:
    known = table[~np.isnan(table)]
    spread = ((known[:, None] - known) ** 2).sum() / (len(known) - 1)
    columns = [c[~np.isnan(c)] for c in table.T]
    columns = [c for c in columns if len(c) > 1]
    observed = sum(((c[:, None] - c) ** 2).sum() / (len(c) - 1) for c in columns)
    return float(1 - observed / spread)


def agreement_on_the_level(learner: Learner) -> None:
    """The same order is not yet the same rating."""
    table = np.array([[1.0, 2, 3], [3, 4, 5]])
    learner.expect_close(
        learner(table),
        _alpha(table),
        1e-6,
        "The second judge gives two points more each time, and that is a difference.",
        known=[(1.0, "Only the order was looked at; alpha compares the ratings.")],
    )


def agreement_about_nothing(learner: Learner) -> None:
    """If all is the same, nobody can tell."""
    learner.causes["ZeroDivisionError"] = "All ratings are equal: give nan."
    for table in (np.full((2, 3), 3.0), np.array([[1.0, _NAN], [_NAN, 2.0]])):
        learner.causes["ValueError"] = "No entry has two ratings: give nan."
        got = learner(table)
        is_nan = isinstance(got, float | np.floating) and math.isnan(got)
        learner.expect(
            is_nan,
            f"{learner.call}: expected nan, got {got!r}. If nobody differs anywhere, "
            "or no entry has two ratings, there is nothing to agree about.",
        )
