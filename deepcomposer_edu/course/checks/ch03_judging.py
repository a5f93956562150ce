"""How the answers to the exercises 3.1 and 3.2 are judged: looking up, adding up."""

from __future__ import annotations

import torch
from torch import Tensor

from deepcomposer_edu.course.learner import Learner

# 3.1 one_hot --------------------------------------------------------------------


def a_row_for_each_number(learner: Learner) -> None:
    """Each number becomes a row of V numbers."""
    got = learner(torch.tensor([2, 0]), 4)
    learner.expect_shape(
        got, (2, 4), cause="One row for each number, V numbers in each row."
    )


def one_hot_by_hand(learner: Learner) -> None:
    """The 1 stands at the number's place, counted from 0."""
    right = torch.tensor([[0.0, 0, 1, 0], [1, 0, 0, 0]])
    learner.expect_equal(
        learner(torch.tensor([2, 0]), 4),
        right,
        cause="Of 4 things, number 2 is 0 0 1 0 and number 0 is 1 0 0 0.",
        known=[
            (1 - right, "Ones and zeros are the wrong way round."),
            (
                torch.tensor([[0.0, 1, 0, 0], [0, 0, 0, 0]]),
                "Places are counted from 0: number 0 has the first place.",
            ),
            (right.roll(-1, 1), "Places are counted from 0: number 0 comes first."),
            (right.flip(1), "The first place belongs to number 0, not the last."),
            (
                torch.tensor([[1.0, 1, 1, 0], [1, 0, 0, 0]]),
                "Only the number's own place is 1, not all up to it.",
            ),
        ],
        axes=("row", "place"),
    )


def one_hot_of_a_batch(learner: Learner) -> None:
    """Numbers of any shape get a new last axis."""
    learner.causes["IndexError"] = (
        "Numbers may have any shape, here (2, 3): give them a last axis of length 1, "
        "`numbers[..., None]`, and compare."
    )
    numbers = torch.tensor([[3, 1, 0], [2, 2, 1]])
    got = learner(numbers, 5)
    learner.expect_shape(
        got,
        (2, 3, 5),
        cause="The new axis comes last: `numbers[..., None]` works for any shape.",
    )
    learner.expect_equal(
        got.argmax(-1),
        numbers,
        cause="The 1 of each row must stand at the number's place.",
        axes=("melody", "note"),
    )


def rows_are_floats(learner: Learner) -> None:
    """Rows are floats, so that they can be multiplied by a table."""
    got = learner(torch.tensor([1]), 3)
    learner.expect(
        got.dtype == torch.float32,
        f"{learner.call}: expected torch.float32, got {got.dtype}. A comparison gives "
        "True and False; `.float()` makes 1.0 and 0.0 of them.",
    )


def it_looks_up_rows(learner: Learner) -> None:
    """Times a table it gives rows of the table, as torch's own embedding does."""
    layer = torch.nn.Embedding(7, 3, _weight=_numbers(7, 3))
    numbers = torch.tensor([[6, 0], [3, 3]])
    learner.expect_close(
        learner(numbers, 7) @ layer.weight.detach(),
        layer(numbers).detach(),
        1e-6,
        "one_hot(numbers) @ table must be the rows of the table.",
    )


# 3.2 add_embeddings -------------------------------------------------------------


def _numbers(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def _four(n_melodies: int, n_notes: int, width: int) -> tuple[Tensor, ...]:
    return (
        _numbers(n_melodies, n_notes, width, seed=1),
        _numbers(n_melodies, n_notes, width, seed=2),
        _numbers(n_melodies, width, seed=3),
        _numbers(n_melodies, width, seed=4),
    )


def sums_have_a_shape(learner: Learner) -> None:
    """There is one vector for each note."""
    learner.causes["RuntimeError"] = (
        "(B, D) cannot be added to (B, T, D) as it is. Give it an axis for the notes: "
        "`genre[:, None]`."
    )
    got = learner(*_four(2, 5, 3))
    learner.expect_shape(
        got,
        (2, 5, 3),
        cause="Each note gets the sum of four vectors; the width stays D. Stacking or "
        "joining them would make it wider.",
    )


def sum_by_hand(learner: Learner) -> None:
    """A small case, added up by hand."""
    notes = torch.tensor([[[1.0, 0.0], [2.0, 0.0]]])
    times = torch.tensor([[[0.0, 10.0], [0.0, 20.0]]])
    instrument, genre = torch.tensor([[100.0, 0.0]]), torch.tensor([[0.0, 1000.0]])
    right = torch.tensor([[[101.0, 1010.0], [102.0, 1020.0]]])
    learner.expect_close(
        learner(notes, times, instrument, genre),
        right,
        1e-4,
        "Note + time + instrument + genre, number by number.",
        known=[
            (right / 4, "That is the mean; the sum is wanted."),
            (notes + times + instrument[:, None], "The genre is missing."),
            (notes + times + genre[:, None], "The instrument is missing."),
            (notes + instrument[:, None] + genre[:, None], "The times are missing."),
            (notes * times * (instrument + genre)[:, None], "Add, don't multiply."),
        ],
        axes=("melody", "note", "number"),
    )


def each_melody_has_its_own_genre(learner: Learner) -> None:
    """Instrument and genre go to every note of their own melody."""
    notes, times, instrument, genre = _four(3, 3, 2)
    right = torch.stack(
        [notes[b] + times[b] + instrument[b] + genre[b] for b in range(3)]
    )
    learner.expect_close(
        learner(notes, times, instrument, genre),
        right,
        1e-5,
        "Melody b's instrument and genre belong to all notes of melody b.",
        known=[
            (
                notes + times + instrument + genre,
                "With as many melodies as notes torch adds melody 0's genre to note 0 "
                "of every melody. Give it an axis for the notes: `genre[:, None]`.",
            ),
            (
                notes + times + instrument[:1] + genre[:1],
                "Every melody gets the genre of the first one.",
            ),
        ],
        axes=("melody", "note", "number"),
    )
