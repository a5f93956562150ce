"""Spectral normalisation: against torch's own, against the SVD, and by its promise."""

import pytest
import torch
from torch import nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.spectral import power_iteration, spectral, spectral_norm


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def test_power_iteration_by_hand() -> None:
    weight = torch.tensor([[3.0, 0.0], [0.0, 1.0]])  # stretches the first axis by 3
    u, v = power_iteration(weight, torch.tensor([1.0, 1.0]), n_rounds=20)
    assert torch.allclose(u, torch.tensor([1.0, 0.0]), atol=1e-6)
    assert torch.allclose(v, torch.tensor([1.0, 0.0]), atol=1e-6)


@pytest.mark.parametrize("shape", [(8, 8), (3, 20), (20, 3), (6, 4, 3)])
def test_spectral_norm_is_the_largest_singular_value(shape: tuple) -> None:
    weight = random(*shape)
    largest = torch.linalg.svdvals(weight.flatten(1))[0]
    assert torch.allclose(spectral_norm(weight, 500), largest, rtol=1e-3)


def test_power_iteration_comes_from_below() -> None:
    weight = random(10, 7)
    u, v = power_iteration(weight, torch.ones(10), 1)
    assert u @ weight @ v <= torch.linalg.svdvals(weight)[0] + 1e-5


@pytest.mark.parametrize("layer", [nn.Linear(6, 9), nn.Conv1d(4, 5, 3)])
def test_a_layer_gets_the_norm_1(layer: nn.Module) -> None:
    spectral(layer)
    x = random(2, 6) if isinstance(layer, nn.Linear) else random(2, 4, 8)
    for _ in range(100):
        layer(x)
    largest = torch.linalg.svdvals(layer.weight.flatten(1))[0]
    assert largest.item() == pytest.approx(1.0, abs=1e-3)


def test_forward_and_gradients_are_torchs_own() -> None:
    ours = nn.Linear(6, 4).double()
    theirs = nn.Linear(6, 4).double()
    theirs.load_state_dict(ours.state_dict())
    spectral(ours)
    nn.utils.parametrizations.spectral_norm(theirs)
    kept = theirs.parametrizations.weight[0]
    kept._u.copy_(ours.parametrizations.weight[0].u)  # begin with the same u and v
    kept._v.copy_(ours.parametrizations.weight[0].v)
    x = random(5, 6).double()
    for _ in range(50):  # torch begins its rounds with v, the paper with u
        mine, other = ours(x), theirs(x)
    assert torch.allclose(mine, other, atol=1e-6)
    mine.square().sum().backward()
    other.square().sum().backward()
    gradients = [each.parametrizations.weight.original.grad for each in (ours, theirs)]
    assert torch.allclose(*gradients, atol=1e-5)


def test_u_and_v_stay_in_eval_mode() -> None:
    layer = spectral(nn.Linear(6, 4))
    layer.eval()
    before = layer.parametrizations.weight[0].u.clone()
    layer(random(5, 6))
    assert torch.equal(layer.parametrizations.weight[0].u, before)


def test_what_was_learned_can_be_loaded() -> None:
    layer, other = spectral(nn.Linear(6, 4)), spectral(nn.Linear(6, 4))
    other.load_state_dict(layer.state_dict())
    x = random(5, 6)
    assert torch.equal(layer.eval()(x), other.eval()(x))


def test_two_layers_stretch_no_difference_by_more_than_1() -> None:
    network = nn.Sequential(spectral(nn.Linear(2, 32)), nn.LeakyReLU(0.2))
    network.append(spectral(nn.Linear(32, 1)))
    for _ in range(50):
        network(random(1, 2))
    a, b = random(500, 2, seed=1), random(500, 2, seed=2)
    change = (network(a) - network(b)).norm(dim=1)
    assert (change <= (a - b).norm(dim=1) * 1.001).all()


def test_a_layer_without_a_matrix_is_refused() -> None:
    with pytest.raises(InputError, match="matrix of weights"):
        spectral(nn.BatchNorm1d(4))


def test_a_layer_is_not_normalised_twice() -> None:
    with pytest.raises(InputError, match="already"):
        spectral(spectral(nn.Linear(2, 2)))
