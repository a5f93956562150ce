"""The WGAN-GP's parts: encodings, losses, penalty, what the critic hears."""

import math

import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ear import Ear, interval, is_class
from deepcomposer_edu.models.one_hot import decode, encode, same_as_before
from deepcomposer_edu.models.wgan import Critic, Generator, WGANConfig
from deepcomposer_edu.nn.drawing import STEPS_PER_DRAW, draw_bit, draw_one_hot
from deepcomposer_edu.nn.gan import (
    LOSSES,
    critic_loss,
    generator_loss,
    gradient_penalty,
    mix,
)

SMALL = WGANConfig(hidden_channels=16, critic_channels=16, batch_size=4)


def random_pitches(*shape: int) -> torch.Tensor:
    """MIDI numbers within the config's range, some of them rests."""
    random = torch.Generator().manual_seed(0)
    pitches = torch.randint(40, 80, shape, generator=random)
    return torch.where(torch.rand(shape, generator=random) < 0.1, -1, pitches)


def small_inputs(n_windows: int = 2) -> tuple[torch.Tensor, ...]:
    melody = encode(random_pitches(n_windows, 1, 32), SMALL)[:, 0]
    position = (torch.arange(32) % 16).expand(n_windows, -1)
    random = torch.Generator().manual_seed(1)
    noise = torch.randn((n_windows, SMALL.noise_channels, 4), generator=random)
    return melody, torch.ones(n_windows, 32), position, noise


def test_decode_undoes_encode() -> None:
    pitches = random_pitches(3, 4, 32)
    assert torch.equal(decode(encode(pitches, SMALL), SMALL), pitches)


def test_encode_marks_exactly_one_class_per_step() -> None:
    voices = encode(random_pitches(3, 4, 32), SMALL)
    assert voices.shape == (3, 4, 32, SMALL.n_classes)
    assert torch.equal(voices.sum(-1), torch.ones(3, 4, 32))


def test_a_step_is_the_same_only_where_the_pitch_stays() -> None:
    voices = encode(torch.tensor([[[60, 60, 62, 62, 62]]]), SMALL)
    assert same_as_before(voices).tolist() == [[[0, 1, 0, 1, 1]]]


def test_the_generator_writes_one_note_per_voice_and_step() -> None:
    generator = Generator(SMALL)
    voices, repeats = generator(*small_inputs())
    assert voices.shape == (2, 3, 32, SMALL.n_classes)
    assert repeats.shape == (2, 3, 32)
    torch.testing.assert_close(voices.detach().max(-1).values, torch.ones(2, 3, 32))


def test_the_same_noise_gives_the_same_voices() -> None:
    generator = Generator(SMALL)
    first, second = (
        generator(*small_inputs(), generator=torch.Generator().manual_seed(3))[0]
        for _ in range(2)
    )
    assert torch.equal(first, second)


def test_other_noise_gives_other_voices() -> None:
    generator = Generator(SMALL)
    first, second = (
        generator(*small_inputs(), generator=torch.Generator().manual_seed(seed))[0]
        for seed in (3, 4)
    )
    assert not torch.equal(first, second)


def test_gradients_reach_every_generator_weight_through_the_draws() -> None:
    generator, critic = Generator(SMALL), Critic(SMALL)
    melody, starts, position, noise = small_inputs()
    voices, repeats = generator(melody, starts, position, noise)
    voices = torch.cat([melody[:, None], voices], dim=1)
    repeats = torch.cat([starts[:, None], repeats], dim=1)
    critic(voices, repeats, position).sum().backward()
    silent = [n for n, p in generator.named_parameters() if p.grad is None]
    assert silent == []
    assert all(p.grad.abs().sum() > 0 for p in generator.parameters())


def test_every_critic_weight_learns_from_a_wgan_gp_step() -> None:
    critic = Critic(SMALL)
    voices = encode(random_pitches(2, 4, 32), SMALL)
    position = (torch.arange(32) % 16).expand(2, -1)
    mixed = voices.requires_grad_()
    scores = critic(mixed, torch.zeros(2, 4, 32), position)
    (scores.mean() + gradient_penalty(scores, [mixed])).backward()
    assert all(p.grad is not None for p in critic.parameters())


def test_a_draw_is_one_hot_and_carries_the_softmax_gradient() -> None:
    logits = torch.randn(2, 8, 5, requires_grad=True)
    weight = torch.randn(2, 8, 5)
    drawn = draw_one_hot(logits, temperature=0.0)
    (drawn * weight).sum().backward()
    expected = torch.autograd.grad((logits.softmax(-1) * weight).sum(), logits)[0]
    torch.testing.assert_close(drawn.detach().sum(-1), torch.ones(2, 8))
    torch.testing.assert_close(logits.grad, expected)


def test_temperature_zero_takes_the_likeliest_class() -> None:
    logits = torch.randn(2, 8, 5)
    drawn = draw_one_hot(logits, temperature=0.0)
    assert torch.equal(drawn.argmax(-1), logits.argmax(-1))


def test_draws_follow_the_softmax() -> None:
    chances = torch.tensor([0.5, 0.3, 0.2])
    logits = chances.log().expand(4000, 4, 3)
    drawn = draw_one_hot(logits, 1.0, torch.Generator().manual_seed(0))
    share = drawn[:, 0].mean(0)
    # 4,000 draws: three standard deviations are 0.024
    torch.testing.assert_close(share, chances, atol=0.03, rtol=0)


def test_equal_logits_keep_one_note_through_a_quarter() -> None:
    logits = torch.zeros(50, 3 * STEPS_PER_DRAW, 12)
    notes = draw_one_hot(logits, 1.0, torch.Generator().manual_seed(0)).argmax(-1)
    quarters = notes.reshape(50, 3, STEPS_PER_DRAW)
    assert torch.equal(quarters, quarters[..., :1].expand_as(quarters))
    assert not torch.equal(quarters[:, 0], quarters[:, 1])


def test_bits_follow_the_sigmoid() -> None:
    logits = torch.full((10_000,), math.log(0.2 / 0.8))
    share = draw_bit(logits, 1.0, torch.Generator().manual_seed(0)).mean()
    assert abs(share.item() - 0.2) < 0.015


def test_the_ear_hears_a_fifth_whatever_the_octave() -> None:
    ear = Ear(SMALL.low, SMALL.n_pitches)
    voices = encode(torch.tensor([[[67], [79]], [[60], [60]]]).movedim(0, 1), SMALL)
    cos, sin = voices @ ear.cos, voices @ ear.sin  # (B, 2, 1, 7)
    heard = interval(cos[:, 0], sin[:, 0], cos[:, 1], sin[:, 1])
    torch.testing.assert_close(heard[0], heard[1], atol=1e-5, rtol=1e-4)
    turns = torch.arange(ear.N_TURNS) * 2 * torch.pi * 7 / 12
    expected = torch.cat([turns.cos(), turns.sin()])
    torch.testing.assert_close(heard[0, 0], expected, atol=1e-5, rtol=1e-4)


def test_the_twelve_intervals_are_told_apart_by_a_linear_layer() -> None:
    ear = Ear(SMALL.low, SMALL.n_pitches)
    upper = encode(torch.arange(60, 72)[None, None], SMALL)
    lower = encode(torch.full((1, 1, 12), 48), SMALL)
    heard = interval(upper @ ear.cos, upper @ ear.sin, lower @ ear.cos, lower @ ear.sin)
    assert torch.linalg.matrix_rank(heard[0, 0]) == 12


@pytest.mark.parametrize("semitones", range(12))
def test_only_the_asked_interval_class_counts_as_one(semitones: int) -> None:
    ear = Ear(SMALL.low, SMALL.n_pitches)
    upper = encode(torch.tensor([[[60 + semitones]]]), SMALL)
    lower = encode(torch.tensor([[[48]]]), SMALL)
    heard = interval(upper @ ear.cos, upper @ ear.sin, lower @ ear.cos, lower @ ear.sin)
    marks = torch.stack([(heard @ is_class(k)).squeeze() for k in range(12)])
    expected = torch.nn.functional.one_hot(torch.tensor(semitones), 12).float()
    torch.testing.assert_close(marks, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("bass", "is_parallel"), [([60, 62], True), ([60, 60], False), ([60, 65], False)]
)
def test_the_ear_marks_parallel_fifths(bass: list[int], is_parallel: bool) -> None:
    """Soprano G4 to A4 over this bass; the middle voices rest."""
    ear = Ear(SMALL.low, SMALL.n_pitches)
    pitches = torch.tensor([[[67, 69], [-1, -1], [-1, -1], bass]])
    assert (parallel_marks(ear, pitches) > 0.99).any().item() == is_parallel


def parallel_marks(ear: Ear, pitches: torch.Tensor) -> torch.Tensor:
    """The parallel features (6 pairs, octave and fifth) of the second step."""
    voices = encode(pitches, SMALL)
    features = ear(voices, torch.zeros(1, 4, 2), torch.tensor([[0, 1]]))
    assert features.shape == (1, 2, ear.n_features)
    start = 4 * (SMALL.n_classes + 1 + 14) + 6 * 14  # behind the harmony
    return features[0, 1, start : start + 12]


def test_the_critic_scores_pieces_one_by_one() -> None:
    critic = Critic(SMALL)
    voices = encode(random_pitches(3, 4, 32), SMALL)
    position = (torch.arange(32) % 16).expand(3, -1)
    repeats = torch.zeros(3, 4, 32)
    together = critic(voices, repeats, position)
    alone = torch.cat(
        [critic(voices[i : i + 1], repeats[:1], position[:1]) for i in range(3)]
    )
    torch.testing.assert_close(together, alone)


def test_wasserstein_losses_are_differences_of_means() -> None:
    real, fake = torch.tensor([3.0, 5.0]), torch.tensor([1.0, 0.0])
    assert critic_loss("wgan-gp", real, fake).item() == pytest.approx(0.5 - 4.0)
    assert generator_loss("wgan-gp", fake).item() == pytest.approx(-0.5)


def test_undecided_scores_cost_two_log_two_in_the_original_game() -> None:
    zero = torch.zeros(3)
    assert critic_loss("original", zero, zero).item() == pytest.approx(2 * math.log(2))
    assert generator_loss("original", zero).item() == pytest.approx(-math.log(2))
    assert generator_loss("non-saturating", zero).item() == pytest.approx(math.log(2))


def test_the_non_saturating_loss_pushes_hard_where_the_original_does_not() -> None:
    slopes = {}
    for kind in ("original", "non-saturating"):
        fake = torch.tensor([-8.0], requires_grad=True)  # surely found out
        generator_loss(kind, fake).backward()
        slopes[kind] = abs(fake.grad.item())
    assert slopes["non-saturating"] > 0.99 > 0.01 > slopes["original"]


@pytest.mark.parametrize("kind", LOSSES)
def test_every_loss_wants_the_fake_to_score_higher(kind: str) -> None:
    fake = torch.zeros(2, requires_grad=True)
    generator_loss(kind, fake).backward()
    assert (fake.grad < 0).all()


def test_a_linear_critic_has_the_penalty_of_its_slope() -> None:
    inputs = torch.randn(6, 10, requires_grad=True)
    weight = torch.zeros(10)
    weight[:2] = torch.tensor([3.0, 4.0])  # a slope of length 5
    penalty = gradient_penalty(inputs @ weight, [inputs])
    assert penalty.item() == pytest.approx((5 - 1) ** 2, rel=1e-5)


def test_the_penalty_counts_all_inputs_together() -> None:
    one, two = (torch.randn(4, 1, requires_grad=True) for _ in range(2))
    scores = (3 * one + 4 * two).squeeze(1)
    assert gradient_penalty(scores, [one, two]).item() == pytest.approx(16, rel=1e-5)


def test_mixing_goes_from_fake_to_real() -> None:
    real, fake = torch.ones(3, 2, 2), torch.zeros(3, 2, 2)
    mixed = mix(real, fake, torch.tensor([0.0, 0.25, 1.0]))
    assert mixed[:, 0, 0].tolist() == [0.0, 0.25, 1.0]
    assert mixed[1].unique().tolist() == [0.25]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("loss", "hinge"),
        ("n_steps", 20),
        ("n_critic", -1),
        ("ema_decay", 1.0),
        ("batch_size", 0),
        ("hidden_channels", 2),
    ],
)
def test_absurd_settings_are_refused_by_name(setting: str, value: object) -> None:
    with pytest.raises(InputError, match="loss" if setting == "loss" else setting):
        WGANConfig(**{setting: value})
