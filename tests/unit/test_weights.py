"""Weights come back as they were, or are refused with the name of the file."""

from pathlib import Path

import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.weights import load_weights, save_weights, weights_dir

TENSORS = {"layer.weight": torch.arange(6.0).reshape(2, 3), "layer.bias": torch.ones(2)}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return save_weights("tiny", TENSORS, {"config": {"width": 2}}, tmp_path)


def test_tensors_and_settings_come_back(saved: Path) -> None:
    weights = load_weights("tiny", saved.parent)
    assert weights.info["config"] == {"width": 2}
    assert weights.tensors.keys() == TENSORS.keys()
    assert all(torch.equal(weights.tensors[k], v) for k, v in TENSORS.items())


def test_saving_twice_gives_the_same_hash(saved: Path, tmp_path: Path) -> None:
    again = save_weights("tiny", TENSORS, {"config": {}}, tmp_path / "again")
    assert (
        load_weights("tiny", again.parent).sha256
        == load_weights("tiny", saved.parent).sha256
    )


def test_one_flipped_bit_is_found(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[-1] ^= 1
    saved.write_bytes(content)
    with pytest.raises(InputError, match=r"tiny\.safetensors is damaged"):
        load_weights("tiny", saved.parent)


def test_half_a_file_is_found(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[:40])
    with pytest.raises(InputError, match="damaged"):
        load_weights("tiny", saved.parent)


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_a_missing_file_is_named(saved: Path, suffix: str) -> None:
    saved.with_suffix(suffix).unlink()
    with pytest.raises(InputError, match=rf"tiny\{suffix} is missing"):
        load_weights("tiny", saved.parent)


@pytest.mark.parametrize("text", ["", "[1, 2]", "{", "null"])
def test_damaged_settings_are_refused(saved: Path, text: str) -> None:
    saved.with_suffix(".json").write_text(text)
    with pytest.raises(InputError):
        load_weights("tiny", saved.parent)


def test_the_folder_can_be_moved(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(tmp_path))
    assert weights_dir() == tmp_path
