"""How the answers of lesson 02 on counting and surprise are judged."""

from collections import Counter
from math import log2

import numpy as np

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.course.values import as_numpy

# 2.5 count_followers ------------------------------------------------------------

_PIECE = ["C", "D", "C", "E", "C", "D"]


def followers_are_a_dictionary(learner: Learner) -> None:
    """The answer is a dictionary of counters."""
    learner.causes["TypeError"] = (
        "A list cannot be the key of a dictionary; make it a tuple."
    )
    got = learner(_PIECE, 2)
    learner.expect_type(got, dict, cause="Return the dictionary of all contexts.")
    for value in got.values():
        learner.expect(
            isinstance(value, Counter),
            f"{learner.call}: expected a Counter for each context, got {value!r}.",
        )


def contexts_are_tuples(learner: Learner) -> None:
    """The contexts are tuples of tokens."""
    for key in learner(_PIECE, 2):
        learner.expect(
            isinstance(key, tuple),
            f"{learner.call}: expected tuples as contexts, got {key!r}. One token is "
            "(token,), and none is ().",
        )


def followers_by_hand(learner: Learner) -> None:
    """After C comes D twice and E once."""
    got = learner(_PIECE, 2)
    learner.expect(
        ("C",) in got,
        f"{learner.call}: the context ('C',) is missing. With order 2 the contexts "
        "have 0 and 1 tokens.",
    )
    learner.expect_equal(
        dict(got[("C",)]),
        {"D": 2, "E": 1},
        cause="Count the token that comes right after the context.",
        known=[
            (
                {"C": 2},
                "The context must end before the token; here it ends with it.",
            ),
            ({"D": 1, "E": 1}, "What follows twice is counted twice."),
        ],
    )


def every_length_is_counted(learner: Learner) -> None:
    """The contexts of all lengths are counted, from the empty one on."""
    got = learner(_PIECE, 3)
    learner.expect(
        () in got,
        f"{learner.call}: the empty context () is missing; it comes before every "
        "token.",
    )
    learner.expect_equal(
        dict(got[()]),
        {"C": 3, "D": 2, "E": 1},
        cause="The empty context counts all tokens of the piece.",
        known=[
            (
                {"C": 5, "D": 3, "E": 1},
                "At the beginning a context that does not exist is taken for the empty "
                "one: a slice with a negative beginning is empty. Take lengths up to "
                "`i` only.",
            )
        ],
    )
    longest = max(len(context) for context in got)
    learner.expect(
        longest == 2,
        f"{learner.call}: expected contexts of at most 2 tokens, got one of {longest}. "
        "The n of an n-gram counts the token itself, so n - 1 are before it.",
    )
    learner.expect_equal(
        dict(got.get(("D", "C"), {})),
        {"E": 1},
        cause="After D C comes E. A context is in the order in which it sounds.",
    )


def the_beginning_has_short_contexts(learner: Learner) -> None:
    """At the beginning there are fewer tokens before a token."""
    got = learner(["A", "B", "A"], 3)
    expected = {
        (): {"A": 2, "B": 1},
        ("A",): {"B": 1},
        ("B",): {"A": 1},
        ("A", "B"): {"A": 1},
    }
    learner.expect_equal(
        {context: dict(counts) for context, counts in got.items()},
        expected,
        cause="Before the first token there is nothing, before the second one token; "
        "a slice with a negative beginning counts from the end of the piece.",
    )


# 2.6 blend ----------------------------------------------------------------------

_COUNTS = np.array([3, 1, 0, 0])
_SHORTER = np.array([0.1, 0.2, 0.3, 0.4])


def blend_has_a_shape(learner: Learner) -> None:
    """One probability for each token."""
    learner.expect_shape(learner(_COUNTS, _SHORTER), (4,))


def nothing_counted_changes_nothing(learner: Learner) -> None:
    """Where nothing was counted the shorter guess stays."""
    got = learner(np.zeros(4), _SHORTER)
    learner.expect(
        not np.isnan(as_numpy(got)).any(),
        f"{learner.call}: expected {_SHORTER.tolist()}, got nan. A context that was "
        "never seen has no counts to divide by.",
    )
    learner.expect_close(
        got, _SHORTER, 1e-9, "With no counts, the shorter guess is all there is."
    )


def blend_by_hand(learner: Learner) -> None:
    """Counts 3 and 1: N is 4 and D is 2."""
    learner.expect_close(
        learner(_COUNTS, _SHORTER),
        (_COUNTS + 2 * _SHORTER) / 6,
        1e-9,
        "N = 4 and D = 2, so each token gets (count + 2 * shorter) / 6.",
        known=[
            (
                _COUNTS / 4,
                "That is counting alone: what was not seen yet has 0 and could "
                "never come.",
            ),
            (
                (_COUNTS + 4 * _SHORTER) / 8,
                "D is the number of tokens that were counted at all, 2, not the size "
                "of the vocabulary or the sum of the counts.",
            ),
            ((_COUNTS + 2 * _SHORTER) / 4, "Divide by N + D, else the sum is above 1."),
            (_COUNTS + 2 * _SHORTER, "These do not add up to 1: divide by N + D."),
            (
                (_COUNTS / 4 + _SHORTER) / 2,
                "Half and half forgets how often the context was seen.",
            ),
        ],
    )


def blend_sums_to_one(learner: Learner) -> None:
    """The probabilities add up to 1."""
    rng = np.random.default_rng(0)
    for _ in range(10):
        shorter = rng.random(6)
        got = learner(rng.integers(0, 5, 6), shorter / shorter.sum())
        learner.expect_close(
            float(np.sum(got)), 1.0, 1e-9, "Probabilities add up to 1."
        )


def many_counts_speak_for_themselves(learner: Learner) -> None:
    """After a thousand sightings the shorter context has little to say."""
    got = learner(np.array([900, 100, 0, 0]), _SHORTER)
    learner.expect_close(
        got[0],
        900.2 / 1002,
        1e-9,
        "The shorter guess has the weight D, which stays small while N grows.",
    )


# 2.7 surprise -------------------------------------------------------------------


def surprise_is_a_number(learner: Learner) -> None:
    """Surprise is one number."""
    learner.expect_number(learner(0.5))


def a_coin_is_one_bit(learner: Learner) -> None:
    """A coin that falls as it may has one bit."""
    learner.expect_close(
        learner(0.5),
        1.0,
        1e-9,
        "What has probability one half has a surprise of 1 bit.",
        known=[
            (-1.0, "The logarithm of a number below 1 is negative: change the sign."),
            (-np.log(0.5), "That is in nats; bits take the logarithm to base 2."),
            (-np.log10(0.5), "Bits take the logarithm to base 2, not to base 10."),
            (2.0, "That is 1 / p; its logarithm is the surprise."),
            (0.5, "1 - p does not add up: two coins would have less than 2 bits."),
        ],
    )


def halving_adds_a_bit(learner: Learner) -> None:
    """Each halving of the probability adds one bit."""
    for probability in (0.25, 0.1, 0.003, 1e-9):
        learner.expect_close(
            learner(probability),
            -log2(probability),
            1e-6,
            "Count how often 1 is halved to get there.",
        )


def certainty_is_no_surprise(learner: Learner) -> None:
    """What was certain is no surprise."""
    learner.expect_close(learner(1.0), 0.0, 1e-9, "log2(1) is 0.")
