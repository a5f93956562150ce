"""Attention against torch's own, step by step against all at once, and no leaks."""

import doctest

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from deepcomposer_edu.nn import attention
from deepcomposer_edu.nn.attention import (
    Cache,
    SelfAttention,
    TransformerBlock,
    attend,
    causal_mask,
    join_heads,
    relative_bias,
    split_heads,
)
from deepcomposer_edu.nn.leaks import worst_leak

B, H, T, D = 2, 3, 7, 4
C = H * D


def random(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


QUERY, KEY, VALUE = (random(B, H, T, D, seed=seed) for seed in (1, 2, 3))
X, OTHER = random(B, T, C, seed=4), random(B, T, C, seed=5)


def block(seed=0):
    """A block whose distances count for something, as after a training."""
    torch.manual_seed(seed)
    made = TransformerBlock(C, H, n_distances=5, dropout=0.0).eval()
    nn.init.normal_(made.attention.distance)
    return made


def test_its_examples_are_right():
    assert doctest.testmod(attention).failed == 0


def test_attention_is_torchs_own():
    mixed, _ = attend(QUERY, KEY, VALUE)
    right = F.scaled_dot_product_attention(QUERY, KEY, VALUE)
    assert torch.allclose(mixed, right, atol=1e-6)


def test_masked_attention_is_torchs_own():
    mask = causal_mask(T, T)
    mixed, weights = attend(QUERY, KEY, VALUE, mask)
    right = F.scaled_dot_product_attention(QUERY, KEY, VALUE, is_causal=True)
    assert torch.allclose(mixed, right, atol=1e-6)
    assert (weights[..., ~mask] == 0).all()


def test_gradients_are_torchs_own():
    given = [one.clone().requires_grad_() for one in (QUERY, KEY, VALUE)]
    ours = torch.autograd.grad(attend(*given, causal_mask(T, T))[0].sin().sum(), given)
    right = torch.autograd.grad(
        F.scaled_dot_product_attention(*given, is_causal=True).sin().sum(), given
    )
    for one, other in zip(ours, right, strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def test_weights_sum_to_one():
    bias = relative_bias(random(H, 3), T, T)
    weights = attend(QUERY, KEY, VALUE, causal_mask(T, T), bias)[1]
    assert torch.allclose(weights.sum(-1), torch.ones(B, H, T))


def test_attention_does_not_know_the_order_of_what_it_sees():
    order = torch.randperm(T, generator=torch.Generator().manual_seed(0))
    mixed = attend(QUERY, KEY, VALUE)[0]
    shuffled = attend(QUERY, KEY[:, :, order], VALUE[:, :, order])[0]
    assert torch.allclose(mixed, shuffled, atol=1e-6)


def test_heads_are_split_and_joined_again():
    heads = split_heads(X, H)
    assert heads.shape == (B, H, T, D)
    assert torch.equal(heads[:, 1], X[..., D : 2 * D])
    assert torch.equal(join_heads(heads), X)


@pytest.mark.parametrize(("n_queries", "n_keys"), [(1, 1), (1, 5), (3, 5), (5, 5)])
def test_a_mask_is_the_last_rows_of_a_triangle(n_queries, n_keys):
    triangle = torch.ones(n_keys, n_keys, dtype=torch.bool).tril()
    assert torch.equal(causal_mask(n_queries, n_keys), triangle[-n_queries:])


@pytest.mark.parametrize("n_queries", [1, 3, 6])
def test_a_bias_is_the_same_with_fewer_queries(n_queries):
    table = random(H, 4)
    whole = relative_bias(table, 6, 6)
    assert torch.equal(relative_bias(table, n_queries, 6), whole[:, -n_queries:])


def test_a_bias_depends_on_the_distance_alone():
    bias = relative_bias(random(H, 10), 6, 6)
    assert torch.equal(bias[:, 2:, 2:], bias[:, :-2, :-2])


def test_self_attention_has_the_weights_that_it_shows():
    made = block().attention
    mixed = made.weights(X) @ made._heads(X)[2]
    assert torch.allclose(made(X), made.to_output(join_heads(mixed)), atol=1e-6)


def test_self_attention_is_torchs_own_where_distances_count_for_nothing():
    torch.manual_seed(0)
    made = SelfAttention(C, H, n_distances=4).eval()
    right = nn.MultiheadAttention(C, H, batch_first=True)
    right.in_proj_weight.data = made.to_query_key_value.weight.data
    right.in_proj_bias.data = made.to_query_key_value.bias.data
    right.out_proj = made.to_output
    forbidden = ~causal_mask(T, T)
    expected, weights = right(X, X, X, attn_mask=forbidden, average_attn_weights=False)
    assert torch.allclose(made(X), expected, atol=1e-6)
    assert torch.allclose(made.weights(X), weights, atol=1e-6)


def test_a_block_does_not_look_ahead():
    assert worst_leak(block(), X, OTHER)[1] == pytest.approx(0, abs=1e-6)


def test_a_block_hears_all_that_came_before():
    changed = X.clone()
    changed[:, 0] = OTHER[:, 0]
    assert (block()(changed) - block()(X)).abs().amin(dim=(0, 2)).min() > 1e-5


@pytest.mark.parametrize("parts", [[1] * T, [4, 1, 1, 1], [3, 4], [T]])
def test_with_a_cache_step_by_step_is_the_same_as_all_at_once(parts):
    made, cache = block(), Cache()
    pieces = [made(piece, cache) for piece in X.split(parts, dim=1)]
    assert torch.allclose(torch.cat(pieces, dim=1), made(X), atol=1e-5)


def test_a_cache_holds_every_step_once():
    cache = Cache()
    for piece in X.split(1, dim=1):
        block()(piece, cache)
    assert cache.key.shape == cache.value.shape == (B, H, T, D)
