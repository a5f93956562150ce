"""The tiny GAN: its pieces, its data, its turns, and that it learns."""

import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.tiny_gan import (
    DATA,
    HOLD,
    N_CLASSES,
    NORMALISATIONS,
    REST,
    TinyConfig,
    TinyCritic,
    TinyGenerator,
    bars_to_score,
    from_bars,
    to_bars,
)
from deepcomposer_edu.nn.gan import LOSSES
from deepcomposer_edu.training.tiny_data import SPREAD, centres, real_bars
from deepcomposer_edu.training.tiny_gan import TinyGame, train_tiny
from deepcomposer_edu.training.tiny_statistics import modes_covered, statistics

SMALL = {"width": 16, "batch": 16}


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"data": "cats"}, "ring, grid"),
        ({"loss": "hinge"}, "wgan-gp"),
        ({"normalisation": "group"}, "spectral"),
        ({"n_critic": -1}, "n_critic is -1"),
        ({"width": 0}, "width is 0"),
        ({"width": 1.5}, "whole number"),
        ({"batch": 1}, "from 2"),
        ({"temperature": -1.0}, "0 or more"),
        ({"critic_rate": 0.0}, "above 0"),
        ({"clip": float("nan")}, "above 0"),
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict, named: str) -> None:
    with pytest.raises(InputError, match=named):
        TinyConfig(**wrong)


@pytest.mark.parametrize("data", DATA)
def test_generator_and_data_have_the_same_shape(data: str) -> None:
    config = TinyConfig(data=data, **SMALL)
    game = TinyGame(config)
    assert game.points(5).shape == game.real(5).shape == (5, config.n_numbers)
    assert game.score(game.real(5)).shape == (5,)


def test_drawn_rhythms_are_zeros_and_ones_with_a_gradient() -> None:
    generator = TinyGenerator(TinyConfig(data="rhythm", **SMALL))
    pieces = generator(torch.randn((4, 8), generator=chance()), chance())
    values = pieces.detach().round(decimals=5)
    assert set(values.flatten().tolist()) <= {0.0, 1.0}
    pieces.sum().backward()
    assert generator.maps[0].weight.grad.abs().sum() > 0


def test_a_drawn_melody_has_one_class_a_step() -> None:
    pieces = TinyGame(TinyConfig(data="melody", **SMALL)).points(6)
    one_hot = pieces.reshape(6, 16, N_CLASSES)
    assert torch.allclose(one_hot.sum(-1), torch.ones(6, 16))
    assert torch.allclose(one_hot.amax(-1), torch.ones(6, 16))


def test_bars_come_back_as_they_were() -> None:
    for data in ("rhythm", "melody"):
        bars = real_bars(data)[:50]
        assert torch.equal(to_bars(from_bars(bars, data), data), bars)


def test_a_note_that_never_began_cannot_be_held() -> None:
    codes = torch.tensor([[HOLD, HOLD, 3, HOLD, REST, HOLD] + [REST] * 10])
    bar = to_bars(from_bars(codes, "melody"), "melody")
    assert bar[0, :6].tolist() == [REST, REST, 3, HOLD, REST, REST]


def test_a_melody_is_heard_as_it_is_written() -> None:
    bar = torch.tensor([[3, HOLD, HOLD, HOLD, 4, HOLD, REST, REST, 10] + [HOLD] * 7])
    notes = bars_to_score(bar, "melody").tracks[0].notes
    assert [(n.start, n.pitch, n.duration) for n in notes] == [
        (0, 60, 4),  # degree 3 is the tonic, C4
        (4, 62, 2),
        (8, 72, 8),
    ]


def test_a_rhythm_is_heard_on_a_drum() -> None:
    bars = torch.zeros((2, 16), dtype=torch.long)
    bars[0, 0] = bars[1, 4] = 1
    track = bars_to_score(bars, "rhythm").tracks[0]
    assert track.is_drum
    assert [note.start for note in track.notes] == [0, 20]


def test_points_have_no_bars() -> None:
    with pytest.raises(InputError, match="only rhythm and melody"):
        to_bars(torch.zeros(1, 2), "ring")


@pytest.mark.parametrize("data", ["rhythm", "melody"])
def test_real_bars_are_whole_and_start_with_a_note_or_rest(data: str) -> None:
    bars = real_bars(data)
    assert bars.shape[1] == 16
    assert len(bars) > 1000
    assert bars.min() >= 0
    if data == "melody":
        assert (bars[:, 0] != HOLD).all()
        assert bars.max() <= REST


@pytest.mark.parametrize("data", list(SPREAD))
def test_real_points_cover_their_own_shape(data: str) -> None:
    measured = TinyGame(TinyConfig(data=data, **SMALL)).reference()
    assert measured["covered_share"] == 1
    assert measured["near_share"] > 0.995
    assert centres(data).abs().max() <= 2


def test_modes_covered_by_hand() -> None:
    modes = torch.tensor([[0.0, 0.0], [10.0, 0.0]])
    points = torch.tensor([[0.1, 0.0]] * 9 + [[10.0, 0.1]])
    assert modes_covered(points, modes, 0.5) == 2  # 1 of 10 is 0.2 of a fair 5
    assert modes_covered(points[:9], modes, 0.5) == 1
    assert modes_covered(points + 3, modes, 0.5) == 0


def test_statistics_of_bars_by_hand() -> None:
    bar = torch.zeros(16)
    bar[[0, 4, 8, 12]] = 1
    other = torch.zeros(16)
    other[[0, 2, 3]] = 1
    measured = statistics(torch.stack([bar, bar, bar, other]), "rhythm")
    assert measured["distinct_share"] == 0.5
    assert measured["top_share"] == 0.75
    assert measured["onsets_per_bar"] == pytest.approx(15 / 4)
    assert measured["off_beat_share"] == pytest.approx(2 / 15)
    assert measured["sixteenth_share"] == pytest.approx(1 / 15)


def test_statistics_of_melodies_by_hand() -> None:
    bar = [0, HOLD, 1, 1, 3] + [HOLD] * 11  # moves: step, repeat, leap
    measured = statistics(from_bars(torch.tensor([bar]), "melody"), "melody")
    assert measured["step_share"] == pytest.approx(1 / 3)
    assert measured["repeat_share"] == pytest.approx(1 / 3)
    assert measured["degrees_used"] == 3


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("normalisation", NORMALISATIONS)
def test_every_kind_of_game_can_be_played(loss: str, normalisation: str) -> None:
    config = TinyConfig(loss=loss, normalisation=normalisation, n_critic=2, **SMALL)
    game = TinyGame(config)
    told = [game.step() for _ in range(3)][-1]
    assert all(torch.isfinite(torch.tensor(value)) for value in told.values())
    assert set(told) >= {"critic_loss", "generator_loss", "gap"}


def test_the_same_seed_plays_the_same_game_whatever_is_looked_at() -> None:
    quiet, watched = (TinyGame(TinyConfig(**SMALL), seed=3) for _ in range(2))
    for _ in range(5):
        first = quiet.step()
        watched.points(7)
        watched.score(watched.real(3))
        watched.statistics(50)
        torch.rand(1)  # nor does it take from torch's own random numbers
        assert watched.step() == first
    assert TinyGame(TinyConfig(**SMALL), seed=4).step() != first


def test_n_critic_0_never_turns_the_critic() -> None:
    game = TinyGame(TinyConfig(n_critic=0, **SMALL))
    before = [weight.clone() for weight in game.critic.parameters()]
    for _ in range(3):
        game.step()
    pairs = zip(before, game.critic.parameters(), strict=True)
    assert all(torch.equal(old, new) for old, new in pairs)


def test_clipping_keeps_every_critic_weight_within_bounds() -> None:
    game = TinyGame(TinyConfig(loss="wgan-clip", clip=0.02, **SMALL))
    game.step()
    assert max(w.abs().max() for w in game.critic.parameters()) <= 0.02


def test_looking_leaves_the_batch_norm_as_it_was() -> None:
    game = TinyGame(TinyConfig(normalisation="batch", **SMALL))
    game.step()
    before = game.critic.norms[0].running_mean.clone()
    game.score(game.real(10))
    assert torch.equal(game.critic.norms[0].running_mean, before)


def test_a_spectral_critic_changes_no_more_than_its_pieces() -> None:
    critic = TinyCritic(TinyConfig(normalisation="spectral", **SMALL)).eval()
    a, b = torch.randn((2, 300, 2), generator=chance())
    assert ((critic(a) - critic(b)).abs() <= (a - b).norm(dim=1) * 1.01).all()


@pytest.mark.parametrize("seed", [0, 1])
def test_it_finds_the_beats_of_the_fiddlers(seed: int) -> None:
    run = train_tiny(TinyConfig(data="rhythm"), 100, every=100, seed=seed)
    before, after = run.rows
    assert after["onset_distance"] < before["onset_distance"] / 3
    assert after["known_share"] > before["known_share"] + 0.3


def test_training_tells_its_rows_and_keeps_snapshots() -> None:
    run = train_tiny(TinyConfig(**SMALL), 5, every=2)
    assert [row["step"] for row in run.rows] == [0, 2, 4, 5]
    assert [step for step, _ in run.snapshots] == [0, 2, 4, 5]
    assert run.game.n_steps == 5
    assert "modes_covered" in run.rows[0]
    assert "critic_loss" in run.rows[-1]


def test_training_can_be_ended_from_outside() -> None:
    run = train_tiny(TinyConfig(**SMALL), 50, every=1, on_snapshot=lambda *_: False)
    assert run.game.n_steps == 0


@pytest.mark.parametrize("wrong", [{"n_steps": -1}, {"n_steps": 5, "every": 0}])
def test_impossible_lengths_are_refused(wrong: dict) -> None:
    with pytest.raises(InputError, match="n_steps must be 0 or more"):
        train_tiny(TinyConfig(**SMALL), **wrong)


def test_no_pieces_are_refused() -> None:
    with pytest.raises(InputError, match="1 or more"):
        TinyGame(TinyConfig(**SMALL)).points(0)
    with pytest.raises(InputError, match="no pieces"):
        statistics(torch.zeros(0, 2), "ring")
