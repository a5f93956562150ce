"""A set of sounds of one length, with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from deepcomposer_edu.music.score import note_name


@dataclass(frozen=True)
class SoundSet:
    """Sounds of one length with what is known of each.

    Args:
        audio: in [-1, 1], shape (N, n), float32.
        rate: samples per second.
        pitch: MIDI number of each sound, (N,) int64; -1 where it has not one pitch.
        velocity: 1 to 127, (N,) int64; 0 where it is not known.
        instrument: number in `instruments`, (N,) int64.
        instruments: the names.
        held_out: whether a sound is kept from training, (N,) bool.
        held: how long the key is down, in seconds, (N,) float64.
    """

    audio: np.ndarray
    rate: int
    pitch: np.ndarray
    velocity: np.ndarray
    instrument: np.ndarray
    instruments: tuple[str, ...]
    held_out: np.ndarray
    held: np.ndarray

    def __len__(self) -> int:
        return len(self.audio)

    @property
    def seconds(self) -> float:
        """The length of each sound."""
        return self.audio.shape[1] / self.rate

    @property
    def train(self) -> SoundSet:
        """The sounds to learn from."""
        return self.pick(~self.held_out)

    @property
    def valid(self) -> SoundSet:
        """The sounds that are kept from training."""
        return self.pick(self.held_out)

    def pick(self, which: np.ndarray) -> SoundSet:
        """Return some of the sounds: `which` is (N,) bool, or numbers of sounds."""
        names = ("audio", "pitch", "velocity", "instrument", "held_out", "held")
        return replace(self, **{name: getattr(self, name)[which] for name in names})

    def name(self, i: int) -> str:
        """Return what sound i is, such as "organ C4, velocity 85"."""
        words = self.instruments[self.instrument[i]]
        if self.pitch[i] >= 0:
            words += f" {note_name(int(self.pitch[i]))}"
        return words + (f", velocity {self.velocity[i]}" if self.velocity[i] else "")
