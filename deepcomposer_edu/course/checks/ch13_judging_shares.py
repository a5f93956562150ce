"""How the answers of lesson 13 on the statistics of a listening test are judged."""

from math import comb, sqrt
from statistics import NormalDist

from deepcomposer_edu.course.learner import Learner

# 13.4 wilson_interval -------------------------------------------------------------


def _z(confidence: float = 0.95) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _wilson(n_right: int, n: int, z: float) -> tuple[float, float]:
    p = n_right / n
    half = z * sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    ends = (p + z**2 / (2 * n) - half, p + z**2 / (2 * n) + half)
    return tuple(end / (1 + z**2 / n) for end in ends)


def _simple(n_right: int, n: int, z: float) -> tuple[float, float]:
    p = n_right / n
    half = z * sqrt(p * (1 - p) / n)
    return p - half, p + half


def interval_is_a_pair(learner: Learner) -> None:
    """Two numbers come back, the lower one first."""
    got = learner(11, 20)
    learner.expect_type(got, tuple, list, cause="Return `low, high`.")
    learner.expect(
        len(got) == 2,
        f"{learner.call}: expected two numbers, got {len(got)}. Return `low, high`.",
    )
    for end in got:
        learner.expect_number(end)
    learner.expect(
        got[0] < got[1],
        f"{learner.call}: expected the lower end first, got {got[0]:.3g} and "
        f"{got[1]:.3g}.",
    )


def interval_of_eleven(learner: Learner) -> None:
    """11 of 20 right: from 0.34 to 0.74."""
    z = _z()
    right = _wilson(11, 20, z)
    undivided = tuple(end * (1 + z**2 / 20) for end in right)
    learner.expect_close(
        tuple(learner(11, 20)),
        right,
        1e-6,
        f"With z = {z:.3f} the ends are {right[0]:.3f} and {right[1]:.3f}.",
        known=[
            (
                _simple(11, 20, z),
                "That is p ± z √(p (1 - p) / n), the simple interval, which is too "
                "narrow for few answers: the terms with z² are missing.",
            ),
            (
                _wilson(11, 20, NormalDist().inv_cdf(0.95)),
                "z is 1.96, not 1.64: 5 % lie outside at both ends together, so ask "
                "for (1 + confidence) / 2.",
            ),
            (undivided, "All of it is divided by 1 + z² / n."),
        ],
    )


def interval_of_all_right(learner: Learner) -> None:
    """Even 10 of 10 leave doubt."""
    z = _z()
    learner.expect_close(
        tuple(learner(10, 10)),
        (10 / (10 + z**2), 1.0),
        1e-6,
        "Ten of ten do not prove that the eleventh will be right.",
        known=[
            (
                (1.0, 1.0),
                "An interval without length says that nothing is left to doubt, after "
                "ten answers.",
            )
        ],
    )
    low, high = learner(0, 3)
    learner.expect(
        -1e-9 <= low <= high <= 1 + 1e-9,
        f"{learner.call}: expected shares from 0 to 1, got {low:.3g} and {high:.3g}.",
    )


def interval_follows_confidence(learner: Learner) -> None:
    """To be right more often, an interval has to be longer."""
    learner.expect_close(
        tuple(learner(11, 20, 0.5)),
        _wilson(11, 20, _z(0.5)),
        1e-6,
        "For another confidence z is another number.",
        known=[(_wilson(11, 20, _z()), "The confidence was not looked at.")],
    )


def interval_shrinks(learner: Learner) -> None:
    """A hundred times the answers, a tenth of the length."""
    few, many = learner(60, 100), learner(6000, 10_000)
    ratio = (few[1] - few[0]) / (many[1] - many[0])
    learner.expect(
        9 < ratio < 11,
        f"{learner.call}: expected about a tenth of the length of wilson_interval(60, "
        f"100), got 1/{ratio:.3g}. The length falls with the root of n.",
    )


# 13.5 chance_of_at_least ----------------------------------------------------------


def _exactly(k: int, n: int, chance: float = 0.5) -> float:
    return comb(n, k) * chance**k * (1 - chance) ** (n - k)


def _at_least(k: int, n: int, chance: float = 0.5) -> float:
    return sum(_exactly(i, n, chance) for i in range(k, n + 1))


def chance_is_a_number(learner: Learner) -> None:
    """A probability is one number."""
    learner.expect_number(learner(2, 2))


def chance_of_two_coins(learner: Learner) -> None:
    """Two of two coins show heads in one case of four."""
    learner.expect_close(
        learner(2, 2), 0.25, 1e-9, "One of HH, HT, TH, TT has two heads."
    )
    learner.expect_close(
        learner(1, 2),
        0.75,
        1e-9,
        "At least one head: HH, HT and TH.",
        known=[
            (0.5, "That is exactly one head. At least one also takes two."),
            (0.25, "The sum begins with `n_right` itself."),
        ],
    )


def chance_of_anything(learner: Learner) -> None:
    """At least none right is certain."""
    learner.expect_close(
        learner(0, 12), 1.0, 1e-9, "0 or more right answers are certain."
    )


def chance_of_fourteen(learner: Learner) -> None:
    """14 of 20 is what one in 17 reaches by guessing."""
    right = _at_least(14, 20)
    learner.expect_close(
        learner(14, 20),
        right,
        1e-9,
        "Add up 14, 15, ... and 20 right answers.",
        known=[
            (_exactly(14, 20), "That is exactly 14; 15 to 20 are missing."),
            (_at_least(15, 20), "14 itself is missing: at least, not more than."),
            (1 - right, "That is the chance of fewer than 14."),
            (right - _exactly(20, 20), "20 is missing: `range` leaves its end out."),
        ],
    )


def chance_with_other_odds(learner: Learner) -> None:
    """With four choices a guess is right in one case of four."""
    learner.expect_close(
        learner(5, 9, 0.25),
        _at_least(5, 9, 0.25),
        1e-9,
        "A right answer has the chance c, a wrong one 1 - c.",
        known=[
            (_at_least(5, 9), "The chance was not looked at."),
            (_at_least(5, 9, 0.75), "c and 1 - c have changed places."),
        ],
    )


# 13.6 answers_needed --------------------------------------------------------------


def _spread(share: float, chance: float, a: float, b: float) -> float:
    return (
        (a * sqrt(chance * (1 - chance)) + b * sqrt(share * (1 - share)))
        / (share - chance)
    ) ** 2


_A, _B = NormalDist().inv_cdf(0.95), NormalDist().inv_cdf(0.8)


def needed_is_a_whole_number(learner: Learner) -> None:
    """Half an answer does not exist."""
    learner.expect_type(
        learner(0.75), int, cause="Round up to a whole number: `ceil` gives an int."
    )


def needed_for_three_quarters(learner: Learner) -> None:
    """One who is right in 3 of 4 cases is found in 23 answers."""
    learner.expect_equal(
        learner(0.75),
        23,
        "a = 1.645 and b = 0.842: (1.645 * 0.5 + 0.842 * 0.433) / 0.25 is 4.75, and "
        "its square 22.5.",
        known=[
            (22, "Rounded down, it is too few: round up."),
            (29, "a is the place below which `confidence` lies: 1.645, not 1.960."),
            (25, "One who hears has the spread √(s (1 - s)), not that of a coin."),
            (5, "The square is missing."),
            (4, "The square is missing."),
        ],
    )


def needed_for_little(learner: Learner) -> None:
    """The smaller the difference, the more answers, with its square."""
    for share in (0.55, 0.573, 0.6, 0.9):
        plan = _spread(share, 0.5, _A, _B)
        learner.expect_equal(
            learner(share), int(-(-plan // 1)), f"The formula gives {plan:.1f}."
        )


def needed_below_chance(learner: Learner) -> None:
    """One who is always fooled hears the difference, too."""
    learner.expect_equal(
        learner(0.25),
        learner(0.75),
        "0.25 is as far from a coin as 0.75; the square takes the sign away.",
    )


def needed_for_other_wishes(learner: Learner) -> None:
    """Chance, confidence and power are looked at."""
    inverse = NormalDist().inv_cdf
    for options, plan in (
        ({"chance": 0.25}, _spread(0.6, 0.25, _A, _B)),
        ({"confidence": 0.99}, _spread(0.6, 0.5, inverse(0.99), _B)),
        ({"power": 0.95}, _spread(0.6, 0.5, _A, inverse(0.95))),
    ):
        (name,) = options
        learner.expect_equal(
            learner(0.6, **options),
            int(-(-plan // 1)),
            f"The formula gives {plan:.1f}: see what {name} changes in it.",
        )
