"""Make the shipped writer: train it on the tune books, then export weights and log.

    python data/make/writer.py train runs/writer-abc     # 10 minutes of one core
    python data/make/writer.py export runs/writer-abc    # seconds

`train` may be stopped at any time and goes on where it was. The learning rate falls
along a cosine until step COSINE_STEPS; the shipped weights are those of step N_STEPS,
where it has come down to a fifth. `export` writes
data/weights/writer-abc.safetensors, .json and .log.jsonl: the weights in half
precision, their settings, and the losses of the run.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from deepcomposer_edu.corpora.tune_books import expected_digest, tune_book_text
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.weights import save_weights, weights_dir
from deepcomposer_edu.models.writer import (
    KIND,
    SHIPPED,
    CharLSTM,
    WriterConfig,
    load_writer,
)
from deepcomposer_edu.training.checkpoint import latest_checkpoint
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.predictor import TrainingSettings, read_settings
from deepcomposer_edu.training.writer import load_writer_run, train_writer

COSINE_STEPS = 1500
N_STEPS = 1100
CONFIG = WriterConfig(
    embedding_size=64, n_units=384, n_layers=2, dropout=0.3, is_stateful=True
)
SETTINGS = TrainingSettings(
    learning_rate=3e-3, warm_up=100, cosine_steps=COSINE_STEPS, precision="bfloat16"
)


def train(run: Path) -> None:
    train_writer(
        run,
        CONFIG,
        SETTINGS,
        n_steps=N_STEPS,
        resume=(run / "config.json").exists(),
        on_step=lambda row: print(row) if row["step"] % 100 == 0 else None,
    )


def export(run: Path) -> None:
    config, settings, seed = read_settings(run, KIND)
    writer = load_writer_run(run)
    rows = read_history(run)
    last = latest_checkpoint(run).step
    rows = [row for row in rows if row["step"] % 10 == 0 and row["step"] <= last]
    rows = [{k: round(v, 5) for k, v in row.items()} for row in rows]
    log = weights_dir() / f"{SHIPPED}.log.jsonl"
    with atomic_path(log) as temporary:
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        temporary.write_text(lines, encoding="utf-8")
    wanted = CharLSTM(writer.network.config, len(writer.vocabulary)).state_dict()
    tensors = {
        key: value.to(torch.float16)
        for key, value in writer.network.state_dict().items()
        if key in wanted
    }
    info = {
        "kind": KIND,
        "config": config,
        "made_by": "python data/make/writer.py",
        "data": "the tune books as they install with music21: train split",
        "data_sha256": expected_digest(),
        "seed": seed,
        "precision": settings.precision,
        "steps": last,
        "metrics": rows[-1],
    }
    print(save_weights(SHIPPED, tensors, info))
    shipped = load_writer()
    print(f"{shipped.bits_per_character(tune_book_text('valid')):.4f} bits, valid")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    options = parser.parse_args()
    if options.job == "train":
        torch.set_num_threads(1)
        train(options.run)
    else:
        export(options.run)


if __name__ == "__main__":
    main()
