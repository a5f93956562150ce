"""GANGame without a browser: its traits follow the game, and the game its traits."""

from __future__ import annotations

import json
import threading

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import GANGame

PATIENCE = 60  # seconds; only a test that fails waits that long


@pytest.fixture(name="game")
def game_fixture():
    game = GANGame(width=8, batch=16)
    yield game
    game.close()


def send(widget, kind):
    widget._handle_custom_msg({"kind": kind}, [])


def test_at_first_there_is_a_picture_and_no_step(game):
    assert game.picture["step"] == 0
    assert len(game.picture["points"]) == len(game.real["points"])
    assert game.music["tracks"] and game.real["score"]["tracks"]
    assert not game.is_training
    json.dumps(game.get_state()["picture"], allow_nan=False)


def test_steps_reach_picture_and_curves(game):
    row = game.step(25)
    assert game.picture["step"] == row["step"] == 25
    assert game.rows[-1] == row
    drawn = [line["name"] for p in game.loss_panels for line in p["lines"]]
    assert set(drawn) <= set(row)


def test_the_metrics_of_the_data_stand_beside(game):
    game.step()
    drawn = [line["name"] for p in game.metric_panels for line in p["lines"]]
    assert drawn and set(drawn) <= set(game.reference) & set(game.row)


@pytest.mark.parametrize("data", ["rhythm", "melody"])
def test_bars_bring_their_own_metrics(game, data):
    game.set(data=data)
    game.step()
    drawn = {line["name"] for p in game.metric_panels for line in p["lines"]}
    assert "distinct_share" in drawn and drawn <= set(game.row)
    assert "landscape" not in game.picture
    assert isinstance(game.score, Score)


def test_the_buttons_of_the_browser_are_heard(game):
    send(game, "step")
    assert game.picture["step"] == 1
    send(game, "reset")
    assert game.picture["step"] == 0
    send(game, "reseed")
    assert game.seed == 1 and game.live.game.seed == 1
    send(game, "dance")  # unknown: nothing


def test_train_and_pause(game):
    moved = threading.Event()
    game.observe(lambda _: game.rows[-1]["step"] and moved.set(), names="picture")
    send(game, "train")
    assert moved.wait(PATIENCE)
    send(game, "pause")
    assert not game.is_training
    assert game.picture["step"] == game.live.game.n_steps


def test_the_browser_turns_a_knob(game):
    game.step(2)
    game.config = game.config | {"n_critic": 4, "loss": "wgan-clip"}
    assert game.live.config.n_critic == 4 and game.live.game.n_steps == 2
    assert game.live.config.loss == "wgan-clip"


def test_python_turns_a_knob_and_the_browser_sees_it(game):
    game.set(n_critic=0)
    assert game.config["n_critic"] == 0


def test_other_data_are_shown_at_once(game):
    before = game.real["points"]
    game.config = game.config | {"data": "spiral"}
    assert game.real["points"] != before and game.picture["step"] == 0


def test_a_refused_setting_stands_below_and_is_taken_back(game):
    game.config = game.config | {"n_critic": -3}
    assert "n_critic is -3" in game.problem
    assert game.config["n_critic"] == 1
    game.step()
    assert game.problem == ""


def test_a_seed_of_the_browser_begins_anew(game):
    game.step()
    game.seed = 7
    assert game.live.game.seed == 7 and game.picture["step"] == 0


def test_the_pace_reaches_the_game(game):
    game.steps_per_picture = 33
    assert game.live.steps_per_frame == 33


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"data": "drums"}, "data is 'drums'"),
        ({"colour": "red"}, "settings colour"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": "x"}, "seed is 'x'"),
    ],
)
def test_what_it_cannot_be_made_of_is_refused(wrong, words):
    with pytest.raises(InputError, match=words):
        GANGame(**wrong)


def test_closing_ends_the_training(game):
    game.start()
    game.close()
    game.live._thread.join(PATIENCE)
    assert not game.live._thread.is_alive()


def test_it_says_where_it_is(game):
    game.step(2)
    assert repr(game) == "GANGame(ring, non-saturating, n_critic=1): step 2"
