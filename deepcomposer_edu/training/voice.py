"""Training a network for one voice: hide its notes, predict them from the others'."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.models.choir import NOBODY, Choir, sing
from deepcomposer_edu.models.frames import N_PITCHES, VOICES
from deepcomposer_edu.models.orderless import MASK, Canvas
from deepcomposer_edu.models.voice_net import KIND, VoiceConfig, VoiceNet
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.nn.orders import random_cells
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions, every
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

# Averaged over some 100 steps: a run has a few hundred.
SETTINGS = TrainingSettings(
    learning_rate=3e-3, warm_up=50, weight_decay=0.02, average=0.99
)
N_STEPS = 1000
REPEAT_WEIGHT = 0.2  # of the loss of striking again, beside that of the notes
# How often which of the cells is hidden: the whole voice while all others sing, a part
# of it, or any cells of the three lower voices, as when nobody has sung yet.
WHOLE, PART = 0.25, 0.25
N_JUDGED = 16  # pieces that are listened to between two parts of the training
SAMPLE_STEPS, SAMPLE_PASSES = 64, 32  # of what is written as a sample


@dataclass(frozen=True)
class VoiceBatch:
    """B excerpts in which cells of one voice are asked for.

    Args:
        canvas: what the network sees.
        classes: (B, T) what the voice sings.
        asked: (B, T) 1 for a hidden cell of the voice.
        repeats: (B, T) 1 where a note that stays is struck again.
        stays: (B, T) 1 where a note stays, so that it could be struck again.
    """

    canvas: Canvas
    classes: Tensor
    asked: Tensor
    repeats: Tensor
    stays: Tensor


class VoiceSet:
    """Pieces, and batches of excerpts of them with hidden cells of one voice.

    Args:
        pieces: what is learned from.
        row: the voice, 1 to 3.
        n_steps: T, length of an excerpt.
        batch_size: B.
    """

    def __init__(
        self,
        pieces: Sequence[PieceLike],
        row: int,
        n_steps: int = 64,
        batch_size: int = 16,
    ) -> None:
        self.row = row
        self.pieces = PieceSet({"chorale": pieces}, n_steps, batch_size)

    def batch(self, random: torch.Generator) -> VoiceBatch:
        """Return random excerpts in random keys, with random cells hidden."""
        drawn = self.pieces.batch(random)
        classes = drawn.frames.classes  # (B, 4, T)
        is_music = drawn.weights[:, self.row]
        n_pieces, _, n_steps = classes.shape
        hidden = torch.stack(
            [hidden_of_voice(self.row, n_steps, random) for _ in range(n_pieces)]
        )
        own = classes[:, self.row]
        stays = F.pad(own[:, 1:] == own[:, :-1], (1, 0)) & (own < N_PITCHES)
        return VoiceBatch(
            Canvas(
                classes.masked_fill(hidden, MASK),
                drawn.frames.phase,
                drawn.frames.bar_beat,
            ),
            own,
            hidden[:, self.row] * is_music,
            drawn.repeats[:, self.row],
            stays * is_music,
        )


def hidden_of_voice(row: int, n_steps: int, random: torch.Generator) -> Tensor:
    """Return which cells are hidden from the singer of a voice, (4, T) bool.

    The soprano is always known: it sings the tune.

    Args:
        row: the voice, 1 to 3; at least one of its cells is hidden.
        n_steps: T.
        random: all chance comes from here.
    """
    chance = float(torch.rand(1, generator=random))
    hidden = torch.zeros(VOICES, n_steps, dtype=torch.bool)
    if chance < WHOLE:
        hidden[row] = True
    elif chance < WHOLE + PART:
        hidden[row] = random_cells((n_steps,), random)
    else:
        hidden[1:] = random_cells((VOICES - 1, n_steps), random)
        if not hidden[row].any():
            hidden[row] = random_cells((n_steps,), random)
    return hidden


def voice_loss(network: nn.Module, batch: VoiceBatch) -> Tensor:
    """Return -ln p of the hidden cells, in nats, plus a little for notes struck again.

    As in `orderless.hidden_loss`, each excerpt weighs the same, however much of it is
    hidden.
    """
    logits, repeats = network(batch.canvas)  # (B, T, V), (B, T)
    nats = F.cross_entropy(logits.transpose(1, 2), batch.classes, reduction="none")
    again = F.binary_cross_entropy_with_logits(
        repeats.float(), batch.repeats, reduction="none"
    )
    return (
        _means(nats, batch.asked) + REPEAT_WEIGHT * _means(again, batch.stays)
    ).mean()


def _means(values: Tensor, counts: Tensor) -> Tensor:
    """Return the mean of each row of (B, T) over the cells that count, (B,)."""
    return (values * counts).sum(1) / counts.sum(1).clamp(min=1)


@torch.inference_mode()
def judge_voice(
    network: nn.Module, row: int, pieces: Sequence[PieceFrames]
) -> dict[str, float]:
    """Return how well a singer finds Bach's notes while it hears the other voices.

    Nothing of its own voice is told, nor are the bar lines. Cells of all pieces count
    alike.

    Args:
        network: a VoiceNet, or another network of one voice.
        row: the voice.
        pieces: whole pieces that it has not learned from.

    Returns:
        "valid_loss", the mean -ln p of a cell in nats, and "right", the share of the
        cells at which the note that it likes best is Bach's.
    """
    nats, n_right, n_cells = 0.0, 0, 0
    for piece in pieces:
        classes = piece.classes[None].clone()
        own = piece.classes[row]
        classes[0, row] = MASK
        canvas = Canvas(classes, piece.phase, torch.zeros_like(piece.phase))
        log_p = network(canvas)[0][0].float().log_softmax(-1)  # (T, V)
        nats -= log_p.gather(-1, own[:, None]).sum().item()
        n_right += int((log_p.argmax(-1) == own).sum())
        n_cells += len(own)
    return {"valid_loss": nats / n_cells, "right": n_right / n_cells}


def train_voice(
    run: str | Path,
    config: VoiceConfig | None = None,
    settings: TrainingSettings | None = None,
    *,
    n_steps: int = N_STEPS,
    train: Sequence[PieceLike] | None = None,
    valid: Sequence[PieceLike] | None = None,
    batch_steps: int = 64,
    batch_size: int = 16,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train a network for one voice in a run folder until `n_steps` steps are taken.

    Args:
        run: the run folder, see `train_predictor`.
        config: the network's settings, its voice among them; the alto's if None. A
            resumed run uses its own.
        settings: how it is trained; SETTINGS if None.
        n_steps: steps in all.
        train: pieces to learn from; the chorales of the course if None.
        valid: pieces that it is measured on; the same.
        batch_steps: T, length of an excerpt.
        batch_size: B.
        seed: from which every random number follows: another one is another singer.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 100 steps if not said.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed.
    """
    config, settings = config or VoiceConfig(), settings or SETTINGS
    if resume:
        config, settings, seed = read_settings(run, KIND, VoiceConfig.of)
    if train is None:
        train = load_chorales("train") + load_chorales("extra")
    found = load_chorales("valid")[:N_JUDGED] if valid is None else valid
    judged = [piece_frames(piece) for piece in found]
    learn = VoiceSet(train, config.row, batch_steps, batch_size)
    return train_predictor(
        run,
        fresh_network(lambda: VoiceNet(config), seed, run if resume else None),
        Task(
            learn.batch,
            voice_loss,
            lambda network: judge_voice(network, config.row, judged) if judged else {},
            _sample_writer(config.row, found[0]) if judged else None,
        ),
        settings,
        n_steps,
        kind=KIND,
        config=config.to_dict(),
        seed=seed,
        resume=resume,
        **every(100, options),
    )


def _sample_writer(row: int, piece: PieceLike) -> Callable[[nn.Module, Path], object]:
    """Return what writes the beginning of a piece with one voice sung by the network.

    The other three voices are the piece's own.
    """
    grid = piece.grid.crop(0, SAMPLE_STEPS)
    cast = np.full(grid.pitches.shape, NOBODY)
    cast[row] = 0

    def write(network: nn.Module, path: Path) -> None:
        bars = {"steps_per_bar": piece.steps_per_bar, "pickup": piece.pickup}
        made = sing(Choir([network], cast), grid, passes=SAMPLE_PASSES, **bars)
        title = path.name.replace("_", " ")
        score = replace(from_grid(made, tempo=80.0), title=title)
        write_midi(score, path.with_suffix(".mid"))

    return write
