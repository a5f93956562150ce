"""Music as frames: what four voices sing at each step, in the numbers a network reads.

A class is a pitch counted from LOW, or REST_CLASS. Besides the classes, a network is
told what a singer knows without counting: how long the note has been held, by which
step the voice came to it, and how high it stands above the bass. The last two do not
change when the music is moved to another key.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.music.pianoroll import fold_pitch

LOW, N_PITCHES = 28, 72  # E1 to D#7: strings in, and Bach in every key
HIGH = LOW + N_PITCHES - 1
REST_CLASS = N_PITCHES
START_CLASS = N_PITCHES + 1  # "before the piece", only ever read
N_CLASSES = N_PITCHES + 1  # that can be written
MAX_HELD = 32  # steps after which a note is "held for long"
MAX_INTERVAL = 36  # semitones that are told apart, up and down
NO_INTERVAL = 2 * MAX_INTERVAL + 1
N_INTERVALS = NO_INTERVAL + 1
VOICES = 4
BASS = 3


def to_classes(pitches: np.ndarray) -> Tensor:
    """Return MIDI pitches (-1 for a rest), any shape, as classes of the same shape.

    Pitches outside LOW to HIGH are folded by octaves.
    """
    found = np.asarray(pitches).astype(np.int64)
    for pitch in np.unique(found[(found >= 0) & ((found < LOW) | (found > HIGH))]):
        found = np.where(found == pitch, fold_pitch(int(pitch), LOW, HIGH), found)
    return torch.from_numpy(np.where(found < 0, REST_CLASS, found - LOW))


def to_pitches(classes: Tensor) -> np.ndarray:
    """Return classes as MIDI pitches, -1 for a rest, int16."""
    found = classes.numpy()
    return np.where(found >= N_PITCHES, -1, found + LOW).astype(np.int16)


def held_and_moved(classes: Tensor) -> tuple[Tensor, Tensor]:
    """Return how long each class has lasted, and the interval by which it came.

    Args:
        classes: (B, 4, T).

    Returns:
        held (B, 4, T), 1 to MAX_HELD; moved (B, 4, T), the interval of the last change
        as 0 to N_INTERVALS - 1, NO_INTERVAL if a rest or nothing was before.
    """
    n_steps = classes.shape[-1]
    step = torch.arange(n_steps).expand(classes.shape)
    before = torch.cat([classes[..., :1], classes[..., :-1]], dim=-1)
    is_new = classes != before
    since = torch.where(is_new, step, 0).cummax(dim=-1).values  # of the last change
    held = (step - since + 1).clamp(max=MAX_HELD)
    moved = interval(before, classes)
    moved = torch.where(is_new, moved, NO_INTERVAL)
    return held, moved.gather(-1, since)


def interval(low: Tensor, high: Tensor) -> Tensor:
    """Return the interval from one class to another as 0 to N_INTERVALS - 1."""
    semitones = (high - low).clamp(-MAX_INTERVAL, MAX_INTERVAL) + MAX_INTERVAL
    sounding = (low < N_PITCHES) & (high < N_PITCHES)
    return torch.where(sounding, semitones, NO_INTERVAL)
