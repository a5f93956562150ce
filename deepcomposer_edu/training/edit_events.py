"""Training the edit-event model: spoil a roll, learn which edits mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Unpack

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.models.edit_net import EditNet, EditNetConfig
from deepcomposer_edu.nn.edits import edit_loss, edit_target
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.edit_rolls import RollBatch, RollSet
from deepcomposer_edu.training.editor_sample import sample_writer
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions
from deepcomposer_edu.training.pieces import PieceLike
from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)

KIND = "ar-cnn"
VARIANT = "edit-events"
SETTINGS = TrainingSettings(
    learning_rate=2e-3, warm_up=100, weight_decay=0.02, average=0.998
)
BATCH_STEPS, BATCH_SIZE = 128, 32
CELL_WEIGHT = 0.02  # of a cell's own loss, beside the loss over all cells together
N_JUDGED = 128  # spoiled rolls of valid pieces on which the network is judged


def batch_losses(network: nn.Module, batch: RollBatch) -> tuple[Tensor, Tensor]:
    """Return the loss of the edits together, and that of each cell by itself.

    Returns:
        `edit_loss` in nats: how far the softmax over a roll's cells is from the edits
        that mend it; and the mean over the rolls of the sum over the cells of -ln p,
        where p is the probability that the network gives to what is right there.
    """
    log_odds = network.log_odds(batch.now[:, None].float())[:, 0].float()  # (B, T, P)
    target = edit_target(batch.now, batch.goal)
    differs = (batch.now != batch.goal).float()
    cells = F.binary_cross_entropy_with_logits(log_odds, differs, reduction="none")
    return edit_loss(F.logsigmoid(log_odds), target), cells.sum(dim=(1, 2)).mean()


def training_loss(network: nn.Module, batch: RollBatch) -> Tensor:
    """Return the loss that is trained on: both of `batch_losses`, weighed.

    The first is the original's. The second says besides how sure an edit is, which no
    softmax over thousands of cells can say. A roll without anything to edit counts 0
    in the first, so that all rolls of a batch weigh the same.
    """
    edits, cells = batch_losses(network, batch)
    has_edits = (batch.now != batch.goal).flatten(1).any(dim=1).float()
    return edits * has_edits.mean() + CELL_WEIGHT * cells


def judged(network: nn.Module, batch: RollBatch) -> dict[str, float]:
    """Return "valid_loss", in nats, and "valid_cells", nats of all cells of a roll."""
    edits, cells = batch_losses(network, batch)
    return {"valid_loss": edits.item(), "valid_cells": cells.item()}


def edit_task(
    train: Sequence[PieceLike] | None = None,
    valid: Sequence[PieceLike] | None = None,
    batch_steps: int = BATCH_STEPS,
    batch_size: int = BATCH_SIZE,
) -> Task:
    """Return what the edit-event model learns from, and how it is judged.

    Args:
        train: pieces to learn from; Bach's chorales, train and extra, if None.
        valid: pieces to be judged on; the valid chorales if None.
        batch_steps: T, length of a roll.
        batch_size: B.
    """
    if train is None:
        train = [*load_chorales("train"), *load_chorales("extra")]
    if valid is None:
        valid = load_chorales("valid")
    learn = RollSet(train, batch_steps, batch_size)
    judge = RollSet(valid or train, batch_steps, N_JUDGED)
    fixed = judge.batch(torch.Generator().manual_seed(0))
    return Task(learn.batch, training_loss, partial(judged, batch=fixed))


def new_network(
    config: EditNetConfig | None = None, seed: int = 0, run: str | Path | None = None
) -> EditNet:
    """Return an untrained network, see `fresh_network`."""
    return fresh_network(lambda: EditNet(config or EditNetConfig()), seed, run)


def train_edit_events(
    run: str | Path,
    config: EditNetConfig | None = None,
    settings: TrainingSettings | None = None,
    *,
    n_steps: int,
    train: Sequence[PieceLike] | None = None,
    valid: Sequence[PieceLike] | None = None,
    batch_steps: int = BATCH_STEPS,
    batch_size: int = BATCH_SIZE,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train the edit-event model in a run folder until `n_steps` steps are taken.

    Args:
        run: the run folder, see `train_predictor`.
        config: the network's settings; the default if None. A resumed run uses its own.
        settings: how it is trained; SETTINGS with a cosine over `n_steps` if None.
        n_steps: steps in all.
        train: pieces to learn from, see `edit_task`.
        valid: pieces to be judged on.
        batch_steps: T, length of a roll.
        batch_size: B.
        seed: from which every random number follows.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 100 steps if not said.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed.
    """
    settings = settings or replace(SETTINGS, cosine_steps=n_steps)
    config = config or EditNetConfig()
    if resume:
        config, settings, seed = read_settings(run, KIND, config_of)
    about = {"variant": VARIANT, **config.to_dict()}
    task = edit_task(train, valid, batch_steps, batch_size)
    return train_predictor(
        run,
        new_network(config, seed, run if resume else None),
        replace(task, write_sample=sample_writer(about)),
        settings,
        n_steps,
        kind=KIND,
        config=about,
        seed=seed,
        resume=resume,
        **options,
    )


def config_of(saved: dict[str, object]) -> EditNetConfig:
    """Return the network's settings from those that a run folder or weights hold."""
    return EditNetConfig(**{k: v for k, v in saved.items() if k != "variant"})
