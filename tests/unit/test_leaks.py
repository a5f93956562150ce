"""The test for networks that look ahead, on networks known to look or not to."""

import doctest

import pytest
import torch
from torch import nn

from deepcomposer_edu.nn import leaks
from deepcomposer_edu.nn.leaks import leak, worst_leak

RANDOM = torch.Generator().manual_seed(0)
X, OTHER = torch.randn((2, 2, 8, 3), generator=RANDOM)


def test_its_examples_are_right():
    assert doctest.testmod(leaks).failed == 0


def test_a_sum_of_the_past_does_not_leak():
    assert worst_leak(lambda x: x.cumsum(1), X, OTHER)[1] == 0


def test_a_causal_gru_does_not_leak():
    torch.manual_seed(0)
    gru = nn.GRU(3, 4, batch_first=True)
    assert worst_leak(lambda x: gru(x)[0], X, OTHER)[1] == 0


def test_a_centred_convolution_leaks_at_every_step():
    torch.manual_seed(0)
    blur = nn.Conv1d(3, 3, 3, padding=1)
    network = lambda x: blur(x.transpose(1, 2)).transpose(1, 2)  # noqa: E731
    assert all(leak(network, X, OTHER, step) > 0 for step in range(7))


def test_a_mean_over_all_steps_leaks():
    assert worst_leak(lambda x: x - x.mean(1, keepdim=True), X, OTHER)[1] > 0


@pytest.mark.parametrize("distance", [1, 2, 5])
def test_a_look_far_ahead_is_found_too(distance):
    ahead = lambda x: x.roll(-distance, dims=1)  # noqa: E731
    assert leak(ahead, X, OTHER, 8 - distance - 1) > 0


def test_the_own_step_may_be_seen():
    assert leak(lambda x: 2 * x, X, OTHER, 3) == 0


def test_the_step_of_the_worst_leak_is_told():
    def looks_once(x):
        y = x.clone()
        y[:, 5] += x[:, 6]
        return y

    assert worst_leak(looks_once, X, OTHER)[0] == 5


def test_tokens_can_be_tested_as_well():
    tokens, others = torch.tensor([[1, 2, 3]]), torch.tensor([[4, 5, 6]])
    assert worst_leak(lambda x: x.flip(1), tokens, others)[1] > 0
