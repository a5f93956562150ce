"""Wrong answers that learners bring to lesson 14, each refused by name."""

import numpy as np
from refusals import refuses

from deepcomposer_edu.music.arranging import scale_shift
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.ratings import pair_differences
from deepcomposer_edu.music.typical import typicality


def counts_beats(seconds, tempo, beats_per_bar=4):
    return round(seconds * tempo / 60)


def rounds_down(seconds, tempo, beats_per_bar=4):
    return max(int(seconds / (beats_per_bar * 60 / tempo)), 1)


def always_four(seconds, tempo, beats_per_bar=4):
    return max(round(seconds * tempo / 240), 1)


def no_bar(seconds, tempo, beats_per_bar=4):
    return round(seconds / (beats_per_bar * 60 / tempo))


def put_together(grid, parts):
    onsets = np.concatenate([grid.onsets] * len(parts), axis=1)
    return Grid(np.concatenate(parts, axis=1), onsets)


def by_semitones(grid, degrees, key):
    return put_together(grid, [grid.pitches, *(grid.pitches + n for n in degrees)])


def moved(grid, n, key):
    rows = [[scale_shift(int(p), n, key) for p in row] for row in grid.pitches]
    return np.where(grid.sounding, rows, REST)


def moves_rests(grid, degrees, key):
    parts = [grid.pitches]
    for n in degrees:
        parts.append([[scale_shift(int(p), n, key) for p in row] for row in parts[0]])
    return put_together(grid, parts)


def loses_onsets(grid, degrees, key):
    parts = [grid.pitches, *(moved(grid, n, key) for n in degrees)]
    return Grid(np.concatenate(parts, axis=1))


def from_the_last_one(grid, degrees, key):
    sums = np.cumsum(degrees).tolist()
    return put_together(grid, [grid.pitches, *(moved(grid, n, key) for n in sums)])


def from_first_to_first(before, after):
    return int(np.abs(after.pitches[:, 0] - before.pitches[:, 0]).max())


def jumps(before, after):
    return np.abs(after.pitches[:, 0] - before.pitches[:, -1])


def all_added(before, after):
    return int(jumps(before, after).sum())


def takes_rests_for_pitches(before, after):
    return int(jumps(before, after).max())


def fails_in_silence(before, after):
    found = []
    for voice in range(before.n_voices):
        last = before.pitches[voice][before.sounding[voice]][-1]
        found.append(abs(int(after.pitches[voice][after.sounding[voice]][0]) - last))
    return max(found)


def with_the_one(n_beats, slowest=0.6):
    return np.linspace(1, slowest, n_beats).tolist()


def backwards(n_beats, slowest=0.6):
    return [slowest + (1 - slowest) / n_beats * beat for beat in range(n_beats)]


def by_ratio(n_beats, slowest=0.6):
    return [slowest ** ((beat + 1) / n_beats) for beat in range(n_beats)]


def share(value, reference, better):
    values = np.asarray(reference)
    return np.mean(values >= value if better == "low" else values <= value)


def not_doubled(value, reference, better="usual", most=10):
    if better == "usual":
        return most * typicality(value, reference)
    return float(most * share(value, reference, better))


def above_ten(value, reference, better="usual", most=10):
    return 2 * not_doubled(value, reference, better, most)


def wrong_end(value, reference, better="usual", most=10):
    other = {"low": "high", "high": "low"}.get(better, better)
    if other == "usual":
        return most * typicality(value, reference)
    return float(most * min(1, 2 * share(value, reference, other)))


def ten_for_all(value, reference, better="usual", most=10):
    if better == "usual":
        return 10 * typicality(value, reference)
    return float(10 * min(1, 2 * share(value, reference, better)))


def means_of_rows(ratings):
    means = np.nanmean(ratings, axis=1)
    return means - means.mean()


def plain_means(ratings):
    return np.nanmean(ratings, axis=1)


def missing_is_zero(ratings):
    means = np.nan_to_num(ratings).mean(axis=1)
    return means - means.mean()


def sign_turned(ratings):
    return -means_of_rows(ratings)


def columns(ratings):
    found = [column[~np.isnan(column)] for column in np.asarray(ratings, float).T]
    return [column for column in found if len(column) > 1]


def quotient(ratings):
    some = columns(ratings)
    pooled = np.concatenate(some)
    observed = sum(pair_differences(v) / (len(v) - 1) for v in some)
    return observed / (pair_differences(pooled) / (len(pooled) - 1))


def no_weights(ratings):
    some = columns(ratings)
    pooled = np.concatenate(some)
    observed = sum(map(pair_differences, some))
    return float(1 - observed / (pair_differences(pooled) / (len(pooled) - 1)))


def divides_by_n(ratings):
    some = columns(ratings)
    pooled = np.concatenate(some)
    observed = sum(pair_differences(v) / (len(v) - 1) for v in some)
    return float(1 - observed / (pair_differences(pooled) / len(pooled)))


def only_the_order(ratings):
    ranks = np.argsort(np.argsort(ratings, axis=1), axis=1).astype(float)
    return float(1 - quotient(np.where(np.isnan(ratings), np.nan, ranks)))


def fails_for_nothing(ratings):
    return float(1 - quotient(ratings))


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("14.1", counts_beats, "That is the number of beats"),
    ("14.1", rounds_down, "neither always up nor always down"),
    ("14.1", always_four, "`beats_per_bar` was not looked at"),
    ("14.1", no_bar, "at least 1"),
    ("14.2", by_semitones, "not a semitone"),
    ("14.2", moves_rests, "REST is -1, no pitch"),
    ("14.2", loses_onsets, "Grid the onsets"),
    ("14.2", from_the_last_one, "count each from the passage"),
    ("14.3", from_first_to_first, "from first note to first note"),
    ("14.3", all_added, "That is the sum"),
    ("14.3", takes_rests_for_pitches, "Look past the rests"),
    ("14.3", fails_in_silence, "then it does not jump"),
    ("14.4", with_the_one, "it is not in the list"),
    ("14.4", backwards, "slower, not faster"),
    ("14.4", by_ratio, "not the same ratio"),
    ("14.5", not_doubled, "Twice the share counts"),
    ("14.5", above_ten, "At most all the points"),
    ("14.5", wrong_end, "The wrong end"),
    ("14.5", ten_for_all, "`most` was not looked at"),
    ("14.6", means_of_rows, "Means of the rows are unfair"),
    ("14.6", plain_means, "from each the mean of all judges"),
    ("14.6", missing_is_zero, "A missing rating is no 0"),
    ("14.6", sign_turned, "The sign"),
    ("14.7", no_weights, "Divide the S of each entry by m - 1"),
    ("14.7", divides_by_n, "divide by n - 1, not by n"),
    ("14.7", only_the_order, "Only the order was looked at"),
    ("14.7", fails_for_nothing, "All ratings are equal: give nan"),
]

test_a_wrong_answer_is_refused_by_name = refuses(WRONG_ANSWERS)
