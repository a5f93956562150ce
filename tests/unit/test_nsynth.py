"""The small NSynth: what it hears, what it is told, what it gives back."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from deepcomposer_edu.corpora.sounds import SoundSet
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.note_wavenet import (
    ENVELOPE_WIDTH,
    NoteConfig,
    NoteWaveNet,
)
from deepcomposer_edu.models.nsynth import SoundAutoencoder, sound_autoencoder_of
from deepcomposer_edu.models.sound_codes import (
    NoteCodes,
    blend,
    note_code,
    play_mixture,
    stretched,
)
from deepcomposer_edu.models.sound_encoder import (
    HEIGHTS,
    NSynthConfig,
    SoundEncoder,
    hertz_of,
    tone_condition,
    whole_frames,
)
from deepcomposer_edu.nn.waves import mu_law
from deepcomposer_edu.training.checkpoint import checkpoints, load_checkpoint
from deepcomposer_edu.training.distributed import Team
from deepcomposer_edu.training.nsynth import (
    SETTINGS,
    SoundExcerpts,
    begin_with,
    leads,
    nats_per_sample,
    sound_loss,
    train_nsynth,
)
from deepcomposer_edu.training.predictor import TrainingSettings

TINY = NSynthConfig(
    ("low", "high"),
    encoder_channels=8,
    encoder_dilations=(1, 2),
    residual=8,
    skip=8,
    dilations=(1, 4, 16),
)


def network(seed: int = 0) -> SoundAutoencoder:
    torch.manual_seed(seed)
    return SoundAutoencoder(TINY).eval()


def tone(pitch: float, n: int = 1_600, rate: int = 8_000) -> np.ndarray:
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(n) / rate)).astype(np.float32)


def notes(n: int = 1_600) -> SoundSet:
    """Six sines: two instruments at three pitches; one pair is held out."""
    pitch, instrument = np.array([60, 64, 67] * 2), np.array([0, 0, 0, 1, 1, 1])
    audio = np.stack(
        [tone(p, n) * (1 - 0.5 * i) for p, i in zip(pitch, instrument, strict=True)]
    )
    out = np.array([False] * 5 + [True])
    return SoundSet(
        audio, 8_000, pitch, np.full(6, 120), instrument, ("low", "high"), out,
        np.full(6, 0.15),
    )  # fmt: skip


def notes_codes(n_frames: int = 50, held: int = 40) -> NoteCodes:
    """Codes that say of each frame who plays, at which pitch, and when."""
    codes = torch.zeros(2, 3, n_frames, 16)
    codes[1] = 1
    codes[..., 1] = torch.arange(3)[:, None] / 10
    codes[..., 2] = torch.arange(n_frames) / n_frames
    return NoteCodes(codes, ("low", "high"), 60, 120, held)


def test_a_second_of_sound_is_fifty_frames_of_sixteen_numbers():
    code = network().encode(np.stack([tone(60, 8_000), tone(64, 8_000)]))
    assert code.shape == (2, 50, 16)
    assert code.abs().max() < 1


def test_silence_fills_the_last_frame():
    assert network().encode(tone(60, 161)).shape == (2, 16)
    assert whole_frames(np.ones(161), 160)[161:].abs().max() == 0


def test_a_frame_depends_on_the_sound_around_it_and_on_nothing_far_away():
    torch.manual_seed(0)
    encoder = SoundEncoder(TINY)
    audio = torch.rand(1, 1_600, requires_grad=True)
    encoder(audio)[0, 5].sum().backward()
    heard = torch.nonzero(audio.grad[0])[:, 0]
    # Dilations 1 and 2 and the patches beside: 4 patches of 8 samples on either side.
    assert heard.min() == 5 * 160 - 32
    assert heard.max() == 6 * 160 + 31


def test_an_excerpt_is_encoded_as_it_is_within_the_whole():
    torch.manual_seed(0)
    encoder, audio = SoundEncoder(TINY), torch.rand(1, 3_200)
    whole, part = encoder(audio), encoder(audio[:, 480:1_920])
    margin = 1
    torch.testing.assert_close(
        part[:, margin:-margin], whole[:, 3 + margin : 12 - margin]
    )


def test_the_decoder_is_told_frame_phase_and_height_of_each_sample():
    code = torch.arange(32.0).reshape(1, 2, 16)
    hertz = torch.full((1, 320), 2_000.0)
    told = tone_condition(replace(TINY, harmonics=1), code, hertz)
    assert told.shape == (1, 320, 16 + 2 + 2)
    assert (told[0, :160, :16] == code[0, 0]).all()
    assert (told[0, 160:, :16] == code[0, 1]).all()
    # 2,000 Hz at 8,000 samples per second: a quarter of a turn each.
    torch.testing.assert_close(
        told[0, :4, 16:18],
        torch.tensor([[0.0, 1.0], [1.0, 0.0], [0.0, -1.0], [-1.0, 0.0]]),
        atol=1e-6,
        rtol=0,
    )


def test_an_excerpt_goes_on_in_the_phase_of_the_whole():
    code, hertz = torch.zeros(1, 4, 16), torch.full((1, 640), 261.3)
    whole = tone_condition(TINY, code, hertz)
    ahead = torch.full((1, 320), 261.3 * 320 / 8_000)
    part = tone_condition(TINY, code[:, 2:], hertz[:, 320:], ahead)
    torch.testing.assert_close(part, whole[:, 320:], atol=1e-3, rtol=0)


def test_decoding_knows_the_code_and_the_pitch():
    net, code = network(), network().encode(tone(60, 320))
    options = {"seed": 1, "engine": "queue"}
    first = net.decode(code, 60, **options)
    assert first.shape == (320,)
    assert first.dtype == np.float32
    assert np.abs(first).max() <= 1
    np.testing.assert_array_equal(first, net.decode(code, 60, **options))
    assert not np.array_equal(first, net.decode(code, 67, **options))
    assert not np.array_equal(first, net.decode(-code, 60, **options))


def test_several_sounds_are_decoded_at_once_each_at_its_pitch():
    code = network().encode(np.stack([tone(60, 320), tone(64, 320)]))
    both = network().decode(code, torch.tensor([60.0, 64.0]), engine="queue")
    assert both.shape == (2, 320)


def test_weights_come_back_from_half_precision():
    net = network()
    tensors = {name: x.half() for name, x in net.state_dict().items()}
    tensors["note_codes"] = torch.zeros(2, 3, 50, 16)
    again = sound_autoencoder_of(TINY.to_dict(), tensors)
    assert again.config == TINY
    difference = again.encode(tone(60)) - net.encode(tone(60))
    assert difference.abs().max() < 0.01


def test_a_mixture_of_codes_is_their_weighted_mean():
    codes = torch.stack([torch.zeros(2, 3), torch.ones(2, 3)])
    torch.testing.assert_close(blend(codes, [1, 3]), torch.full((2, 3), 0.75))
    torch.testing.assert_close(blend(codes, [5, 0]), codes[0])


def test_longer_notes_keep_attack_and_release():
    code = torch.arange(50.0)[:, None].expand(50, 2)
    longer = stretched(code, 40, 80, attack=10)
    assert longer.shape == (90, 2)
    assert longer[:10, 0].tolist() == list(range(10))
    assert longer[-10:, 0].tolist() == list(range(40, 50))
    assert longer[10, 0] == 10
    assert longer[79, 0] == 39
    assert (longer[:, 0].diff() > 0).all()


def test_shorter_notes_are_cut_before_the_release():
    code = torch.arange(50.0)[:, None]
    assert stretched(code, 40, 3, attack=10)[:, 0].tolist() == [0, 1, 2, *range(40, 50)]


def test_a_note_s_code_is_that_of_its_pitch_and_length():
    codes, net = notes_codes(), network()
    code = note_code([1, 3], 61, notes=codes, network=net)
    assert code.shape == (50, 16)
    assert code[0, 0] == pytest.approx(0.75)
    assert code[0, 1] == pytest.approx(0.1)
    assert note_code([1, 0], 61, held=2.0, notes=codes, network=net).shape == (110, 16)
    # Pitches beyond the kept ones take the nearest.
    assert note_code([1, 0], 99, notes=codes, network=net)[0, 1] == pytest.approx(0.2)


def test_velocity_acts_by_its_square():
    codes, net = notes_codes(8, 6), network()
    loud = play_mixture([1, 1], 60, velocity=120, notes=codes, network=net)
    soft = play_mixture([1, 1], 60, velocity=60, notes=codes, network=net)
    np.testing.assert_allclose(soft, loud / 4, atol=1e-6)


def test_progress_is_told():
    told = []
    network().decode(
        torch.zeros(10, 16), 60, on_progress=lambda done, n: told.append((done, n))
    )
    assert told[-1] == (1_600, 1_600)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: network().encode(np.zeros(0)), "at least|one sample or more"),
        (lambda: network().encode(np.full(200, np.nan)), "finite"),
        (lambda: network().decode(torch.zeros(5, 3), 60), "frames, 16"),
        (lambda: network().decode(torch.zeros(5, 16), 200), "12 to 120"),
        (lambda: network().decode(torch.zeros(5, 16), float("nan")), "12 to 120"),
        (lambda: blend(torch.zeros(2, 5, 16), [1, 2, 3]), "3 weights for 2"),
        (lambda: blend(torch.zeros(2, 5, 16), [0, 0]), "not all 0"),
        (lambda: blend(torch.zeros(2, 5, 16), [1, -1]), "0 or more"),
        (lambda: note_code([1, 1], 60, 0.0, notes_codes(), network()), "more than 0"),
        (lambda: play_mixture([1, 1], 60, velocity=0), "1 to 127"),
        (lambda: NSynthConfig(("a",), hop=100), "multiple"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_the_loss_of_an_excerpt_hears_only_what_is_near():
    sounds = notes()
    excerpts = SoundExcerpts(sounds, TINY, batch_size=4, n_frames=4)
    batch = excerpts.batch(torch.Generator().manual_seed(0))
    assert batch.codes.shape == (4, 640)
    assert batch.noise.shape == (4, 4, 16)
    heard = batch.heard[:, batch.first * 160 : (batch.first + 4) * 160]
    torch.testing.assert_close(((heard + 1) * 127.5).round().long(), batch.codes)
    assert sound_loss(network(), batch).item() > 0


def test_an_excerpt_is_told_the_phase_that_its_tone_really_has():
    sounds = notes()
    excerpts = SoundExcerpts(sounds, TINY, batch_size=6, n_frames=4)
    for seed in range(4):
        batch = excerpts.batch(torch.Generator().manual_seed(seed))
        told = tone_condition(TINY, batch.noise, batch.hertz, batch.lead)
        sines = told[:, 80:-80, 16]  # away from the ends, where the tone stops
        heard = batch.heard[:, batch.first * 160 :][:, 80:560]
        audio = heard.sign() * torch.expm1(heard.abs() * np.log(256)) / 255
        torch.testing.assert_close(
            audio / audio.amax(1, keepdim=True), sines, atol=0.1, rtol=0
        )


def test_processes_that_share_a_batch_learn_what_one_would():
    net, excerpts = network(), SoundExcerpts(notes(), TINY, batch_size=4, n_frames=4)
    batch = excerpts.batch(torch.Generator().manual_seed(0))
    with torch.no_grad():
        shares = [sound_loss(net, Team(rank, 2).share(batch)) for rank in range(2)]
        torch.testing.assert_close(sum(shares) / 2, sound_loss(net, batch))


def test_training_lowers_the_loss_and_leaves_samples(tmp_path):
    options = {"n_steps": 20, "sample_every": 20, "checkpoint_every": 20}
    history = train_nsynth(
        tmp_path / "run",
        TINY,
        notes(),
        TrainingSettings(learning_rate=0.02),
        batch_size=3,
        n_frames=5,
        **options,
    )
    valid = [row["valid_loss"] for row in history.rows if "valid_loss" in row]
    assert valid[-1] < valid[0] - 0.1
    assert (tmp_path / "run" / "samples" / "step_000020.wav").stat().st_size > 1_000


def test_a_stopped_training_goes_on_to_the_same_numbers(tmp_path):
    options = {"batch_size": 2, "n_frames": 3, "sample_every": 2, "checkpoint_every": 2}
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    train_nsynth(whole, TINY, notes(), n_steps=4, **options)
    settings = replace(SETTINGS, cosine_steps=4)
    train_nsynth(halves, TINY, notes(), settings, n_steps=2, **options)
    train_nsynth(halves, TINY, notes(), n_steps=4, resume=True, **options)
    one, other = (
        load_checkpoint(checkpoints(run)[-1]).part("network") for run in (whole, halves)
    )
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_decoder_begins_with_a_wavenet_that_plays_notes():
    notes_config = NoteConfig(
        TINY.instruments,
        harmonics=TINY.harmonics,
        residual=TINY.residual,
        skip=TINY.skip,
        dilations=TINY.dilations,
    )
    torch.manual_seed(3)
    config = replace(TINY, kernel=2)
    known, net = NoteWaveNet(notes_config), SoundAutoencoder(config)
    begin_with(net, known)
    batch = SoundExcerpts(notes(), config, 2, 4).batch(torch.Generator().manual_seed(0))
    told = tone_condition(config, batch.noise, batch.hertz, batch.lead)
    told[..., : config.width] = 0  # told nothing but the phase, the two say the same
    told[..., -HEIGHTS:] = 0
    phase = told[..., config.width : -HEIGHTS]
    other = torch.cat([phase, torch.zeros(*phase.shape[:2], ENVELOPE_WIDTH)], dim=-1)
    whole = torch.zeros(2, notes_config.wavenet.global_width)
    torch.testing.assert_close(
        net.decoder(batch.codes, told), known.wavenet(batch.codes, other, whole)
    )


def test_a_wavenet_of_another_size_is_refused():
    other = NoteWaveNet(NoteConfig(TINY.instruments, residual=4))
    with pytest.raises(InputError, match="must be the same"):
        begin_with(network(), other)


def test_sounds_without_a_pitch_are_refused_with_a_sentence(tmp_path):
    sounds = replace(notes(), pitch=np.full(6, -1))
    with pytest.raises(InputError, match="single notes"):
        train_nsynth(tmp_path, TINY, sounds, n_steps=1)


def test_the_measure_is_the_mean_over_samples():
    net, sounds = network(), notes()
    audio = whole_frames(sounds.audio, 160)
    hertz = hertz_of(torch.as_tensor(sounds.pitch))[:, None].expand(-1, 1_600)
    lead = torch.as_tensor(leads(sounds, 1_600))
    with torch.no_grad():
        logits = net(mu_law(audio), net.encode(audio), hertz, lead)
    picked = logits.log_softmax(-1).gather(-1, mu_law(audio)[..., None])
    assert nats_per_sample(net, sounds) == pytest.approx(
        -picked.mean().item(), rel=1e-5
    )
