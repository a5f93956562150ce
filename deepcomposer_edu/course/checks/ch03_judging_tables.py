"""How the answers to the exercises 3.3 to 3.5 are judged: looking into a table."""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.course.learner import Learner


def table_of(n_rows: int = 9, width: int = 4, seed: int = 0) -> np.ndarray:
    """Return a table of embeddings drawn at random, (n_rows, width)."""
    return np.random.default_rng(seed).normal(size=(n_rows, width))


# 3.3 cosine_similarities --------------------------------------------------------

_ARROWS = np.array([[2.0, 0.0], [0.0, 3.0], [-1.0, 0.0], [3.0, 4.0]])


def a_number_for_each_row(learner: Learner) -> None:
    """There is one cosine for each row."""
    got = learner(table_of(), table_of()[2])
    learner.expect_shape(got, (9,), cause="One number for each of the V rows.")


def cosines_by_hand(learner: Learner) -> None:
    """Same direction 1, right angle 0, opposite -1."""
    vector = np.array([4.0, 0.0])
    dots = _ARROWS @ vector
    lengths = np.array([2.0, 3.0, 1.0, 5.0])
    learner.expect_close(
        learner(_ARROWS.copy(), vector),
        np.array([1.0, 0.0, -1.0, 0.6]),
        1e-6,
        "Dot product, divided by the length of the row and of the vector.",
        known=[
            (dots, "That is the dot product; divide by both lengths."),
            (dots / 4, "The length of the rows is missing."),
            (dots / lengths, "The length of the vector is missing."),
            (
                dots / (np.linalg.norm(_ARROWS) * 4),
                "`np.linalg.norm(table)` is one number for the whole table; with "
                "`axis=1` it is one for each row.",
            ),
            (
                np.linalg.norm(_ARROWS - vector, axis=1),
                "That is the distance. The cosine asks for the direction alone.",
            ),
            (
                1 - np.array([1.0, 0.0, -1.0, 0.6]),
                "That is 1 - cos, the cosine distance; likeness is wanted.",
            ),
        ],
        axes=("row",),
    )


def length_does_not_count(learner: Learner) -> None:
    """Twice as long is as much alike."""
    table, vector = table_of(), table_of(seed=1)[0]
    once = np.asarray(learner(table, vector))
    learner.expect_close(
        learner(table * 2, vector * 3),
        once,
        1e-6,
        "Rows twice as long point the same way: the cosines must stay.",
    )


def cosines_stay_within_one(learner: Learner) -> None:
    """No cosine lies beyond 1 or -1, and each row is wholly like itself."""
    table = table_of()
    for row in range(len(table)):
        got = np.asarray(learner(table, table[row]))
        learner.expect(
            bool((np.abs(got) <= 1 + 1e-9).all()),
            f"{learner.call}: expected numbers from -1 to 1, got "
            f"{np.abs(got).max():.3g}.",
        )
        learner.expect_close(
            got[row], 1.0, 1e-9, "A row and itself point the same way: 1."
        )


# 3.4 nearest --------------------------------------------------------------------

# Rows 0, 3 and 1 point more and more away from row 2; row 4 the other way.
_FAN = np.array([[0.9, 0.1], [0.2, 0.9], [1.0, 0.0], [0.8, 0.6], [-1.0, 0.1]])


def neighbours_are_a_list(learner: Learner) -> None:
    """The answer is a list of n row numbers."""
    got = learner(_FAN.copy(), 2, 3)
    learner.expect_type(got, list, cause="`.tolist()` makes a list of an array.")
    learner.expect_equal(len(got), 3, cause="n neighbours were asked for.")
    for number in got:
        learner.expect_type(
            number, int, cause="Return row numbers, as whole numbers, not cosines."
        )


def nobody_neighbours_itself(learner: Learner) -> None:
    """The row itself is not among its neighbours."""
    got = learner(_FAN.copy(), 2, 3)
    learner.expect(
        2 not in got,
        f"{learner.call}: got {got}, with row 2 itself in it. A row is always most "
        "like itself; put it out of the race first.",
    )


def neighbours_by_hand(learner: Learner) -> None:
    """The most alike comes first."""
    learner.expect_equal(
        list(learner(_FAN.copy(), 2, 3)),
        [0, 3, 1],
        cause="Sort the cosines from the largest down.",
        known=[
            ([4, 1, 3], "Those are the least alike: `argsort` sorts upwards."),
            ([1, 3, 0], "The right rows, but the most alike should come first."),
        ],
    )


def long_rows_are_no_nearer(learner: Learner) -> None:
    """Direction decides, not length or distance."""
    table = np.array([[1.0, 0.0], [50.0, 5.0], [1.0, 0.5], [9.0, 9.0]])
    learner.expect_equal(
        list(learner(table, 0, 3)),
        [1, 2, 3],
        cause="Use cosine_similarities.",
        known=[
            ([2, 3, 1], "Those are the smallest distances. Cosines leave length out."),
            ([1, 3, 2], "Dot products prefer long rows. Use cosine_similarities."),
        ],
    )


# 3.5 principal_axes -------------------------------------------------------------

# Along (3, 4) / 5 the points lie at -2, -1, 1 and 2; across, at 0; the mean is (10, 0).
_ALONG = np.array([-2.0, -1.0, 1.0, 2.0])[:, None] * np.array([0.6, 0.8])
_ACROSS = np.array([0.5, -1.0, 1.0, -0.5])[:, None] * np.array([-0.8, 0.6])
_CLOUD = _ALONG + _ACROSS + np.array([10.0, 0.0])
_CLOUD_SHARES = np.array([0.8, 0.2])  # 10 and 2.5 of 12.5


def axes_and_shares(learner: Learner) -> None:
    """The answer is axes and shares."""
    got = learner(table_of(6, 4))
    learner.expect_type(got, tuple, list, cause="Return `axes, shares`.")
    learner.expect_equal(len(got), 2, cause="Return two things: `axes, shares`.")
    learner.expect_shape(
        got[0], (4, 4), cause="One axis a row; `full_matrices=False` keeps it small."
    )
    learner.expect_shape(got[1], (4,), cause="One share for each axis.")


def axes_by_hand(learner: Learner) -> None:
    """A cloud that lies along (3, 4)."""
    axes, shares = learner(_CLOUD.copy())
    first = np.asarray(axes)[0]
    first = first * (1 if first.sum() >= 0 else -1)  # which end is up is arbitrary
    _, values, turned = np.linalg.svd(_CLOUD, full_matrices=False)
    uncentred = turned[0] * (1 if turned[0].sum() >= 0 else -1)
    learner.expect_close(
        first,
        np.array([0.6, 0.8]),
        1e-6,
        "The points lie along (0.6, 0.8), which must be the first row.",
        known=[
            (
                uncentred,
                "That is the direction of the mean. Take the mean row away first.",
            ),
            (
                np.array([-0.6, 0.8]),
                "The axes stand in the columns; return them as rows.",
            ),
            (
                np.array([0.8, -0.6]),
                "The axis with the largest variance comes first.",
            ),
        ],
        axes=("number",),
    )
    widths = np.sqrt(_CLOUD_SHARES)
    learner.expect_close(
        shares,
        _CLOUD_SHARES,
        1e-6,
        "The squares along the axes are 10 and 2.5, of 12.5 together.",
        known=[
            (widths / widths.sum(), "Square the singular values to get variances."),
            (np.array([10.0, 2.5]), "Divide by the sum, so that the shares make 1."),
            (np.sqrt([10.0, 2.5]), "Those are singular values, not shares."),
            (values**2 / (values**2).sum(), "Take the mean row away first."),
        ],
        axes=("axis",),
    )


def moving_all_changes_nothing(learner: Learner) -> None:
    """Moving all rows by the same amount leaves axes and shares as they are."""
    _, here = learner(table_of())
    _, there = learner(table_of() + 7.0)
    learner.expect_close(
        there,
        np.asarray(here),
        1e-6,
        "All rows were moved by the same amount, and the shares changed. Take the mean "
        "row away: `table.mean(axis=0)`.",
    )


def axes_stand_at_right_angles(learner: Learner) -> None:
    """Axes have length 1 and stand at right angles."""
    axes, _ = learner(table_of())
    axes = np.asarray(axes)
    learner.expect_close(
        axes @ axes.T,
        np.eye(4),
        1e-6,
        "The dot products of the axes must be 1 with themselves and 0 with others.",
        axes=("axis", "axis"),
    )


def shares_are_variances(learner: Learner) -> None:
    """The shares are those of the variances along the axes, the largest first."""
    table = table_of(20, 3, seed=2)
    axes, shares = learner(table)
    along = np.asarray(table @ np.asarray(axes).T).var(axis=0)
    learner.expect_close(
        shares,
        along / along.sum(),
        1e-6,
        "Each share must be the variance of the rows along its axis.",
        axes=("axis",),
    )
