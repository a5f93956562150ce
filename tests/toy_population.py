"""A trainer so small that a population of it trains in a second."""

from __future__ import annotations

import torch
from torch import nn

from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)

SETTINGS = TrainingSettings(learning_rate=0.01, average=0.9)
RANGES = {"learning_rate": (0.003, 0.3)}


def batch(random):
    x = torch.randn(16, 3, generator=random)
    return x, x.sum(dim=1, keepdim=True)


def loss(model, drawn):
    x, y = drawn
    return (model(x) - y).square().mean()


def judge(model):
    return {"valid_loss": loss(model, batch(torch.Generator().manual_seed(7))).item()}


def train_toy(run, settings=SETTINGS, *, n_steps, seed=0, resume=False, **options):
    if resume:
        _, settings, seed = read_settings(run, "toy")
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.1), nn.Linear(8, 1))
    task = Task(batch, loss, judge, lambda _, path: path.with_suffix(".txt").touch())
    return train_predictor(
        run,
        network,
        task,
        settings,
        n_steps,
        kind="toy",
        config={},
        seed=seed,
        resume=resume,
        **options,
    )
