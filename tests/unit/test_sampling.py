"""Drawing tokens: cases worked by hand, and what no draw may ever do."""

import math

import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.sampling import (
    NEVER,
    keep_nucleus,
    keep_top_k,
    sample,
    softmax,
)

LOGITS = torch.log(torch.tensor([0.5, 0.25, 0.15, 0.1]))


def test_softmax_at_temperature_one_gives_the_probabilities_back():
    torch.testing.assert_close(softmax(LOGITS), torch.tensor([0.5, 0.25, 0.15, 0.1]))


def test_half_the_temperature_squares_the_odds():
    cold = softmax(LOGITS, 0.5)
    assert (cold[0] / cold[1]).item() == pytest.approx(4.0, rel=1e-5)


def test_softmax_agrees_with_torch_and_survives_huge_logits():
    logits = torch.tensor([[1e4, 0.0, -1e4], [3.0, NEVER, 3.0]])
    torch.testing.assert_close(softmax(logits), logits.softmax(-1))


def test_top_k_keeps_the_k_largest_unchanged():
    kept = keep_top_k(LOGITS, 2)
    assert kept.isinf().tolist() == [False, False, True, True]
    assert torch.equal(kept[:2], LOGITS[:2])


@pytest.mark.parametrize(
    ("p", "n_kept"), [(0.4, 1), (0.5, 1), (0.6, 2), (0.76, 3), (0.95, 4), (1.0, 4)]
)
def test_the_nucleus_is_the_smallest_set_that_reaches_p(p, n_kept):
    assert keep_nucleus(LOGITS, p).isfinite().sum().item() == n_kept


def test_the_nucleus_does_not_depend_on_the_order_of_the_tokens():
    order = torch.tensor([2, 0, 3, 1])
    kept = keep_nucleus(LOGITS[order], 0.6)
    assert kept.isfinite().tolist() == [False, True, False, True]


def test_draws_come_as_often_as_they_should():
    rows = LOGITS.expand(20_000, 4)
    drawn = sample(rows, generator=torch.Generator().manual_seed(0))
    shares = torch.bincount(drawn, minlength=4) / len(drawn)
    # four standard deviations of a share of one half among 20,000
    assert (shares - LOGITS.exp()).abs().max() < 4 * math.sqrt(0.25 / 20_000)


def test_what_must_never_come_never_comes():
    logits = torch.tensor([0.0, NEVER, 0.0]).expand(5_000, 3)
    assert 1 not in sample(logits, 5.0, generator=torch.Generator().manual_seed(0))


def test_a_seed_gives_the_same_draws_and_the_shape_stays():
    logits = torch.randn(2, 3, 7, generator=torch.Generator().manual_seed(1))
    first, second = (
        sample(logits, 0.8, 5, 0.9, torch.Generator().manual_seed(3)) for _ in range(2)
    )
    assert torch.equal(first, second)
    assert first.shape == (2, 3)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((0.0, 0, 1.0), "temperature is 0, but it must be a number above 0"),
        ((-1.0, 0, 1.0), "temperature is -1"),
        ((float("nan"), 0, 1.0), "temperature is nan"),
        ((1.0, 5, 1.0), "top_k is 5, but the vocabulary has 4 tokens"),
        ((1.0, -1, 1.0), "top_k is -1"),
        ((1.0, 0, 0.0), "top_p is 0"),
        ((1.0, 0, 1.5), "top_p is 1.5"),
    ],
)
def test_values_that_cannot_be_sampled_with_are_refused(values, words):
    with pytest.raises(InputError, match=words):
        sample(LOGITS, *values)
