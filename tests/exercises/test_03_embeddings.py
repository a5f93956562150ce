"""Wrong answers that learners bring to lesson 03, each refused by name."""

import numpy as np
import torch
from refusals import refuses

from deepcomposer_edu.music.vectors import cosine_similarities


def counted_from_one(numbers, n_things):
    return (numbers[..., None] == torch.arange(n_things) + 1).float()


def stays_true_and_false(numbers, n_things):
    return numbers[..., None] == torch.arange(n_things)


def all_up_to_it(numbers, n_things):
    places = torch.arange(n_things)
    return (places <= numbers[..., None]).float()


def only_for_a_row(numbers, n_things):
    rows = torch.zeros(len(numbers), n_things)
    rows[torch.arange(len(numbers)), numbers] = 1
    return rows


def forgets_the_notes_axis(notes, times, instrument, genre):
    return notes + times + instrument + genre


def joins_them(notes, times, instrument, genre):
    wide = (notes.shape[0], notes.shape[1], notes.shape[2])
    melody = (instrument + genre)[:, None].expand(wide)
    return torch.cat([notes, times, melody], dim=-1)


def takes_the_mean(notes, times, instrument, genre):
    return (notes + times + instrument[:, None] + genre[:, None]) / 4


def adds_in_place(notes, times, instrument, genre):
    notes += times
    notes += instrument[:, None] + genre[:, None]
    return notes


def dot_products(table, vector):
    return table @ vector


def one_length_for_all(table, vector):
    return (table @ vector) / (np.linalg.norm(table) * np.linalg.norm(vector))


def distances(table, vector):
    return np.linalg.norm(table - vector, axis=1)


def forgets_the_rows_lengths(table, vector):
    return (table @ vector) / np.linalg.norm(vector)


def includes_itself(table, row, n):
    return np.argsort(-cosine_similarities(table, table[row]))[:n].tolist()


def least_alike(table, row, n):
    likeness = cosine_similarities(table, table[row])
    likeness[row] = np.inf
    return np.argsort(likeness)[:n].tolist()


def smallest_distances(table, row, n):
    distance = np.linalg.norm(table - table[row], axis=1)
    distance[row] = np.inf
    return np.argsort(distance)[:n].tolist()


def returns_cosines(table, row, n):
    likeness = cosine_similarities(table, table[row])
    likeness[row] = -np.inf
    return np.sort(likeness)[::-1][:n].tolist()


def forgets_the_mean(table):
    _, values, axes = np.linalg.svd(table, full_matrices=False)
    return axes, values**2 / (values**2).sum()


def forgets_the_squares(table):
    _, values, axes = np.linalg.svd(table - table.mean(axis=0), full_matrices=False)
    return axes, values / values.sum()


def axes_as_columns(table):
    _, values, axes = np.linalg.svd(table - table.mean(axis=0), full_matrices=False)
    return axes.T, values**2 / (values**2).sum()


def singular_values_alone(table):
    _, values, axes = np.linalg.svd(table - table.mean(axis=0), full_matrices=False)
    return axes, values


def shares_of(power):
    return power / power.sum() if power.sum() > 0 else np.zeros(6)


def one_way_round(vectors):
    power = (np.abs(np.fft.fft(vectors, axis=0)) ** 2).sum(axis=1)
    return shares_of(power[1:7])


def counts_the_mean(vectors):
    power = (np.abs(np.fft.fft(vectors, axis=0)) ** 2).sum(axis=1)
    return shares_of(power[:6])


def lengths_not_squares(vectors):
    size = np.abs(np.fft.fft(vectors, axis=0)).sum(axis=1)
    return shares_of(np.append(size[1:6] + size[:6:-1], size[6]))


def divides_by_nothing(vectors):
    power = (np.abs(np.fft.fft(vectors, axis=0)) ** 2).sum(axis=1)
    both = np.append(power[1:6] + power[:6:-1], power[6])
    with np.errstate(invalid="ignore"):
        return both / both.sum()


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("3.1", counted_from_one, "Places are counted from 0"),
    ("3.1", stays_true_and_false, "`.float()` makes 1.0 and 0.0"),
    ("3.1", all_up_to_it, "not all up to it"),
    ("3.1", only_for_a_row, "may have any shape"),
    ("3.2", forgets_the_notes_axis, "Give it an axis for the notes"),
    ("3.2", joins_them, "would make it wider"),
    ("3.2", takes_the_mean, "That is the mean"),
    ("3.2", adds_in_place, "changed the input"),
    ("3.3", dot_products, "divide by both lengths"),
    ("3.3", one_length_for_all, "with `axis=1` it is one for each row"),
    ("3.3", distances, "That is the distance"),
    ("3.3", forgets_the_rows_lengths, "The length of the rows is missing"),
    ("3.4", includes_itself, "out of the race"),
    ("3.4", least_alike, "sorts upwards"),
    ("3.4", smallest_distances, "Cosines leave length out"),
    ("3.4", returns_cosines, "not cosines"),
    ("3.5", forgets_the_mean, "direction of the mean"),
    ("3.5", forgets_the_squares, "Square the singular values"),
    ("3.5", axes_as_columns, "return them as rows"),
    ("3.5", singular_values_alone, "singular values, not shares"),
    ("3.6", one_way_round, "must be added"),
    ("3.6", counts_the_mean, "Row 0 of the transform is the mean"),
    ("3.6", lengths_not_squares, "Square the lengths"),
    ("3.6", divides_by_nothing, "dividing by 0 gives nan"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
