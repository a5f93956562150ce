"""Looking into a table of vectors: what is alike, what is near, what differs most."""

from __future__ import annotations

import numpy as np


def cosine_similarities(table: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return how alike in direction each row of a table is to a vector.

    cos = (a . b) / (||a|| ||b||): 1 for the same direction, 0 for a right angle, -1 for
    the opposite one. How long the vectors are does not count.

    Args:
        table: shape (V, D), no row is all zeros.
        vector: shape (D,), not all zeros.

    Returns:
        Shape (V,), from -1 to 1.

    >>> cosine_similarities(np.array([[2, 0], [0, 3], [-1, 0]]), np.array([4, 0]))
    array([ 1.,  0., -1.])
    """
    lengths = np.linalg.norm(table, axis=1) * np.linalg.norm(vector)  # (V,)
    return (table @ vector) / lengths


def nearest(table: np.ndarray, row: int, n: int) -> list[int]:
    """Return the n rows of a table whose direction is most like that of one row.

    `cosine_similarities(table, vector)` says how alike all rows are to one.

    Args:
        table: shape (V, D), no row is all zeros.
        row: 0 to V - 1, whose neighbours are wanted. It is not its own neighbour.
        n: how many, at most V - 1.

    Returns:
        Their numbers, the most alike first.
    """
    likeness = cosine_similarities(table, table[row])  # (V,)
    likeness[row] = -np.inf
    order = np.argsort(-likeness, kind="stable")
    return [int(other) for other in order[:n]]


def principal_axes(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the axes along which the rows of a table differ most, and how much.

    These are the principal components (Pearson 1901). The mean row is taken away; then
    the first axis is the direction of the largest variance, the second that of the
    largest variance at a right angle to the first, and so on. The singular value
    decomposition gives them: its right singular vectors are the axes, and the squares
    of its singular values are in proportion to the variances.

    Args:
        table: shape (V, D).

    Returns:
        The axes, one a row, each of length 1, shape (min(V, D), D); and the share of
        the variance along each, shape (min(V, D),), together 1.
    """
    centred = table - table.mean(axis=0)  # (V, D)
    _, singular_values, axes = np.linalg.svd(centred, full_matrices=False)
    variances = singular_values**2
    return axes, variances / variances.sum()


def project(table: np.ndarray, n_axes: int = 2) -> np.ndarray:
    """Return where the rows of a table lie on its first principal axes.

    The mean row comes to lie at 0. Which end of an axis is up is arbitrary.

    Args:
        table: shape (V, D).
        n_axes: how many axes to keep, at most the smaller of V and D.

    Returns:
        Shape (V, n_axes).
    """
    axes, _ = principal_axes(table)
    centred = table - table.mean(axis=0)  # (V, D)
    return centred @ axes[:n_axes].T


def line_between(start: np.ndarray, end: np.ndarray, n_points: int) -> np.ndarray:
    """Return points at equal distances on the line between two vectors.

    Args:
        start: the first point, shape (D,).
        end: the last point, shape (D,).
        n_points: 2 or more.

    Returns:
        Shape (n_points, D).
    """
    shares = np.linspace(0, 1, n_points)[:, None]  # (n_points, 1)
    return (1 - shares) * start + shares * end
