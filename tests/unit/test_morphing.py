"""The morph pad over NSynth: the same sounds as the network gives by itself."""

import numpy as np
import pytest
import torch

from deepcomposer_edu import course
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.nsynth import SoundAutoencoder
from deepcomposer_edu.models.sound_codes import NoteCodes, play_mixture
from deepcomposer_edu.models.sound_encoder import NSynthConfig

NAMES = ("organ", "clarinet", "harpsichord", "space-lead")
FRAMES = 5


@pytest.fixture(name="network", scope="module")
def network_fixture():
    torch.manual_seed(0)
    config = NSynthConfig(
        NAMES, encoder_channels=8, encoder_dilations=(1,), residual=8, skip=8,
        dilations=(1, 4),
    )  # fmt: skip
    return SoundAutoencoder(config).eval()


def codes_of(n_instruments=4):
    codes = torch.randn(
        n_instruments, 2, FRAMES, 16, generator=torch.Generator().manual_seed(0)
    )
    return NoteCodes(codes, NAMES[:n_instruments], 60, 85, FRAMES - 1)


def test_its_mixtures_are_those_of_the_autoencoder(network):
    notes = codes_of()
    pad = course.morph_pad(network=network, notes=notes)
    assert pad.names == ["organ", "clarinet", "harpsichord", "space lead"]
    assert (pad.low, pad.high, pad.rate) == (60, 61, network.config.rate)
    pad.place, pad.pitch = [1, 3], 61
    expected = play_mixture(pad.weights, 61, notes=notes, network=network)
    assert pad.sound("codes") == pytest.approx(expected)


def test_decoding_many_at_once_changes_no_sample(network, monkeypatch):
    monkeypatch.setattr("deepcomposer_edu.models.wave_numba.has_numba", lambda: False)
    pad = course.morph_pad(network=network, notes=codes_of(), n_side=2)
    pad.decode(wait=True)
    assert pad.n_decoded == 4
    pad.place = [1, 0]
    alone = play_mixture([0, 1, 0, 0], 60, notes=codes_of(), network=network)
    assert pad.sound() == pytest.approx(alone)


def test_the_corners_of_waveforms_are_the_synthesizers_notes(network):
    pad = course.morph_pad(network=network, notes=codes_of())
    corners = pad.corner_sounds()
    n_samples = FRAMES * network.config.hop
    assert [len(corner) for corner in corners] == [n_samples] * 4
    assert all(np.abs(corner).max() > 0.01 for corner in corners)


def test_its_keys_are_two_octaves_around_the_pitch(network):
    codes = torch.zeros(4, 49, FRAMES, 16)
    notes = NoteCodes(codes, NAMES, 36, 85, FRAMES - 1)
    for pitch, low, high in ((60, 48, 72), (36, 36, 60), (84, 72, 84)):
        pad = course.morph_pad(pitch, network=network, notes=notes)
        assert (pad.low, pad.pitch, pad.high) == (low, pitch, high)
    with pytest.raises(InputError, match="The pitch is 20, but the keys go from 36"):
        course.morph_pad(20, network=network, notes=notes)


def test_a_pad_needs_four_instruments(network):
    with pytest.raises(InputError, match="of 3 instruments, but a pad has 4"):
        course.morph_pad(network=network, notes=codes_of(3))
