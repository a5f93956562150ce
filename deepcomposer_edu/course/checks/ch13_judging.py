"""How the answers of lesson 13 on metrics are judged."""

import math

import numpy as np

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.music import faulty_metrics
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import MAJOR_SCALE, Key
from deepcomposer_edu.music.metrics import pitch_histogram

_OCTAVES = np.arange(36, 84)
_IS_WHITE = np.isin(_OCTAVES % 12, MAJOR_SCALE)
_NEIGHBOURS = (
    "Neighbouring pitches were put into one class: pitches of one class are twelve "
    "apart. `pitch_histogram` has it right."
)


def _tune(*pitches: int, steps: int = 4) -> Grid:
    """Return one voice, each pitch `steps` long."""
    return Grid(np.repeat(np.array([pitches]), steps, axis=1))


_WHITE, _BLACK = _tune(*_OCTAVES[_IS_WHITE]), _tune(*_OCTAVES[~_IS_WHITE])
_SILENCE = _tune(REST, REST)


def _expect_nan(learner: Learner, got: object, why: str) -> None:
    is_nan = isinstance(got, float | np.floating) and math.isnan(got)
    learner.expect(is_nan, f"{learner.call}: expected nan, got {got!r}. {why}")


# 13.1 in_scale_ratio --------------------------------------------------------------


def scale_is_a_number(learner: Learner) -> None:
    """A ratio is one number."""
    learner.expect_number(learner(_tune(60, 64, 67), "C"))


def scale_of_white_and_black(learner: Learner) -> None:
    """White keys lie in C major, black keys do not."""
    for name, keys, share in (("white", _WHITE, 1.0), ("black", _BLACK, 0.0)):
        learner.expect_close(
            learner(keys, "C"),
            share,
            1e-6,
            f"These are {name} keys and nothing else.",
            known=[
                (faulty_metrics.in_scale_ratio(keys), _NEIGHBOURS),
                (1.0 - share, "The ratio is the share inside the scale."),
            ],
        )


def scale_counts_time(learner: Learner) -> None:
    """A note that sounds longer counts more."""
    tune = Grid([[60] * 12 + [61] * 4])
    learner.expect_close(
        learner(tune, "C"),
        0.75,
        1e-6,
        "C sounds for 12 steps of 16, C sharp for 4.",
        known=[(0.5, "That is the share of notes; time counts, so a long note more.")],
    )


def scale_of_a_key(learner: Learner) -> None:
    """The key that is asked for is the one that counts."""
    in_d = _tune(*(62 + degree for degree in MAJOR_SCALE))
    wrong = "The key was not looked at: this is the share in C major."
    learner.expect_close(
        learner(in_d, Key(2)),
        1.0,
        1e-6,
        "All seven notes lie in D major: use `key.scale`.",
        known=[(5 / 7, wrong), (faulty_metrics.in_scale_ratio(in_d), wrong)],
    )
    learner.expect_close(
        learner(in_d, "C"),
        5 / 7,
        1e-6,
        "Five of the seven notes of D major lie in C major.",
    )


def scale_that_fits_best(learner: Learner) -> None:
    """In whatever key a piece is played, its best scale holds as much of it."""
    tune = (0, 4, 7, 5, 2, 11, 8)  # one foreign note
    for shift in (60, 66):
        learner.expect_close(
            learner(_tune(*(shift + p for p in tune)), "best"),
            6 / 7,
            1e-6,
            "Six of the seven notes lie in the scale that holds most of them: the "
            "largest of `scale_shares`.",
        )
    learner.expect_close(
        learner(_tune(*(61 + p for p in tune))),
        6 / 7,
        1e-6,
        'Left out, the key is "best".',
    )


def scale_of_silence(learner: Learner) -> None:
    """Silence has no notes in or out of a scale."""
    _expect_nan(
        learner,
        learner(_SILENCE, "C"),
        "No note sounds, so no share of the notes lies anywhere.",
    )


# 13.2 histogram_distance ----------------------------------------------------------


def distance_is_a_number(learner: Learner) -> None:
    """A distance is one number."""
    learner.expect_number(learner(_WHITE, _BLACK))


def distance_to_itself(learner: Learner) -> None:
    """A piece is at no distance from itself, nor from itself played twice."""
    tune = _tune(60, 64, 67, 64)
    learner.expect_close(
        learner(tune, tune),
        0.0,
        1e-6,
        "Both are the same music.",
        known=[
            (
                faulty_metrics.histogram_distance(tune, tune),
                "`second` was never looked at: this is a distance from a row of ones, "
                "that is, from nothing.",
            ),
            (1.0, "0 is for equal histograms, 1 for no class in common."),
        ],
    )
    learner.expect_close(
        learner(tune, _tune(60, 64, 67, 64, steps=8)),
        0.0,
        1e-6,
        "The second plays the same notes twice as long: compare shares, not counts.",
    )


def distance_by_hand(learner: Learner) -> None:
    """All C against half C, half G: half of the time has to move."""
    first, second = np.zeros(12), np.zeros(12)
    first[0], second[[0, 7]] = 1.0, 0.5
    learner.causes["AttributeError"] = learner.causes["TypeError"] = (
        "A histogram may come as a numpy array; only music goes through "
        "`pitch_histogram`."
    )
    learner.expect_close(
        learner(first, second),
        0.5,
        1e-6,
        "|1 - 0.5| + |0 - 0.5| is 1, and half of it is 0.5.",
        known=[
            (1.0, "What moves leaves one class and comes to another, and so is counted "
             "twice: take half of the sum."),
            (0.5**0.5, "That is the straight line between the two. Add up absolute "
             "differences instead, and take half."),
            (0.5**0.5 / 2, "Add up absolute differences, not squares."),
            (1 / 12, "That is a mean over the classes; take half of the sum."),
        ],
    )  # fmt: skip


def distance_at_its_largest(learner: Learner) -> None:
    """White and black keys have no class in common."""
    learner.expect_close(
        learner(_WHITE, _BLACK), 1.0, 1e-6, "No class in common is the distance 1."
    )
    mixed = pitch_histogram(_tune(60, 61, 62, 63))
    learner.expect_close(
        learner(_tune(60, 61, 62, 63), _WHITE),
        learner(_WHITE, mixed),
        1e-6,
        "There and back is equally far.",
    )


def distance_from_silence(learner: Learner) -> None:
    """Silence is at no distance from anything."""
    for pair in ((_SILENCE, _WHITE), (_WHITE, _SILENCE)):
        _expect_nan(
            learner,
            learner(*pair),
            "Silence has no histogram (all 0), so nothing can be compared.",
        )


# 13.3 typicality ------------------------------------------------------------------

_TEN = tuple(range(1, 11))


def typical_is_a_number(learner: Learner) -> None:
    """The answer is one number."""
    learner.expect_number(learner(5, _TEN))


def typical_low_end(learner: Learner) -> None:
    """The smallest of ten values is unusual."""
    learner.expect_close(
        learner(1, _TEN),
        0.2,
        1e-9,
        "One of ten values lies at or below 1, and twice a tenth is 0.2.",
        known=[
            (0.1, "Twice the smaller share: there are two ends."),
            (0.0, "At or below: the value itself counts, so use <= and >=."),
            (1.0, "Take the smaller of the two shares, not the larger."),
        ],
    )
    learner.expect_close(
        learner(0, _TEN), 0.0, 1e-9, "No value lies at or below 0, so it is unusual."
    )


def typical_high_end(learner: Learner) -> None:
    """The largest is as unusual as the smallest."""
    learner.expect_close(
        learner(10, _TEN),
        0.2,
        1e-9,
        "One of ten values lies at or above 10. Too much is as unusual as too little.",
        known=[
            (1.0, "More is not better: look at both ends."),
            (2.0, "More is not better: look at both ends."),
        ],
    )


def typical_middle(learner: Learner) -> None:
    """In the middle the answer is 1, and never more."""
    learner.expect_close(learner(5, _TEN), 1.0, 1e-9, "Half lies at or below 5.")
    learner.expect_close(
        learner(0.0, [0.0] * 19 + [1.0]),
        1.0,
        1e-9,
        "19 of 20 values are 0, so 0 is as usual as can be.",
        known=[
            (2.0, "At most 1: where many values are equal, twice a share is too much."),
            (1.9, "At most 1: where many values are equal, twice a share is too much."),
            (0.1, "Equal values count on both sides: use <= and >=."),
        ],
    )


def typical_in_any_order(learner: Learner) -> None:
    """The reference values may come in any order, in a list or an array."""
    learner.causes["TypeError"] = (
        "The reference may be a list: `np.asarray(reference)` makes an array of it, "
        "which can be compared with a number."
    )
    random = np.random.default_rng(0)
    values = random.normal(10, 3, 40)
    for value in (6.0, 10.0, 15.0):
        learner.expect_close(
            learner(value, list(values)),
            min(2 * min((values <= value).mean(), (values >= value).mean()), 1),
            1e-9,
            "Count the values on each side; how far away they lie does not matter.",
        )


def typical_of_nothing(learner: Learner) -> None:
    """What cannot be measured is not usual."""
    learner.expect_close(
        learner(math.nan, _TEN),
        0.0,
        1e-9,
        "nan is neither below nor above anything. Comparisons with nan are False, so "
        "shares of <= and >= give 0 by themselves.",
    )
