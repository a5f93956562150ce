"""What the edit-event model learns from, and its training."""

import json

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.edit_net import LOW, N_PITCHES, EditNetConfig
from deepcomposer_edu.music.edits import note_numbers
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.training.edit_events import (
    batch_losses,
    config_of,
    edit_task,
    new_network,
    train_edit_events,
    training_loss,
)
from deepcomposer_edu.training.edit_rolls import (
    RollBatch,
    RollSet,
    excerpt,
    moved_notes,
    spoil,
    union_roll,
)
from deepcomposer_edu.training.predictor import TrainingSettings
from tests.tiny_pieces import Piece

SMALL = EditNetConfig(n_channels=4, n_layers=(1, 1, 1), dropout=0.0)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_all_voices_stand_in_one_roll():
    found = union_roll(np.array([[60, 60, -1], [60, 52, 200 - 73]]))
    sounding = [(t, p + LOW) for t, p in found.nonzero().tolist()]
    assert sounding == [(0, 60), (1, 52), (1, 60)]  # 127 lies outside the roll


@pytest.mark.parametrize("seed", range(6))
def test_an_excerpt_is_the_piece_in_another_key(seed):
    grid = Piece(seed, n_steps=40).grid
    part = excerpt(grid, 16, generator(seed))
    assert part.pitches.shape == (4, 16)
    shift = int(part.pitches[0, 0]) - grid.pitches[0].astype(int)
    starts = [
        t
        for t in range(0, 25, 4)
        if np.array_equal(
            grid.pitches[:, t : t + 16] + shift[t], part.pitches.astype(int)
        )
    ]
    assert starts
    assert part.pitches.min() >= LOW
    assert part.pitches.max() < LOW + N_PITCHES


def test_a_short_piece_is_filled_with_rests():
    part = excerpt(Piece(0, n_steps=8).grid, 16, generator())
    assert (part.pitches[:, 8:] == -1).all()
    assert (part.pitches[:, :8] >= 0).all()


def test_music_too_wide_for_the_roll_is_left_in_its_key():
    grid = Grid(np.array([[95] * 8, [20] * 8]))
    part = excerpt(grid, 8, generator())
    assert np.array_equal(part.pitches, grid.pitches)
    assert not union_roll(part.pitches).any()
    assert spoil(part, generator()).shape == (8, N_PITCHES)


def test_whole_notes_are_moved():
    grid = Piece(0).grid
    numbers = note_numbers(grid)
    found = moved_notes(grid.pitches, numbers, 0.5, generator())
    by = found.astype(int) - grid.pitches
    n_moved = 0
    for number in range(numbers.max() + 1):
        assert len(set(by[numbers == number])) == 1
        n_moved += bool(by[numbers == number][0])
    assert 0 < n_moved < numbers.max() + 1
    same = moved_notes(grid.pitches, numbers, 0.0, generator())
    assert np.array_equal(same, grid.pitches)


def test_rolls_are_spoiled_in_every_degree():
    rolls = RollSet([Piece(seed, 40) for seed in range(3)], 32, 64)
    batch = rolls.batch(generator())
    assert batch.now.shape == batch.goal.shape == (64, 32, N_PITCHES)
    differing = (batch.now != batch.goal).sum(dim=(1, 2))
    lost = (batch.goal & ~batch.now).sum(dim=(1, 2)) / batch.goal.sum(dim=(1, 2))
    added = (batch.now & ~batch.goal).sum(dim=(1, 2))
    assert differing.min() < 20
    assert lost.max() > 0.7
    assert 0 < lost.median() < 0.7
    assert added.max() > 3


def test_the_same_chance_gives_the_same_batch():
    rolls = RollSet([Piece(0, 40)], 32, 4)
    one, two = rolls.batch(generator(1)), rolls.batch(generator(1))
    assert torch.equal(one.now, two.now)
    assert torch.equal(one.goal, two.goal)
    assert not torch.equal(one.now, rolls.batch(generator(2)).now)


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(InputError, match="no piece to learn from"):
        RollSet([])
    with pytest.raises(InputError, match="at least 1"):
        RollSet([Piece(0)], n_steps=0)


def test_each_roll_of_a_batch_weighs_the_same():
    made = new_network(SMALL)
    with torch.no_grad():
        for weight in made.parameters():
            weight.add_(0.05 * torch.randn(weight.shape, generator=generator()))
    batch = RollSet([Piece(s, 40) for s in range(3)], 32, 8).batch(generator(3))
    whole = training_loss(made, batch)
    rows = [
        training_loss(made, RollBatch(batch.now[i : i + 1], batch.goal[i : i + 1]))
        for i in range(8)
    ]
    torch.testing.assert_close(whole, torch.stack(rows).mean(), rtol=1e-4, atol=1e-4)


def test_an_untrained_network_finds_all_edits_alike():
    batch = RollSet([Piece(0, 40)], 32, 8).batch(generator())
    edits, _ = batch_losses(new_network(SMALL), batch)
    n_edits = (batch.now != batch.goal).flatten(1).sum(1)
    n_cells = 32 * N_PITCHES
    expected = torch.log(n_cells / n_edits[n_edits > 0]).mean()
    assert edits.item() == pytest.approx(expected.item(), abs=1e-3)


def test_training_lowers_the_loss_and_writes_a_run(tmp_path):
    history = train_edit_events(
        tmp_path / "run",
        SMALL,
        TrainingSettings(learning_rate=0.02),
        n_steps=30,
        train=[Piece(0, 32)],
        valid=[Piece(0, 32)],
        batch_steps=32,
        batch_size=8,
        sample_every=30,
        checkpoint_every=30,
    )
    judged = [row["valid_loss"] for row in history.rows if "valid_loss" in row]
    assert judged[-1] < judged[0]
    saved = json.loads((tmp_path / "run" / "config.json").read_text())
    assert saved["kind"] == "ar-cnn"
    assert saved["config"]["variant"] == "edit-events"
    assert config_of(saved["config"]) == SMALL
    assert list((tmp_path / "run" / "samples").glob("*.mid"))


def test_the_task_judges_on_rolls_that_stay_the_same():
    task = edit_task([Piece(0, 32)], [Piece(1, 32)], 32, 4)
    made = new_network(SMALL)
    assert task.judge(made) == task.judge(made)
    assert set(task.judge(made)) == {"valid_loss", "valid_cells"}
