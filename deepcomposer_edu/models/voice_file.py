"""A voice as one small file, which its singer hands in: weights, settings, a name.

The file is safetensors, with the settings in its head; nothing in it can run. It may
come from anybody, so its size, its head, its settings and its numbers are checked
before a network is made of them.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, strangers_bytes, strict_json
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.voice_net import VoiceConfig, VoiceNet

SUFFIX = ".voice"
FORMAT, FORMAT_VERSION = "deepcomposer voice", "1"
MAX_BYTES = 4 << 20  # of a file; the usual one has 0.4 MB
MAX_HEAD = 64 << 10  # bytes of names, shapes and settings
MAX_NAME = 40  # letters of a name
# What a singer may say of the training, each a finite number.
TOLD = ("steps", "seed", "seconds", "valid_loss", "right")


@dataclass(frozen=True)
class SungVoice:
    """A network that sings one voice, and whose it is.

    Args:
        name: who trained it.
        network: it sings `network.config.voice`.
        about: some of TOLD, as its file says: nobody has checked them.
        sha256: hash of its file.
        file: name of its file.
    """

    name: str
    network: VoiceNet = field(repr=False)
    about: Mapping[str, float] = field(default_factory=dict)
    sha256: str = ""
    file: str = ""

    @property
    def voice(self) -> str:
        """Alto, tenor or bass, in small letters."""
        return self.network.config.voice


def plain_name(name: str) -> str:
    r"""Return a name as it may be shown: one line, nothing invisible, not too long.

    >>> plain_name(" Mina\x1b[2J\n Kim ")
    'Mina[2J Kim'
    """
    seen = "".join(sign if sign.isprintable() else "" for sign in name)
    return " ".join(seen.split())[:MAX_NAME].strip()


def save_voice(
    path: str | Path, network: VoiceNet, name: str, about: Mapping[str, float]
) -> Path:
    """Write a voice as a file and return its path.

    Args:
        path: the file.
        network: the network; it is written in half precision.
        name: who trained it.
        about: of the training, some of TOLD.

    Raises:
        InputError: if nothing is left of the name, or the file cannot be written.
    """
    from safetensors.torch import save

    shown = plain_name(name)
    if not shown:
        raise InputError("The voice has no name; say whose it is, such as Mina.")
    head = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": shown,
        "config": json.dumps(network.config.to_dict()),
        "about": json.dumps({key: about[key] for key in TOLD if key in about}),
    }
    tensors = {
        key: tensor.to(torch.float16).contiguous()
        for key, tensor in network.state_dict().items()
    }
    with atomic_path(path) as temporary:
        temporary.write_bytes(save(tensors, head))
    return Path(path)


def read_voice(path: str | Path) -> SungVoice:
    """Return the voice in a file.

    Nothing in it is believed: a network is made of it only if all fits.

    Args:
        path: what `save_voice` wrote, or anything that pretends to be.

    Raises:
        InputError: with the file's name and what is wrong with it.
    """
    path = Path(path)
    name = plain_name(path.name)
    try:
        data = _bytes_of(path)
        head = _head_of(data)
        voice = SungVoice(
            plain_name(_text(head, "name")) or "nameless",
            _network(VoiceConfig.of(_json(head, "config")), _tensors(data)),
            _told(_json(head, "about")),
            hashlib.sha256(data).hexdigest(),
            name,
        )
    except _DamagedError as error:
        why = str(error)
    except (InputError, TypeError) as error:
        why = "its settings are not those of a voice: " + str(error).rstrip(".")[:160]
    else:
        return voice
    raise InputError(
        f"{name} is left out: {why}. Hand in the file that `deepcomposer hand-in` "
        "makes, as it is."
    )


class _DamagedError(Exception):
    """What is wrong with a file, as half a sentence."""


def _bytes_of(path: Path) -> bytes:
    try:
        return strangers_bytes(path, MAX_BYTES)
    except InputError as error:
        raise _DamagedError(str(error)) from None


def _head_of(data: bytes) -> dict[str, object]:
    """Return what the head of a safetensors file says besides names and shapes."""
    if len(data) < 8:
        raise _DamagedError("it is no voice")
    (n_bytes,) = struct.unpack("<Q", data[:8])
    if n_bytes > min(MAX_HEAD, len(data) - 8):
        raise _DamagedError("it is no voice, or was cut short")
    try:
        head = strict_json(data[8 : 8 + n_bytes])
    except ValueError:
        raise _DamagedError("it is no voice") from None
    found = head.get("__metadata__") if isinstance(head, dict) else None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise _DamagedError("it is no voice")
    if found.get("format_version") != FORMAT_VERSION:
        raise _DamagedError("it was made by another version of this course")
    return found


def _text(head: Mapping[str, object], key: str) -> str:
    value = head.get(key)
    if not isinstance(value, str):
        raise _DamagedError(f"it does not say its {key}")
    return value


def _json(head: Mapping[str, object], key: str) -> dict[str, object]:
    try:
        found = strict_json(_text(head, key))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _DamagedError(f"its {key} cannot be read")
    return found


def _told(about: Mapping[str, object]) -> dict[str, float]:
    """Return those of TOLD that are ordinary numbers."""
    return {
        key: about[key]
        for key in TOLD
        if type(about.get(key)) in (int, float) and abs(about[key]) < 1e9
    }


def _tensors(data: bytes) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        found = load(data)
    except (SafetensorError, KeyError, ValueError, OverflowError) as error:
        raise _DamagedError(f"it is damaged ({plain_name(str(error))})") from None
    for tensor in found.values():
        if tensor.dtype != torch.float16 or not tensor.isfinite().all():
            raise _DamagedError("its weights are not finite numbers of half precision")
    return found


def _network(config: VoiceConfig, tensors: Mapping[str, Tensor]) -> VoiceNet:
    try:
        return filled(lambda: VoiceNet(config), tensors).eval()
    except RuntimeError:
        raise _DamagedError("its weights do not fit its settings") from None
