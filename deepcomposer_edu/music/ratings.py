"""What the ratings of several judges are worth: lenient judges, agreement, intervals.

Ratings stand in a table of shape (J, E): one row for each judge, one column for each
entry, nan where a judge did not rate an entry.
"""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.errors import InputError

MAX_JUDGES, MAX_ENTRIES = 1_000, 1_000
Table = np.ndarray


def checked_ratings(ratings: Table) -> Table:
    """Return a table of ratings as floats, shape (J, E), or raise an InputError."""
    table = np.asarray(ratings, dtype=float)
    if table.ndim != 2 or 0 in table.shape:
        raise InputError(
            f"The ratings have shape {table.shape}, but one row for each judge and one "
            "column for each entry are needed."
        )
    if table.shape[0] > MAX_JUDGES or table.shape[1] > MAX_ENTRIES:
        raise InputError(
            f"There are {table.shape[0]} judges and {table.shape[1]} entries, but at "
            f"most {MAX_JUDGES} and {MAX_ENTRIES} are counted."
        )
    if np.isinf(table).any():
        raise InputError("A rating is infinite; give numbers, or nan where none is.")
    if np.isnan(table).all(axis=1).any() or np.isnan(table).all(axis=0).any():
        raise InputError(
            "A judge rated nothing or an entry was rated by nobody; leave out the row "
            "or the column."
        )
    return table


def leniency(ratings: Table) -> np.ndarray:
    """Return how many points each judge gives more than the judges' mean.

    A rating is taken to be the sum of how good the entry is and how lenient the judge:
    r[j, e] = lenient[j] + good[e] + something left over. Of all ways to choose the two,
    take the one with the smallest sum of squares left over (least squares): then a
    judge who happened to hear only good entries is not taken for a lenient one.

    A way: a row for each rating that exists, with a 1 in the column of its judge and a
    1 in that of its entry, J + E columns; `np.linalg.lstsq` finds the J + E numbers.

    Args:
        ratings: shape (J, E), nan where a judge did not rate an entry. Nobody is
            without a rating (`checked_ratings` sees to it).

    Returns:
        The leniencies, shape (J,), moved so that their mean is 0.

    Raises:
        InputError: if the table cannot be used.

    >>> leniency([[4, 5, 3], [2, 3, 1]])
    array([ 1., -1.])
    """
    table = checked_ratings(ratings)
    judge, entry = np.nonzero(~np.isnan(table))  # (R,) each: R ratings exist
    n_judges, n_entries = table.shape
    rows = np.hstack([np.eye(n_judges)[judge], np.eye(n_entries)[entry]])  # (R, J + E)
    fitted = np.linalg.lstsq(rows, table[judge, entry], rcond=None)[0]
    lenient = fitted[:n_judges] - fitted[:n_judges].mean()
    return lenient.round(12) + 0.0  # no -0.0, no noise of the last digit


def adjusted_means(ratings: Table) -> np.ndarray:
    """Return the mean rating of each entry, as if all judges were equally lenient.

    From each rating the judge's `leniency` is taken away; what is left is averaged over
    the judges who rated the entry.

    Args:
        ratings: shape (J, E), nan where a judge did not rate an entry.

    Returns:
        One number for each entry, shape (E,). It may lie a little outside the scale.

    Raises:
        InputError: if the table cannot be used.

    >>> adjusted_means([[4, 5, float("nan")], [2, float("nan"), 1]])
    array([3., 4., 2.])
    """
    table = checked_ratings(ratings)
    return np.nanmean(table - leniency(table)[:, None], axis=0)


def agreement(ratings: Table) -> float:
    """Return how well judges agree: Krippendorff's alpha, for ratings on a scale.

    alpha = 1 - D_o / D_e. D_o is how much two ratings of *one* entry differ, D_e how
    much any two ratings do; both are means of squared differences over pairs of
    ratings. 1: judges always agree; 0: as much as if ratings were dealt out by lot;
    below 0: less than that. Krippendorff himself trusts results from 0.8 on, and draws
    tentative conclusions from 0.667 (Content Analysis, 2004, chapter 11).

    Only entries with two ratings or more count. An entry with m ratings has m (m - 1)
    ordered pairs, and is given the weight m: so with the function S that sums the
    squared differences over all ordered pairs of some values, and n ratings in all,

        n D_o = sum over entries of S(its ratings) / (m - 1)
        n D_e = S(all ratings) / (n - 1)

    Args:
        ratings: shape (J, E), nan where a judge did not rate an entry.

    Returns:
        alpha, at most 1; nan if no entry has two ratings, or all ratings are equal:
        then there is nothing to agree about.

    Raises:
        InputError: if the table cannot be used.

    >>> agreement([[1, 2, 3], [1, 2, 3]])
    1.0
    """
    table = checked_ratings(ratings)
    entries = [column[~np.isnan(column)] for column in table.T]
    entries = [values for values in entries if len(values) > 1]
    if not entries:
        return float("nan")
    pooled = np.concatenate(entries)
    observed = sum(pair_differences(v) / (len(v) - 1) for v in entries)
    expected = pair_differences(pooled) / (len(pooled) - 1)
    return float(1 - observed / expected) if expected else float("nan")


def pair_differences(values: np.ndarray) -> float:
    """Return the sum of squared differences over all ordered pairs of some values.

    >>> pair_differences(np.array([1, 2, 4]))  # 1 + 9 + 4, and each the other way
    28.0
    """
    values = np.asarray(values, dtype=float)
    return float(np.square(values[:, None] - values[None, :]).sum())


def kendall_w(ratings: Table) -> float:
    """Return how alike judges order the entries: Kendall's W, 0 to 1.

    Every judge's ratings become ranks (equal ratings share the mean of their ranks), so
    that being lenient or strict does not count. If all order alike, W is 1; if the
    entries' sums of ranks are all equal, 0. With m judges, n entries, the entries' sums
    of ranks R and their mean, and for each judge's groups of t equal ratings
    T = t^3 - t:

        W = 12 sum (R - mean)^2 / (m^2 (n^3 - n) - m sum T)

    (Kendall and Babington Smith 1939, with Kendall's correction for ties.)

    Args:
        ratings: shape (J, E), complete: no nan.

    Returns:
        W; nan if a rating is missing, there is one entry only, or every judge gave all
        entries the same.

    Raises:
        InputError: if the table cannot be used.

    >>> kendall_w([[1, 2, 3], [3, 4, 5]])
    1.0
    """
    from scipy.stats import rankdata

    table = checked_ratings(ratings)
    m, n = table.shape
    if np.isnan(table).any():
        return float("nan")
    sums = rankdata(table, axis=1).sum(axis=0)  # (E,)
    groups = [np.unique(row, return_counts=True)[1] for row in table]
    ties = sum(float((t**3 - t).sum()) for t in groups)
    most = m**2 * (n**3 - n) - m * ties
    return float(12 * np.square(sums - sums.mean()).sum() / most) if most else np.nan


def is_connected(ratings: Table) -> bool:
    """Say whether all judges can be compared with each other.

    Two judges can who rated one entry in common, or over a chain of such judges. If
    not, nobody knows whether a group of judges is lenient or its entries are good.
    """
    known = ~np.isnan(checked_ratings(ratings))  # (J, E)
    reached = np.arange(len(known)) == 0
    while True:
        entries = known[reached].any(axis=0)
        wider = reached | known[:, entries].any(axis=1)
        if (wider == reached).all():
            return bool(reached.all())
        reached = wider


def adjusted_intervals(
    ratings: Table, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return between which numbers the adjusted mean of each entry probably lies.

    What is left over when leniency and quality are taken away is how much judges differ
    for no such reason. Its size s, with n ratings, J judges and E entries, has n - J -
    E + 1 degrees of freedom; Student's t with as many says how far the means may be
    off. In a complete table that is t s sqrt(1 / J) for every entry.

    Args:
        ratings: shape (J, E), nan where a judge did not rate an entry.
        confidence: how often the interval should be right, between 0 and 1.

    Returns:
        The lower and the upper ends, shape (E,) each; nan where ratings are too few to
        tell, or judges cannot be compared.

    Raises:
        InputError: if the table cannot be used.
    """
    from scipy.stats import t as student

    table = checked_ratings(ratings)
    (n_judges, n_entries), known = table.shape, ~np.isnan(table)
    n_free = int(known.sum()) - n_judges - n_entries + 1
    nothing = np.full(n_entries, np.nan)
    if n_free < 1 or not is_connected(table):
        return nothing, nothing.copy()
    means = adjusted_means(table)
    left = table - leniency(table)[:, None] - means
    spread = np.sqrt(np.nansum(np.square(left)) / n_free)
    judge, entry = np.nonzero(known)
    rows = np.hstack([np.eye(n_judges)[judge], np.eye(n_entries)[entry]])
    inverse = np.linalg.pinv(rows.T @ rows)  # (J + E, J + E)
    # an adjusted mean is the entry's own number plus the mean of the judges'
    wanted = np.hstack(
        [np.full((n_entries, n_judges), 1 / n_judges), np.eye(n_entries)]
    )
    errors = spread * np.sqrt(np.einsum("ei,ij,ej->e", wanted, inverse, wanted))
    reach = student.ppf((1 + confidence) / 2, n_free) * errors
    return means - reach, means + reach
