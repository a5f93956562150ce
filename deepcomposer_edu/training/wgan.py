"""Training the harmoniser: a game of two networks, in a loop that fits on a screen.

The game is in `training/wgan_game.py`, the metrics are in `training/wgan_metrics.py`,
and what a run folder holds is in `training/wgan_run.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import torch

from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.training.checkpoint import (
    check_is_new,
    latest_checkpoint,
    restore,
)
from deepcomposer_edu.training.claim import claimed
from deepcomposer_edu.training.control import TrainingControl
from deepcomposer_edu.training.data import TrainingSet, TrainingWindows
from deepcomposer_edu.training.distributed import joined
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.loop import Loop, check_steps
from deepcomposer_edu.training.wgan_game import WGANGame
from deepcomposer_edu.training.wgan_metrics import judge, measure, reference
from deepcomposer_edu.training.wgan_run import read_run, write_run, write_sample

__all__ = [
    "WGANGame",
    "judge",
    "measure",
    "read_run",
    "reference",
    "train_wgan",
    "write_run",
    "write_sample",
]


def train_wgan(
    run: str | Path,
    config: WGANConfig,
    train: TrainingWindows,
    valid: TrainingWindows,
    melody: Grid,
    n_steps: int,
    *,
    to_c: int = 0,
    seed: int = 0,
    precision: str = "float32",
    begin_from: Mapping[str, torch.Tensor] | None = None,
    resume: bool = False,
    sample_every: int = 100,
    checkpoint_every: int = 100,
    on_step: Callable[[dict[str, float]], None] | None = None,
    control: TrainingControl | None = None,
) -> History:
    """Train a harmoniser in a run folder until `n_steps` generator steps are taken.

    The folder gets `config.json`, `reference.json` (the data's own metrics),
    `metrics.jsonl`, `state.json` (where it stands), `checkpoints/` and `samples/` (the
    fixed melody, harmonised). A run that was stopped, even by a power cut, goes on from
    its last checkpoint to the same numbers as a run that was not. Started by
    `torchrun`, the processes share each batch (`training/distributed.py`).

    Args:
        run: the run folder.
        config: the networks' and the training's settings; a resumed run uses its own.
        train: windows to learn from: of one kind, or by genre where the config has
            `n_genres`; then every genre is drawn as often.
        valid: windows that the metrics are taken on.
        melody: the fixed melody, (1, T).
        n_steps: generator steps in all, counted from the beginning of the run.
        to_c: semitones that move the melody to C major or A minor.
        seed: from which every random number follows.
        precision: "float32" or "bfloat16".
        begin_from: trained weights to go on from, as `WGANGame.begin_from` takes them.
        resume: go on with the run that is in the folder.
        sample_every: steps between samples and metrics.
        checkpoint_every: steps between checkpoints.
        on_step: called after each step with its row of numbers.
        control: asked between two steps whether to pause, to stop, or to write a
            sample now. It never changes the numbers.

    Returns:
        The history of the run.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed,
            or another training is at work in it.
    """
    run = Path(run)
    check_steps(n_steps, sample_every, checkpoint_every)
    control = control or TrainingControl()
    with joined() as team, claimed(run, team.leads):
        if resume:
            config, seed, precision = read_run(run)
        elif team.leads:
            check_is_new(run)
        game = WGANGame(config, seed, precision, team)
        if begin_from is not None and not resume:
            game.begin_from(begin_from)
        state = latest_checkpoint(run) if resume else None
        if state is not None:
            restore(state, game.networks, game.optimisers, game.random)
        data, judged = (TrainingSet.of(w, config) for w in (train, valid))
        team.begin_alike(list(game.networks.values()))  # and all have read the folder
        if team.leads and not resume:
            write_run(run, config, seed, precision, reference(judged, config))
        loop = Loop(
            run,
            n_steps,
            take_step=partial(game.step, data),
            judge=lambda: judge(game.average, judged),
            write_sample=lambda step: write_sample(run, step, game, melody, to_c),
            save=partial(game.save, run),
            sample_every=sample_every,
            checkpoint_every=checkpoint_every,
            on_step=on_step,
            control=control,
            team=team,
        )
        return loop.go(first=state.step if state is not None else 0)
