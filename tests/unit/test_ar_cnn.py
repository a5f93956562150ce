"""Editing: locks and budgets always hold, and a seed is all the chance there is."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ar_cnn import VARIANTS, EditTask, ar_cnn_of, load_ar_cnn
from deepcomposer_edu.models.edit_draft import Draft
from deepcomposer_edu.models.orderless import OrderlessConfig, OrderlessNet
from deepcomposer_edu.models.orderless_editor import OrderlessEditor
from deepcomposer_edu.music.battery import parallel_steps
from deepcomposer_edu.music.edits import notes_added, notes_removed, replay_edits
from deepcomposer_edu.music.grid import Grid

CONFIG = OrderlessConfig(n_channels=16, n_layers=3, note_size=8, doubts=True)
T = 48


def untrained() -> OrderlessEditor:
    torch.manual_seed(0)
    return OrderlessEditor(OrderlessNet(CONFIG))


def piece(seed: int = 0, n_steps: int = T) -> Grid:
    """Four voices of random notes, two to four steps each, some struck again."""
    random = np.random.default_rng(seed)
    rows = []
    for low in (65, 58, 52, 40):
        pitches = random.integers(low - 1, low + 12, n_steps)
        pitches = np.where(pitches < low, -1, pitches)
        rows.append(np.repeat(pitches, random.integers(2, 5, n_steps))[:n_steps])
    return Grid(np.array(rows), random.random((4, n_steps)) < 0.1)


def cells(value: bool = False, n_steps: int = T) -> np.ndarray:
    return np.full((4, n_steps), value)


def task(mode: str = "rewrite", **changes: object) -> EditTask:
    """A task in which every fourth cell is locked and the alto's half is unknown."""
    unknown, free = cells(), cells(True)
    unknown[1, T // 2 :] = True
    free[:, ::4] = False
    free[:, 30:40] = True
    unknown &= free
    settings = {"iterations": 6, **changes}
    return EditTask(piece(), free, unknown, mode, **settings)


MODES = pytest.mark.parametrize("mode", ["rewrite", "repair"])


@MODES
def test_what_is_locked_stays_to_the_bit(mode: str) -> None:
    given = task(mode)
    edited = untrained().edit(given)
    kept = ~given.may_change
    assert kept.any()
    assert given.may_change.any()
    assert (edited.grid.pitches[kept] == given.grid.pitches[kept]).all()
    assert (edited.grid.onsets[kept] == given.grid.onsets[kept]).all()


@MODES
def test_the_edits_in_order_give_the_pitches(mode: str) -> None:
    heard = []
    edited = untrained().edit(task(mode), on_edit=heard.append)
    assert tuple(heard) == edited.edits
    assert edited.edits
    *_, last = replay_edits(edited.start, edited.edits)
    assert np.array_equal(last.pitches, edited.grid.pitches)


@MODES
def test_each_edit_knows_what_was_before_it(mode: str) -> None:
    edited = untrained().edit(task(mode))
    pitches = edited.start.pitches.copy()
    for edit in edited.edits:
        stretch = np.s_[edit.voice, edit.start : edit.start + edit.n_steps]
        assert (pitches[stretch] == edit.before).all()
        assert 0 < edit.probability <= 1
        pitches[stretch] = edit.after


@MODES
def test_the_same_seed_makes_the_same_music(mode: str) -> None:
    assert untrained().edit(task(mode)) == untrained().edit(task(mode))


def test_another_seed_makes_other_music() -> None:
    one, other = (untrained().edit(task(seed=seed)) for seed in (0, 1))
    assert one.grid != other.grid


@MODES
@pytest.mark.parametrize(
    ("max_added", "max_removed"), [(0, 100), (3, 100), (1000, 0), (1000, 10), (5, 5)]
)
def test_budgets_hold_after_every_pass(
    mode: str, max_added: int, max_removed: float
) -> None:
    given = task(mode, max_added=max_added, max_removed=max_removed)
    edited = untrained().edit(given)
    n_notes = int(edited.start.onsets.sum())
    assert notes_added(edited.start, edited.grid) <= max_added
    assert notes_removed(edited.start, edited.grid) <= max_removed * n_notes / 100
    for last in {edit.iteration for edit in edited.edits}:
        passes = [edit for edit in edited.edits if edit.iteration <= last]
        *_, grid = replay_edits(edited.start, passes)
        assert notes_removed(edited.start, grid) <= max_removed * n_notes / 100


def test_a_spent_budget_is_said() -> None:
    assert (
        "at most 2 notes may be added" in untrained().edit(task(max_added=2)).notes[0]
    )
    assert untrained().edit(task()).notes == ()


def test_a_budget_of_nothing_changes_nothing() -> None:
    given = task(max_added=0, max_removed=0)
    edited = untrained().edit(given)
    assert notes_added(edited.start, edited.grid) == 0
    assert notes_removed(edited.start, edited.grid) == 0


def test_what_restores_the_start_is_paid_first() -> None:
    everything = EditTask(Grid([[60, 60]] * 4), np.ones((4, 2)), np.zeros((4, 2)))
    draft = Draft(replace(everything, max_added=1))
    pitches = np.full((4, 2), 60)
    pitches[0] = 62
    draft.change(pitches, np.full((4, 2), 0.5), 1)
    swapped = np.full((4, 2), 60)
    swapped[1] = 64
    draft.change(swapped, np.full((4, 2), 0.9), 2)
    assert np.array_equal(draft.pitches, swapped)


def test_unknown_cells_are_ignored_and_filled() -> None:
    unknown = cells()
    unknown[1:] = True
    one = untrained().edit(EditTask(piece(0), unknown, unknown, iterations=3))
    melody = piece(0).pitches[:1]
    other = Grid(np.concatenate([melody, piece(1).pitches[1:]]), piece(0).onsets)
    two = untrained().edit(EditTask(other, unknown, unknown, iterations=3))
    assert one == two
    assert (one.start.pitches[1:] == -1).all()
    assert (one.grid.pitches[1:] >= 0).mean() > 0.5


def test_unknown_cells_that_may_not_change_rest_and_are_not_heard() -> None:
    free, unknown = cells(), cells()
    free[0], unknown[1:] = True, True
    one = untrained().edit(EditTask(piece(0), free, unknown, iterations=3))
    other = Grid(np.concatenate([piece(0).pitches[:1], piece(1).pitches[1:]]))
    other = Grid(other.pitches, piece(0).onsets)
    two = untrained().edit(EditTask(other, free, unknown, iterations=3))
    assert (one.grid.pitches[1:] == -1).all()
    assert one == two


def test_a_note_held_into_a_locked_cell_stays_whole() -> None:
    grid = Grid([[60] * 8] * 4)
    free = cells(True, 8)
    free[:, 4:] = False
    given = EditTask(grid, free, cells(False, 8))
    assert not given.may_change.any()


def test_pitches_out_of_the_networks_range_come_back() -> None:
    high = Grid(piece().pitches + np.where(piece().pitches >= 0, 40, 0))
    free = cells()
    free[:, 20:30] = True
    edited = untrained().edit(EditTask(high, free, cells(), iterations=3))
    assert high.pitches.max() > 110
    assert edited.edits
    assert (edited.grid.pitches == high.pitches)[:, :20].all()
    assert (edited.grid.pitches == high.pitches)[:, 30:].all()


def test_repair_moves_notes_by_two_semitones_at_most() -> None:
    unknown = cells()
    edited = untrained().edit(EditTask(piece(), cells(True), unknown, "repair"))
    moved = edited.grid.pitches.astype(int) - piece().pitches
    assert np.abs(moved).max() <= 2
    assert ((edited.grid.pitches < 0) == (piece().pitches < 0)).all()


@pytest.mark.parametrize("n_steps", [1, 2, 5, 200])
def test_any_length_can_be_edited(n_steps: int) -> None:
    free = cells(True, n_steps)
    edited = untrained().edit(EditTask(piece(0, n_steps), free, free, iterations=2))
    assert edited.grid.n_steps == n_steps


def test_no_parallels_come_into_a_piece() -> None:
    free = cells(n_steps=128)
    free[1:] = True
    given = EditTask(piece(0, 128), free, free, iterations=8)
    grid = untrained().edit(given).grid
    for upper in range(4):
        for lower in range(upper + 1, 4):
            assert not parallel_steps(grid, upper, lower, 7).any()
            assert not parallel_steps(grid, upper, lower, 0).any()


def test_work_can_be_cancelled_and_reports_every_pass() -> None:
    seen = []
    untrained().edit(task(), on_progress=lambda i, n: seen.append((i, n)))
    assert seen == [(i, 6) for i in range(1, 7)]

    def cancel(i: int, n: int) -> None:
        if i == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        untrained().edit(task(), on_progress=cancel)


def test_weights_and_settings_make_the_same_editor() -> None:
    editor = untrained()
    config = {"variant": "orderless", **CONFIG.to_dict()}
    again = ar_cnn_of(config, editor.network.state_dict(), "name", "hash")
    assert again.edit(task()) == editor.edit(task())
    assert (again.name, again.weight_sha256) == ("name", "hash")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"grid": Grid([[60, 62]])}, "four of 1 to"),
        ({"grid": Grid(np.zeros((4, 0)))}, "four of 1 to"),
        ({"may_change": np.ones((4, 3))}, "shape"),
        ({"unknown": np.ones((2, T))}, "shape"),
        ({"mode": "improve"}, "rewrite or repair"),
        ({"iterations": 0}, "iterations is 0"),
        ({"temperature": 0}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"max_added": -1}, "max_added is -1"),
        ({"max_removed": 101}, "at most 100"),
        ({"max_removed": float("nan")}, "max_removed"),
        ({"steps_per_bar": 0}, "steps_per_bar"),
        ({"pickup": -4}, "pickup"),
    ],
)
def test_impossible_tasks_are_refused(changes: dict, words: str) -> None:
    good = {"grid": piece(), "may_change": cells(True), "unknown": cells()}
    with pytest.raises(InputError, match=words):
        EditTask(**{**good, **changes})


def test_other_variants_are_refused() -> None:
    with pytest.raises(InputError, match="orderless or edit-events"):
        load_ar_cnn("diffusion")
    with pytest.raises(InputError, match="orderless or edit-events"):
        ar_cnn_of({}, {})
    assert VARIANTS[0] == "orderless"
