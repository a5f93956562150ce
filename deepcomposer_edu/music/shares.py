"""What a count of right answers is worth: the statistics of a listening test.

A listener is right in some of the rounds. The share of right answers that would come
out after endlessly many rounds is what one would like to know; the functions here say
what a few rounds tell about it. Answers are taken to be independent of each other.
"""

from __future__ import annotations

from math import ceil, comb, exp, log, sqrt
from statistics import NormalDist

from deepcomposer_edu.errors import InputError

MAX_ANSWERS = 10_000


def check_counts(n_right: int, n_answers: int) -> None:
    """Raise an InputError unless `n_right` of `n_answers` is possible."""
    for n in (n_right, n_answers):
        if isinstance(n, bool) or not hasattr(n, "__index__"):
            raise InputError(
                f"A count of answers is {str(n)[:40]}, but whole numbers are needed."
            )
    if not 1 <= n_answers <= MAX_ANSWERS:
        raise InputError(
            f"There are {n_answers} answers, but from 1 to {MAX_ANSWERS:,} are needed."
        )
    if not 0 <= n_right <= n_answers:
        raise InputError(
            f"{n_right} of {n_answers} answers are right, but from 0 to {n_answers} "
            "can be."
        )


def check_share(name: str, share: float) -> None:
    """Raise an InputError unless `share` lies between 0 and 1, both left out."""
    if not (isinstance(share, int | float) and 0 < share < 1):
        raise InputError(
            f"The {name} is {str(share)[:40]}, but must lie between 0 and 1, such as "
            "0.5."
        )


def wilson_interval(
    n_right: int, n_answers: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Return between which shares of right answers the true one probably lies.

    Wilson's interval (1927): all true shares s for which the share seen lies at most z
    standard errors, that is z √(s (1 - s) / n), away from s. With p = n_right / n and
    n = n_answers its ends are

        (p + z² / 2n ± z √(p (1 - p) / n + z² / 4n²)) / (1 + z² / n)

    In the long run, `confidence` of such intervals hold the true share.

    Args:
        n_right: how many answers are right, 0 to `n_answers`.
        n_answers: n, how many answers there are, at least 1.
        confidence: how often the interval should be right, between 0 and 1. z is the
            number for which a normal draw lies within -z and z that often: 1.96 for
            0.95; `NormalDist().inv_cdf((1 + confidence) / 2)` gives it.

    Returns:
        The lower and the upper end, a pair of floats in [0, 1].

    Raises:
        InputError: if the counts are impossible (`check_counts(n_right, n_answers)`
            sees to it) or `confidence` is (`check_share("confidence", confidence)`).
    """
    check_counts(n_right, n_answers)
    check_share("confidence", confidence)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p, n = n_right / n_answers, n_answers
    middle = p + z**2 / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)
    return max(low, 0.0), min(high, 1.0)


def chance_of_at_least(n_right: int, n_answers: int, chance: float = 0.5) -> float:
    """Return how probable so many right answers or more are for one who guesses.

    The exact sum over the binomial distribution: k right answers of n have the
    probability C(n, k) c^k (1 - c)^(n - k), where c is the chance of each. With more
    than 1000 answers C(n, k) can be too large for a float; then add the logarithms of
    the factors, and take `exp` of the sum.

    Args:
        n_right: how many answers are right, 0 to `n_answers`.
        n_answers: n, how many answers there are, at least 1.
        chance: c, the probability that one guess is right, between 0 and 1.

    Returns:
        A probability in [0, 1]: 1 for `n_right` = 0, and 0.25 for 2 of 2 with a coin.

    Raises:
        InputError: if the counts are impossible (`check_counts(n_right, n_answers)`
            sees to it) or `chance` is (`check_share("chance", chance)`).
    """
    check_counts(n_right, n_answers)
    check_share("chance", chance)
    total = 0.0
    for k in range(n_right, n_answers + 1):
        # as logarithms: C(n, k) alone is too large for a float
        log_power = k * log(chance) + (n_answers - k) * log(1 - chance)
        total += exp(log(comb(n_answers, k)) + log_power)
    return min(total, 1.0)


def answers_needed(
    share: float, chance: float = 0.5, confidence: float = 0.95, power: float = 0.8
) -> int:
    """Return how many answers it takes to tell a listener from one who guesses.

    If the true share of right answers is s and a guess is right with the chance c, then
    after

        n = ((a √(c (1 - c)) + b √(s (1 - s))) / (s - c))²

    answers a test at `confidence` finds the difference in `power` of the cases. Here a
    and b are the places below which a normal draw lies in `confidence` and in `power`
    of the cases, `NormalDist().inv_cdf(...)`. (The binomial distribution is taken for a
    normal one, which is good for a plan; see Fleiss, Levin and Paik 2003, 2.5.)

    Args:
        share: s, the true share of right answers, between 0 and 1, not `chance`. It may
            lie below: one who is wrong too often can hear the difference, too.
        chance: c, the share that guessing gives, between 0 and 1.
        confidence: how seldom one who guesses may be taken for one who hears: 0.95
            means in 1 of 20 cases.
        power: how often one who hears should be found out.

    Returns:
        The number of answers, rounded up to an int, at least 1.

    Raises:
        InputError: if one of the four does not lie between 0 and 1, which calls such
            as `check_share("power", power)` see to; or if `share` and `chance` are
            equal: then no number is enough.
    """
    for name, value in (("share", share), ("chance", chance), ("power", power)):
        check_share(name, value)
    check_share("confidence", confidence)
    if share == chance:
        raise InputError(
            f"The share and the chance are both {share}, so no number of answers tells "
            "them apart; give two different numbers."
        )
    a, b = (NormalDist().inv_cdf(p) for p in (confidence, power))
    spread = a * sqrt(chance * (1 - chance)) + b * sqrt(share * (1 - share))
    return ceil((spread / (share - chance)) ** 2)
