"""Codes of notes: kept for every instrument and pitch, mixed, made longer, and played.

With the weights of NSynth come the codes of single notes, so that a timbre can be mixed
and played without any recording at hand.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.nsynth import (
    NAME,
    NOTE_CODES,
    TEMPERATURE,
    Progress,
    SoundAutoencoder,
    load_nsynth,
)
from deepcomposer_edu.models.weights import load_weights

ATTACK_SECONDS = 0.2  # of a note, never made longer
LONGEST_SECONDS = 30.0  # of one note


@dataclass(frozen=True, eq=False)
class NoteCodes:
    """The codes of notes of the same length.

    Args:
        codes: (M, P, F, W), of M instruments at P pitches, a semitone apart.
        instruments: M names.
        lowest: the lowest pitch, MIDI.
        velocity: of all notes. Velocity only acts on the loudness, by its square.
        held_frames: how long the key is down.
    """

    codes: Tensor
    instruments: tuple[str, ...]
    lowest: int
    velocity: int
    held_frames: int

    def at(self, pitch: float) -> Tensor:
        """Return the codes of the instruments at the nearest pitch, (M, F, W)."""
        row = round(float(pitch)) - self.lowest
        return self.codes[:, min(max(row, 0), self.codes.shape[1] - 1)]


def blend(codes: Tensor, weights: Sequence[float] | Tensor) -> Tensor:
    """Return the weighted mean of some codes.

    Args:
        codes: (M, F, W), of M sounds.
        weights: (M,), 0 or more, not all 0; they are divided by their sum.

    Returns:
        (F, W).

    Raises:
        InputError: if there are not as many weights as codes, or they can't be weights.

    >>> blend(torch.tensor([[[0.0]], [[1.0]]]), [1, 3])
    tensor([[0.7500]])
    """
    shares = torch.as_tensor(weights, dtype=torch.float32)
    if shares.shape != codes.shape[:1]:
        raise InputError(
            f"There are {shares.numel()} weights for {len(codes)} sounds, but each "
            "sound needs one."
        )
    if not torch.isfinite(shares).all() or shares.min() < 0 or shares.sum() == 0:
        raise InputError(
            f"The weights of the sounds are {shares.tolist()}, but they must be 0 or "
            "more, and not all 0."
        )
    return torch.einsum("m,mfw->fw", shares / shares.sum(), codes)


def stretched(code: Tensor, held_frames: int, wanted: int, attack: int) -> Tensor:
    """Return the code of a note whose key is down for longer or shorter.

    What follows the attack is stretched or cut up to the release, so that a note that
    fades while it is held fades more slowly; the release stays as it is.

    Args:
        code: (F, W).
        held_frames: frames of the code before the release.
        wanted: frames before the release, 1 or more.
        attack: frames at the beginning that are kept as they are.

    Returns:
        (F - held_frames + wanted, W).
    """
    release = code[held_frames:]
    if wanted <= held_frames:
        return torch.cat([code[:wanted], release])
    middle = code[attack:held_frames].T[None]  # (1, W, frames)
    longer = F.interpolate(middle, wanted - attack, mode="linear", align_corners=True)
    return torch.cat([code[:attack], longer[0].T, release])


@functools.cache
def load_note_codes(name: str = NAME, folder: Path | None = None) -> NoteCodes:
    """Return the codes of notes that come with the weights.

    Raises:
        InputError: if the weights are missing or damaged, or hold no codes of notes.
    """
    weights = load_weights(name, folder)
    about = weights.info.get(NOTE_CODES)
    if NOTE_CODES not in weights.tensors or not isinstance(about, dict):
        raise InputError(
            f"The weights {name} hold no codes of notes; use those that come with the "
            "course, or encode sounds of your own."
        )
    return NoteCodes(
        weights.tensors[NOTE_CODES].float(),
        tuple(weights.info["config"]["instruments"]),
        int(about["lowest"]),
        int(about["velocity"]),
        int(about["held_frames"]),
    )


def note_code(
    weights: Sequence[float] | Tensor,
    pitch: float,
    held: float | None = None,
    notes: NoteCodes | None = None,
    network: SoundAutoencoder | None = None,
) -> Tensor:
    """Return the code of a note of a mixed timbre, its release included.

    Args:
        weights: of the instruments, (M,).
        pitch: MIDI.
        held: seconds that the key is down; None: as long as in the notes' own.
        notes: the codes to mix; those of the shipped weights if None.
        network: the network they belong to; the shipped one if None.

    Returns:
        (F, W), for `SoundAutoencoder.decode`.

    Raises:
        InputError: if the weights or the length can't be used.
    """
    notes = notes or load_note_codes()
    config = (network or load_nsynth()).config
    code = blend(notes.at(pitch), weights)
    if held is None:
        return code
    if not 0 < held <= LONGEST_SECONDS:
        raise InputError(
            f"The note is held for {held:g} s, but it must be more than 0 and at most "
            f"{LONGEST_SECONDS:g} s."
        )
    frame = config.hop / config.rate  # seconds
    wanted = max(1, round(held / frame))
    return stretched(code, notes.held_frames, wanted, round(ATTACK_SECONDS / frame))


def play_mixture(
    weights: Sequence[float] | Tensor,
    pitch: float,
    *,
    held: float | None = None,
    velocity: int = 85,
    seed: int = 0,
    temperature: float = TEMPERATURE,
    notes: NoteCodes | None = None,
    network: SoundAutoencoder | None = None,
    on_progress: Progress = None,
) -> np.ndarray:
    """Return a note of a mixed timbre: codes are mixed, then decoded.

    Args:
        weights: of the instruments, (M,): [1, 0, 0, 0] is the first of four alone.
        pitch: MIDI, fractions are allowed.
        held: as in `note_code`.
        velocity: 1 to 127.
        seed: as in `SoundAutoencoder.decode`.
        temperature: the same.
        notes: the codes to mix; those of the shipped weights if None.
        network: the network; the shipped one if None.
        on_progress: called with how many samples are done, and of how many.

    Returns:
        (N,), float32, in [-1, 1], at the network's rate.

    Raises:
        InputError: if a value can't be used.
    """
    if not 1 <= velocity <= 127:
        raise InputError(f"The velocity is {velocity}, but it must be 1 to 127.")
    network, notes = network or load_nsynth(), notes or load_note_codes()
    audio = network.decode(
        note_code(weights, pitch, held, notes, network),
        pitch,
        seed=seed,
        temperature=temperature,
        on_progress=on_progress,
    )
    loudness = np.float32((velocity / notes.velocity) ** 2)
    return np.clip(audio * loudness, -1, 1)
