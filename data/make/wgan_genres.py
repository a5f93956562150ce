"""Make the WGAN that knows several genres: go on from the shipped one, then export.

    python data/make/wgan_genres.py train runs/wgan-genres     # an hour of one core
    python data/make/wgan_genres.py export runs/wgan-genres    # a minute

It begins with the weights `wgan-bach` and learns which genre is asked for by
embeddings, from chorales, Palestrina and quartets in equal shares. Ragtime (one piece)
and fiddle tunes (one voice) cannot teach four voices. `train` may be stopped at any
time and goes on where it was. `export` writes data/weights/wgan-genres.safetensors,
.json and .log.jsonl: the averaged generator and the critic in half precision, their
settings, and the losses and metrics of the run.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import torch

from deepcomposer_edu.corpora.genres import four_part_windows, load_genre
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.weights import load_weights, save_weights
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.grid import to_grid
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.repertoire import FOUR_PART_GENRES
from deepcomposer_edu.paths import data_dir
from deepcomposer_edu.training.checkpoint import latest_checkpoint, restore
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.wgan import WGANGame, read_run, train_wgan

NAME, BEGIN = "wgan-genres", "wgan-bach"
FIXED_TUNE = "ode-to-joy"
GENRES = FOUR_PART_GENRES
BATCH_SIZE = 32  # half of that of wgan-bach: more steps in the same time


def train(run: Path, n_steps: int) -> None:
    """Train in a run folder, or go on with the run that is there."""
    begin = load_weights(BEGIN)
    config = replace(
        WGANConfig(**begin.info["config"]),
        n_genres=len(GENRES),
        batch_size=BATCH_SIZE,
    )
    melody = to_grid(load_tune(FIXED_TUNE)).voices(0)
    windows = {
        split: {genre: four_part_windows(load_genre(genre, split)) for genre in GENRES}
        for split in ("train", "valid")
    }
    for split, genres in windows.items():
        print(split, {genre: len(some) for genre, some in genres.items()})
    train_wgan(
        run,
        config,
        windows["train"],
        windows["valid"],
        melody,
        n_steps,
        to_c=find_key(melody).to_c,
        precision="bfloat16",
        begin_from=begin.tensors,
        resume=(run / "config.json").exists(),
        sample_every=200,
        checkpoint_every=200,
        on_step=lambda row: print(row, flush=True) if row["step"] % 50 == 0 else None,
    )


def export(run: Path) -> None:
    """Write the weights of the newest checkpoint, and the log up to it."""
    config, seed, precision = read_run(run)
    game = WGANGame(config, seed)
    state = latest_checkpoint(run)
    restore(state, game.networks, {}, game.random)
    rows = [row for row in read_history(run) if row["step"] <= state.step]
    # every step is too much for a repository: every tenth, and all measured ones
    rows = [r for r in rows if r["step"] % 10 == 0 or "triad_rate" in r]
    rows = [{k: _short(v) for k, v in row.items()} for row in rows]
    log = data_dir() / "weights" / f"{NAME}.log.jsonl"
    with atomic_path(log) as temporary:
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        temporary.write_text(lines, encoding="utf-8")
    tensors = {
        f"{part}.{key}": value.to(torch.float16)
        for part, network in (("generator", game.average), ("critic", game.critic))
        for key, value in network.state_dict().items()
    }
    info = {
        "config": config.to_dict(),
        "made_by": "python data/make/wgan_genres.py",
        "data": "Bach's chorales, Palestrina's masses and string quartets as they "
        "install with music21: train pieces",
        "begun_from": BEGIN,
        "genres": list(GENRES),
        "seed": seed,
        "precision": precision,
        "steps": state.step,
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
