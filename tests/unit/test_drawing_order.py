"""The order of drawing: every hidden cell once, from coarse to fine."""

import numpy as np
import pytest
import torch

from deepcomposer_edu.models.drawing_order import (
    PERIOD,
    drawing_order,
    in_passes,
    positions,
    random_blocks,
)
from deepcomposer_edu.models.orderless_editor import gumbel, sweeps

HIDDEN = np.random.default_rng(0).random((4, 50)) < 0.7


def test_strong_beats_come_first_and_odd_sixteenths_last() -> None:
    order = positions()
    assert order[:4] == [0, 8, 4, 12]
    assert sorted(order) == list(range(16))
    assert all(position % 2 for position in order[8:])


@pytest.mark.parametrize("pickup", [0, 4, 7])
@pytest.mark.parametrize("n_passes", [1, 5, 64, 1000])
def test_each_hidden_cell_is_drawn_once(pickup: int, n_passes: int) -> None:
    groups = in_passes(drawing_order(HIDDEN, pickup), n_passes)
    assert len(groups) <= n_passes
    assert all(group.any() for group in groups)
    assert np.array_equal(np.sum(groups, axis=0), HIDDEN)


def test_cells_of_a_group_lie_a_bar_apart_in_one_voice() -> None:
    for group in drawing_order(HIDDEN, 4):
        voices, steps = np.nonzero(group)
        assert len(set(voices.tolist())) == 1
        assert (np.diff(steps) % PERIOD == 0).all()


def test_the_first_group_is_the_bass_on_the_bar_lines() -> None:
    everything = np.ones((4, 40), dtype=bool)
    first = drawing_order(everything, 4)[0]
    assert np.argwhere(first).tolist() == [[3, 4], [3, 20], [3, 36]]


def test_nothing_hidden_needs_no_pass() -> None:
    assert in_passes(drawing_order(np.zeros((4, 8), dtype=bool)), 4) == []


def test_blocks_are_quarters_from_the_bar_line_on() -> None:
    random = torch.Generator().manual_seed(0)
    blocks = random_blocks(41, 0.5, 3, random)
    assert blocks.shape == (4, 41)
    inner = blocks[:, 3:39].reshape(4, 9, 4)
    assert (inner == inner[..., :1]).all()
    assert 0 < blocks.mean() < 1


def test_a_share_of_none_or_all_blocks_is_none_or_all() -> None:
    random = torch.Generator().manual_seed(0)
    assert not random_blocks(16, 0.0, 0, random).any()
    assert random_blocks(16, 1.0, 0, random).all()


@pytest.mark.parametrize("fills", [True, False])
@pytest.mark.parametrize("n_passes", [1, 16, 17, 64, 100, 1000])
def test_sweeps_spend_every_pass_and_hide_less_and_less(
    n_passes: int, fills: bool
) -> None:
    found = sweeps(n_passes, fills)
    shares = [share for share, _ in found]
    assert sum(size for _, size in found) == n_passes
    assert all(size > 0 for _, size in found)
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 0.5


def test_the_best_of_noisy_logits_is_a_draw() -> None:
    random = torch.Generator().manual_seed(0)
    chances = torch.tensor([0.7, 0.2, 0.1])
    noisy = chances.log() + gumbel(torch.Size([20_000, 3]), random)
    found = torch.bincount(noisy.argmax(-1), minlength=3) / 20_000
    assert torch.allclose(found, chances, atol=0.02)
