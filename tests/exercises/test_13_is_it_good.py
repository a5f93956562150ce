"""Wrong answers that learners bring to lesson 13, each refused by name."""

from math import ceil, comb, sqrt
from statistics import NormalDist

import numpy as np
from refusals import refuses

from deepcomposer_edu.compose.rights import LICENCES
from deepcomposer_edu.music import faulty_metrics
from deepcomposer_edu.music.keys import MAJOR_SCALE, Key, scale_shares
from deepcomposer_edu.music.metrics import pitch_histogram


def as_the_samples_did(music, key="best"):
    return faulty_metrics.in_scale_ratio(music)


def only_c_major(music, key="best"):
    histogram = pitch_histogram(music)
    if not histogram.any():
        return float("nan")
    return float(histogram[list(MAJOR_SCALE)].sum())


def counts_notes(music, key="best"):
    notes = music.pitches[music.onsets] % 12
    scale = MAJOR_SCALE if isinstance(key, str) else key.scale
    return float(np.isin(notes, scale).mean())


def silence_is_zero(music, key="best"):
    histogram = pitch_histogram(music)
    if key == "best":
        return float(scale_shares(histogram).max())
    scale = Key(0).scale if key == "C" else key.scale
    return float(histogram[list(scale)].sum())


def distance_from_nothing(first, second):
    return faulty_metrics.histogram_distance(first, second)


def both(first, second):
    pair = (first, second)
    return [x if isinstance(x, np.ndarray) else pitch_histogram(x) for x in pair]


def straight_line(first, second):
    a, b = both(first, second)
    return float(np.sqrt(((a - b) ** 2).sum()))


def counted_twice(first, second):
    a, b = both(first, second)
    return float(np.abs(a - b).sum())


def music_only(first, second):
    a, b = pitch_histogram(first), pitch_histogram(second)
    return float(np.abs(a - b).sum() / 2)


def one_ended(value, reference):
    return float(np.mean(np.asarray(reference) <= value))


def smaller_share(value, reference):
    values = np.asarray(reference)
    return float(min((values <= value).mean(), (values >= value).mean()))


def without_the_value(value, reference):
    values = np.asarray(reference)
    return float(min(2 * min((values < value).mean(), (values > value).mean()), 1))


def above_one(value, reference):
    values = np.asarray(reference)
    return float(2 * min((values <= value).mean(), (values >= value).mean()))


def simple_interval(n_right, n_answers, confidence=0.95):
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p = n_right / n_answers
    half = z * sqrt(p * (1 - p) / n_answers)
    return p - half, p + half


def wilson(n_right, n_answers, z):
    p, n = n_right / n_answers, n_answers
    half = z * sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    middle = p + z**2 / (2 * n)
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


def one_sided_z(n_right, n_answers, confidence=0.95):
    return wilson(n_right, n_answers, NormalDist().inv_cdf(confidence))


def always_95(n_right, n_answers, confidence=0.95):
    return wilson(n_right, n_answers, NormalDist().inv_cdf(0.975))


def not_divided(n_right, n_answers, confidence=0.95):
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    low, high = wilson(n_right, n_answers, z)
    return low * (1 + z**2 / n_answers), high * (1 + z**2 / n_answers)


def exactly(n_right, n_answers, chance=0.5):
    k, n = n_right, n_answers
    return comb(n, k) * chance**k * (1 - chance) ** (n - k)


def more_than(n_right, n_answers, chance=0.5):
    rest = range(n_right + 1, n_answers + 1)
    return sum(exactly(k, n_answers, chance) for k in rest)


def loses_the_last(n_right, n_answers, chance=0.5):
    rest = range(n_right, n_answers)
    return sum(exactly(k, n_answers, chance) for k in rest)


def fair_coins_only(n_right, n_answers, chance=0.5):
    return sum(exactly(k, n_answers) for k in range(n_right, n_answers + 1))


def planned(share, chance, a, b):
    spread = a * sqrt(chance * (1 - chance)) + b * sqrt(share * (1 - share))
    return (spread / (share - chance)) ** 2


def rounded_down(share, chance=0.5, confidence=0.95, power=0.8):
    a, b = (NormalDist().inv_cdf(p) for p in (confidence, power))
    return int(planned(share, chance, a, b))


def two_sided(share, chance=0.5, confidence=0.95, power=0.8):
    a = NormalDist().inv_cdf((1 + confidence) / 2)
    return ceil(planned(share, chance, a, NormalDist().inv_cdf(power)))


def spread_of_a_coin(share, chance=0.5, confidence=0.95, power=0.8):
    a, b = (NormalDist().inv_cdf(p) for p in (confidence, power))
    return ceil(((a + b) * sqrt(chance * (1 - chance)) / (share - chance)) ** 2)


def no_ceiling(share, chance=0.5, confidence=0.95, power=0.8):
    a, b = (NormalDist().inv_cdf(p) for p in (confidence, power))
    return planned(share, chance, a, b)


def one_is_enough(layers, use):
    allowed = [use in LICENCES[layer.licence].allows for layer in layers]
    return [] if any(allowed) else [layer.what for layer in layers]


def gives_the_licences(layers, use):
    names = [layer.licence for layer in layers]
    return [name for name in names if use not in LICENCES[name].allows]


def each_for_itself(layers, use):
    return [x.what for x in layers if use not in LICENCES[x.licence].allows]


def those_that_allow(layers, use):
    found = [x.what for x in layers if use in LICENCES[x.licence].allows]
    return found if len(layers) > 1 else [x.what for x in layers]


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("13.1", as_the_samples_did, "Neighbouring pitches were put into one class"),
    ("13.1", only_c_major, "The key was not looked at"),
    ("13.1", counts_notes, "time counts"),
    ("13.1", silence_is_zero, "no share of the notes lies anywhere"),
    ("13.2", distance_from_nothing, "`second` was never looked at"),
    ("13.2", straight_line, "That is the straight line between the two"),
    ("13.2", counted_twice, "take half of the sum"),
    ("13.2", music_only, "A histogram may come as a numpy array"),
    ("13.3", one_ended, "Twice the smaller share"),
    ("13.3", smaller_share, "Twice the smaller share"),
    ("13.3", without_the_value, "the value itself counts"),
    ("13.3", above_one, "At most 1"),
    ("13.4", simple_interval, "the simple interval"),
    ("13.4", one_sided_z, "z is 1.96, not 1.64"),
    ("13.4", always_95, "The confidence was not looked at"),
    ("13.4", not_divided, "divided by 1 + z² / n"),
    ("13.5", exactly, "exactly one head"),
    ("13.5", more_than, "expected 0.25, got 0"),
    ("13.5", loses_the_last, "expected 0.25, got 0"),
    ("13.5", fair_coins_only, "The chance was not looked at"),
    ("13.6", rounded_down, "round up"),
    ("13.6", two_sided, "1.645, not 1.960"),
    ("13.6", spread_of_a_coin, "not that of a coin"),
    ("13.6", no_ceiling, "Round up to a whole number"),
    ("13.7", one_is_enough, "every layer has to"),
    ("13.7", gives_the_licences, "not its licence"),
    ("13.7", each_for_itself, "their conditions do not fit"),
    ("13.7", those_that_allow, "Those are the layers that allow it"),
]

test_a_wrong_answer_is_refused_by_name = refuses(WRONG_ANSWERS)
