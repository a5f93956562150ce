"""How the answers of lesson 01 on scales and batches are judged."""

import numpy as np

from deepcomposer_edu.course.learner import Learner

# 1.5 scale_shares ---------------------------------------------------------------

_C_MAJOR = (0, 2, 4, 5, 7, 9, 11)


def _histogram(*pitch_classes: int) -> np.ndarray:
    return np.bincount(pitch_classes, minlength=12).astype(float)


def shares_have_a_shape(learner: Learner) -> None:
    """There are twelve shares."""
    got = learner(_histogram(*_C_MAJOR))
    learner.expect_shape(got, (12,), cause="Give one share for each tonic, C to B.")


def c_major_is_whole(learner: Learner) -> None:
    """The scale of C major lies whole in C major."""
    got = learner(_histogram(*_C_MAJOR))
    learner.expect_close(
        got[0],
        1.0,
        1e-9,
        "All of C, D, E, F, G, A, B lies in C major.",
        known=[
            (7.0, "That is a count; divide by the sum of the histogram."),
            (4 / 7, "Those are seven neighbours, not the steps of MAJOR_SCALE."),
            (7 / 12, "Divide by the sum of the histogram, not by 12."),
        ],
    )


def shares_of_every_scale(learner: Learner) -> None:
    """The scale of C major shares six notes with G and with F major."""
    got = learner(_histogram(*_C_MAJOR))
    right = [
        len({(tonic + degree) % 12 for degree in _C_MAJOR} & set(_C_MAJOR)) / 7
        for tonic in range(12)
    ]
    learner.expect_close(got, np.array(right), 1e-9, "Count again.", axes=("tonic",))


def sharps_go_the_right_way(learner: Learner) -> None:
    """F sharp lies in G major and not in F major."""
    got = learner(_histogram(7, 7, 6))
    learner.expect_close(
        got[[5, 7]],
        np.array([2 / 3, 1.0]),
        1e-9,
        "F# belongs to G major (number 7) and not to F major (number 5).",
        known=[
            (
                np.array([1.0, 2 / 3]),
                "The scales are in the wrong order: number 7 must be G major. Look at "
                "the direction in which you turn them.",
            )
        ],
    )


def silence_has_no_scale(learner: Learner) -> None:
    """An empty histogram gives zeros."""
    got = learner(np.zeros(12))
    learner.expect_close(
        got,
        np.zeros(12),
        1e-9,
        "An empty histogram has the sum 0, and dividing by it gives nan: treat it "
        "first.",
        axes=("tonic",),
    )


def transposing_turns_the_shares(learner: Learner) -> None:
    """Music moved up by a fifth has its shares moved up by a fifth."""
    histogram = np.random.default_rng(0).random(12)
    got = learner(histogram)
    moved = learner(np.roll(histogram, 7))
    learner.expect_close(
        moved, np.roll(got, 7), 1e-9, "Every tonic must be treated alike."
    )


# 1.6 batches --------------------------------------------------------------------


def _rows() -> tuple[np.ndarray, np.ndarray]:
    """Return ten rows and, in a second array, their numbers."""
    return np.arange(20).reshape(10, 2), np.arange(10)


def batches_have_sizes(learner: Learner) -> None:
    """Ten rows in batches of four are 4, 4 and 2."""
    got = learner.all_of(_rows(), 4, seed=0)
    learner.expect(
        all(isinstance(batch, tuple) and len(batch) == 2 for batch in got),
        f"{learner.call}: expected each batch to be a tuple with one array for each "
        "given, got something else. Yield tuple(...) of the chosen rows.",
    )
    learner.expect_equal(
        [len(batch[0]) for batch in got],
        [4, 4, 2],
        cause="Step through the order from 0 in steps of the batch size.",
        known=[
            ([4, 4], "The last batch may be smaller, but it must not be lost."),
            ([4, 4, 4], "The last batch holds only what is left: each row comes once."),
        ],
    )


def every_row_comes_once(learner: Learner) -> None:
    """Every row comes exactly once."""
    numbers = np.concatenate([b[1] for b in learner.all_of(_rows(), 4, seed=0)])
    learner.expect_equal(
        sorted(numbers.tolist()),
        list(range(10)),
        cause="Some rows come twice and some never: shuffle the order once, then cut "
        "it into pieces.",
    )


def order_is_shuffled(learner: Learner) -> None:
    """The rows come in random order."""
    numbers = np.concatenate([b[1] for b in learner.all_of(_rows(), 4, seed=0)])
    learner.expect(
        numbers.tolist() != list(range(10)),
        f"{learner.call}: expected the rows in random order, got 0, 1, 2, ... Take the "
        "order from a permutation.",
    )


def arrays_stay_together(learner: Learner) -> None:
    """The same rows are taken from every array."""
    for rows, numbers in learner.all_of(_rows(), 4, seed=0):
        learner.expect_equal(
            rows[:, 0] // 2,
            numbers,
            cause="The arrays were shuffled apart: a window would lose its key. Draw "
            "one order and use it for all.",
        )


def seed_decides(learner: Learner) -> None:
    """The same seed gives the same order, another seed another."""
    first, again, other = (
        np.concatenate([b[1] for b in learner.all_of(_rows(), 4, seed=seed)]).tolist()
        for seed in (1, 1, 2)
    )
    learner.expect(
        first == again,
        f"{learner.call}: the same seed gave two orders. Draw from "
        "np.random.default_rng(seed), made inside the function.",
    )
    learner.expect(
        first != other,
        f"{learner.call}: two seeds gave the same order. Use `seed` to make the random "
        "generator.",
    )
