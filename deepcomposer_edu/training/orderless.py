"""Training the orderless network: hide some cells, predict them from the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.models.frames import N_PITCHES, VOICES
from deepcomposer_edu.models.orderless import (
    MASK,
    Canvas,
    OrderlessConfig,
    OrderlessNet,
)
from deepcomposer_edu.nn.orders import random_cells
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.editor_sample import sample_writer
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions, every
from deepcomposer_edu.training.orderless_measures import nats_any_order
from deepcomposer_edu.training.pieces import (
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

KIND = "ar-cnn"
SETTINGS = TrainingSettings(
    learning_rate=1.5e-3, warm_up=200, weight_decay=0.02, average=0.999
)
REPEAT_WEIGHT = 0.2  # of the loss of striking again, beside that of the notes
MADE_UP = "made-up"  # how pieces that a network made up are called among the genres
# How often which kind of cells is hidden; the first is the one of definition B.
PATTERNS = {"cells": 0.5, "frames": 0.25, "voices": 0.25}
# A network that doubts learns from so many doubtful excerpts. In them, wrong notes are
# moved by so many semitones, up to this share of the notes is wrong, so often all but
# the soprano is hidden, and so much more a cell counts, since most are right and easy.
DOUBTFUL_SHARE = 0.25
OFFSETS = (-2, -1, 1, 2)
MOST_WRONG = 0.2
ALONE_SHARE = 0.25
DOUBT_WEIGHT = 3.0


@dataclass(frozen=True)
class HiddenBatch:
    """B excerpts with hidden cells.

    Args:
        canvas: what the network sees.
        classes: (B, 4, T) what is there.
        asked: (B, 4, T) how much a cell counts: 1 for a hidden one, 0 for a known one;
            in a doubtful excerpt DOUBT_WEIGHT for a known one, 0 for a hidden one.
        repeats: (B, 4, T) 1 where a note that stays is struck again.
        stays: (B, 4, T) 1 where a note stays, so that it could be struck again.
    """

    canvas: Canvas
    classes: Tensor
    asked: Tensor
    repeats: Tensor
    stays: Tensor


class HiddenSet:
    """Pieces, and batches of excerpts of them with hidden cells.

    Args:
        pieces: what is learned from.
        n_steps: T, length of an excerpt.
        batch_size: B.
        made_up: pieces that a network made up, to learn from as well.
        made_up_share: how many of the excerpts are of those.
        doubtful_share: in how many of the excerpts some notes are wrong.
    """

    def __init__(
        self,
        pieces: Sequence[PieceLike],
        n_steps: int = 128,
        batch_size: int = 16,
        made_up: Sequence[PieceFrames] = (),
        made_up_share: float = 0.5,
        doubtful_share: float = 0.0,
    ) -> None:
        self.doubtful_share = doubtful_share
        more = {MADE_UP: list(made_up)} if made_up else {}
        shares = {"chorale": 1 - made_up_share, MADE_UP: made_up_share}
        self.pieces = PieceSet(
            {"chorale": pieces}, n_steps, batch_size, more, shares if more else None
        )

    def batch(self, random: torch.Generator) -> HiddenBatch:
        """Return random excerpts in random keys, of each a random part hidden."""
        drawn = self.pieces.batch(random)
        classes = drawn.frames.classes  # (B, 4, T)
        is_music = drawn.weights[:, 1:2]  # the soprano's also tell what is given
        n_pieces, n_steps = len(classes), classes.shape[-1]
        chances = torch.rand(n_pieces, generator=random)
        is_doubtful = chances < self.doubtful_share  # (B,)
        hidden = torch.stack(
            [
                _alone(n_steps, random) if doubtful else hidden_cells(n_steps, random)
                for doubtful in is_doubtful
            ]
        )
        seen = torch.stack(
            [
                with_wrong_notes(piece, random) if doubtful else piece
                for piece, doubtful in zip(classes, is_doubtful, strict=True)
            ]
        )
        in_doubt = is_doubtful[:, None, None]
        asked = torch.where(in_doubt, DOUBT_WEIGHT * ~hidden, 1.0 * hidden)
        stays = F.pad(classes[..., 1:] == classes[..., :-1], (1, 0))
        return HiddenBatch(
            Canvas(
                seen.masked_fill(hidden, MASK),
                drawn.frames.phase,
                drawn.frames.bar_beat,
                is_doubtful.float() if self.doubtful_share else None,
            ),
            classes,
            asked * is_music,
            drawn.repeats,
            stays * (classes < N_PITCHES) * is_music,
        )


def _alone(n_steps: int, random: torch.Generator) -> Tensor:
    """Return nothing hidden, or now and then all voices but the soprano, (4, T)."""
    hidden = torch.zeros(VOICES, n_steps, dtype=torch.bool)
    hidden[1:] = torch.rand(1, generator=random) < ALONE_SHARE
    return hidden


def with_wrong_notes(classes: Tensor, random: torch.Generator) -> Tensor:
    """Return a piece (4, T) of which a share of the notes is a semitone or two off.

    The share is drawn, from none to MOST_WRONG. What sounds without a change is taken
    for one note; notes that would leave the range stay.
    """
    share = MOST_WRONG * torch.rand(1, generator=random)
    begins = F.pad(classes[:, 1:] != classes[:, :-1], (1, 0), value=True)  # (4, T)
    number = begins.flatten().cumsum(0) - 1  # (4 T,) of each cell's note
    n_notes = int(number[-1]) + 1
    is_wrong = torch.rand(n_notes, generator=random) < share
    drawn = torch.randint(len(OFFSETS), (n_notes,), generator=random)
    offsets = torch.tensor(OFFSETS)[drawn] * is_wrong  # (notes,)
    moved = classes + offsets[number].view_as(classes)
    fits = (classes < N_PITCHES) & (moved >= 0) & (moved < N_PITCHES)
    return torch.where(fits, moved, classes)


def hidden_cells(n_steps: int, random: torch.Generator) -> Tensor:
    """Return which cells of an excerpt are hidden, (4, T) bool, in one of three ways.

    Any cells; whole steps, sometimes with a voice or two still known; whole voices, or
    any cells of them. Each is a question that composing asks: Gibbs sampling, a gap,
    and a melody that wants voices.
    """
    chance, share, part = torch.rand(3, generator=random).tolist()
    cells = random_cells((VOICES, n_steps), random)
    if chance < PATTERNS["cells"]:
        return cells
    if chance < PATTERNS["cells"] + PATTERNS["frames"]:
        steps = torch.rand(n_steps, generator=random) < share  # (T,)
        known = torch.rand(VOICES, n_steps, generator=random) < 0.5
        known &= torch.rand(n_steps, generator=random) < (0.3 if part < 0.7 else 0.0)
        found = steps & ~known
    else:
        voices = torch.rand(VOICES, 1, generator=random) < share
        found = voices & (cells if part < 0.6 else torch.ones_like(cells))
    return found if found.any() else cells


def hidden_loss(network: nn.Module, batch: HiddenBatch) -> Tensor:
    """Return -ln p of the hidden cells, in nats, plus a little for notes struck again.

    Of each excerpt the mean over its hidden cells is taken, then the mean over the
    excerpts, so that those with few hidden cells weigh as much as those with many
    (Uria et al. 2014, eq. 9; Huang et al. 2017, section 3.1).
    """
    logits, repeats = network(batch.canvas)
    nats = F.cross_entropy(logits.movedim(-1, 1), batch.classes, reduction="none")
    again = F.binary_cross_entropy_with_logits(
        repeats.float(), batch.repeats, reduction="none"
    )
    share = batch.asked.amax((1, 2)).clamp(min=1)  # what a cell counts
    loss = share * _means(nats, batch.asked) + REPEAT_WEIGHT * _means(
        again, batch.stays
    )
    return loss.mean()


def _means(values: Tensor, counts: Tensor) -> Tensor:
    """Return the mean of each row of (B, 4, T) over the cells that count, (B,)."""
    return (values * counts).sum((1, 2)) / counts.sum((1, 2)).clamp(min=1)


def train_orderless(
    run: str | Path,
    config: OrderlessConfig | None = None,
    settings: TrainingSettings | None = None,
    *,
    n_steps: int,
    train: Sequence[PieceLike] | None = None,
    valid: Sequence[PieceLike] | None = None,
    made_up: Sequence[PieceFrames] = (),
    made_up_share: float = 0.5,
    batch_steps: int = 128,
    batch_size: int = 16,
    begin_from: Mapping[str, Tensor] | None = None,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train an orderless network in a run folder until `n_steps` steps are taken.

    Args:
        run: the run folder, see `train_predictor`.
        config: the network's settings; the default if None. A resumed run uses its own.
            A network that doubts learns from excerpts with wrong notes as well.
        settings: how it is trained; SETTINGS with a cosine over `n_steps` if None.
        n_steps: steps in all.
        train: pieces to learn from; the chorales of the course if None.
        valid: pieces that the loss is measured on; the same.
        made_up: pieces to learn from besides (`training.distil.make_up`).
        made_up_share: how many of the excerpts are of those.
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
    config = config or OrderlessConfig()
    if resume:
        config, settings, seed = read_settings(run, KIND, OrderlessConfig.of)
    if train is None:
        train = load_chorales("train") + load_chorales("extra")
    doubtful = DOUBTFUL_SHARE if config.doubts else 0.0
    learn = HiddenSet(train, batch_steps, batch_size, made_up, made_up_share, doubtful)
    found = load_chorales("valid") if valid is None else valid
    judged = [piece_frames(piece) for piece in found]
    network = fresh_network(lambda: OrderlessNet(config), seed, run if resume else None)
    if begin_from is not None:
        network.load_state_dict(begin_from)
    return train_predictor(
        run,
        network,
        Task(
            learn.batch,
            hidden_loss,
            lambda n: {"valid_loss": nats_any_order(n, judged)} if judged else {},
            sample_writer(config.to_dict()),
        ),
        settings,
        n_steps,
        kind=KIND,
        config=config.to_dict(),
        seed=seed,
        resume=resume,
        **every(200, options),
    )
