"""Some small trainings, for one process or several: `python shared_training.py FOLDER`.

Eight windows or examples are a batch, whoever shares them.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import torch
from tiny_editor import RECIPES_TINY, train
from tiny_training import MELODY, TINY, chord_windows
from torch import nn

from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    train_predictor,
)
from deepcomposer_edu.training.wgan import train_wgan

N_STEPS = 3
CONFIGS = {
    "wgan": dataclasses.replace(TINY, batch_size=8, n_critic=2),
    "genres": dataclasses.replace(
        TINY, batch_size=8, n_genres=2, critic_normalisation="spectral"
    ),
}


def train_gans(folder: Path, **options) -> None:
    """Train the harmoniser on one kind of music, and on two genres."""
    windows = chord_windows()
    both = {"chorale": windows, "palestrina": chord_windows(key=2)}
    for name, config in CONFIGS.items():
        music = both if config.n_genres else windows
        train_wgan(
            folder / name,
            config,
            music,
            music,
            MELODY,
            N_STEPS,
            sample_every=N_STEPS,
            checkpoint_every=N_STEPS,
            **options,
        )


def train_line(folder: Path, **options) -> None:
    """Train a small network whose examples weigh differently."""
    random = torch.Generator().manual_seed(5)
    inputs, weights = torch.randn(64, 6, generator=random), torch.rand(64)
    weights[:] = torch.linspace(0.1, 2, 64)

    def batch(random: torch.Generator) -> dict[str, torch.Tensor]:
        rows = torch.randint(64, (8,), generator=random)
        return {"inputs": inputs[rows], "weights": weights[rows]}

    def loss(network: nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        misses = (network(batch["inputs"])[:, 0] - batch["inputs"].sum(1)).square()
        return (misses * batch["weights"]).sum() / batch["weights"].sum()

    torch.manual_seed(0)
    train_predictor(
        folder / "line",
        nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 1)),
        Task(batch, loss, lambda _: {}, weigh=lambda b: float(b["weights"].sum())),
        TrainingSettings(learning_rate=0.05, average=0.9),
        N_STEPS,
        kind="line",
        config={},
        checkpoint_every=N_STEPS,
        **options,
    )


def train_editors(folder: Path, **options) -> None:
    """Train both kinds of the AR-CNN, without dropout, which would not be shared."""
    for recipe in RECIPES_TINY:
        train(
            folder / recipe,
            N_STEPS,
            recipe,
            settings={"dropout": 0.0},
            batch_size=8,
            sample_every=N_STEPS,
            checkpoint_every=N_STEPS,
            **options,
        )


def train_all(folder: Path) -> None:
    """Train all of them, each in a run folder of its own."""
    train_gans(folder)
    train_line(folder)
    train_editors(folder)


if __name__ == "__main__":
    torch.set_num_threads(1)
    train_all(Path(sys.argv[1]))
