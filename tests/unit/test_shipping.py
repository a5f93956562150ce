"""From a run folder to weights that can be shipped."""

import json

import pytest
import torch

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.orderless import OrderlessConfig, OrderlessNet
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.training.checkpoint import checkpoints, load_checkpoint
from deepcomposer_edu.training.orderless import KIND, train_orderless
from deepcomposer_edu.training.shipping import ship

TINY = OrderlessConfig(n_channels=8, n_layers=1, note_size=4)
WORDS = {"data": "two chorales", "made_by": "a test"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    pieces = load_chorales("valid")[:2]
    train_orderless(
        folder,
        TINY,
        n_steps=4,
        train=pieces,
        valid=pieces[:1],
        batch_steps=32,
        batch_size=2,
        sample_every=2,
        checkpoint_every=2,
    )
    return folder


def test_what_is_shipped_is_the_average_in_half_precision(run, tmp_path, monkeypatch):
    ship(run, "tiny-net", KIND, **WORDS, more={"remark": "short"}, folder=tmp_path)
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(tmp_path))
    stored = load_weights("tiny-net")
    average = load_checkpoint(checkpoints(run)[-1]).part("average")
    assert set(stored.tensors) == set(average)
    for name, tensor in stored.tensors.items():
        assert tensor.dtype == torch.float16
        assert torch.equal(tensor, average[name].half())
    assert stored.info["steps"] == 4
    assert stored.info["remark"] == "short"
    assert stored.info["metrics"]["step"] == 4
    network = OrderlessNet(OrderlessConfig.of(stored.info["config"]))
    network.load_state_dict({k: v.float() for k, v in stored.tensors.items()})


def test_the_log_has_every_measured_row_up_to_the_checkpoint(run, tmp_path):
    ship(run, "early", KIND, **WORDS, step=2, logged=3, folder=tmp_path)
    lines = (tmp_path / "early.log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["step"] for line in lines] == [0, 2]


def test_a_step_that_was_not_saved_is_refused(run, tmp_path):
    with pytest.raises(InputError, match="no checkpoint of step 3; train it first"):
        ship(run, "none", KIND, **WORDS, step=3, folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_run_of_another_kind_is_refused(run, tmp_path):
    with pytest.raises(InputError, match="a run of ar-cnn, but one of transformer"):
        ship(run, "none", "transformer", **WORDS, folder=tmp_path)
