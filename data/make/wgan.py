"""Make the shipped WGAN-GP: train it on Bach's chorales, then export weights and log.

    python data/make/wgan.py train runs/wgan-bach     # 40 minutes of one core
    python data/make/wgan.py export runs/wgan-bach    # seconds

`train` may be stopped at any time and goes on where it was. `export` writes

- data/weights/wgan-bach.safetensors, .json, .log.jsonl: the averaged generator and the
  critic in half precision, their settings, and the losses and metrics of the run;
- data/runs/wgan-bach/: a small run folder for the lesson (settings, metrics at the
  sampled steps, and a fixed melody harmonised at each), without checkpoints.

Metrics and samples are taken again from each checkpoint when exporting, so they are
those of one version of the code.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.corpora.windows import chorale_windows
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.weights import save_weights
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.grid import to_grid
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.paths import data_dir
from deepcomposer_edu.training.checkpoint import checkpoints, load_checkpoint, restore
from deepcomposer_edu.training.data import TrainingSet
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.wgan import (
    WGANGame,
    judge,
    read_run,
    reference,
    train_wgan,
    write_run,
    write_sample,
)

NAME = "wgan-bach"
FIXED_TUNE = "ode-to-joy"
CONFIG = WGANConfig(n_critic=3)  # not 5: more generator steps in the same time
# Steps whose sample the lesson gets: close together where the music changes fastest.
SAMPLED = (0, 200, 400, 600, 800, 1000, 1400, 2000, 3000, 4000)


def fixed_melody():
    """Return the fixed melody as a grid, and the way to C."""
    grid = to_grid(load_tune(FIXED_TUNE)).voices(0)
    return grid, find_key(grid).to_c


def train(run: Path, n_steps: int) -> None:
    melody, to_c = fixed_melody()
    train_wgan(
        run,
        CONFIG,
        chorale_windows(load_chorales("train") + load_chorales("extra")),
        chorale_windows(load_chorales("valid")),
        melody,
        n_steps,
        to_c=to_c,
        precision="bfloat16",
        resume=(run / "config.json").exists(),
        sample_every=200,
        checkpoint_every=200,
        on_step=lambda row: print(row) if row["step"] % 200 == 0 else None,
    )


def export(run: Path) -> None:
    config, seed, precision = read_run(run)
    game = WGANGame(config, seed)
    valid = TrainingSet.from_windows(chorale_windows(load_chorales("valid")), config)
    small = data_dir() / "runs" / NAME
    shutil.rmtree(small, ignore_errors=True)
    write_run(small, config, seed, precision, reference(valid, config))
    melody, to_c = fixed_melody()
    metrics = {0: judge(game.average, valid)}
    write_sample(small, 0, game, melody, to_c)
    paths = checkpoints(run)
    for path in paths:
        state = load_checkpoint(path)
        restore(state, game.networks, {}, game.random)
        metrics[state.step] = judge(game.average, valid)
        if state.step in SAMPLED or path == paths[-1]:
            write_sample(small, state.step, game, melody, to_c)
    last = max(metrics)
    rows = [
        {**row, **metrics.get(row["step"], {})}
        for row in read_history(run)
        if row["step"] <= last
    ]
    # every step is too much for a repository: every tenth, and all measured ones
    rows = [row for row in rows if row["step"] % 10 == 0 or row["step"] in metrics]
    rows = [{k: _short(v) for k, v in row.items()} for row in rows]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    weights = data_dir() / "weights" / f"{NAME}.log.jsonl"
    for path in (small / "metrics.jsonl", weights):
        with atomic_path(path) as temporary:
            temporary.write_text(lines, encoding="utf-8")
    tensors = {
        f"{part}.{key}": value.to(torch.float16)
        for part, network in (("generator", game.average), ("critic", game.critic))
        for key, value in network.state_dict().items()
    }
    info = {
        "config": config.to_dict(),
        "made_by": "python data/make/wgan.py",
        "data": "Bach's chorales as they install with music21: train and extra pieces",
        "seed": seed,
        "precision": precision,
        "steps": last,
        "metrics": rows[-1],
    }
    print(save_weights(NAME, tensors, info))


def _short(value: object) -> object:
    return round(value, 5) if isinstance(value, float) else value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    parser.add_argument("--steps", type=int, default=4000)
    options = parser.parse_args()
    if options.job == "train":
        torch.set_num_threads(1)
        train(options.run, options.steps)
    else:
        export(options.run)


if __name__ == "__main__":
    main()
