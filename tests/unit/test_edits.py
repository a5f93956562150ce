"""Edits: applied in order they give the piece; notes are counted by ear."""

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.edits import (
    Edit,
    apply_edit,
    edits_between,
    note_numbers,
    notes_added,
    notes_removed,
    replay_edits,
)
from deepcomposer_edu.music.grid import Grid


def random_grid(random: np.random.Generator, n_voices: int = 4) -> Grid:
    """A grid of few pitches, so that notes are held, repeated and rest."""
    shape = (n_voices, 24)
    pitches = np.repeat(random.integers(59, 63, (n_voices, 12)), 2, axis=1)
    return Grid(np.where(pitches == 59, -1, pitches), random.random(shape) < 0.1)


@pytest.mark.parametrize("seed", range(20))
def test_the_edits_between_two_grids_lead_from_one_to_the_other(seed: int) -> None:
    random = np.random.default_rng(seed)
    before, after = random_grid(random), random_grid(random)
    edits = edits_between(before, after, 1, np.ones((4, 24)))
    *_, last = replay_edits(before, edits)
    assert np.array_equal(last.pitches, after.pitches)


def test_equal_grids_have_no_edits_between_them() -> None:
    grid = random_grid(np.random.default_rng(0))
    assert edits_between(grid, grid, 1, np.ones((4, 24))) == []


def test_an_edit_ends_where_either_pitch_changes_and_has_the_mean_chance() -> None:
    before, after = Grid([[60, 60, 62, 62, -1]]), Grid([[60, 64, 64, 62, 65]])
    found = edits_between(before, after, 3, np.array([[1, 0.5, 0.25, 1, 0.125]]))
    assert found == [
        Edit(0, 1, 1, 60, 64, 0.5, 3),
        Edit(0, 2, 1, 62, 64, 0.25, 3),
        Edit(0, 4, 1, -1, 65, 0.125, 3),
    ]
    assert [edit.kind for edit in found] == ["change", "change", "add"]


def test_edits_come_in_order_of_time() -> None:
    before, after = Grid([[60, 60], [60, 60]]), Grid([[60, 62], [62, 60]])
    assert [e.start for e in edits_between(before, after, 1, np.ones((2, 2)))] == [0, 1]


def test_an_edit_speaks() -> None:
    change = Edit(1, 36, 4, 65, 64, 0.87, 12)
    assert (
        change.sentence() == "Pass 12: bar 3, beat 2: the alto's F4 becomes E4 (87 %)."
    )
    add = Edit(3, 0, 4, -1, 48, 0.5, 1)
    sentence = add.sentence(12, 4)
    assert sentence == "Pass 1: upbeat, beat 3: the bass gets C3 (50 %)."
    removal = Edit(5, 12, 4, 60, -1, 0.25, 2)
    sentence = removal.sentence(12)
    assert sentence == "Pass 2: bar 2, beat 1: the voice 6's C4 falls silent (25 %)."


def test_an_edit_joins_the_note_before_it() -> None:
    edited = apply_edit(Grid([[60, 60, 62, 62]]), Edit(0, 2, 2, 62, 60, 1, 1))
    assert edited.onsets.tolist() == [[True, False, False, False]]


def test_an_edit_leaves_the_grid_it_was_given_alone() -> None:
    grid = Grid([[60, 60]])
    apply_edit(grid, Edit(0, 0, 1, 60, 62, 1, 1))
    assert grid.pitches.tolist() == [[60, 60]]


def test_repeated_notes_have_numbers_of_their_own() -> None:
    grid = Grid([[60, 60, -1], [62, 64, 64]], [[0, 1, 0], [0, 0, 0]])
    assert note_numbers(grid).tolist() == [[0, 1, -1], [2, 3, 3]]


@pytest.mark.parametrize(
    ("before", "after", "added", "removed"),
    [
        ([60, 60, 60, 60], [60, 60, 60, 60], 0, 0),
        ([60, 60, 60, 60], [60, 62, 62, 60], 1, 0),  # still there, on both sides
        ([60, 60, 60, 60], [62, 62, 62, 60], 1, 0),  # begins later
        ([60, 60, 62, 62], [64, 64, 62, 62], 1, 1),
        ([60, 60, 62, 62], [-1, -1, 62, 62], 0, 1),
        ([-1, -1, -1, -1], [60, 62, 62, -1], 2, 0),
        ([60, 60, 62, 62], [62, 62, 60, 60], 2, 2),  # elsewhere is not there
    ],
)
def test_notes_are_counted(
    before: list[int], after: list[int], added: int, removed: int
) -> None:
    pair = Grid([before]), Grid([after])
    assert (notes_added(*pair), notes_removed(*pair)) == (added, removed)


def test_a_note_struck_again_is_neither_added_nor_removed() -> None:
    held, struck = Grid([[60, 60]]), Grid([[60, 60]], [[1, 1]])
    assert notes_added(held, struck) == notes_removed(struck, held) == 0


def test_edits_of_different_shapes_are_refused() -> None:
    with pytest.raises(InputError, match="same voices and steps"):
        edits_between(Grid([[60]]), Grid([[60, 60]]), 1, np.ones((1, 1)))
    with pytest.raises(InputError, match="same voices and steps"):
        notes_added(Grid([[60]]), Grid([[60, 60]]))


def test_an_edit_beyond_the_grid_is_refused() -> None:
    with pytest.raises(InputError, match="1 voices and 4 steps"):
        apply_edit(Grid([[60] * 4]), Edit(0, 2, 3, 60, 62, 1, 1))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((-1, 0, 1, 60, 62), "0 or more"),
        ((0, 0, 0, 60, 62), "1 or more"),
        ((0, 0, 1, 60, 60), "two different"),
        ((0, 0, 1, 60, 128), "0 to 127"),
    ],
)
def test_impossible_edits_are_refused(values: tuple[int, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Edit(*values, 1.0, 1)
