"""Real trainings as sound: each kind of course is heard apart, and told in words."""

import io
import json
import math
import random
import sys

import numpy as np
import pytest
import torch
from torch import nn

from deepcomposer_edu import course
from deepcomposer_edu.cli.console import say
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import read_audio
from deepcomposer_edu.music.pitch_track import pitch_track
from deepcomposer_edu.music.sonify import HIGHEST, LOWEST
from deepcomposer_edu.training.failures import make_case
from deepcomposer_edu.training.history import History, shipped_run
from deepcomposer_edu.training.predictor import Task, TrainingSettings, train_predictor
from deepcomposer_edu.viz.run_sound import sonify

RATE = 16_000


def train(run, n_steps, **settings):
    """Train a line to be a sum of three numbers, in the loop of all networks."""

    def batch(random):
        x = torch.randn(64, 3, generator=random)
        return x, 1 + x.sum(dim=1, keepdim=True)

    def loss(model, drawn):
        x, y = drawn
        noise = 0.1 * torch.sin(40 * x.sum(dim=1, keepdim=True))  # cannot be learned
        return (model(x) - y - noise).square().mean()

    def judge(model):
        return {
            "valid_loss": loss(model, batch(torch.Generator().manual_seed(7))).item()
        }

    torch.manual_seed(0)
    task = Task(batch, loss, judge, lambda _, path: path.with_suffix(".txt").touch())
    train_predictor(
        run,
        nn.Linear(3, 1),
        task,
        TrainingSettings(**{"learning_rate": 0.04, "average": 0.0} | settings),
        n_steps,
        kind="toy",
        config={},
        sample_every=20,
        checkpoint_every=1000,
    )
    return run


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    return train(tmp_path_factory.mktemp("learned") / "run", 160)


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    return train(tmp_path_factory.mktemp("broken") / "run", 40, learning_rate=1e20)


def kinds(heard):
    return [shape.kind for shape in heard.shapes]


def test_a_training_that_learns_falls_to_a_plateau(learned):
    heard = sonify(learned, "loss")
    assert kinds(heard) == ["plateau"]
    assert heard.tones.pitch[0, 0] > heard.tones.pitch[0, -1] + 24
    assert "level from step" in heard.words
    assert "C5 is" in heard.words


def test_the_sound_of_a_real_run_is_as_high_as_its_loss(learned):
    heard = sonify(learned, "valid_loss", seconds=6)
    audio = heard.audio(RATE, marks=False)[:, 0]
    hertz = pitch_track(audio, RATE, RATE // 12).hertz[: len(heard.tones.steps)]
    found = 69 + 12 * np.log2(hertz / 440)
    assert np.median(np.abs(found - heard.tones.pitch[0])) < 0.2


def test_loss_and_valid_loss_begin_on_one_scale(learned):
    heard = sonify(learned)
    assert heard.names == ("loss", "valid_loss")
    assert heard.scales[0] == heard.scales[1]


def test_numbers_that_end_are_noise_and_are_told(broken):
    heard = sonify(broken, "loss")
    assert kinds(heard) == ["broken"]
    assert "no number (NaN), first at step" in heard.words
    assert heard.tones.broken[0, -1]


def test_an_exploding_critic_is_told_from_one_that_never_learns():
    exploded = sonify(make_case("exploded-critic", n_steps=12).rows)
    asleep = sonify(make_case("n-critic-0", n_steps=40).rows)
    assert kinds(exploded)[0] == "explosion"
    assert kinds(asleep)[0] == "plateau"
    assert exploded.tones.roughness.max() == 1
    assert asleep.tones.roughness.max() == 0


def test_a_mended_critic_stays_on_the_scale():
    mended = sonify(make_case("exploded-critic", mended=True, n_steps=12).rows)
    assert "explosion" not in kinds(mended)


def test_the_shipped_run_is_heard_calm():
    heard = sonify(shipped_run())
    assert heard.names == ("critic_loss", "generator_loss")
    assert not heard.tones.broken.any()
    assert heard.tones.roughness.max() < 0.5
    assert "hardly ever" in heard.words


def rows_of(values, name="loss"):
    return [{"step": i, name: value} for i, value in enumerate(values)]


def test_an_oscillation_is_no_plateau():
    swinging = rows_of(2 * 2 ** (np.sin(np.arange(90) / 3) / 3))
    assert kinds(sonify(swinging)) == ["oscillation"]
    assert "up and down" in sonify(swinging).words


def test_a_steady_fall_is_no_plateau():
    assert kinds(sonify(rows_of(4 * 2 ** (-np.arange(90) / 60)))) == ["fall"]


def test_steep_gradients_are_rough_where_they_are():
    rows = rows_of(np.full(80, 2.0))
    for row in rows:
        row["gradient_norm"] = 30.0 if 40 <= row["step"] < 50 else 1.0
    heard = sonify(rows)
    rough = heard.tones.rough > 0.9
    assert rough[40:50].all()
    assert rough.sum() == 10
    assert "12% of the steps" in heard.words


def test_rows_that_go_back_and_rows_without_a_step_are_passed_over():
    rows = [
        {"loss": 9.0},
        *rows_of([4.0, 2.0]),
        {"step": 0, "loss": 8.0},
        {"step": "x"},
    ]
    assert sonify(rows).tones.steps[-1] == 1


def test_a_history_its_rows_and_its_folder_sound_alike(learned):
    history = History(learned)
    wanted = sonify(learned).tones.pitch
    for given in (history, history.rows, str(learned)):
        assert np.array_equal(sonify(given).tones.pitch, wanted)


def test_a_loss_of_your_own_is_heard_too():
    assert sonify(rows_of([3.0, 2.0], "my_loss")).names == ("my_loss",)


def test_none_of_the_monitor_is_no_number():
    assert sonify(rows_of([None] * 5)).words.startswith(
        "Loss on what it learns from is"
    )


@pytest.mark.parametrize(
    "rows, names, message",
    [
        ([], (), "holds no"),
        (rows_of([1.0]), ("triad_rate",), "holds no triad_rate.*loss"),
        (rows_of([1.0]), ("a", "b", "c"), "at most 2"),
    ],
)
def test_what_cannot_be_heard_is_refused(rows, names, message):
    with pytest.raises(InputError, match=message):
        sonify(rows, *names)


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e9, math.nan])
def test_a_time_that_cannot_be_is_refused(seconds):
    with pytest.raises(InputError, match="1 to 60"):
        sonify(rows_of([1.0, 2.0]), seconds=seconds)


def test_a_lesson_hears_a_player_with_its_caption():
    player = course.hear_curves(rows_of([4.0, 2.0, 1.0]), title="Run A")
    assert player.caption.startswith(
        "Run A. Loss on what it learns from goes from 4 (C5)"
    )
    assert player.seconds >= 1


@pytest.mark.parametrize("name", ["out.wav", "out.mp3"])
def test_the_command_writes_a_file_and_says_what_is_heard(
    learned, tmp_path, capsys, name
):
    out = tmp_path / name
    assert main(["sonify", str(learned), "-o", str(out), "--seconds", "2"]) == 0
    assert "plateau" in capsys.readouterr().out
    audio, rate = read_audio(out)
    assert abs(len(audio) / rate - 2) < 0.2


def test_a_shell_that_knows_few_letters_is_no_crash(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", stream)
    say("to −1 가")
    stream.flush()
    assert stream.buffer.getvalue().decode("cp1252").strip() == "to ?1 ?"


def test_the_command_says_a_negative_value_in_ascii(tmp_path, capsys):
    out = str(tmp_path / "out.wav")
    assert main(["sonify", str(shipped_run()), "-o", out, "--seconds", "1"]) == 0
    assert capsys.readouterr().out.isascii()
    assert "to −1" in sonify(shipped_run()).words


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["nowhere"], "not a folder"),
        (["."], "no history"),
        ([".", "-o", "x.ogg"], ".wav or .mp3"),
    ],
)
def test_the_command_refuses_in_one_sentence(
    arguments, message, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert main(["sonify", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_wild_numbers_are_refused_or_stay_within_the_scale():
    chance = random.Random(0)
    wild = [0, -1, 3.5, 1e308, -1e308, 1e-320, math.nan, math.inf, None, "x", True, []]
    keys = ["step", "loss", "critic_loss", "gradient_norm", "gradient_penalty"]
    for _ in range(300):
        rows = [{key: chance.choice(wild) for key in keys} for _ in range(3)]
        for step, row in enumerate(rows):
            row["step"] = chance.choice([step, step, row["step"]])
        try:
            heard = sonify(rows)
        except InputError:
            continue
        pitch = heard.tones.pitch[~np.isnan(heard.tones.pitch)]
        assert ((pitch >= LOWEST) & (pitch <= HIGHEST)).all()
        assert np.isfinite(heard.audio(8_000)[:, 0]).all()


def test_a_hostile_history_is_a_sentence_or_sound(tmp_path):
    lines = ['{"step": 1e999, "loss": 1}', "[]", '{"step": true, "loss": [1]}']
    lines += ['{"step": 2, "loss": "x"}', '{"step": 3, "loss": NaN}', '{"loss": 1']
    (tmp_path / "metrics.jsonl").write_text("\n".join(lines))
    assert kinds(sonify(tmp_path)) == ["broken"]
    (tmp_path / "metrics.jsonl").write_text(json.dumps({"step": 1}))
    with pytest.raises(InputError, match="nothing"):
        sonify(tmp_path)
