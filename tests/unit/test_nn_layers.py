"""Our layers against torch's own: the same numbers, the same gradients."""

import pytest
import torch
from torch import nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn import layers
from deepcomposer_edu.nn.blocks import ChannelNorm

TOLERANCE = 1e-5


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def same_numbers_and_gradients(ours, torchs, x, shared):
    """Compare outputs, and the gradients of input and weights.

    shared: pairs of (our parameter, torch's), which are made equal first.
    """
    with torch.no_grad():
        for mine, theirs in shared:
            mine.copy_(theirs)
    results = []
    for layer in (ours, torchs):
        copy = x.clone().requires_grad_(x.is_floating_point())
        output = layer(copy)
        (output * draw(*output.shape, seed=9)).sum().backward()
        results.append((output, copy.grad))
    (mine, my_slope), (theirs, their_slope) = results
    assert torch.allclose(mine, theirs, atol=TOLERANCE)
    if my_slope is not None:
        assert torch.allclose(my_slope, their_slope, atol=TOLERANCE)
    for mine, theirs in shared:
        assert torch.allclose(mine.grad, theirs.grad, atol=1e-4)


@pytest.mark.parametrize("shape", [(7,), (5, 7), (2, 3, 7)])
def test_linear_is_torchs(shape):
    ours, torchs = layers.Linear(7, 4), nn.Linear(7, 4)
    pairs = [(ours.weight, torchs.weight), (ours.bias, torchs.bias)]
    same_numbers_and_gradients(ours, torchs, draw(*shape), pairs)


def test_linear_without_bias_is_torchs():
    x, weight = draw(5, 7), draw(4, 7, seed=1)
    expected = nn.functional.linear(x, weight)
    assert torch.allclose(layers.linear(x, weight), expected, atol=TOLERANCE)


@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_conv1d_is_torchs(kernel):
    ours = layers.Conv1d(3, 6, kernel)
    torchs = nn.Conv1d(3, 6, kernel, padding=kernel // 2)
    pairs = [(ours.weight, torchs.weight), (ours.bias, torchs.bias)]
    same_numbers_and_gradients(ours, torchs, draw(4, 3, 11), pairs)


def test_conv1d_without_padding_or_bias_is_torchs():
    x, weight = draw(2, 3, 9), draw(5, 3, 4, seed=1)
    expected = nn.functional.conv1d(x, weight)
    assert torch.allclose(layers.conv1d(x, weight), expected, atol=TOLERANCE)


def test_embedding_is_torchs():
    ours, torchs = layers.Embedding(10, 4), nn.Embedding(10, 4)
    codes = torch.tensor([[1, 1, 9], [0, 3, 5]])
    same_numbers_and_gradients(ours, torchs, codes, [(ours.table, torchs.weight)])


def test_embedding_is_a_linear_map_of_one_hots():
    table, codes = draw(10, 4), torch.tensor([2, 7])
    one_hot = nn.functional.one_hot(codes, 10).float()
    assert torch.allclose(layers.embed(codes, table), one_hot @ table)


@pytest.mark.parametrize("shape", [(6, 5), (4, 5, 7)])
def test_batch_norm_is_torchs_while_it_trains_and_after(shape):
    ours, torchs = layers.BatchNorm(5), nn.BatchNorm1d(5)
    pairs = [(ours.gain, torchs.weight), (ours.shift, torchs.bias)]
    for seed in range(3):
        x = 3 * draw(*shape, seed=seed) + 2
        ours.zero_grad(), torchs.zero_grad()
        same_numbers_and_gradients(ours, torchs, x, pairs)
    assert torch.allclose(ours.mean, torchs.running_mean, atol=TOLERANCE)
    assert torch.allclose(ours.variance, torchs.running_var, atol=TOLERANCE)
    ours.eval(), torchs.eval(), ours.zero_grad(), torchs.zero_grad()
    same_numbers_and_gradients(ours, torchs, draw(*shape, seed=7), pairs)


def test_layer_norm_is_torchs():
    ours, torchs = layers.LayerNorm(5), nn.LayerNorm(5)
    pairs = [(ours.gain, torchs.weight), (ours.shift, torchs.bias)]
    same_numbers_and_gradients(ours, torchs, 3 * draw(4, 7, 5) + 2, pairs)


def test_layer_norm_over_channels_is_the_models_own():
    x = draw(4, 5, 7)
    ours = layers.LayerNorm(5, axis=1)
    assert torch.allclose(ours(x), ChannelNorm(5)(x), atol=TOLERANCE)


@pytest.mark.parametrize("axes", [(0, 2), (1,), (1, 2), (-1,), (0, 1, 2)])
def test_normalised_numbers_have_mean_0_and_variance_1(axes):
    x = layers.normalise(5 * draw(6, 5, 40) - 3, axes)
    assert x.mean(dim=axes).abs().max() < TOLERANCE
    assert (x.var(dim=axes, unbiased=False) - 1).abs().max() < 1e-4


def test_normalising_what_is_constant_gives_0():
    assert torch.equal(
        layers.normalise(torch.full((3, 4), 7.0), (0,)), torch.zeros(3, 4)
    )


def test_the_memory_keeps_no_gradient_and_changes_no_input():
    x = draw(4, 3, 5).requires_grad_()
    mean, variance = torch.zeros(3), torch.ones(3)
    new_mean, new_variance = layers.running_statistics(x, mean, variance)
    assert not new_mean.requires_grad and not new_variance.requires_grad
    assert torch.equal(mean, torch.zeros(3)) and torch.equal(variance, torch.ones(3))


def test_dropout_is_torchs_for_the_same_mask():
    x, rate = draw(50, 40), 0.3
    ours = layers.dropout(x, rate, torch.Generator().manual_seed(1))
    stays = torch.rand(x.shape, generator=torch.Generator().manual_seed(1)) >= rate
    scale = nn.functional.dropout(
        torch.ones(1000), rate
    ).max()  # torch's 1 / (1 - rate)
    assert torch.allclose(ours, x * stays * scale)


def test_dropout_drops_its_share_and_keeps_the_mean():
    x = torch.ones(200, 500)
    dropped = layers.dropout(x, 0.25, torch.Generator().manual_seed(0))
    n = x.numel()
    spread = (0.25 * 0.75 / n) ** 0.5  # of a share among n
    assert abs((dropped == 0).float().mean() - 0.25) < 5 * spread
    assert abs(dropped.mean() - 1) < 5 * spread / 0.75


def test_dropout_is_off_when_nothing_is_learned():
    x, layer = draw(4, 5), layers.Dropout(0.9).eval()
    assert torch.equal(layer(x), x)


def test_l2_has_the_gradient_of_weight_decay():
    weights = [draw(3, 4).requires_grad_(), draw(5, seed=1).requires_grad_()]
    layers.weight_penalty(weights, l2=0.1).backward()
    for weight in weights:
        assert torch.allclose(weight.grad, 2 * 0.1 * weight)


def test_the_penalties_are_torchs_norms():
    weights = [draw(3, 4), draw(5, seed=1)]
    flat = torch.cat([weight.flatten() for weight in weights])
    expected = 0.2 * flat.norm(1) + 0.3 * flat.norm(2) ** 2
    found = layers.weight_penalty(weights, l1=0.2, l2=0.3)
    assert torch.allclose(found, expected)


def test_l1_brings_weights_to_nothing_and_l2_does_not():
    ends = {}
    for kind in ("l1", "l2"):
        weight = draw(200).requires_grad_()
        for _ in range(400):
            loss = layers.weight_penalty([weight], **{kind: 1.0})
            (slope,) = torch.autograd.grad(loss, weight)
            step = 0.01 * slope
            if kind == "l1":  # never beyond 0
                step = step.clamp(-weight.abs(), weight.abs())
            weight = (weight - step).detach().requires_grad_()
        ends[kind] = (weight == 0).float().mean().item()
    assert ends["l1"] > 0.99 and ends["l2"] == 0


@pytest.mark.parametrize(
    ("norm", "mixes"),
    [(layers.BatchNorm(5), True), (layers.LayerNorm(5, axis=1), False)],
)
def test_only_batch_norm_mixes_the_pieces_of_a_batch(norm, mixes):
    network = nn.Sequential(layers.Conv1d(3, 5), norm, nn.Tanh(), layers.Conv1d(5, 2))
    found = layers.influence(network.train(), draw(4, 3, 6))
    everybody, alone = torch.ones(4, 4, dtype=torch.bool), torch.eye(4).bool()
    assert torch.equal(found, everybody if mixes else alone)


def test_after_training_batch_norm_mixes_nothing():
    network = nn.Sequential(layers.Conv1d(3, 5), layers.BatchNorm(5)).eval()
    found = layers.influence(network, draw(4, 3, 6))
    assert torch.equal(found, torch.eye(4).bool())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: layers.Linear(3, 2)(draw(4, 5)), "of 3 inputs was given a tensor"),
        (lambda: layers.Conv1d(3, 2)(draw(3)), "of 3 channels was given"),
        (lambda: layers.Conv1d(3, 2, kernel=4), "odd number"),
        (lambda: layers.Embedding(4, 2)(torch.tensor([4])), "rows 0 to 3"),
        (lambda: layers.Embedding(4, 2)(torch.tensor([-1])), "codes from -1"),
        (lambda: layers.BatchNorm(3)(draw(2, 4)), "BatchNorm of 3 channels"),
        (lambda: layers.BatchNorm(3)(draw(1, 3)), "one number a channel"),
        (lambda: layers.LayerNorm(3)(draw(2, 4)), "LayerNorm of 3 features"),
        (lambda: layers.Dropout(1.0), "0 to below 1"),
        (lambda: layers.Dropout(-0.1), "0 to below 1"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(wrong, words):
    with pytest.raises(InputError, match=words):
        wrong()
