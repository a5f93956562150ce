"""Make the shipped Transformer: teachers first, then one network that learns from them.

    python data/make/transformer.py train runs/transformer     # hours of one core
    python data/make/transformer.py export runs/transformer    # seconds

The log of the last round alone says 14 minutes.

A few hundred chorales are soon known by heart: after 800 to 1,000 steps the loss on
unheard ones rises, whatever the dropout. So training has three stages, each of which
may be stopped at any time and goes on where it was:

1. four networks (TEACHERS) in runs/transformer-NAME, which differ in their seeds and in
   whether they see intervals;
2. runs/transformer-taught-0, -1, -2: what all of them, and the LSTM that is shipped to
   compare with, expect of each note in three keys, for the chorales and for pieces that
   the first of them made up (`training.distil`);
3. one network, from the first teacher's weights on, that learns these probabilities and
   the other genres as they are, in three rounds (ROUNDS) in runs/transformer-early,
   runs/transformer-late and runs/transformer: with some dropout; with little, and more
   pieces made up; at last from a mixture of what the teachers say and the chorales'
   notes themselves, since the mean of several networks is never quite sure enough.

`export` writes data/weights/transformer.safetensors, .json and .log.jsonl: the averaged
network in half precision, its settings, and the losses of the third stage. With --lstm
both jobs make `frame-lstm` instead: the same network with an LSTM in place of
attention, trained on the chorales alone, to compare with; its log says 10 minutes.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.chorale_writer import load_transformer, transformer_of
from deepcomposer_edu.models.frames import N_PITCHES
from deepcomposer_edu.models.transformer import FrameTransformer, TransformerConfig
from deepcomposer_edu.training.checkpoint import (
    checkpoint_path,
    checkpoints,
    load_checkpoint,
)
from deepcomposer_edu.training.distil import make_up, taught_by, with_notes
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.pieces import PieceFrames, piece_frames
from deepcomposer_edu.training.predictor import TrainingSettings, read_settings
from deepcomposer_edu.training.shipping import ship
from deepcomposer_edu.training.transformer import KIND, SETTINGS, train_transformer

MADE_BY = "python data/make/transformer.py"
NAME, LSTM_NAME = "transformer", "frame-lstm"
LSTM_STEPS = 800
MADE_UP_STEPS = 192
MADE_UP = ((5, 480), (6, 1000))  # seeds, and how many pieces each makes up


@dataclass(frozen=True)
class Teacher:
    """How a teacher is trained."""

    seed: int
    n_steps: int
    cosine_steps: int
    config: TransformerConfig


_PLAIN = TransformerConfig(dropout=0.3, cell_dropout=0.0)
TEACHERS = {
    "first": Teacher(0, 1000, 4000, _PLAIN),
    "second": Teacher(2, 1000, 1400, replace(_PLAIN, dropout=0.35)),
    "third": Teacher(3, 1000, 1400, replace(_PLAIN, dropout=0.35)),
    "absolute": Teacher(0, 2400, 2400, replace(_PLAIN, relative=False)),
}


@dataclass(frozen=True)
class Round:
    """How the network learns from its teachers.

    `n_made_up` says how many of MADE_UP's lists of pieces it learns from, `note_share`
    how much the chorales' own notes count beside what the teachers expect.
    """

    name: str
    n_steps: int
    learning_rate: float
    dropout: float
    n_made_up: int
    note_share: float = 0.0
    average: float = 0.995


ROUNDS = (
    Round("-early", 1500, 1e-3, 0.15, 1),
    Round("-late", 1200, 7e-4, 0.05, 2),
    Round("", 1000, 8e-4, 0.1, 1, note_share=0.6, average=0.99),
)
LSTM = TransformerConfig(
    n_channels=256, n_layers=2, dropout=0.4, cell_dropout=0.1, backbone="lstm"
)
GENRES_LEARNED = (
    "what installs with music21: Bach's chorales (train and extra pieces), Palestrina, "
    "string quartets, one rag, fiddle tunes"
)
CHORALES = "Bach's chorales as they install with music21: train and extra pieces"


def train(run: Path) -> None:
    for name, teacher in TEACHERS.items():
        settings = replace(SETTINGS, cosine_steps=teacher.cosine_steps)
        folder = run.with_name(f"{run.name}-{name}")
        _train(folder, teacher.config, settings, teacher.n_steps, seed=teacher.seed)
    taught, begin = _taught(run), run.with_name(run.name + "-first")
    for how in ROUNDS:
        folder = run.with_name(run.name + how.name)
        _learn(folder, how, taught, begin)
        begin = folder


def _learn(run: Path, how: Round, taught: list[list[PieceFrames]], begin: Path) -> None:
    """Train the network in a run folder, from the weights of another run on."""
    settings = replace(
        SETTINGS,
        learning_rate=how.learning_rate,
        warm_up=50,
        cosine_steps=how.n_steps,
        average=how.average,
    )
    chorales = [with_notes(piece, how.note_share) for piece in taught[0]]
    made_up = [piece for part in taught[1 : 1 + how.n_made_up] for piece in part]
    _train(
        run,
        TransformerConfig(dropout=how.dropout, cell_dropout=0.0),
        settings,
        how.n_steps,
        taught={"chorale": chorales + made_up},
        begin_from=_network(begin).state_dict(),
    )


def _network(run: Path) -> FrameTransformer:
    """Return the averaged network of a run's last checkpoint."""
    config, _, _ = read_settings(run, KIND)
    tensors = load_checkpoint(checkpoints(run)[-1]).part("average")
    return transformer_of(config, tensors, run.name, "").network


def _taught(run: Path) -> list[list[PieceFrames]]:
    """Return the chorales, and each list made up, with what the teachers expect."""
    teachers = [_network(run.with_name(f"{run.name}-{name}")) for name in TEACHERS]
    teachers.append(load_transformer(LSTM_NAME).network)
    lists = [load_chorales("train") + load_chorales("extra")]
    for seed, n in MADE_UP:
        lists.append(
            make_up(teachers[0], n, MADE_UP_STEPS, seed=seed, on_progress=_say)
        )
    found = []
    for i, pieces in enumerate(lists):
        frames = [piece_frames(piece) for piece in pieces]
        frames = [piece for piece in frames if (piece.classes < N_PITCHES).any()]
        kept = run.with_name(f"{run.name}-taught-{i}.safetensors")
        if not kept.exists():
            with torch.autocast("cpu", torch.bfloat16):
                taught = taught_by(teachers, frames, _say)
            with atomic_path(kept) as temporary:
                save_file({str(k): p.taught for k, p in enumerate(taught)}, temporary)
        known = load_file(kept)
        found.append([replace(p, taught=known[str(k)]) for k, p in enumerate(frames)])
    return found


def _say(done: int, n: int) -> None:
    if done % 20 == 0 or done == n:
        print(f"{done} of {n}", flush=True)


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
        on_step=told_every(100),
        sample_every=100,
        **options,
    )


def export(run: Path, step: int | None, name: str, remark: str) -> None:
    print(
        ship(
            run,
            name,
            KIND,
            data=GENRES_LEARNED if name == NAME else CHORALES,
            made_by=MADE_BY if name == NAME else f"{MADE_BY} --lstm",
            step=step,
            more={"note": remark} if remark else None,
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    parser.add_argument("--step", type=int, help="export this checkpoint")
    parser.add_argument("--remark", default="", help="what to say of the run")
    parser.add_argument("--lstm", action="store_true", help="make frame-lstm")
    options = parser.parse_args()
    if options.job == "export":
        name = LSTM_NAME if options.lstm else NAME
        export(options.run, options.step, name, options.remark)
        return
    torch.set_num_threads(1)
    (train_lstm if options.lstm else train)(options.run)


if __name__ == "__main__":
    main()
