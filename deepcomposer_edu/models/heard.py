"""A melody as the harmoniser hears it: in C, without rests, in whole windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.one_hot import encode
from deepcomposer_edu.models.overlap import bar_positions, hold_through_rests, margins
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.pianoroll import fold_pitch
from deepcomposer_edu.music.theory import octaves_to_soprano


@dataclass(frozen=True)
class HeardMelody:
    """T steps of a melody and of what was put around it to fill the windows.

    Args:
        pitches: (1, T, V) one-hot.
        starts: (1, T) 1 where a note begins.
        position: (1, T) step within the bar.
        hop: steps from window to window.
        inside: the steps of the melody itself.
        shift: semitones by which it was moved up.
    """

    pitches: Tensor
    starts: Tensor
    position: Tensor
    hop: int
    inside: slice
    shift: int


def hear(
    melody: Grid, config: WGANConfig, to_c: int, steps_per_bar: int, pickup: int
) -> HeardMelody:
    """Return a melody as the generator hears it.

    Args:
        melody: one voice, (1, T), any length from 1 step.
        config: the networks' settings.
        to_c: semitones that move the melody to C major or A minor.
        steps_per_bar: 16 for 4/4, 12 for 3/4.
        pickup: steps before the first whole bar.

    Raises:
        InputError: if the melody is not one voice, or has no steps or no notes.
    """
    if melody.pitches.shape[0] != 1 or melody.pitches.shape[1] == 0:
        raise InputError(
            f"The melody has the shape {melody.pitches.shape}, but one voice of at "
            "least one step, (1, T), is needed."
        )
    n_steps = melody.n_steps
    moved, shift = _moved_to_c(melody.pitches[0], config, to_c)
    before, hop, after = margins(n_steps, config.n_steps, steps_per_bar, pickup)
    pitches = np.pad(hold_through_rests(moved), (before, after), mode="edge")
    starts = np.pad(melody.onsets[0], (before, after))
    starts[0] = True
    return HeardMelody(
        encode(torch.from_numpy(pitches)[None, None], config)[:, 0],
        torch.from_numpy(starts.astype(np.float32))[None],
        bar_positions(len(pitches), steps_per_bar),
        hop,
        slice(before, before + n_steps),
        shift,
    )


def _moved_to_c(
    pitches: np.ndarray, config: WGANConfig, to_c: int
) -> tuple[np.ndarray, int]:
    """Return a melody (T,) in C major or A minor, and by how much it moved.

    It moves to the octave nearest to Bach's sopranos; single notes that are still too
    high or too low are folded by octaves.
    """
    sounding = pitches[pitches >= 0]
    if sounding.size == 0:
        raise InputError("The melody holds nothing but rests; give at least one note.")
    shift = to_c + 12 * octaves_to_soprano(sounding, to_c)
    low, high = config.low, config.low + config.n_pitches - 1
    moved = [
        fold_pitch(int(pitch) + shift, low, high) if pitch >= 0 else REST
        for pitch in pitches
    ]
    return np.array(moved, dtype=np.int64), shift
