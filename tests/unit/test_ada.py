"""Discrete autoencoders: codes and back, stacks, training that resumes, bad input."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ada import AdaConfig, load_ada, stacked_field
from deepcomposer_edu.models.ada_stack import AdaStack, UpperConfig, UpperLevel
from deepcomposer_edu.music.audio import read_audio
from deepcomposer_edu.training.ada import (
    ada_loss,
    judge,
    revive,
    train_ada,
    usual_settings,
)
from deepcomposer_edu.training.ada_crops import NO_PITCH, WaveCrops
from deepcomposer_edu.training.ada_measures import fidelity, use_of_codes
from tests.tiny_ada import SMALL, stack, tones, untrained

KINDS = ("vq", "argmax")


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_becomes_one_code_a_frame_and_a_sound_again(kind):
    network = untrained(kind)
    audio = tones().audio[:2, :200]
    codes = network.encode(audio)
    assert codes.shape == (2, 200 // 32)
    assert codes.min() >= 0
    assert codes.max() < 8
    assert torch.equal(network.encode(audio[0]), codes[0])
    back = network.decode(codes, seed=1)
    assert back.shape == (2, 6 * 32)
    assert back.dtype == np.float32
    assert np.abs(back).max() <= 1
    assert np.array_equal(back, network.decode(codes, seed=1))
    assert not np.array_equal(back, network.decode(codes, seed=2))


def test_the_wavenet_does_not_see_the_sample_it_predicts():
    network = untrained()
    batch = WaveCrops(network, tones(), 4, 3).batch(torch.Generator().manual_seed(0))
    changed = batch.codes.clone()
    changed[:, 70:] = (changed[:, 70:] + 100) % 256
    with torch.no_grad():
        first = network(batch.spectra, batch.codes, batch.phases)[0]
        second = network(batch.spectra, changed, batch.phases)[0]
    torch.testing.assert_close(first[:, :71], second[:, :71])
    assert not torch.allclose(first[:, 71:], second[:, 71:])


def test_what_is_not_in_the_codes_cannot_come_back():
    """Two sounds of the same codes are decoded alike, whatever they were."""
    network = untrained()
    codes = network.encode(tones().audio[0])
    assert np.array_equal(network.decode(codes.clone()), network.decode(codes))


def test_a_single_wrong_code_does_not_change_the_pitch():
    network = untrained()
    codes = torch.zeros(1, 9, dtype=torch.int64)
    votes = network.pitch_head(network.quantiser.codebook).argmax(-1)
    other = next(k for k in range(8) if votes[k] != votes[0])
    codes[0, 4] = other
    assert network.pitches(codes).unique().numel() == 1


def test_excerpts_hold_the_samples_and_phases_of_their_place():
    network = untrained()
    sounds = tones()
    crops = WaveCrops(network, sounds, 2, 40)
    batch = crops.batch(torch.Generator().manual_seed(0))
    assert batch.codes.shape == (40, 64)
    assert batch.phases.shape == (40, 64, 4)
    silent = batch.pitch == NO_PITCH
    assert silent.any()
    assert (batch.phases[silent] == 0).all()
    # of a sine tone, the first harmonic's sine is the sound itself
    wave = batch.phases[~silent][..., 0]
    heard = batch.codes[~silent] - 128
    assert ((wave.abs() < 0.1) | (wave.sign() == heard.sign())).all()
    same = (batch.heard - batch.codes).abs() <= 3
    assert 0.3 < same.float().mean() < 1  # noise on some, silence on a few


def test_revival_moves_rare_codes_to_what_the_encoder_says():
    network = untrained()
    spectra = network.spectra(torch.from_numpy(tones().audio)).flatten(0, 1)
    network.quantiser.codebook.data[3:] += 100  # nothing is near them
    n_moved = revive(network, spectra, seed=0)
    assert n_moved >= 5
    said = network.said(spectra)
    moved = network.quantiser.codebook[3:]
    assert (moved[:, None] - said).abs().amax(-1).amin(1).max() < 1e-5


def test_sounds_without_a_pitch_teach_nothing_about_pitch():
    network = untrained().train()
    sounds = replace(tones(), pitch=np.full(6, -1))
    batch = WaveCrops(network, sounds, 2, 4).batch(torch.Generator().manual_seed(0))
    ada_loss(network, batch).backward()
    assert network.pitch_head.weight.grad.abs().sum() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_training_learns_and_a_resumed_run_gives_the_same_numbers(kind, tmp_path):
    config = replace(SMALL, kind=kind)
    how = {
        "settings": usual_settings(30),
        "sounds": tones(),
        "seed": 3,
        "sample_every": 30,
        "checkpoint_every": 10,
    }
    whole = train_ada(tmp_path / "whole", config, n_steps=30, **how)
    train_ada(tmp_path / "cut", config, n_steps=20, **how)
    resumed = train_ada(tmp_path / "cut", n_steps=30, resume=True, **how)
    ends = [history.rows[-1] for history in (whole, resumed)]
    for row in ends:
        row.pop("seconds")
    assert ends[0] == ends[1]
    losses = [row["loss"] for row in whole.rows if "loss" in row]
    assert np.mean(losses[-5:]) < np.mean(losses[:5])
    sound, rate = read_audio(tmp_path / "whole" / "samples" / "step_000030.wav")
    assert rate == 8_000
    assert len(sound) > 0


def test_judging_says_loss_and_code_use():
    network = untrained()
    found = judge(network, WaveCrops(network, tones(), 1, 1), 3)
    assert 0 < found["valid_loss"] < 10
    assert 1 / 8 <= found["code_use"] <= 1
    assert 1 <= found["perplexity"] <= 8


def test_fidelity_of_noise_counts_as_lost():
    found = fidelity(untrained(), tones(3, 2_048).pick(np.arange(2)), seconds=0.25)
    assert found.cents.shape == (2,)
    assert found.median_cents > 20
    assert set(use_of_codes(untrained(), tones())) == {"code_use", "perplexity"}


def test_the_field_of_a_stack_grows_by_the_product_of_the_hops():
    assert stacked_field([300, 200, 100], [1, 8, 4]) == [300, 1600, 3200]
    assert stacked_field([5], [1]) == [5]


def test_a_stack_encodes_and_decodes_over_two_levels():
    two = stack()
    lower, upper = two.encode(tones().audio[0, :400])
    assert lower.shape == (12,)
    assert upper.shape == (3,)
    again = two.lower_codes(upper, seed=1)
    assert again.shape == (12,)
    assert two.decode(upper).shape == (12 * 32,)
    assert len(two.compose(0.05, seed=2)) == 4 * 4 * 32  # rounded up to whole codes
    assert two.hops == [1, 32, 4]
    assert two.fields_in_samples == [4, 4 * 32, 2 * 32 * 4]


def test_the_measured_field_of_the_upper_wavenet_is_the_stated_one():
    """Changing a lower code changes what is predicted `field` codes later, no more."""
    two = stack()
    net, field = two.upper.wavenet, two.fields[1]
    local = torch.zeros(1, 5, two.upper.config.context)
    codes = torch.zeros(1, 20, dtype=torch.int64)
    changed = codes.clone()
    changed[0, 3] = 5
    moved = (net(codes, local) - net(changed, local)).abs().amax(-1)[0] > 1e-6
    assert moved.nonzero().flatten().tolist() == list(range(4, 4 + field))


BAD = {
    "a kind that is none": (lambda: AdaConfig(kind="softmax"), "choose vq or argmax"),
    "a window below the hop": (lambda: AdaConfig(window=64), "as long as the hop"),
    "no size": (lambda: AdaConfig(hop=0), "at least 1"),
    "an upper kind": (lambda: UpperConfig(kind="x"), "choose vq or argmax"),
    "another lower level": (
        lambda: AdaStack(untrained(), UpperLevel(UpperConfig())),
        "reads 32 codes",
    ),
    "a sound too short": (lambda: untrained().encode(np.zeros(31)), "one frame"),
    "nan": (lambda: untrained().encode(np.full(64, np.nan)), "no finite numbers"),
    "no codes": (
        lambda: untrained().decode(torch.zeros(0, dtype=torch.int64)),
        "at least one",
    ),
    "fractions": (lambda: untrained().decode(torch.zeros(4)), "whole numbers"),
    "a code too large": (
        lambda: untrained().decode(torch.tensor([0, 8])),
        "codes 0 to 7",
    ),
    "a short stack": (lambda: stack().encode(np.zeros(100)), "one upper code"),
    "no seconds": (lambda: stack().compose(0), "more than 0"),
    "weights of no kind": (lambda: load_ada("x"), "choose vq or argmax"),
    "sounds too short": (
        lambda: WaveCrops(untrained(), tones(n_samples=40), 2, 1),
        "give longer sounds",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_done_is_said_in_a_sentence(name):
    call, words = BAD[name]
    with pytest.raises(InputError, match=words):
        call()


def test_sounds_of_another_rate_are_refused(tmp_path):
    with pytest.raises(InputError, match="16000 samples per second"):
        train_ada(tmp_path, SMALL, n_steps=1, sounds=tones(rate=16_000))
