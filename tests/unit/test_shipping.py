"""From a run folder to weights that can be shipped."""

import ast
import json
import runpy

import pytest
import torch

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.orderless import OrderlessConfig, OrderlessNet
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.paths import data_dir
from deepcomposer_edu.training.checkpoint import checkpoints, load_checkpoint
from deepcomposer_edu.training.orderless import KIND, train_orderless
from deepcomposer_edu.training.shipping import ship

MADE = data_dir() / "weights"
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


def test_what_only_the_training_needs_is_left_out(run, tmp_path, monkeypatch):
    whole = load_checkpoint(checkpoints(run)[-1]).part("average")
    left = next(iter(whole))
    ship(run, "less", KIND, **WORDS, without=(left,), folder=tmp_path)
    assert set(load_weights("less", tmp_path).tensors) == set(whole) - {left}


def _info(path):
    return json.loads(path.read_text(encoding="utf-8"))


SHIPPED = sorted(path.with_suffix(".json") for path in MADE.glob("*.safetensors"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_maker_says_how_long_the_shipped_run_took(path):
    log = path.with_name(f"{path.stem}.log.jsonl").read_text(encoding="utf-8")
    seconds = json.loads(log.splitlines()[-1]).get("seconds")
    script = data_dir().parent / _info(path)["made_by"].split()[1]
    about = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8")))
    n = round(seconds / 60) if seconds else 1
    assert f"{n} minute{'s' * (n != 1)}" in about or seconds is None


def test_the_recipes_are_those_of_the_shipped_harmonisers():
    maker = runpy.run_path(str(data_dir() / "make" / "wgan.py"))
    for name, recipe in maker["RECIPES"].items():
        info = _info(MADE / f"{name}.json")
        assert recipe.config == WGANConfig(**info["config"])
        assert recipe.n_steps == info["steps"]
