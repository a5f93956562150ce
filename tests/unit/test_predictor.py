"""The one loop for networks that predict: resumed runs, averages, refusals."""

import json

import pytest
import torch
from torch import nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.training.checkpoint import checkpoint_path, checkpoints
from deepcomposer_edu.training.control import TrainingControl
from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)

SETTINGS = TrainingSettings(learning_rate=0.01, average=0.9)


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 1))


def batch(random):
    x = torch.randn(16, 3, generator=random)
    return x, x.sum(dim=1, keepdim=True)


def loss(model, drawn):
    x, y = drawn
    return (model(x) - y).square().mean()


def judge(model):
    assert not model.training
    x, y = batch(torch.Generator().manual_seed(7))
    return {"valid_loss": (model(x) - y).square().mean().item()}


def train(run, n_steps, settings=SETTINGS, **options):
    options = {"sample_every": 10, "checkpoint_every": 5, **options}
    task = Task(batch, loss, judge, lambda _, path: path.with_suffix(".txt").touch())
    return train_predictor(
        run, network(), task, settings, n_steps, kind="toy", config={"a": 1}, **options
    )


def test_it_learns_and_the_history_says_so(tmp_path):
    rows = train(tmp_path / "run", 200).rows
    assert rows[-1]["valid_loss"] < rows[0]["valid_loss"] / 4
    assert (tmp_path / "run/samples/step_000200.txt").exists()


def test_a_run_that_goes_on_is_bit_for_bit_the_one_that_was_not_stopped(tmp_path):
    whole, part = tmp_path / "whole", tmp_path / "part"
    train(whole, 20)
    torch.randn(5)  # whoever else draws from torch's own chance changes nothing
    train(part, 10)
    train(part, 20, resume=True)
    first, second = (checkpoint_path(run, 20).read_bytes() for run in (whole, part))
    assert first == second


def test_a_damaged_newest_checkpoint_costs_only_its_steps(tmp_path):
    run, whole = tmp_path / "run", tmp_path / "whole"
    train(whole, 20)
    train(run, 15)
    checkpoint_path(run, 15).write_bytes(b"half a file")
    train(run, 20, resume=True)
    assert (
        checkpoint_path(run, 20).read_bytes() == checkpoint_path(whole, 20).read_bytes()
    )


def test_training_leaves_torchs_own_chance_alone(tmp_path):
    model = network()
    state = torch.get_rng_state()
    task = Task(batch, loss, judge)
    train_predictor(tmp_path / "run", model, task, SETTINGS, 3, kind="toy", config={})
    assert torch.equal(state, torch.get_rng_state())


def test_a_stopped_run_keeps_a_checkpoint_of_its_last_step(tmp_path):
    control = TrainingControl()
    train(
        tmp_path / "run",
        100,
        control=control,
        on_step=lambda row: control.stop() if row["step"] == 7 else None,
    )
    assert checkpoints(tmp_path / "run")[-1].name == "step_000007.safetensors"
    state = json.loads((tmp_path / "run/state.json").read_text())
    assert state["state"] == "stopped"


def test_the_cosine_ends_at_one_per_cent_after_a_rise():
    settings = TrainingSettings(1.0, warm_up=10, cosine_steps=100)
    rates = [settings.rate_at(step) for step in range(1, 101)]
    assert rates[-1] == pytest.approx(0.01)
    assert max(rates) == rates[9]
    assert rates[4] == pytest.approx(0.5, rel=0.01)


def test_settings_come_back_as_they_were_written(tmp_path):
    train(tmp_path / "run", 1)
    assert read_settings(tmp_path / "run", "toy") == ({"a": 1}, SETTINGS, 0)


def test_a_run_of_another_kind_is_refused(tmp_path):
    train(tmp_path / "run", 1)
    with pytest.raises(InputError, match="holds a run of toy, but one of writer"):
        read_settings(tmp_path / "run", "writer")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"kind": "toy"}', "\udcff"])
def test_damaged_settings_are_one_sentence(tmp_path, content):
    path = tmp_path / "config.json"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(InputError, match="run"):
        read_settings(tmp_path, "toy")


def test_a_folder_with_a_run_is_not_written_over(tmp_path):
    train(tmp_path / "run", 1)
    with pytest.raises(InputError, match="already holds a run"):
        train(tmp_path / "run", 1)


def test_no_step_and_a_strange_precision_are_refused(tmp_path):
    with pytest.raises(InputError, match="must be at least 1"):
        train(tmp_path / "run", 0)
    with pytest.raises(InputError, match="float32 or bfloat16"):
        TrainingSettings(precision="float8")
    with pytest.raises(InputError, match="learning rate is 0"):
        TrainingSettings(learning_rate=0)
