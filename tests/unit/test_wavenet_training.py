"""Training WaveNet: what it is told, what it hears, and a run that goes on."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from deepcomposer_edu.corpora.sounds import SoundSet
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.note_wavenet import NoteConfig, NoteWaveNet
from deepcomposer_edu.models.wave_generation import generate
from deepcomposer_edu.music.audio import read_audio
from deepcomposer_edu.nn.waves import mu_law
from deepcomposer_edu.training.checkpoint import latest_checkpoint
from deepcomposer_edu.training.distributed import Team
from deepcomposer_edu.training.wave_phase import phase_lead
from deepcomposer_edu.training.wavenet import (
    SETTINGS,
    WaveSet,
    nats_per_sample,
    train_wavenet,
    wave_loss,
    with_noise,
)

RATE = 8_000
TINY = NoteConfig(("bell", "pipe"), RATE, residual=4, skip=4, dilations=(1, 2))


def sine(hertz, seconds=0.1, turns=0.0):
    t = np.arange(round(seconds * RATE)) / RATE
    return np.sin(2 * np.pi * (hertz * t + turns)).astype(np.float32)


def few_sounds():
    pitch = np.array([57, 69, 57, 69])
    audio = np.stack([0.5 * sine(440 * 2 ** ((p - 69) / 12)) for p in pitch])
    return SoundSet(
        audio,
        RATE,
        pitch,
        np.array([80, 80, 120, 120]),
        np.array([0, 0, 1, 1]),
        ("bell", "pipe"),
        np.array([False, False, False, True]),
        np.full(4, 0.08),
    )


@pytest.mark.parametrize("turns", [0.0, 0.25, -0.4])
def test_the_lead_of_a_sine_is_its_phase(turns):
    lead = phase_lead(sine(200, 0.5, turns), 200.0, RATE)
    off = (lead - turns + 0.5) % 1 - 0.5
    assert np.abs(off[400:-400]).max() < 0.005


def test_the_lead_of_a_sharp_tone_grows_by_its_beats():
    lead = phase_lead(sine(203, 1.0), 200.0, RATE)
    assert lead[7_000] - lead[1_000] == pytest.approx(3 * 6_000 / RATE, abs=0.01)


def test_harmonics_do_not_disturb_the_lead():
    tone = sine(200, 0.5) * 0.3 + sine(400, 0.5, 0.3) + sine(600, 0.5, 0.1)
    off = (phase_lead(tone, 200.0, RATE) + 0.5) % 1 - 0.5
    assert np.abs(off[400:-400]).max() < 0.01


def test_a_lead_is_held_where_there_is_silence():
    tone = np.concatenate([sine(200, 0.3, 0.2), np.zeros(4_000, np.float32)])
    lead = phase_lead(tone, 200.0, RATE)
    assert lead[-1] == pytest.approx(lead[3_500])
    assert (phase_lead(np.zeros(500), 200.0, RATE) == 0).all()


def test_what_it_hears_is_noisy_or_silent_and_what_it_predicts_is_not():
    codes = torch.full((400, 100), 60)
    heard = with_noise(codes, torch.Generator().manual_seed(0))
    assert heard.dtype == torch.int64
    assert 0 <= int(heard.min()) <= int(heard.max()) <= 255
    begins_silent = (heard[:, 0] == 128).float().mean()
    assert 0.15 < begins_silent < 0.35
    batch = WaveSet(few_sounds(), 300, 6).batch(torch.Generator().manual_seed(1))
    clean = mu_law(torch.from_numpy(few_sounds().audio))
    for codes, start, pitch in zip(batch.codes, batch.start, batch.pitch, strict=True):
        row = clean[0 if pitch == 57 else 1]
        assert torch.equal(codes, row[start : start + 300])
    assert not torch.equal(batch.heard, batch.codes)


def test_an_untrained_network_is_about_as_good_as_chance():
    torch.manual_seed(0)
    nats = nats_per_sample(NoteWaveNet(TINY).requires_grad_(False), few_sounds(), 4)
    assert abs(nats - np.log(256)) < 0.5


def test_every_weight_learns():
    torch.manual_seed(0)
    network = NoteWaveNet(replace(TINY, pitch_width=2))
    batch = WaveSet(few_sounds(), 400).batch(torch.Generator().manual_seed(0))
    wave_loss(network, batch).backward()
    without = [
        name
        for name, p in network.named_parameters()
        if p.grad is None or not p.grad.abs().sum() > 0
    ]
    assert without == []


def test_processes_that_share_a_batch_learn_what_one_would():
    torch.manual_seed(0)
    network = NoteWaveNet(TINY).requires_grad_(False)
    batch = WaveSet(few_sounds(), 300, 4).batch(torch.Generator().manual_seed(0))
    assert len(set(batch.start.tolist())) > 1  # excerpts from several places
    shares = [wave_loss(network, Team(rank, 2).share(batch)) for rank in range(2)]
    torch.testing.assert_close(sum(shares) / 2, wave_loss(network, batch))


def test_a_run_learns_goes_on_to_the_same_weights_and_leaves_sound(tmp_path):
    about = {"sounds": few_sounds(), "crop": 400, "sample_every": 8}
    about |= {"checkpoint_every": 4, "settings": replace(SETTINGS, warm_up=0)}
    history = train_wavenet(tmp_path / "whole", TINY, n_steps=8, **about)
    rows = [row for row in history.rows if "loss" in row]
    assert rows[-1]["loss"] < rows[0]["loss"]
    assert "valid_loss" in history.rows[-1]
    audio, rate = read_audio(tmp_path / "whole" / "samples" / "step_000008.wav")
    assert (rate, len(audio)) == (RATE, RATE)  # two instruments, half a second each
    train_wavenet(tmp_path / "parts", TINY, n_steps=4, **about)
    train_wavenet(tmp_path / "parts", None, n_steps=8, resume=True, **about)
    runs = (latest_checkpoint(tmp_path / name) for name in ("whole", "parts"))
    whole, parts = (state.part("network") for state in runs)
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_sounds_that_do_not_fit_are_refused(tmp_path):
    other = replace(few_sounds(), instruments=("drum", "pipe"))
    with pytest.raises(InputError, match="drum, pipe at 8000"):
        train_wavenet(tmp_path / "run", TINY, other, n_steps=1)
    none = few_sounds().pick(np.zeros(4, bool))
    with pytest.raises(InputError, match="no sound to learn from"):
        train_wavenet(tmp_path / "run", TINY, none, n_steps=1)


def test_sounds_without_a_pitch_can_be_learned_and_played(tmp_path):
    sounds = replace(few_sounds(), pitch=np.full(4, -1), velocity=np.zeros(4, int))
    train_wavenet(tmp_path / "run", TINY, sounds, n_steps=1, crop=300)
    torch.manual_seed(0)
    network = NoteWaveNet(TINY).eval()
    local, whole = network.condition(
        torch.tensor([-1]), torch.tensor([0]), torch.tensor([0]), 50
    )
    assert generate(network.wavenet, 50, local, whole, engine="queue").shape == (1, 50)
