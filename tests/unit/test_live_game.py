"""The live game: its numbers are the game's own; knobs turn while it trains."""

from __future__ import annotations

import math
import threading
from dataclasses import replace

import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.tiny_gan import TinyConfig
from deepcomposer_edu.training.game_picture import (
    N_BARS,
    N_HEARD,
    REACH,
    heard,
    landscape,
    picture_of,
)
from deepcomposer_edu.training.live_game import ON_THE_FLY, LiveGame
from deepcomposer_edu.training.tiny_data import centres
from deepcomposer_edu.training.tiny_gan import TinyGame

PATIENCE = 60  # seconds; only a test that fails waits that long
SMALL = TinyConfig(width=8, batch=16)


def weights(game):
    return torch.cat([p.flatten() for p in game.generator.parameters()])


def test_looking_changes_nothing():
    plain = TinyGame(SMALL, seed=3)
    live = LiveGame(SMALL, seed=3)
    for _ in range(4):
        expected = plain.step()
        live.picture()
        row = live.step()
    assert torch.equal(weights(plain), weights(live.game))
    assert row["critic_loss"] == pytest.approx(expected["critic_loss"], rel=1e-4)


def test_it_trains_in_a_thread_until_it_is_paused():
    came_far = threading.Event()
    live = LiveGame(SMALL)
    live.steps_per_frame = 2
    live.on_news = lambda: live.game.n_steps >= 4 and came_far.set()
    live.play()
    assert came_far.wait(PATIENCE)
    live.pause()
    reached = live.game.n_steps
    assert not live.is_training
    assert live.step()["step"] == reached + 1  # no step was taken meanwhile


def test_it_goes_on_after_a_pause():
    news = threading.Event()
    live = LiveGame(SMALL, on_news=news.set)
    for _ in range(2):
        before = live.game.n_steps
        live.play()
        live.play()  # a second press does nothing
        while live.game.n_steps <= before:
            assert news.wait(PATIENCE)
            news.clear()
        live.pause()
    assert [row["step"] for row in live.rows] == sorted(
        {row["step"] for row in live.rows}
    )


def test_some_settings_change_on_the_fly():
    live = LiveGame(SMALL)
    live.step(3)
    before = live.game
    live.change(loss="wgan-gp", n_critic=0, generator_rate=0.5, critic_rate=0.25)
    assert live.game is before and live.game.n_steps == 3
    assert live.game.generator_optimiser.param_groups[0]["lr"] == 0.5
    assert live.game.critic_optimiser.param_groups[0]["lr"] == 0.25
    critic = [p.clone() for p in live.game.critic.parameters()]
    live.step()
    after = live.game.critic.parameters()
    assert all(torch.equal(old, new) for old, new in zip(critic, after, strict=True))


@pytest.mark.parametrize(
    "setting", [{"data": "grid"}, {"normalisation": "layer"}, {"width": 9}]
)
def test_others_begin_the_game_anew(setting):
    live = LiveGame(SMALL, seed=5)
    live.step(2)
    live.change(**setting)
    assert live.game.n_steps == 0 and live.game.seed == 5
    assert len(live.rows) == 1


def test_every_setting_on_the_fly_is_one_of_the_game():
    assert set(ON_THE_FLY) < set(SMALL.to_dict())


def test_the_same_seed_begins_the_same_game_and_another_another():
    live = LiveGame(SMALL, seed=1)
    first = weights(live.game)
    live.step(2)
    live.reset()
    assert torch.equal(weights(live.game), first)
    live.reset(seed=2)
    assert not torch.equal(weights(live.game), first)


def test_a_broken_game_stops_and_says_so():
    live = LiveGame(replace(SMALL, generator_rate=1e30, critic_rate=1e30))
    live.step(30)
    assert "no numbers any more" in live.problem
    with pytest.raises(InputError, match="Begin again"):
        live.step()
    live.play()
    assert not live.is_training
    told = [*live.rows[-1].values(), *live.picture()["points"]]
    assert all(value is None or math.isfinite(value) for value in told)
    live.reset()
    assert live.problem == ""


@pytest.mark.parametrize("n", [0, -1, 1.5, True, "two"])
def test_a_step_count_that_is_none_is_refused(n):
    with pytest.raises(InputError, match="steps were asked for"):
        LiveGame(SMALL).step(n)


def test_an_unknown_setting_is_refused_and_nothing_changes():
    live = LiveGame(SMALL)
    before = live.game
    for wrong in ({"speed": 1}, {"loss": "best"}, {"n_critic": -1}):
        with pytest.raises(InputError):
            live.change(**wrong)
    assert live.game is before and live.config == SMALL


def test_many_rows_are_thinned_and_keep_their_ends():
    live = LiveGame(SMALL)
    live.steps_per_frame = 1
    live.step(600)
    steps = [row["step"] for row in live.rows]
    assert len(steps) < 600
    assert (steps[0], steps[-1]) == (0, 600) and steps == sorted(set(steps))


def test_the_landscape_is_the_critics_scores_row_by_row_from_below():
    game = TinyGame(SMALL)
    found = landscape(game, n_cells=5)
    corners = torch.tensor([[-REACH, -REACH], [REACH, -REACH], [-REACH, REACH]])
    scores = game.score(corners)
    for place, score in zip((0, 4, 20), scores.tolist(), strict=True):
        level = found["levels"][place]
        told = found["low"] + level / 255 * (found["high"] - found["low"])
        assert told == pytest.approx(score, abs=(found["high"] - found["low"]) / 250)


def test_the_middle_is_a_half_for_a_sigmoid_and_between_the_means_else():
    assert landscape(TinyGame(SMALL))["middle"] == 0
    game = TinyGame(replace(SMALL, loss="wgan-gp"))
    pieces = game.real(200, seed=0), game.points(200, seed=0)
    low, high = sorted(game.score(one).mean().item() for one in pieces)
    assert low <= landscape(game)["middle"] <= high


def test_each_place_of_the_ring_is_a_note_of_the_scale():
    score = heard(centres("ring"), "ring")
    pitches = [note.pitch for note in score.tracks[0].notes]
    assert pitches == [60, 62, 64, 65, 67, 69, 71, 72]
    assert not score.tracks[1].notes


def test_a_point_far_from_all_places_is_a_wood_block():
    score = heard(torch.tensor([[0.0, 0.0], [1.5, 0.0]]), "ring")
    assert [len(track.notes) for track in score.tracks] == [1, 1]
    assert score.tracks[1].is_drum and score.tracks[1].notes[0].start == 0


def test_points_that_are_all_one_are_heard_as_one_note():
    everywhere = centres("grid")[:1].repeat(N_HEARD + 5, 1)
    notes = heard(everywhere, "grid").tracks[0].notes
    assert len(notes) == N_HEARD and len({note.pitch for note in notes}) == 1


@pytest.mark.parametrize("data", ["rhythm", "melody"])
def test_bars_have_scores_and_are_heard(data):
    game = TinyGame(replace(SMALL, data=data))
    picture = picture_of(game)
    assert len(picture["scores"]["real"]) == len(picture["scores"]["fake"])
    assert "landscape" not in picture
    last = max(note.start for note in picture["score"].tracks[0].notes)
    assert (N_BARS - 1) * 16 <= last < N_BARS * 16
