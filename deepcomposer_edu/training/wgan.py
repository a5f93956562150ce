"""Training the harmoniser: a game of two networks, in a loop that fits on a screen.

The game is in `training/wgan_game.py`, the metrics are in `training/wgan_metrics.py`,
and what a run folder holds is in `training/wgan_run.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Unpack

import torch

from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.training.beginning import no_larger_than
from deepcomposer_edu.training.distributed import Team
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.loop import Training, train_in
from deepcomposer_edu.training.options import RunOptions
from deepcomposer_edu.training.wgan_data import TrainingSet, TrainingWindows
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
    **options: Unpack[RunOptions],
) -> History:
    """Train a harmoniser in a run folder until `n_steps` generator steps are taken.

    The folder gets `config.json`, `reference.json` (the data's own metrics),
    `metrics.jsonl`, `state.json` (where it stands), `checkpoints/` and `samples/` (the
    fixed melody, harmonised). For stopped runs and several processes see
    `training.loop.train_in`.

    Args:
        run: the run folder.
        config: the networks' and the training's settings; a resumed run uses its own.
        train: windows to learn from: of one kind, or by genre where the config has
            `n_genres`; then every genre is drawn as often.
        valid: windows that the metrics are taken on.
        melody: the fixed melody, (1, T).
        n_steps: generator steps in all, counted from the beginning of the run.
        to_c: semitones that move the melody to C major or A minor.
        seed: from which every random number follows. A resumed run uses its own.
        precision: "float32" or "bfloat16". A resumed run uses its own.
        begin_from: trained weights to go on from, as `WGANGame.begin_from` takes them.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 100 steps if not said.

    Returns:
        The history of the run.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed,
            or another training is at work in it.
    """
    run = Path(run)

    def prepare(team: Team) -> Training:
        chosen = read_run(run) if resume else (config, seed, precision)
        with no_larger_than(run if resume else None):
            game = WGANGame(*chosen, team)
        if begin_from is not None and not resume:
            game.begin_from(begin_from)
        data, judged = (TrainingSet.of(w, game.config) for w in (train, valid))
        return Training(
            game,
            take_step=partial(game.step, data),
            judge=lambda: judge(game.average, judged),
            write_sample=lambda step: write_sample(run, step, game, melody, to_c),
            write_settings=lambda: write_run(
                run, *chosen, reference(judged, game.config)
            ),
        )

    return train_in(run, n_steps, prepare, resume=resume, **options)
