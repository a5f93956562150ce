"""The harmoniser's critic with spectral normalisation: bounded, trained, kept."""

import dataclasses

import pytest
import torch
from tiny_training import TINY, chord_windows, train, without_seconds
from torch.nn.utils import parametrize

from deepcomposer_edu.compose.networks import checkpoint_tensors, make
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wgan import WGANConfig, critic_of
from deepcomposer_edu.training.checkpoint import checkpoints
from deepcomposer_edu.training.wgan import WGANGame
from deepcomposer_edu.training.wgan_data import TrainingSet

SPECTRAL = dataclasses.replace(
    TINY, critic_normalisation="spectral", gradient_penalty=0.0, critic_rate=0.1
)


def stretches(critic: torch.nn.Module) -> list[float]:
    """Return the largest stretch of each layer's weight as it is used, by the SVD."""
    layers = (critic.enter, *critic.layers, critic.leave)
    return [
        torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2).item()
        for layer in layers
    ]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_no_layer_stretches_however_fast_it_learns(precision: str) -> None:
    games = {}
    for name in ("spectral", "none"):
        config = dataclasses.replace(SPECTRAL, critic_normalisation=name)
        games[name] = WGANGame(config, seed=0, precision=precision)
        data = TrainingSet.of(chord_windows(), config)
        for step in range(1, 6):
            row = games[name].step(data, step)
        assert all(abs(value) < float("inf") for value in row.values())
    bounded = stretches(games["spectral"].critic.eval())
    assert max(bounded) < 1.3  # one round of the iteration a step follows closely
    assert max(stretches(games["none"].critic)) > 2 * max(bounded)


def test_genres_and_penalty_go_with_it() -> None:
    config = dataclasses.replace(SPECTRAL, n_genres=2, gradient_penalty=10.0)
    windows = {"chorale": chord_windows(), "palestrina": chord_windows(key=2)}
    row = WGANGame(config).step(TrainingSet.of(windows, config), 1)
    assert row["gradient_penalty"] > 0


def test_a_resumed_run_takes_the_same_steps(tmp_path) -> None:
    whole = train(tmp_path / "whole", 4, config=SPECTRAL)
    train(tmp_path / "parts", 2, config=SPECTRAL)
    parts = train(tmp_path / "parts", 4, config=SPECTRAL, resume=True)
    assert without_seconds(parts.rows) == without_seconds(whole.rows)


def test_a_checkpoint_scores_and_composes(tmp_path) -> None:
    run = tmp_path / "run"
    train(run, 2, config=SPECTRAL)
    tensors, _ = checkpoint_tensors("wgan", checkpoints(run)[-1])
    network = make("wgan", SPECTRAL.to_dict(), tensors, "mine", "")
    assert parametrize.is_parametrized(network.critic.enter, "weight")
    batch = TrainingSet.of(chord_windows(), SPECTRAL).rows(slice(4), SPECTRAL)
    arguments = (batch.voices, batch.repeats, batch.position)
    with torch.no_grad():
        first, again = (network.critic(*arguments) for _ in range(2))
    assert torch.equal(first, again)  # judging turns nothing


def test_without_it_the_critic_is_as_it_was() -> None:
    assert not parametrize.is_parametrized(critic_of(TINY).enter)


def test_another_normalisation_is_refused() -> None:
    with pytest.raises(InputError, match=r"critic_normalisation is 'batch'.* spectral"):
        WGANConfig(critic_normalisation="batch")
