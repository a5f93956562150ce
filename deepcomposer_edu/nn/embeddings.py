"""Embeddings: numbers for things, and how to look into a table of them.

An embedding gives each of V things, such as notes, a vector of D numbers, a row of a
table (V, D). The numbers are learned like all other weights.
"""

from __future__ import annotations

import torch
from torch import Tensor


def one_hot(numbers: Tensor, n_things: int) -> Tensor:
    """Return a row of zeros with a single 1 for each number.

    The 1 stands at the number's place: of 4 things, number 2 is 0 0 1 0. Times a table,
    such a row picks one row of the table: that is what an embedding layer does.

    Args:
        numbers: whole numbers from 0 to n_things - 1, any shape (...).
        n_things: V, how many things there are.

    Returns:
        Shape (..., V), float32.

    >>> one_hot(torch.tensor([2, 0]), 4).tolist()
    [[0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0]]
    """
    places = torch.arange(n_things)  # (V,)
    return (numbers[..., None] == places).float()  # (..., V)


def add_embeddings(
    notes: Tensor, times: Tensor, instrument: Tensor, genre: Tensor
) -> Tensor:
    """Return one vector for each note: what, when, who and in which style, added up.

    The vectors of notes and times differ from note to note. A melody has one instrument
    and one genre, whose vectors are added to every one of its notes.

    Args:
        notes: vectors of the notes, shape (B, T, D).
        times: vectors of their places in the bar, shape (B, T, D).
        instrument: vector of each melody's instrument, shape (B, D).
        genre: vector of each melody's genre, shape (B, D).

    Returns:
        The sums, shape (B, T, D).
    """
    melody = instrument + genre  # (B, D)
    return notes + times + melody[:, None]  # (B, T, D)


def cosine_similarities(table: Tensor, vector: Tensor) -> Tensor:
    """Return how alike in direction each row of a table is to a vector.

    cos = (a . b) / (||a|| ||b||): 1 for the same direction, 0 for a right angle, -1 for
    the opposite one. How long the vectors are does not count.

    Args:
        table: shape (V, D), no row is all zeros.
        vector: shape (D,), not all zeros.

    Returns:
        Shape (V,), from -1 to 1.
    """
    lengths = table.norm(dim=1) * vector.norm()  # (V,)
    return (table @ vector) / lengths


def nearest(table: Tensor, row: int, n: int) -> list[int]:
    """Return the n rows of a table whose direction is most like that of one row.

    Args:
        table: shape (V, D), no row is all zeros.
        row: 0 to V - 1, whose neighbours are wanted. It is not its own neighbour.
        n: how many, at most V - 1.

    Returns:
        Their numbers, the nearest first; of rows as near, the lower number first.
    """
    likeness = cosine_similarities(table, table[row]).clone()  # (V,)
    likeness[row] = float("-inf")
    order = likeness.argsort(descending=True, stable=True)
    return order[:n].tolist()


def principal_axes(table: Tensor) -> tuple[Tensor, Tensor]:
    """Return the axes along which the rows of a table differ most, and how much.

    These are the principal components (Pearson 1901): after the mean row is taken away,
    the first axis is the direction of the largest variance, the second that of the
    largest variance at a right angle to the first, and so on.

    Args:
        table: shape (V, D).

    Returns:
        The axes, shape (min(V, D), D), each of length 1, and the share of the whole
        variance that lies along each, shape (min(V, D),), together 1.
    """
    centred = table - table.mean(dim=0)  # (V, D)
    _, lengths, axes = torch.linalg.svd(centred, full_matrices=False)
    variances = lengths**2
    return axes, variances / variances.sum()


def project(table: Tensor, n_axes: int = 2) -> Tensor:
    """Return where the rows of a table lie on its first principal axes.

    The mean row comes to lie at 0. Whether an axis points up or down is arbitrary.

    Args:
        table: shape (V, D).
        n_axes: how many axes to keep, at most the smaller of V and D.

    Returns:
        Shape (V, n_axes).
    """
    axes, _ = principal_axes(table)
    centred = table - table.mean(dim=0)  # (V, D)
    return centred @ axes[:n_axes].T


def line_between(start: Tensor, end: Tensor, n_points: int) -> Tensor:
    """Return points at equal distances on the line between two vectors.

    Args:
        start: shape (D,), the first point.
        end: shape (D,), the last point.
        n_points: 2 or more.

    Returns:
        Shape (n_points, D).
    """
    shares = torch.linspace(0, 1, n_points)[:, None]  # (n_points, 1)
    return (1 - shares) * start + shares * end
