"""The kinds of networks that compose: how each is loaded, shipped or of one's own.

A WaveNet is among them, too: it composes nothing, but plays what was composed. To let
another kind compose, add it to `SHIPPED_LOADERS` and `MAKERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from deepcomposer_edu.compose.model_places import SHIPPED, WGAN
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from torch import Tensor

# Parts of a WGAN's weights, and where they stand in a checkpoint.
PARTS = {"generator": "average", "critic": "critic"}
Settings = Mapping[str, object]


class Network(Protocol):
    """What every network that composes has, besides what its technique calls."""

    name: str
    weight_sha256: str


def load_shipped(kind: str, which: str = "") -> Network:
    """Return the shipped network of a kind.

    Args:
        kind: one of SHIPPED_LOADERS.
        which: for a WGAN its genre, for a MelodyRNN or an AR-CNN its variant; "": the
            usual one.

    Raises:
        InputError: if its weights are missing or damaged.
    """
    return SHIPPED_LOADERS[kind](which)


def make(
    kind: str, config: Settings, tensors: Mapping[str, Tensor], name: str, sha256: str
) -> Network:
    """Return the network of given settings and tensors.

    Raises:
        InputError: if they do not fit, or nothing here composes with such a network.
    """
    if kind not in MAKERS:
        raise InputError(
            f"{name} is a network of {kind[:40]}, and no technique composes with one; "
            f"choose one of {', '.join(MAKERS)}."
        )
    try:
        return MAKERS[kind](config, tensors, name, sha256)
    except (RuntimeError, TypeError, KeyError, ValueError) as error:
        first = " ".join(str(error).split())
        raise InputError(
            f"The weights of {name} do not fit their settings ({first[:80]}); train "
            "the network again."
        ) from error


def checkpoint_tensors(kind: str, checkpoint: Path) -> tuple[dict[str, Tensor], int]:
    """Return the tensors to compose with of a checkpoint, and its step.

    Raises:
        InputError: if it cannot be read.
    """
    from deepcomposer_edu.training.checkpoint import load_checkpoint

    state = load_checkpoint(checkpoint)
    if kind == WGAN:
        named = {
            f"{part}.{key}": tensor
            for part, prefix in PARTS.items()
            for key, tensor in state.part(prefix).items()
        }
    else:
        named = state.weights
    return {key: x.float().contiguous() for key, x in named.items()}, state.step


def run_settings(kind: str, run: Path) -> tuple[dict[str, object], dict[str, object]]:
    """Return a run's settings of the network, and notes about its training.

    Raises:
        InputError: if they are damaged.
    """
    if kind == WGAN:
        from deepcomposer_edu.training.wgan import read_run

        config, seed, precision = read_run(run)
        return config.to_dict(), {"seed": seed, "precision": precision}
    from deepcomposer_edu.training.predictor import read_settings

    config, settings, seed = read_settings(run, kind)
    return config, {"kind": kind, "seed": seed, "precision": settings.precision}


# --- one of each kind --------------------------------------------------------


def _shipped_wgan(which: str) -> Network:
    from deepcomposer_edu.models.harmonise import load_harmoniser

    return load_harmoniser(which or SHIPPED)


def _shipped_melody_rnn(which: str) -> Network:
    from deepcomposer_edu.models.melody_rnn import load_melody_rnn

    return load_melody_rnn(which) if which else load_melody_rnn()


def _shipped_transformer(_which: str) -> Network:
    from deepcomposer_edu.models.chorale_writer import load_transformer

    return load_transformer()


def _shipped_ar_cnn(which: str) -> Network:
    from deepcomposer_edu.models.ar_cnn import load_ar_cnn

    return load_ar_cnn(which) if which else load_ar_cnn()


def _make_wgan(config: Settings, tensors: Mapping, name: str, sha256: str) -> Network:
    from deepcomposer_edu.models.harmonise import harmoniser_of
    from deepcomposer_edu.models.wgan import WGANConfig

    return harmoniser_of(WGANConfig(**config), tensors, name, sha256)


def _make_melody_rnn(
    config: Settings, tensors: Mapping, name: str, sha256: str
) -> Network:
    from deepcomposer_edu.models.melody_rnn import melody_rnn_of

    return melody_rnn_of(config, tensors, name, sha256)


def _make_transformer(
    config: Settings, tensors: Mapping, name: str, sha256: str
) -> Network:
    from deepcomposer_edu.models.chorale_writer import transformer_of

    return transformer_of(config, tensors, name, sha256)


def _make_ar_cnn(config: Settings, tensors: Mapping, name: str, sha256: str) -> Network:
    from deepcomposer_edu.models.ar_cnn import ar_cnn_of

    return ar_cnn_of(config, tensors, name, sha256)


def _make_wavenet(
    config: Settings, tensors: Mapping, name: str, sha256: str
) -> Network:
    from deepcomposer_edu.models.note_wavenet import note_wavenet_of

    network = note_wavenet_of(config, tensors)
    network.name, network.weight_sha256 = name, sha256
    return network


SHIPPED_LOADERS: dict[str, Callable[[str], Network]] = {
    WGAN: _shipped_wgan,
    "melody-rnn": _shipped_melody_rnn,
    "transformer": _shipped_transformer,
    "ar-cnn": _shipped_ar_cnn,
}
MAKERS: dict[str, Callable[[Settings, Mapping, str, str], Network]] = {
    WGAN: _make_wgan,
    "melody-rnn": _make_melody_rnn,
    "transformer": _make_transformer,
    "ar-cnn": _make_ar_cnn,
    "wavenet": _make_wavenet,  # it plays notes, see `timbres.py`
}
