"""How the answers of lesson 09 are judged that are about hiding cells."""

from __future__ import annotations

import torch

from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.course.values import as_numpy

_HIGH, _LOW = 0.9, 0.1


# random_cells -------------------------------------------------------------------


def _counts(learner: Learner, shape: tuple[int, ...], n_draws: int) -> torch.Tensor:
    """Return how often each cell is hidden in each of some draws, (draws, cells)."""
    random = seeded(1)
    masks = [torch.as_tensor(learner(shape, random)) for _ in range(n_draws)]
    return torch.stack([mask.flatten().float() for mask in masks])


def cells_shape(learner: Learner) -> None:
    """The mask has the shape that is asked for, and holds True and False."""
    got = learner((4, 6), seeded())
    learner.expect_shape(got, (4, 6), "One yes or no for each cell.")
    learner.expect_dtype(got, bool, "Whether a cell is hidden is True or False.")


def cells_come_from_the_generator(learner: Learner) -> None:
    """The same generator gives the same cells, another seed others."""
    first, again = (as_numpy(learner((4, 24), seeded(3))) for _ in range(2))
    other = as_numpy(learner((4, 24), seeded(4)))
    learner.expect(
        bool((first == again).all()),
        f"{learner.call}: expected the same cells for generators of the same seed, got "
        "others. Hand `random` to every torch function that draws: generator=random.",
    )
    learner.expect(
        not bool((first == other).all()),
        f"{learner.call}: expected other cells for another seed, got the same. Which "
        "cells are hidden, and how many, must be drawn.",
    )


def any_number_of_cells(learner: Learner) -> None:
    """Each number of hidden cells is as likely as any other."""
    numbers = _counts(learner, (4, 16), 300).sum(-1)
    spread = float(numbers.std())
    learner.expect(
        spread > 12,
        f"{learner.call}: the number of hidden cells of 64 spreads by {spread:.1f}, "
        "but if each number is as likely as any other it spreads by 18. A coin for "
        "each cell hides about the same number every time: draw first how many.",
    )
    mean = float(numbers.mean())
    learner.expect(
        abs(mean - 32.5) < 5.5,
        f"{learner.call}: expected about 32 of 64 cells on average, got {mean:.1f}. "
        "Each number from 1 to 64 should be as likely as any other.",
    )


def from_one_cell_to_all(learner: Learner) -> None:
    """At least one cell is hidden, and sometimes all are."""
    numbers = _counts(learner, (1, 3), 150).sum(-1)
    learner.expect(
        float(numbers.min()) > 0,
        f"{learner.call}: in one of 150 draws no cell was hidden, so there is nothing "
        "to learn from it. The numbers go from 1 on, not from 0.",
    )
    learner.expect(
        float(numbers.max()) == 3,
        f"{learner.call}: in 150 draws there were never all 3 cells hidden. A piece "
        "that begins with nothing is the hardest case and must be learned, too.",
    )


def every_cell_alike(learner: Learner) -> None:
    """Each cell is hidden as often as any other."""
    rates = _counts(learner, (2, 4), 500).mean(0)
    low, high = int(rates.argmin()), int(rates.argmax())
    learner.expect(
        float(rates[high] - rates[low]) < 0.2,
        f"{learner.call}: in 500 draws cell {low} was hidden in {rates[low]:.0%} and "
        f"cell {high} in {rates[high]:.0%} of them, but all should be alike. After the "
        "number is drawn, draw which: always the first ones will not do.",
    )
    rows = _counts(learner, (2, 4), 100).view(-1, 2, 4)
    learner.expect(
        not bool((rows == rows[:, :, :1]).all())
        and not bool((rows == rows[:, :1]).all()),
        f"{learner.call}: whole rows or whole columns are hidden together. Each cell "
        "is drawn for itself: a voice may be known at one step and not at the next.",
    )


# annealed_share -----------------------------------------------------------------


def share_at_the_ends(learner: Learner) -> None:
    """The first pass hides 0.9 of the cells, the last 0.1."""
    first = learner(0, 20)
    learner.expect_number(first, "The share is one number.")
    learner.expect_close(
        first,
        _HIGH,
        1e-6,
        "The first pass makes the draft: it hides `high` of the cells.",
        known=[(_LOW, "It rises instead of falling: the draft comes first.")],
    )
    learner.expect_close(
        learner(19, 20),
        _LOW,
        1e-6,
        "The last pass mends details: it hides `low` of the cells, and no fewer.",
        known=[
            (
                _HIGH - (_HIGH - _LOW) * 19 / 14,
                "The line goes on below `low`. From a share `over` of the passes on it "
                "stays there: take the larger of the two.",
            ),
            (
                _HIGH - (_HIGH - _LOW) * 19 / 20,
                "The fall takes all passes; it should take a share `over` of them.",
            ),
        ],
    )


def share_in_between(learner: Learner) -> None:
    """Half-way down it is half-way between high and low."""
    learner.expect_close(
        learner(7, 20),
        0.5,
        1e-6,
        "With `over` = 0.7 the fall takes 14 of 20 passes. After 7 of them the share "
        "is half-way between 0.9 and 0.1.",
        known=[
            (
                _HIGH - (_HIGH - _LOW) * 7 / 20,
                "The fall takes all 20 passes here; with `over` = 0.7 it is done after "
                "14.",
            ),
            (
                _HIGH * (_LOW / _HIGH) ** 0.5,
                "That falls by a factor in each pass; it should fall in a straight "
                "line.",
            ),
            (_LOW + (_HIGH - _LOW) * 7 / 20, "It rises instead of falling."),
        ],
    )


def share_stays_low(learner: Learner) -> None:
    """After a share `over` of the passes it stays low."""
    for i in (14, 15, 17):
        learner.expect_close(
            learner(i, 20),
            _LOW,
            1e-6,
            "From pass 14 of 20 on the share stays at `low`.",
            known=[
                (
                    _HIGH - (_HIGH - _LOW) * i / 14,
                    "The line goes on below `low`. Take the larger of the two.",
                )
            ],
        )


def share_of_other_settings(learner: Learner) -> None:
    """high, low and over are the caller's to choose."""
    learner.expect_close(
        learner(10, 40, high=0.8, low=0.2, over=0.5),
        0.5,
        1e-6,
        "From 0.8 to 0.2 within 20 of 40 passes: half-way at pass 10.",
        known=[
            (
                max(_LOW, _HIGH - (_HIGH - _LOW) * 10 / 28),
                "The numbers 0.9, 0.1 and 0.7 are written into the function; use its "
                "parameters.",
            )
        ],
    )
