"""Training the Transformer on pieces of several genres, and measuring it in nats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.models.chorale_writer import ChoraleWriter
from deepcomposer_edu.models.frames import N_PITCHES
from deepcomposer_edu.models.transformer import (
    Frames,
    FrameTransformer,
    TransformerConfig,
)
from deepcomposer_edu.music.grid import from_grid, to_grid
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.repertoire import GENRES
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions, every
from deepcomposer_edu.training.pieces import (
    FrameBatch,
    PieceFrames,
    PieceLike,
    PieceSet,
    piece_frames,
)
from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)

KIND = "transformer"
SETTINGS = TrainingSettings(
    learning_rate=1.5e-3, warm_up=200, weight_decay=0.05, average=0.998
)
REPEAT_WEIGHT = 0.2  # of the loss of striking again, beside that of the notes
N_SAMPLED = 64  # steps of the tune in a sample, and of what follows
N_JUDGED = 12  # pieces of a further genre that the loss is measured on


def frame_loss(network: nn.Module, batch: FrameBatch) -> Tensor:
    """Return the mean negative log-likelihood of a note, in nats, plus the repeats'.

    Where teachers give probabilities, each class counts by its own (Hinton et al. 2015,
    section 2, at a temperature of 1).
    """
    logits, repeats = network(batch.frames)
    classes = batch.frames.classes
    wanted = classes.flatten()
    if batch.taught is not None:
        wanted = batch.taught.flatten(0, 2)
    notes = F.cross_entropy(logits.float().flatten(0, 2), wanted, reduction="none")
    weights = batch.weights.flatten()
    loss = (notes * weights).sum() / weights.sum()
    stays = torch.zeros_like(batch.weights)
    stays[..., 1:] = (classes[..., 1:] == classes[..., :-1]) * batch.weights[..., 1:]
    stays = stays * (classes < N_PITCHES)
    again = F.binary_cross_entropy_with_logits(
        repeats.float(), batch.repeats, reduction="none"
    )
    return loss + REPEAT_WEIGHT * (again * stays).sum() / stays.sum().clamp(min=1)


def nats_per_note(
    network: nn.Module, pieces: Sequence[PieceFrames], tells_bars: bool = False
) -> list[tuple[float, int]]:
    """Return for each piece the sum of -ln p of its notes, and how many there are.

    This is definition A of the benchmarks: each of the four voices at each step counts
    as a note, given everything earlier, the piece as a whole. Pool them with `pooled`.

    Args:
        network: a FrameTransformer.
        pieces: whole pieces.
        tells_bars: whether the network is told the beat of the bar.
    """
    cells = (nats_of_cells(network, piece, tells_bars) for piece in pieces)
    return [(found.sum().item(), found.numel()) for found in cells]


@torch.no_grad()
def nats_of_cells(
    network: nn.Module, piece: PieceFrames, tells_bars: bool = False
) -> Tensor:
    """Return -ln p of each cell of a piece, given everything earlier, (4, T)."""
    was_training = network.training
    network.eval()
    frames = Frames(
        piece.classes[None],
        torch.tensor([piece.genre]),
        piece.families[None],
        piece.bar_beat[None] * int(tells_bars),
        piece.phase[None],
    )
    logits = network(frames)[0].float()
    network.train(was_training)
    return F.cross_entropy(logits[0].movedim(-1, 1), piece.classes, reduction="none")


def pooled(found: Sequence[tuple[float, int]]) -> float:
    """Return the mean over all notes of all pieces."""
    return sum(nats for nats, _ in found) / sum(n for _, n in found)


def train_transformer(
    run: str | Path,
    config: TransformerConfig | None = None,
    settings: TrainingSettings | None = None,
    *,
    n_steps: int,
    train: Mapping[str, Sequence[PieceLike]] | None = None,
    valid: Mapping[str, Sequence[PieceLike]] | None = None,
    taught: Mapping[str, Sequence[PieceFrames]] | None = None,
    batch_steps: int = 192,
    batch_size: int = 16,
    begin_from: Mapping[str, Tensor] | None = None,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train a Transformer in a run folder until `n_steps` steps are taken.

    Args:
        run: the run folder, see `train_predictor`.
        config: the network's settings; the small default if None. A resumed run uses
            its own.
        settings: how it is trained; SETTINGS with a cosine over `n_steps` if None.
        n_steps: steps in all.
        train: genre to pieces to learn from; all genres of the course if None.
        valid: genre to pieces that the loss is measured on; the same.
        taught: genre to pieces with what teachers say of them (`training.distil`), in
            place of that genre's pieces.
        batch_steps: T, length of an excerpt.
        batch_size: B.
        begin_from: weights to begin with instead of random ones.
        seed: from which every random number follows.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 200 steps if not said.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed.
    """
    settings = settings or replace(SETTINGS, cosine_steps=n_steps)
    config = config or TransformerConfig()
    if resume:
        config, settings, seed = read_settings(
            run, KIND, lambda saved: TransformerConfig(**saved)
        )
    learn = PieceSet(
        pieces_of("train") if train is None else train, batch_steps, batch_size, taught
    )
    found = pieces_of("valid") if valid is None else valid
    judged = {g: [piece_frames(p, g) for p in pieces] for g, pieces in found.items()}
    network = fresh_network(
        lambda: FrameTransformer(config), seed, run if resume else None
    )
    if begin_from is not None:
        network.load_state_dict(begin_from)
    return train_predictor(
        run,
        network,
        Task(
            learn.batch,
            frame_loss,
            lambda n: losses_of(n, judged),
            write_sample,
            weigh=lambda batch: float(batch.weights.sum()),
        ),
        settings,
        n_steps,
        kind=KIND,
        config=config.to_dict(),
        seed=seed,
        resume=resume,
        **every(200, options),
    )


def pieces_of(split: str) -> dict[str, list[PieceLike]]:
    """Return the pieces of a split by genre; "train" has the extra chorales too."""
    from deepcomposer_edu.corpora.chorales import load_chorales
    from deepcomposer_edu.corpora.genres import load_genre

    found: dict[str, list[PieceLike]] = {"chorale": list(load_chorales(split))}
    if split == "train":
        found["chorale"] += load_chorales("extra")
    for genre in GENRES:
        if genre != "chorale":
            found[genre] = list(load_genre(genre, split))
    return found


def losses_of(
    network: nn.Module, pieces: Mapping[str, Sequence[PieceFrames]]
) -> dict[str, float]:
    """Return "valid_loss" (the chorales' nats per note) and that of each other genre.

    Of a genre besides the chorales at most N_JUDGED pieces are measured.
    """
    row = {}
    for genre, found in pieces.items():
        if found:
            chosen = found if genre == "chorale" else found[:N_JUDGED]
            row[f"valid_loss_{genre}"] = pooled(nats_per_note(network, chosen))
    first = next(iter(row.values()), float("nan"))
    return {"valid_loss": row.pop("valid_loss_chorale", first), **row}


def write_sample(network: nn.Module, path: Path) -> None:
    """Write the beginning of the Ode to Joy, harmonised and gone on with, as MIDI."""
    melody = to_grid(load_tune("ode-to-joy")).voices(0).crop(0, N_SAMPLED)
    grid = ChoraleWriter(network).extend(melody, N_SAMPLED)
    title = path.name.replace("_", " ")
    write_midi(
        replace(from_grid(grid, tempo=90.0), title=title), path.with_suffix(".mid")
    )
