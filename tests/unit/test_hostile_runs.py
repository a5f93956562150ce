"""Run folders of strangers: what their settings and checkpoints may not ask for."""

import json

import pytest
import torch
from safetensors.torch import save_file
from tiny_run import write_tiny_predictor, write_tiny_run
from tiny_training import train
from torch import nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import SPARE
from deepcomposer_edu.models.melody_network import MelodyRNNConfig
from deepcomposer_edu.training.beginning import (
    MOST_VALUES,
    fresh_network,
    n_values_in,
)
from deepcomposer_edu.training.checkpoint import (
    checkpoint_path,
    load_checkpoint,
    restore,
    save_checkpoint,
)
from deepcomposer_edu.training.melody_rnn import train_melody_rnn
from deepcomposer_edu.training.predictor import read_settings


def change(run, name, value):
    path = run / "config.json"
    saved = json.loads(path.read_text("utf-8"))
    saved["config"][name] = value
    path.write_text(json.dumps(saved), "utf-8")


@pytest.mark.parametrize("name", ["hidden_channels", "critic_channels"])
def test_a_run_whose_settings_ask_for_more_than_its_checkpoints_is_refused(
    name, tmp_path
):
    run = write_tiny_run(tmp_path / "run")
    change(run, name, 8 * 10**6)
    with pytest.raises(InputError, match="not those of its checkpoints"):
        train(run, 30, resume=True)


def test_so_is_that_of_a_network_that_predicts(tmp_path):
    run = write_tiny_predictor(tmp_path / "run")
    change(run, "n_units", 10**6)
    with pytest.raises(InputError, match="not those of its checkpoints"):
        train_melody_rnn(run, n_steps=20, resume=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("n_units", "many"), ("n_units", None), ("a_new_one", 1), ("n_units", [8])],
)
def test_settings_of_a_wrong_kind_are_one_sentence(name, value, tmp_path):
    run = write_tiny_predictor(tmp_path / "run")
    change(run, name, value)
    with pytest.raises(InputError, match=r"config\.json of the run cannot be read"):
        read_settings(run, "melody-rnn", lambda saved: MelodyRNNConfig(**saved))


def test_a_network_may_be_as_large_as_its_newest_checkpoint_that_can_be_read(tmp_path):
    run = tmp_path / "run"
    (run / "checkpoints").mkdir(parents=True)
    assert n_values_in(run) == n_values_in(None) == MOST_VALUES
    save_file({"a": torch.zeros(3, 4), "b": torch.zeros(())}, checkpoint_path(run, 1))
    checkpoint_path(run, 2).write_bytes(b"torn")
    assert n_values_in(run) == 13
    side = int(SPARE**0.5)
    assert fresh_network(lambda: nn.Linear(side, side, bias=False), 0, run)
    with pytest.raises(InputError, match="not those of its checkpoints"):
        fresh_network(lambda: nn.Linear(side, 2 * side), 0, run)


def test_a_new_network_follows_from_its_seed_and_disturbs_nobody():
    before = torch.get_rng_state()
    first, again = (fresh_network(lambda: nn.Linear(3, 2), seed=1) for _ in range(2))
    assert first.weight.equal(again.weight)
    assert torch.get_rng_state().equal(before)
    with pytest.raises(InputError, match="give other sizes"):
        fresh_network(lambda: nn.Linear(2**15, 2**15), seed=1)


# --- what a checkpoint holds


@pytest.fixture(name="parts")
def parts_fixture():
    """A network with Adam's moments of it, and chance."""
    network = nn.Linear(3, 2)
    adam = torch.optim.AdamW(network.parameters())
    network(torch.ones(1, 3)).sum().backward()
    adam.step()
    return {"network": network}, {"adam": adam}, torch.Generator()


def test_a_whole_checkpoint_is_restored(parts, tmp_path):
    state = load_checkpoint(save_checkpoint(tmp_path, 1, *parts))
    restore(state, *parts)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("network.weight", torch.zeros(2, 4)),
        ("network.weight", None),
        ("network.more", torch.zeros(1)),
        ("adam.0.exp_avg", torch.zeros(5)),
        ("adam.0.exp_avg", None),
        ("adam.0.step", torch.zeros(7)),
        ("adam.0.more", torch.zeros(2, 3)),
        ("adam.7.step", torch.zeros(())),
        ("adam.-1.step", torch.zeros(())),
        ("adam.x.step", torch.zeros(())),
        ("adam.step", torch.zeros(())),
        ("random.state", None),
        ("random.state", torch.zeros(3)),
        ("random.state", torch.zeros(3, dtype=torch.uint8)),
    ],
)
def test_a_checkpoint_with_other_tensors_is_refused_in_a_sentence(
    name, value, parts, tmp_path
):
    state = load_checkpoint(save_checkpoint(tmp_path, 1, *parts))
    state.tensors.pop(name, None)
    if value is not None:
        state.tensors[name] = value
    with pytest.raises(InputError, match="step 1 does not fit these networks"):
        restore(state, *parts)
