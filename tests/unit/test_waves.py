"""Sound as numbers: mu-law, causal convolutions, queues, what a stack can see."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.waves import (
    causal_convolution,
    check_layers,
    count_paths,
    gated,
    mu_law,
    mu_law_decode,
    queue_step,
    receptive_field,
)


def test_the_ends_and_the_middle_of_mu_law():
    assert mu_law(torch.tensor([-1.0, 0.0, 1.0])).tolist() == [0, 128, 255]
    assert mu_law(torch.tensor([-7.0, 7.0])).tolist() == [0, 255]  # clipped


def test_a_case_of_mu_law_by_hand():
    # ln(1 + 255 * 0.1) / ln 256 = 0.5909; (0.5909 + 1) / 2 * 255 = 202.8
    assert mu_law(torch.tensor([0.1])).tolist() == [203]


def test_every_code_comes_back():
    codes = torch.arange(256)
    assert mu_law(mu_law_decode(codes)).tolist() == codes.tolist()
    assert mu_law(mu_law_decode(torch.arange(16), 16), 16).tolist() == list(range(16))


def test_quiet_sounds_lose_less_than_loud_ones():
    quiet, loud = torch.linspace(0, 0.01, 500), torch.linspace(0.9, 1, 500)
    lost = [float((mu_law_decode(mu_law(x)) - x).abs().max()) for x in (quiet, loud)]
    assert 20 * lost[0] < lost[1] < 0.025


def test_a_causal_convolution_sees_no_future():
    random = torch.Generator().manual_seed(0)
    x = torch.randn(2, 30, 3, generator=random)
    weight = torch.randn(3, 3, 4, generator=random)
    whole = causal_convolution(x, weight, 5)
    x[:, 17:] = 0
    changed = (causal_convolution(x, weight, 5) != whole).any(dim=2)
    assert not changed[:, :17].any()
    assert changed[:, 17].all()


@given(
    kernel=st.integers(1, 4), dilation=st.integers(1, 6), n_samples=st.integers(1, 20)
)
def test_a_causal_convolution_is_torch_s_with_zeros_in_front(
    kernel, dilation, n_samples
):
    random = torch.Generator().manual_seed(1)
    x = torch.randn(1, n_samples, 2, generator=random)
    weight = torch.randn(kernel, 2, 3, generator=random)
    padded = torch.nn.functional.pad(x.mT, ((kernel - 1) * dilation, 0))
    expected = torch.nn.functional.conv1d(
        padded, weight.permute(2, 1, 0), dilation=dilation
    ).mT
    torch.testing.assert_close(causal_convolution(x, weight, dilation), expected)


def test_queues_give_what_the_convolution_gives():
    random = torch.Generator().manual_seed(2)
    x = torch.randn(2, 25, 3, generator=random)
    weight = torch.randn(2, 3, 4, generator=random)
    queue, found = torch.zeros(2, 7, 3), []
    for t in range(25):
        before = queue.clone()
        output, after = queue_step(x[:, t], queue, weight)
        assert torch.equal(queue, before)  # its inputs stay as they are
        queue = after
        found.append(output)
    expected = causal_convolution(x, weight, 7)
    torch.testing.assert_close(torch.stack(found, dim=1), expected)


def test_a_closed_gate_lets_nothing_through():
    assert gated(torch.tensor([1.0, -100.0])).tolist() == [0.0]
    assert gated(torch.tensor([1.0, 0.0])).item() == pytest.approx(math.tanh(1) / 2)


@given(
    dilations=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    kernel=st.integers(1, 3),
)
def test_the_paths_agree_with_what_a_change_of_one_input_does(dilations, kernel):
    field, paths = receptive_field(dilations, kernel), count_paths(dilations, kernel)
    assert len(paths) == field
    assert sum(paths) == kernel ** len(dilations)
    x = torch.zeros(1, field, 1)
    x[0, 0] = 1.0  # then the output at t counts the paths of lag t
    for dilation in dilations:
        x = causal_convolution(x, torch.ones(kernel, 1, 1), dilation)
    assert x.flatten().tolist() == paths


def test_doubled_dilations_give_one_path_each_and_no_gap():
    assert count_paths([1, 2, 4, 8]) == [1] * 16
    assert count_paths([1, 3]) == [1, 1, 0, 1, 1]  # grows too fast: a gap
    assert receptive_field([1, 1, 1, 1]) == 5
    assert receptive_field([2**i for i in range(10)] * 2) == 2_047


@pytest.mark.parametrize(("dilations", "kernel"), [([0], 2), ([1], 0), ([1, -2], 2)])
def test_layers_that_cannot_be_are_refused(dilations, kernel):
    with pytest.raises(InputError, match="of at least 1"):
        check_layers(dilations, kernel)
