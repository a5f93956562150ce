"""What lesson 07 says of its games in the plane holds for several seeds."""

from dataclasses import replace

import pytest
import torch
from scipy.optimize import linear_sum_assignment

from deepcomposer_edu.models.tiny_gan import TinyConfig
from deepcomposer_edu.training.tiny_gan import TinyGame

RING = TinyConfig(
    data="ring",
    loss="wgan-gp",
    gradient_penalty=1.0,
    n_critic=5,
    generator_rate=0.002,
    critic_rate=0.002,
)
N_STEPS, N_LAST = 60, 15
SEEDS = (0, 1, 2)


def played(config, seed):
    """Return the critic's estimate over the last steps, and the true distance."""
    game = TinyGame(config, seed)
    gaps = [game.step()["gap"] for _ in range(N_STEPS)]
    ways = torch.cdist(game.points(300, 1), game.real(300, 1))
    distance = ways[linear_sum_assignment(ways)].mean().item()
    return sum(gaps[-N_LAST:]) / N_LAST, distance


@pytest.fixture(scope="module", name="healthy")
def healthy_fixture():
    return {seed: played(RING, seed) for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_critic_that_keeps_up_tells_the_distance(seed, healthy):
    estimate, distance = healthy[seed]
    assert estimate == pytest.approx(distance, rel=0.5)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_critic_that_lags_behind_does_not(seed, healthy):
    estimate, distance = played(replace(RING, n_critic=1), seed)
    assert abs(estimate - distance) > 2 * abs(healthy[seed][0] - healthy[seed][1])
    assert distance > healthy[seed][1]


@pytest.mark.parametrize("seed", SEEDS)
def test_batch_norm_reports_less_while_the_points_are_further_away(seed, healthy):
    estimate, distance = played(replace(RING, normalisation="batch"), seed)
    assert estimate < healthy[seed][0]
    assert distance > 1.5 * healthy[seed][1]
