"""The attention view's Python side, without a browser."""

from __future__ import annotations

import base64

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import score_from_dict
from deepcomposer_edu.widgets import AttentionView

GRID = Grid([[60, 62, 64]])
BEFORE = np.array([[1.0, 0, 0], [1, 0, 0], [0, 1, 0]])  # each looks one back
SELF = np.eye(3)
TWO_HEADS = np.stack([BEFORE, SELF])


def test_one_pattern_stands_for_one_layer_with_one_head():
    assert AttentionView(GRID, BEFORE).shape == [1, 1, 3]
    assert AttentionView(GRID, TWO_HEADS).shape == [1, 2, 3]
    assert AttentionView(GRID, [[SELF], [BEFORE]]).shape == [2, 1, 3]


def test_tensors_are_taken_too():
    weights = torch.from_numpy(TWO_HEADS).requires_grad_()
    assert AttentionView(GRID, weights).shape == [1, 2, 3]


def test_a_grid_is_shown_as_its_notes():
    assert len(score_from_dict(AttentionView(GRID, BEFORE).music).notes) == 3


def test_the_browser_gets_a_byte_for_each_share():
    view = AttentionView(GRID, [[1.0, 0, 0], [0.75, 0.25, 0], [0.5, 0.49, 0.01]])
    sent = np.frombuffer(base64.b64decode(view.shares), dtype=np.uint8)
    shares = (sent.reshape(view.shape[:2] + [3, 3]) / 255.0) ** 2
    assert np.abs(shares - view.weights).max() < 0.005


def test_the_last_position_is_chosen_at_first():
    assert AttentionView(GRID, BEFORE).position == 2


def test_the_shares_of_a_position_are_those_of_the_chosen_head():
    view = AttentionView(GRID, TWO_HEADS, head=1)
    assert view.shares_of().tolist() == [0, 1, 0]
    view.head = 2
    assert view.shares_of().tolist() == [0, 0, 1]
    assert view.shares_of(1, head=1).tolist() == [1, 0, 0]


def test_head_0_is_the_mean_of_all_heads():
    assert AttentionView(GRID, TWO_HEADS).shares_of(2).tolist() == [0, 0.5, 0.5]


def test_a_leak_is_the_largest_share_given_to_what_comes_later():
    assert AttentionView(GRID, TWO_HEADS).leak == 0
    leaky = np.array([[0.7, 0.3, 0], [0.5, 0.5, 0], [0, 0, 1]])
    assert AttentionView(GRID, leaky).leak == pytest.approx(0.3)


def test_positions_may_be_longer_than_a_step():
    view = AttentionView(GRID, SELF, starts=[0, 4, 6, 8])
    assert view.starts == [0, 4, 6, 8]


def refusal(*arguments, **options):
    with pytest.raises(InputError) as refused:
        AttentionView(*arguments, **options)
    return str(refused.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layer": 2}, "layer is 2, but it must be 1 to 1"),
        ({"head": 3}, "0 to 2, where 0 is the mean"),
        ({"position": 3}, "position is 3, but it must be 0 to 2"),
    ],
)
def test_a_choice_that_is_not_there_is_refused(options, words):
    assert words in refusal(GRID, TWO_HEADS, **options)


def test_a_choice_that_is_not_there_is_refused_later_too():
    view = AttentionView(GRID, TWO_HEADS)
    with pytest.raises(InputError, match="head is 9"):
        view.head = 9
    assert view.head == 0


def test_weights_that_are_not_square_are_refused():
    assert "shape (2, 3)" in refusal(GRID, [[1, 0, 0], [0, 1, 0]])


def test_words_instead_of_weights_are_refused():
    assert "is needed" in refusal(GRID, "much")


def test_logits_are_refused():
    assert "after the softmax" in refusal(GRID, [[3.0, -1], [0.5, 0.2]])


def test_what_is_not_a_number_is_refused():
    assert "after the softmax" in refusal(GRID, [[np.nan, 1], [0.5, 0.5]])


def test_too_many_weights_are_refused():
    weights = np.broadcast_to(np.float32(1 / 2001), (2001, 2001))
    assert "take fewer steps" in refusal(GRID, weights)


def test_starts_that_do_not_fit_are_refused():
    assert "3 starts for 3 positions" in refusal(GRID, SELF, starts=[0, 1, 2])
    assert "each later" in refusal(GRID, SELF, starts=[0, 2, 1, 3])


def test_what_is_no_music_is_refused():
    assert "attention view was given a int" in refusal(7, SELF)


def test_an_empty_score_can_be_shown():
    assert AttentionView(Score(), SELF).music["tracks"] == []
