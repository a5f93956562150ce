"""Trained weights on disk: safetensors, their settings, and a hash that must agree.

Each set of weights NAME is three files: `NAME.safetensors`, `NAME.json` (settings,
hash, how they were made) and `NAME.log.jsonl` (the log of the run that made them).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, parsed_json, sha256_of
from deepcomposer_edu.paths import data_dir

# What `deepcomposer train` knows; the names of weights begin with it.
TRAINABLE = ("wgan", "ar-cnn", "writer", "melody-rnn", "transformer")
TRAINABLE += ("wavenet", "nsynth", "ada", "voice")


@dataclass(frozen=True)
class Weights:
    """A set of trained weights.

    Args:
        name: what it is called, "wgan-bach" for example.
        tensors: parameter name to tensor.
        info: settings ("config"), "sha256" and notes on the run that made it.
    """

    name: str
    tensors: dict[str, Tensor]
    info: dict[str, object]

    @property
    def sha256(self) -> str:
        """The hash of the tensor file, 64 hexadecimal digits."""
        return str(self.info["sha256"])


def weights_dir() -> Path:
    """Return the folder of the weights: the shipped one or DEEPCOMPOSER_WEIGHTS."""
    chosen = os.environ.get("DEEPCOMPOSER_WEIGHTS")
    return Path(chosen) if chosen else data_dir() / "weights"


def _or_train(name: str) -> str:
    """Return the advice to train a network of one's own, if a command does that."""
    found = [kind for kind in TRAINABLE if name.startswith(kind)]
    return f", or train with `deepcomposer train {found[0]}`" if found else ""


def save_weights(
    name: str,
    tensors: Mapping[str, Tensor],
    info: Mapping[str, object],
    folder: Path | None = None,
) -> Path:
    """Write NAME.safetensors and NAME.json; the hash is added to the latter.

    Args:
        name: file name without ending.
        tensors: parameter name to tensor, all contiguous.
        info: settings and notes, ready for JSON.
        folder: where to write; the shipped weights' folder if left out.

    Returns:
        The path of the tensor file.
    """
    from safetensors.torch import save

    path = (folder or weights_dir()) / f"{name}.safetensors"
    with atomic_path(path) as temporary:
        whole = {key: tensor.contiguous() for key, tensor in tensors.items()}
        temporary.write_bytes(save(whole))
    with atomic_path(path.with_suffix(".json")) as temporary:
        content = {**info, "sha256": sha256_of(path)}
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path


def load_weights(name: str, folder: Path | None = None) -> Weights:
    """Read weights and check their hash.

    Raises:
        InputError: if a file is missing or damaged; the message names file and remedy.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    path = (folder or weights_dir()) / f"{name}.safetensors"
    try:
        info = parsed_json(path.with_suffix(".json").read_text(encoding="utf-8"))
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"The weights file {error.filename} is missing; get it back with "
            f"`git checkout data/weights`{_or_train(name)}."
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(
            f"The weights beside {path} could not be read ({error}); get them back "
            "with `git checkout data/weights`."
        ) from error
    if not isinstance(info, dict) or sha256_of(path) != info.get("sha256"):
        raise InputError(
            f"The weights file {path} is damaged: its hash is not the one in "
            f"{path.with_suffix('.json').name}; get it back with "
            "`git checkout data/weights`."
        )
    try:
        return Weights(name, load(content), info)
    except SafetensorError as error:
        raise InputError(
            f"The weights file {path} is damaged ({error}); get it back with "
            "`git checkout data/weights`."
        ) from error
