"""A training so small that a test can wait for it: networks, windows and a melody."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from deepcomposer_edu.corpora.windows import Windows
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.training.wgan import train_wgan

TINY = WGANConfig(hidden_channels=8, critic_channels=8, batch_size=4, n_critic=1)


def chord_windows(n_windows: int = 12, key: int = 0) -> Windows:
    """Windows of I, IV and V chords in quarters, made up, in C."""
    chords = np.array([[72, 67, 64, 48], [72, 69, 65, 53], [71, 67, 62, 55]])
    random = np.random.default_rng(0)
    chosen = chords[random.integers(0, 3, (n_windows, 8))]  # (N, 8, 4)
    pitches = np.repeat(chosen, 4, axis=1).transpose(0, 2, 1).astype(np.int16)
    onsets = np.zeros(pitches.shape, dtype=bool)
    onsets[..., ::4] = True
    numbers = np.zeros(n_windows, dtype=int)
    return Windows(
        pitches - key,
        onsets,
        np.zeros((n_windows, 32), dtype=bool),
        numbers + key,
        numbers,
        numbers,
        numbers + 16,
    )


MELODY = Grid(np.repeat([72, 72, 71, 72], 8)[None])


def train(run: Path, n_steps: int, **options):
    windows = chord_windows()
    settings = {"sample_every": 2, "checkpoint_every": 2} | options
    config = settings.pop("config", TINY)
    return train_wgan(run, config, windows, windows, MELODY, n_steps, **settings)


def without_seconds(rows: list[dict]) -> list[dict]:
    return [{k: v for k, v in row.items() if k != "seconds"} for row in rows]
