"""Music translation: one encoder, a decoder each, and a critic to confuse."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from deepcomposer_edu.corpora.sounds import SoundSet
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.nsynth import SoundAutoencoder
from deepcomposer_edu.models.sound_encoder import NSynthConfig
from deepcomposer_edu.models.translation import (
    Translator,
    at_samples,
    moved_by_octaves,
    translate,
    translator_of,
)
from deepcomposer_edu.music.pitch_track import PitchTrack
from deepcomposer_edu.training.checkpoint import checkpoints, load_checkpoint
from deepcomposer_edu.training.melody_excerpts import Melodies, tracks
from deepcomposer_edu.training.predictor import TrainingSettings
from deepcomposer_edu.training.translation import (
    reversed_gradient,
    train_translation,
    translation_loss,
)

TINY = NSynthConfig(
    ("first", "second"),
    encoder_channels=8,
    encoder_dilations=(1, 2),
    residual=8,
    skip=8,
    dilations=(1, 4, 16),
)
RATE = 8_000


def sine(hertz: float, n: int = 3_200) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(n) / RATE)).astype(np.float32)


def melodies() -> SoundSet:
    """Two tones, each by an instrument that is a sine and one that is nearly square."""
    audio = np.stack([sine(300), np.sign(sine(300)) / 4, sine(400), sine(400) / 2])
    return SoundSet(
        audio.astype(np.float32),
        RATE,
        np.full(4, -1),
        np.full(4, 85),
        np.array([0, 1, 0, 1]),
        ("first", "second"),
        np.array([False, False, False, False]),
        np.full(4, 0.4),
    )


def network(seed: int = 0) -> Translator:
    torch.manual_seed(seed)
    return Translator(TINY).eval()


def test_frequencies_glide_between_the_middles_of_frames():
    hertz = at_samples(torch.tensor([200.0, 400.0]), 4)
    assert hertz.shape == (8,)
    assert hertz[[0, 1, 6, 7]].tolist() == pytest.approx([200, 200, 400, 400])
    assert (hertz[1:7].diff() > 0).all()
    # Between samples 3 and 4 lies the middle: an octave's half is the root of two.
    assert float(hertz[3] * hertz[4]) == pytest.approx(200 * 400)


@pytest.mark.parametrize(
    ("hertz", "octaves"), [(300, 0), (131, 0), (520, 0), (1_200, -2), (70, 2), (65, 2)]
)
def test_melodies_are_moved_by_octaves_to_where_decoders_play(hertz, octaves):
    moved, by = moved_by_octaves(PitchTrack(np.full(5, hertz), np.ones(5, dtype=bool)))
    assert by == octaves
    np.testing.assert_allclose(moved, hertz * 2.0**octaves)
    assert 130 <= moved[0] <= 530


def test_the_gradient_is_turned_round_and_the_value_is_not():
    x = torch.tensor([2.0, -1.0], requires_grad=True)
    y = reversed_gradient(x, 0.25)
    torch.testing.assert_close(y, x)
    (3 * y).sum().backward()
    torch.testing.assert_close(x.grad, torch.tensor([-0.75, -0.75]))


def test_the_critic_teaches_itself_and_the_encoder_the_opposite():
    def gradients(confusion: float) -> tuple[torch.Tensor, torch.Tensor]:
        net, sounds = network(), melodies()
        heights = tracks(sounds, TINY.hop, together=True)
        batch = Melodies(sounds, heights, TINY, 1, 4).batch(
            torch.Generator().manual_seed(0)
        )
        translation_loss(net, batch, confusion).backward()
        return net.encoder.code.weight.grad, net.critic[0].weight.grad

    (none, critic), (some, same), (more, _) = map(gradients, (0.0, 1.0, 2.0))
    torch.testing.assert_close(critic, same)
    torch.testing.assert_close(more - none, 2 * (some - none), atol=1e-6, rtol=1e-3)
    assert (some - none).abs().max() > 0


def test_an_instrument_that_is_mistaken_alone_follows_the_others():
    sounds = melodies()
    third = sine(600)  # an octave too high
    audio = np.stack([sine(300), sine(300), third])
    three = replace(
        sounds,
        audio=audio,
        instrument=np.arange(3),
        instruments=("a", "b", "c"),
    )
    together = tracks(three, 160, together=True)
    np.testing.assert_allclose(together, 300, rtol=0.01)
    alone = tracks(three, 160, together=False)
    np.testing.assert_allclose(alone[2], 600, rtol=0.01)


def test_excerpts_are_heard_out_of_tune_and_predicted_as_they_are():
    sounds = melodies()
    heights = tracks(sounds, TINY.hop, together=True)
    excerpts = Melodies(sounds, heights, TINY, n_each=2, n_frames=4)
    batch = excerpts.batch(torch.Generator().manual_seed(0))
    assert batch.codes.shape == batch.hertz.shape == (4, 640)
    assert batch.heard.shape == (4, (4 + 2 * batch.margin) * TINY.hop)
    again = excerpts.batch(torch.Generator().manual_seed(0))
    assert torch.equal(batch.heard, again.heard)
    rows = {tuple(row.tolist()) for row in excerpts.codes.unfold(1, 640, 160)[0]}
    assert tuple(batch.codes[0].tolist()) in rows or len(excerpts.rows[0]) > 1


def test_a_recording_becomes_a_sound_of_the_same_length_at_the_network_s_rate():
    audio = np.stack([np.sin(2 * np.pi * 1_000 * np.arange(4_410) / 44_100)] * 2, 1)
    played, rate = translate(audio, 44_100, "second", network=network())
    assert rate == RATE
    assert played.shape == (800,)  # 0.1 s
    again, _ = translate(audio * 0.1, 44_100, "second", network=network())
    np.testing.assert_array_equal(played, again)  # its loudness does not matter


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: translate(sine(300), RATE, "kazoo", network=network()),
            "first, second",
        ),
        (lambda: translate(sine(300), 100, "first", network=network()), "sample rate"),
        (lambda: translate(sine(300, 90), RATE, "first", network=network()), "0.05 to"),
        (lambda: translate(np.zeros(3_200), RATE, "first", network=network()), "pitch"),
        (
            lambda: translate(np.full(3_200, np.inf), RATE, "first", network=network()),
            "finite",
        ),
    ],
)
def test_what_cannot_be_translated_is_refused_with_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_every_decoder_begins_as_the_autoencoder_s(tmp_path):
    torch.manual_seed(3)
    begin = SoundAutoencoder(TINY).state_dict()
    train_translation(
        tmp_path / "run",
        TINY,
        melodies(),
        TrainingSettings(learning_rate=1e-12),
        n_steps=1,
        together=True,
        n_each=1,
        n_frames=2,
        begin_from=begin,
    )
    state = load_checkpoint(checkpoints(tmp_path / "run")[-1]).part("network")
    for i in range(2):
        key = f"decoders.{i}.layers.0.taps"
        torch.testing.assert_close(state[key], begin["decoder.layers.0.taps"])
    torch.testing.assert_close(
        state["encoder.code.weight"], begin["encoder.code.weight"]
    )
    assert (tmp_path / "run" / "samples" / "step_000001.wav").exists()
    again = translator_of(TINY.to_dict(), state)
    assert again.config == TINY


def test_a_stopped_training_goes_on_to_the_same_numbers(tmp_path):
    options = {
        "together": True,
        "n_each": 1,
        "n_frames": 2,
        "sample_every": 9,
        "checkpoint_every": 1,
    }
    settings = TrainingSettings()
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    train_translation(whole, TINY, melodies(), settings, n_steps=2, **options)
    train_translation(halves, TINY, melodies(), settings, n_steps=1, **options)
    train_translation(halves, TINY, melodies(), n_steps=2, resume=True, **options)
    one, other = (
        load_checkpoint(checkpoints(run)[-1]).part("network") for run in (whole, halves)
    )
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_one_instrument_missing_is_refused_with_a_sentence(tmp_path):
    sounds = replace(melodies(), instrument=np.zeros(4, dtype=int))
    with pytest.raises(InputError, match="each instrument"):
        train_translation(tmp_path, TINY, sounds, n_steps=1)
