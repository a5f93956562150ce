"""Distances of heaps on a line, the plan and the critic behind them, and slopes."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from torch import nn

from deepcomposer_edu.nn.gan import gradient_penalty
from deepcomposer_edu.nn.wasserstein import (
    best_critic,
    earth_mover_distance,
    jensen_shannon,
    slope_bound,
    slopes_by_nudging,
    transport_plan,
    work,
)


def heap(counts):
    shares = torch.tensor(counts, dtype=torch.float64)
    return shares / shares.sum()


# Multiples of 1/64 add up without rounding.
pairs = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        *[st.lists(st.integers(0, 16), min_size=n, max_size=n).filter(any)] * 2
    )
)


def cheapest_by_linear_program(real, fake):
    n = len(real)
    ways = np.abs(np.subtract.outer(np.arange(n), np.arange(n))).ravel()
    rows = np.kron(np.eye(n), np.ones(n))
    columns = np.kron(np.ones(n), np.eye(n))
    solved = linprog(
        ways,
        A_eq=np.vstack([rows, columns]),
        b_eq=np.concatenate([fake.numpy(), real.numpy()]),
    )
    return solved.fun


@settings(max_examples=25, deadline=None)
@given(pairs)
def test_no_plan_at_all_is_cheaper_than_the_distance(counts):
    real, fake = map(heap, counts)
    least = cheapest_by_linear_program(real, fake)
    assert earth_mover_distance(real, fake).item() == pytest.approx(least, abs=1e-7)


@settings(max_examples=50, deadline=None)
@given(pairs)
def test_the_plan_carries_all_and_the_critic_gains_its_work(counts):
    real, fake = map(heap, counts)
    plan = transport_plan(real, fake)
    torch.testing.assert_close(plan.sum(1), fake, atol=1e-12, rtol=0)
    torch.testing.assert_close(plan.sum(0), real, atol=1e-12, rtol=0)
    scores = best_critic(real, fake)
    assert scores.diff().abs().max() <= 1
    gap = (scores * (real - fake)).sum()
    assert gap.item() == pytest.approx(work(plan).item(), abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(pairs, st.integers(0, 2**31 - 1))
def test_no_critic_of_slope_one_gains_more_than_the_distance(counts, seed):
    real, fake = map(heap, counts)
    random = torch.Generator().manual_seed(seed)
    rises = 2 * torch.rand(len(real) - 1, generator=random, dtype=torch.float64) - 1
    scores = torch.cat([rises.new_zeros(1), rises.cumsum(0)])
    gap = (scores * (real - fake)).sum()
    assert gap <= earth_mover_distance(real, fake) + 1e-9


def test_a_moved_heap_is_as_far_as_it_was_moved():
    low = heap([1, 2, 3, 0, 0, 0, 0, 0])
    assert earth_mover_distance(low, low.roll(5)).item() == pytest.approx(5)
    assert earth_mover_distance(low, low.roll(5), width=0.5).item() == pytest.approx(
        2.5
    )


def test_the_divergence_is_flat_where_heaps_do_not_meet():
    low = heap([1, 2, 3, 0, 0, 0, 0, 0, 0])
    far = [jensen_shannon(low, low.roll(k)).item() for k in (3, 4, 6)]
    assert far == pytest.approx([math.log(2)] * 3)


@settings(max_examples=50, deadline=None)
@given(pairs)
def test_the_divergence_is_symmetric_and_at_most_log_2(counts):
    real, fake = map(heap, counts)
    value = jensen_shannon(real, fake).item()
    assert -1e-12 <= value <= math.log(2) + 1e-12
    assert value == pytest.approx(jensen_shannon(fake, real).item(), abs=1e-12)


def critic_of(*layers):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 8), *layers, nn.Tanh(), nn.Linear(8, 1)).double()


def test_the_bound_is_reached_by_a_linear_critic_and_never_exceeded():
    weight = torch.tensor([[3.0, 4.0]])
    assert slope_bound([weight]).item() == pytest.approx(5)
    critic = critic_of()
    bound = slope_bound([critic[0].weight, critic[2].weight])
    pieces = torch.randn(50, 3, dtype=torch.float64)
    slopes = slopes_by_nudging(lambda x: critic(x)[:, 0].detach(), pieces)
    assert 0 < slopes.max() < bound


@pytest.mark.parametrize(
    ("layers", "is_per_piece"),
    [((), True), ((nn.LayerNorm(8),), True), ((nn.BatchNorm1d(8),), False)],
    ids=["none", "layer", "batch"],
)
def test_the_penalty_is_that_of_each_piece_unless_a_norm_mixes_them(
    layers, is_per_piece
):
    critic = critic_of(*layers)
    pieces = 2 * torch.randn(5, 3, dtype=torch.float64)
    watched = pieces.clone().requires_grad_()
    by_torch = gradient_penalty(critic(watched)[:, 0], [watched]).item()
    slopes = slopes_by_nudging(lambda x: critic(x)[:, 0].detach(), pieces, 1e-5)
    by_hand = (slopes - 1).square().mean().item()
    assert (abs(by_hand - by_torch) < 1e-5) == is_per_piece


@pytest.mark.parametrize(("norm", "is_deaf"), [("batch", True), ("layer", False)])
def test_batch_norm_makes_a_critic_deaf_to_a_move_of_all_pieces(norm, is_deaf):
    layer = nn.BatchNorm1d(8) if norm == "batch" else nn.LayerNorm(8)
    critic = critic_of(layer)
    pieces = torch.randn(6, 3, dtype=torch.float64)
    rise = (critic(pieces + 10) - critic(pieces)).abs().max().item()
    assert (rise < 1e-6) == is_deaf
