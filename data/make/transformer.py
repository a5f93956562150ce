"""Make the shipped Transformer: train it on five genres, then export weights and log.

    python data/make/transformer.py train runs/transformer     # 30 minutes of one core
    python data/make/transformer.py export runs/transformer    # seconds

Training has two stages, in runs/transformer-first and runs/transformer. The first
learns fast and would soon know the chorales by heart: soon after 800 steps its loss on
unheard ones rises. There the second goes on with more dropout and a learning rate that
falls to nothing. Either may be stopped at any time and goes on where it was.

`export` writes data/weights/transformer.safetensors, .json and .log.jsonl: the averaged
network in half precision, its settings, and the losses of the second stage. With --lstm
both jobs make `frame-lstm` instead: the same network with an LSTM in place of
attention, trained on the chorales alone, to compare with.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import torch

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.transformer import TransformerConfig
from deepcomposer_edu.models.weights import save_weights
from deepcomposer_edu.paths import data_dir
from deepcomposer_edu.training.checkpoint import (
    checkpoint_path,
    checkpoints,
    load_checkpoint,
)
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.predictor import TrainingSettings, read_settings
from deepcomposer_edu.training.transformer import KIND, SETTINGS, train_transformer

NAME, LSTM_NAME = "transformer", "frame-lstm"
FIRST_STEPS, SECOND_STEPS, LSTM_STEPS = 800, 500, 800
LSTM = TransformerConfig(
    n_channels=256, n_layers=2, dropout=0.4, cell_dropout=0.1, backbone="lstm"
)
GENRES_LEARNED = (
    "what installs with music21: Bach's chorales (train and extra pieces), Palestrina, "
    "string quartets, one rag, fiddle tunes"
)
CHORALES = "Bach's chorales as they install with music21: train and extra pieces"


def train(run: Path) -> None:
    first = run.with_name(run.name + "-first")
    config = TransformerConfig(dropout=0.3, cell_dropout=0.0)
    _train(first, config, replace(SETTINGS, cosine_steps=4000), FIRST_STEPS)
    begin_from = load_checkpoint(checkpoint_path(first, FIRST_STEPS)).part("network")
    settings = replace(
        SETTINGS,
        learning_rate=1.2e-3,
        warm_up=30,
        cosine_steps=SECOND_STEPS,
        weight_decay=0.1,
        average=0.99,
    )
    _train(run, TransformerConfig(), settings, SECOND_STEPS, begin_from=begin_from)


def train_lstm(run: Path) -> None:
    settings = replace(SETTINGS, cosine_steps=LSTM_STEPS)
    chorales = {
        name: {"chorale": load_chorales(name) + extra}
        for name, extra in (("train", load_chorales("extra")), ("valid", []))
    }
    _train(run, LSTM, settings, LSTM_STEPS, **chorales)


def _train(
    run: Path,
    config: TransformerConfig,
    settings: TrainingSettings,
    n_steps: int,
    **options: object,
) -> None:
    if checkpoint_path(run, n_steps).exists():
        return
    train_transformer(
        run,
        config,
        replace(settings, precision="bfloat16"),
        n_steps=n_steps,
        resume=(run / "config.json").exists(),
        on_step=lambda row: print(row, flush=True) if row["step"] % 100 == 0 else None,
        sample_every=100,
        **options,
    )


def export(run: Path, step: int | None, name: str) -> None:
    config, settings, seed = read_settings(run, KIND)
    paths = checkpoints(run)
    wanted = [
        load_checkpoint(p) for p in paths if step is None or f"{step:06d}" in p.name
    ]
    state = wanted[-1]
    rows = [row for row in read_history(run) if row["step"] <= state.step]
    # every step is too much for a repository: every tenth, and all measured ones
    rows = [row for row in rows if row["step"] % 10 == 0 or "valid_loss" in row]
    rows = [{k: _short(v) for k, v in row.items()} for row in rows]
    log = data_dir() / "weights" / f"{name}.log.jsonl"
    with atomic_path(log) as temporary:
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        temporary.write_text(lines, encoding="utf-8")
    tensors = {k: v.to(torch.float16) for k, v in state.part("average").items()}
    info = {
        "kind": KIND,
        "config": config,
        "made_by": "python data/make/transformer.py",
        "data": GENRES_LEARNED if name == NAME else CHORALES,
        "seed": seed,
        "precision": settings.precision,
        "steps": state.step,
        "metrics": rows[-1],
    }
    print(save_weights(name, tensors, info))


def _short(value: object) -> object:
    return round(value, 5) if isinstance(value, float) else value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    parser.add_argument("--step", type=int, help="export this checkpoint")
    parser.add_argument("--lstm", action="store_true", help="make frame-lstm")
    options = parser.parse_args()
    if options.job == "export":
        export(options.run, options.step, LSTM_NAME if options.lstm else NAME)
        return
    torch.set_num_threads(1)
    (train_lstm if options.lstm else train)(options.run)


if __name__ == "__main__":
    main()
