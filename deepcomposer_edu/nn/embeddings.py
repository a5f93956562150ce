"""Embeddings: vectors for things.

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
