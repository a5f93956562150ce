"""How well hidden notes are predicted: definitions B and C of the benchmarks, in nats.

The two are different quantities, and neither is that of a network with a fixed order
(definition A, `training.transformer.nats_per_note`): only like with like.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from deepcomposer_edu.models.frames import (
    LOW,
    N_CLASSES,
    REST_CLASS,
    VOICES,
)
from deepcomposer_edu.models.orderless import MASK, Canvas
from deepcomposer_edu.training.pieces import PieceFrames

N_MASKS = 4  # of each piece, in the loss that is watched during training
N_ORDERS = 5  # orders of the frames in definition C
AT_ONCE = 64  # canvases that go through the network together
# Published figures take the pitches 36 to 82 and the rest into account: 48 classes.
ALPHABET = (*range(36 - LOW, 83 - LOW), REST_CLASS)


def nats_any_order(
    network: nn.Module,
    pieces: Sequence[PieceFrames],
    n_masks: int = N_MASKS,
    seed: int = 0,
) -> float:
    """Return definition B: the mean -ln p of a hidden cell, whatever is hidden.

    Of each piece some cells are hidden, any number of them as likely as any other, and
    the mean over them is taken; then the mean over all masks and pieces. It is what a
    note costs on average if they are told in a random order, so it is an upper bound
    that stands beside definition A. The masks of a piece hide few, more and many cells
    in turn (stratified sampling), which leaves the mean as it is and shakes it less.

    Args:
        network: an OrderlessNet.
        pieces: whole pieces; the bar lines are not told.
        n_masks: masks for each piece.
        seed: of the masks.
    """
    random = torch.Generator().manual_seed(seed)
    found = []
    for piece in pieces:
        hidden = _stratified(piece.classes.shape, n_masks, random)  # (M, 4, T)
        nats = -_log_probabilities(network, piece, hidden, piece.classes)
        found += [(n[h]).mean().item() for n, h in zip(nats, hidden, strict=True)]
    return sum(found) / len(found)


def _stratified(shape: torch.Size, n_masks: int, random: torch.Generator) -> Tensor:
    """Return masks (n_masks, *shape) as of `nn.orders.random_cells`, evenly spread."""
    n_cells = shape.numel()
    share = (torch.arange(n_masks) + torch.rand(n_masks, generator=random)) / n_masks
    n_hidden = (share * n_cells).long().clamp(max=n_cells - 1) + 1  # (M,)
    rank = torch.rand(n_masks, n_cells, generator=random).argsort(-1).argsort(-1)
    return (rank < n_hidden[:, None]).view(n_masks, *shape)


def nats_by_frame(
    network: nn.Module,
    pieces: Sequence[PieceFrames],
    n_orders: int = N_ORDERS,
    n_steps: int | None = None,
    seed: int = 0,
) -> tuple[float, float]:
    """Return definition C and its standard error: Coconet's framewise figure.

    The frames (all four voices at a step) of a piece are told in a random order, the
    voices of a frame in a random order too. A cell is predicted from the true frames
    told before and from what the network itself finds likeliest for the voices told
    before in its frame. Of the `n_orders` probabilities of each frame the mean is
    taken: a mixture for each frame, not the probability of the piece (Huang et al.
    2017, Algorithm 1 and section 5.1). A network that finds all 48 classes alike
    reads 4 ln 48 = 15.48.

    Args:
        network: an OrderlessNet.
        pieces: the pieces; the bar lines are not told.
        n_orders: random orders for each piece.
        n_steps: only so many steps of each piece; None: all.
        seed: of the orders.

    Returns:
        The mean over all frames in nats, and its standard error over the pieces.
    """
    random = torch.Generator().manual_seed(seed)
    rows = []
    for piece in pieces:
        n = piece.classes.shape[-1]
        n = n if n_steps is None else min(n, n_steps)
        orders = [torch.randperm(n, generator=random) for _ in range(n_orders)]
        told = torch.stack([_frames(network, piece, o, random) for o in orders])
        rows.append(math.log(n_orders) - told.logsumexp(0))  # (T,) nats
    means = torch.stack([row.mean() for row in rows])
    error = means.std().item() / math.sqrt(len(rows)) if len(rows) > 1 else math.nan
    return torch.cat(rows).mean().item(), error


def _frames(
    network: nn.Module, piece: PieceFrames, order: Tensor, random: torch.Generator
) -> Tensor:
    """Return ln p of each frame if the frames are told in an order, (T,)."""
    n_steps = len(order)
    truth = piece.classes[:, :n_steps]
    rank = order.argsort()  # (T,) when each frame is told
    is_told = rank[None] < rank[:, None]  # (T, T): a canvas for each frame
    canvas = torch.where(is_told[:, None], truth, MASK)  # (T, 4, T)
    voices = torch.stack(
        [torch.randperm(VOICES, generator=random) for _ in range(n_steps)]
    )  # (T, 4)
    step, total = torch.arange(n_steps), torch.zeros(n_steps)
    for voice in voices.unbind(1):
        log_p = _at(network, piece, canvas, step)[step, voice]  # (T, N)
        found = log_p.gather(-1, truth[voice, step, None])[:, 0]
        total += found
        canvas[step, voice, step] = log_p.argmax(-1)
    return total


@torch.inference_mode()
def _at(network: nn.Module, piece: PieceFrames, canvas: Tensor, step: Tensor) -> Tensor:
    """Return ln p of the classes of one step of each canvas, (B, 4, N_CLASSES)."""
    rows = []
    for part, steps in zip(canvas.split(AT_ONCE), step.split(AT_ONCE), strict=True):
        logits = _logits(network, piece, part)
        rows.append(logits[torch.arange(len(part)), :, steps])
    return _in_alphabet(torch.cat(rows))


@torch.inference_mode()
def _log_probabilities(
    network: nn.Module, piece: PieceFrames, hidden: Tensor, classes: Tensor
) -> Tensor:
    """Return ln p of the classes in each cell where some are hidden, (B, 4, T)."""
    canvas = classes.masked_fill(hidden, MASK)
    log_p = _in_alphabet(_logits(network, piece, canvas))
    return log_p.gather(-1, classes.expand(len(hidden), -1, -1)[..., None])[..., 0]


def _logits(network: nn.Module, piece: PieceFrames, classes: Tensor) -> Tensor:
    """Return the network's logits without dropout, bar lines not told."""
    was_training = network.training
    network.eval()
    phase = piece.phase[: classes.shape[-1]]
    logits = network(Canvas(classes, phase, torch.zeros_like(phase)))[0].float()
    network.train(was_training)
    return logits


def _in_alphabet(logits: Tensor) -> Tensor:
    """Return ln p among the ALPHABET; all other classes can't come."""
    outside = torch.ones(N_CLASSES, dtype=torch.bool)
    outside[list(ALPHABET)] = False
    return logits.masked_fill(outside, float("-inf")).log_softmax(-1)
