"""Musical metrics of a harmoniser in training, and the data's own beside them."""

from __future__ import annotations

import numpy as np
import torch

from deepcomposer_edu.models.one_hot import decode
from deepcomposer_edu.models.wgan import Generator, WGANConfig
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.metrics import (
    battery,
    empty_bar_rate,
    in_scale_ratio,
    used_pitch_classes,
)
from deepcomposer_edu.training.wgan_data import TrainingSet

N_JUDGED = 64  # validation windows that the metrics are taken on
VOICE_METRICS = {
    "empty_bar_rate": empty_bar_rate,
    "used_pitch_classes": used_pitch_classes,
    "in_c_major_ratio": lambda grid: in_scale_ratio(grid, "C"),
}


def judge(network: Generator, data: TrainingSet) -> dict[str, float]:
    """Return the musical metrics of a generator on N_JUDGED windows of `data`."""
    batch = data.rows(_judged(data), network.config)
    random = torch.Generator().manual_seed(0)
    with torch.no_grad():
        noise = torch.randn(network.noise_shape(*batch.starts.shape), generator=random)
        voices, repeats = network(
            batch.melody,
            batch.starts,
            batch.position,
            noise,
            generator=random,
            genre=batch.genre,
        )
    return measure(_grids(*batch.with_lower(voices, repeats), network.config))


def reference(data: TrainingSet, config: WGANConfig) -> dict[str, float]:
    """Return the same metrics of Bach's own voices over the same windows."""
    batch = data.rows(_judged(data), config)
    return measure(_grids(batch.voices, batch.repeats, config))


def _judged(data: TrainingSet) -> torch.Tensor:
    """Return the numbers of the windows that are judged, spread over all pieces."""
    return torch.linspace(0, len(data) - 1, min(N_JUDGED, len(data))).long()


def measure(grids: list[Grid]) -> dict[str, float]:
    """Return the battery of four voices and three metrics of each lower voice.

    The three are those that DeepComposer showed, with their formulas put right: the
    share of empty bars, the pitch classes used in a bar, and the share of notes in C
    major, which holds all of a piece that was moved to C major or A minor.
    """
    values = battery(grids)
    for voice, name in ((1, "alto"), (2, "tenor"), (3, "bass")):
        for key, metric in VOICE_METRICS.items():
            shares = [metric(grid.voices(voice)) for grid in grids]
            values[f"{key}_{name}"] = float(np.nanmean(shares))
    return values


def _grids(
    voices: torch.Tensor, repeats: torch.Tensor, config: WGANConfig
) -> list[Grid]:
    pitches = decode(voices, config).numpy()
    return [
        Grid(p, r) for p, r in zip(pitches, repeats.numpy().astype(bool), strict=True)
    ]
