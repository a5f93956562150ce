"""The network of the edit-event model."""

import pytest
import torch
from torch import nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.edit_net import (
    N_PITCHES,
    Convolution,
    EditNet,
    EditNetConfig,
    Widening,
    from_beats,
    to_beats,
)

SMALL = EditNetConfig(n_channels=4, n_layers=(1, 1, 1))


def network(seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        made = EditNet(SMALL).eval()
        nn.init.normal_(made.head.weight)
    return made


def roll(n_steps, seed=0, n=1):
    random = torch.Generator().manual_seed(seed)
    return (torch.rand((n, 1, n_steps, N_PITCHES), generator=random) < 0.1).float()


@pytest.mark.parametrize("n_steps", [1, 4, 15, 16, 37, 128, 130])
def test_any_length_comes_back_as_long(n_steps):
    found = network()(roll(n_steps))
    assert found.shape == (1, 1, n_steps, N_PITCHES)
    assert (found < 0).all()


def test_silence_at_the_end_changes_nothing():
    x = roll(20)
    longer = torch.cat([x, torch.zeros(1, 1, 12, N_PITCHES)], dim=2)
    made = network()
    torch.testing.assert_close(made(longer)[:, :, :20], made(x), rtol=0, atol=1e-5)


def test_pieces_of_a_batch_do_not_mix():
    x = roll(32, n=3)
    made = network()
    torch.testing.assert_close(made(x)[1:2], made(x[1:2]), rtol=0, atol=1e-5)


def test_a_network_that_learned_nothing_finds_all_cells_alike():
    found = EditNet(SMALL).eval()(roll(16))
    assert found.std().item() == pytest.approx(0, abs=1e-6)


def test_its_chances_are_those_of_its_odds():
    made, x = network(), roll(16)
    torch.testing.assert_close(made(x).exp(), made.log_odds(x).sigmoid())


def test_the_fast_convolution_is_a_convolution():
    made = Convolution(3, 4, (3, 5), padding=(1, 2))
    x = torch.randn(1, 3, 8, 9)
    with torch.inference_mode():
        found = made(x)
    torch.testing.assert_close(found, nn.Conv2d.forward(made, x).detach())


def test_widening_is_a_transposed_convolution():
    made = Widening(6, 5)
    x = torch.randn(2, 6, 4, 7)
    torch.testing.assert_close(made(x), nn.ConvTranspose2d.forward(made, x))


def test_the_steps_of_a_beat_are_channels_and_steps_again():
    x = roll(32, n=2)
    beats = to_beats(x)
    assert beats.shape == (2, 4, 8, N_PITCHES)
    assert torch.equal(beats[1, 2, 3], x[1, 0, 3 * 4 + 2])
    assert torch.equal(from_beats(beats), x)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_channels": 0}, "at least 1 channel"),
        ({"n_layers": (1, 2)}, "3 levels"),
        ({"n_layers": (1, 2, -1)}, "0 to 16"),
        ({"n_layers": "many"}, "three whole numbers"),
        ({"dropout": 1.0}, "below 1"),
    ],
)
def test_bad_settings_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        EditNetConfig(**settings)


def test_settings_survive_json():
    config = EditNetConfig(n_channels=8, n_layers=(0, 1, 2), dropout=0.2)
    saved = config.to_dict()
    assert saved["n_layers"] == [0, 1, 2]
    assert EditNetConfig(**saved) == config
