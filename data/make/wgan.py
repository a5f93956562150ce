"""Make the shipped harmonisers: train one, then export its weights and log.

    python data/make/wgan.py train wgan-bach runs/wgan-bach       # log: 41 minutes
    python data/make/wgan.py train wgan-small runs/wgan-small     # log: 67 minutes
    python data/make/wgan.py train wgan-genres runs/wgan-genres   # log: 56 minutes
    python data/make/wgan.py export wgan-bach runs/wgan-bach      # seconds

- `wgan-bach`: the best WGAN-GP of the project, on Bach's chorales;
- `wgan-small`: the same on the same pieces, of a size that two cores train in minutes;
- `wgan-genres`: begins with the weights `wgan-bach` and learns which genre is asked for
  by embeddings, from chorales, Palestrina and quartets in equal shares. Ragtime (one
  piece) and fiddle tunes (one voice) cannot teach four voices.

The minutes are those of the shipped runs, on one core, which `wgan-small` shared with
others.

`train` may be stopped at any time and goes on where it was; under `torchrun` several
processes share each batch. `export` writes data/weights/NAME.safetensors, .json and
.log.jsonl: the averaged generator and the critic in half precision, their settings, and
the losses and metrics of the run. For the two of Bach's chorales alone, metrics are
taken again from each checkpoint, so that they are those of one version of the code;
`wgan-bach` has besides data/runs/wgan-bach/, a small run folder for the lesson
(settings, metrics at the sampled steps, and a fixed melody harmonised at each), without
checkpoints.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.genres import four_part_windows, load_genre
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.corpora.windows import chorale_windows
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.weights import load_weights, save_weights, weights_dir
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.models.wgan_sizes import find_size
from deepcomposer_edu.music.grid import Grid, to_grid
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.repertoire import FOUR_PART_GENRES
from deepcomposer_edu.paths import data_dir
from deepcomposer_edu.training.checkpoint import checkpoints, load_checkpoint, restore
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.shipping import log_rows, rounded, write_log
from deepcomposer_edu.training.wgan import (
    WGANGame,
    judge,
    read_run,
    reference,
    train_wgan,
    write_run,
    write_sample,
)
from deepcomposer_edu.training.wgan_data import TrainingSet, TrainingWindows

FIXED_TUNE = "ode-to-joy"
BACH = "Bach's chorales as they install with music21: train and extra pieces"


@dataclass(frozen=True)
class Recipe:
    """How one set of weights is made.

    Args:
        config: the settings.
        n_steps: generator steps.
        every: steps between checkpoints.
        data: what it learned from, in words.
        begin: weights to begin with; "" for random ones.
        sampled: steps whose sample the run folder in data/runs/ gets; none: no folder.
    """

    config: WGANConfig
    n_steps: int
    every: int
    data: str = BACH
    begin: str = ""
    sampled: tuple[int, ...] = ()

    @property
    def knows_genres(self) -> bool:
        """Whether it learns several genres."""
        return self.config.n_genres > 0


# wgan-bach: n_critic 3, not 5: more generator steps in the same time. wgan-genres: half
# of the batch, for the same reason.
BEST = WGANConfig(n_critic=3)
RECIPES: Mapping[str, Recipe] = {
    "wgan-bach": Recipe(
        BEST,
        4000,
        200,
        # close together where the music changes fastest
        sampled=(0, 200, 400, 600, 800, 1000, 1400, 2000, 3000, 4000),
    ),
    "wgan-small": Recipe(find_size("small").config, find_size("small").n_steps, 100),
    "wgan-genres": Recipe(
        replace(BEST, n_genres=len(FOUR_PART_GENRES), batch_size=32),
        2000,
        200,
        "Bach's chorales, Palestrina's masses and string quartets as they install with "
        "music21: train pieces",
        begin="wgan-bach",
    ),
}


def fixed_melody() -> tuple[Grid, int]:
    """Return the fixed melody as a grid, and the way to C."""
    grid = to_grid(load_tune(FIXED_TUNE)).voices(0)
    return grid, find_key(grid).to_c


def windows(recipe: Recipe) -> tuple[TrainingWindows, TrainingWindows]:
    """Return the windows to learn from, and those that the metrics are taken on."""
    if recipe.knows_genres:
        train, valid = (
            {g: four_part_windows(load_genre(g, split)) for g in FOUR_PART_GENRES}
            for split in ("train", "valid")
        )
        return train, valid
    return (
        chorale_windows(load_chorales("train") + load_chorales("extra")),
        chorale_windows(load_chorales("valid")),
    )


def train(recipe: Recipe, run: Path, n_steps: int) -> None:
    """Train in a run folder, or go on with the run that is there."""
    melody, to_c = fixed_melody()
    train_wgan(
        run,
        recipe.config,
        *windows(recipe),
        melody,
        n_steps,
        to_c=to_c,
        precision="bfloat16",
        begin_from=load_weights(recipe.begin).tensors if recipe.begin else None,
        resume=(run / "config.json").exists(),
        sample_every=recipe.every,
        checkpoint_every=recipe.every,
        on_step=told_every(50),
    )


def export(name: str, run: Path) -> None:
    """Write the weights of the newest checkpoint, and the log up to it."""
    recipe = RECIPES[name]
    config, seed, precision = read_run(run)
    game = WGANGame(config, seed)
    paths = checkpoints(run)
    if not paths:
        raise InputError(f"The run {run} has no checkpoint to export; train it first.")
    metrics = {} if recipe.knows_genres else judged_again(name, game, run, seed)
    last = load_checkpoint(paths[-1])
    restore(last, game.networks, {}, game.random)
    rows = log_rows(run, last.step, measured="triad_rate")
    rows = [{**row, **metrics.get(row["step"], {})} for row in rows]
    write_log(weights_dir() / f"{name}.log.jsonl", rows)
    if recipe.sampled:
        write_log(data_dir() / "runs" / name / "metrics.jsonl", rows)
    tensors = {
        f"{part}.{key}": value.to(torch.float16)
        for part, network in (("generator", game.average), ("critic", game.critic))
        for key, value in network.state_dict().items()
    }
    info = {
        "config": config.to_dict(),
        "made_by": f"python data/make/wgan.py train {name}",
        "data": recipe.data,
        "seed": seed,
        "precision": precision,
        "steps": last.step,
        "metrics": rounded(rows[-1]),
    }
    if recipe.knows_genres:
        info |= {"begun_from": recipe.begin, "genres": list(FOUR_PART_GENRES)}
    print(save_weights(name, tensors, info))


def judged_again(
    name: str, game: WGANGame, run: Path, seed: int
) -> dict[int, dict[str, float]]:
    """Return the metrics at step 0 and at each checkpoint; write the run folder."""
    recipe, config = RECIPES[name], game.config
    valid = TrainingSet.of(windows(recipe)[1], config)
    small = data_dir() / "runs" / name
    melody, to_c = fixed_melody()
    if recipe.sampled:
        shutil.rmtree(small, ignore_errors=True)
        write_run(small, config, seed, read_run(run)[2], reference(valid, config))
        write_sample(small, 0, game, melody, to_c)
    metrics = {0: judge(game.average, valid)}
    paths = checkpoints(run)
    for path in paths:
        state = load_checkpoint(path)
        restore(state, game.networks, {}, game.random)
        metrics[state.step] = judge(game.average, valid)
        is_last = path == paths[-1]
        if recipe.sampled and (state.step in recipe.sampled or is_last):
            write_sample(small, state.step, game, melody, to_c)
    return metrics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("name", choices=RECIPES)
    parser.add_argument("run", type=Path)
    parser.add_argument("--steps", type=int, help="generator steps in all")
    options = parser.parse_args()
    if options.job == "train":
        torch.set_num_threads(1)
        recipe = RECIPES[options.name]
        train(recipe, options.run, options.steps or recipe.n_steps)
    else:
        export(options.name, options.run)


if __name__ == "__main__":
    main()
