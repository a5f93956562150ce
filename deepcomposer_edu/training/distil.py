"""Teachers for a Transformer: what several networks expect, learned by one.

A small corpus is soon known by heart. Several networks, each asked in several keys,
err in different places, so the mean of their probabilities is better than any of them
(Hinton et al. 2015, "Distilling the Knowledge in a Neural Network"). One network then
learns these probabilities in place of the bare notes, from real pieces and from pieces
that a teacher made up, of which there are as many as one likes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu.models.frames import N_PITCHES, REST_CLASS, VOICES, to_pitches
from deepcomposer_edu.models.page import bar_times, families_of
from deepcomposer_edu.models.transformer import CHAIN, Frames, FrameTransformer
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.repertoire import GENRES
from deepcomposer_edu.nn.sampling import sample
from deepcomposer_edu.training.pieces import (
    PieceFrames,
    moved,
    moved_probabilities,
)

TEACHING_KEYS = (-2, 0, 2)  # semitones; in each the teachers are asked
PICKUPS = (0, 4)  # steps before the first bar line of made-up pieces


@dataclass(frozen=True)
class MadeUp:
    """A piece that a network made up: (4, T), 16 steps to a bar."""

    grid: Grid
    pickup: int
    steps_per_bar: int = 16


@torch.inference_mode()
def taught(
    teachers: Sequence[FrameTransformer],
    piece: PieceFrames,
    keys: Sequence[int] = TEACHING_KEYS,
) -> PieceFrames:
    """Return a piece with what its teachers expect at each note.

    Args:
        teachers: trained networks, in their composing state.
        piece: the whole piece.
        keys: semitones by which it is moved before they are asked. What they say is
            moved back. Keys in which it leaves the range are passed over.

    Returns:
        The piece with `taught`, the mean of their probabilities in half precision.
    """
    sounding = piece.classes[piece.classes < N_PITCHES]
    low, high = int(sounding.min()), int(sounding.max())
    fits = [key for key in keys if low + key >= 0 and high + key < N_PITCHES]
    classes = torch.stack([moved(piece.classes, key) for key in fits])  # (K, 4, T)
    expected = []
    for tells_bars in (0, 1):
        frames = Frames(
            classes,
            torch.tensor([piece.genre]).expand(len(fits)),
            piece.families[None].expand(len(fits), -1),
            (piece.bar_beat * tells_bars)[None],
            piece.phase[None],
        )
        found = torch.zeros(*piece.classes.shape, REST_CLASS + 1)
        for teacher in teachers:
            said = teacher(frames)[0].float().softmax(dim=-1)  # (K, 4, T, N)
            for key, row in zip(fits, said, strict=True):
                found += moved_probabilities(row, -key)
        expected.append(found / found.sum(dim=-1, keepdim=True))
    return replace(piece, taught=torch.stack(expected).to(torch.float16))


@torch.inference_mode()
def make_up(
    network: FrameTransformer,
    n_pieces: int,
    n_steps: int = 192,
    *,
    genre: str = "chorale",
    seed: int = 0,
    batch_size: int = 32,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[MadeUp]:
    """Return pieces that a network draws from nothing, at a temperature of 1.

    Args:
        network: in its composing state.
        n_pieces: how many.
        n_steps: T of each.
        genre: one of GENRES.
        seed: from which all chance follows.
        batch_size: pieces that are drawn together.
        on_progress: called with (pieces done, pieces in all).
    """
    random = torch.Generator().manual_seed(seed)
    found: list[MadeUp] = []
    while len(found) < n_pieces:
        pickup = PICKUPS[int(torch.randint(len(PICKUPS), (1,), generator=random))]
        n_now = min(batch_size, n_pieces - len(found))
        classes, again = _draw(network, n_now, n_steps, genre, pickup, random)
        for row, struck in zip(to_pitches(classes), again.numpy(), strict=True):
            found.append(MadeUp(Grid(row, struck), pickup))
        if on_progress is not None:
            on_progress(len(found), n_pieces)
    return found


def _draw(
    network: FrameTransformer,
    n_pieces: int,
    n_steps: int,
    genre: str,
    pickup: int,
    random: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """Return classes (B, 4, T) and where notes are struck (B, 4, T), drawn."""
    classes = torch.full((n_pieces, VOICES, n_steps), REST_CLASS)
    struck = torch.zeros(classes.shape, dtype=torch.bool)
    beat, phase = bar_times(n_steps, 16, pickup)
    frames = Frames(
        classes,
        torch.full((n_pieces,), GENRES.index(genre)),
        families_of(genre)[None].expand(n_pieces, -1),
        beat[None],
        phase[None],
    )
    caches = network.new_caches()
    for t in range(n_steps):
        hidden = network.hidden(frames.until(t + 1), caches, t)
        rest = torch.full((n_pieces, VOICES), REST_CLASS)
        before = classes[..., t - 1] if t else rest  # (B, 4)
        for i, voice in enumerate(CHAIN):
            drawn = [classes[:, other, t : t + 1] for other in CHAIN[:i]]
            logits, again = network.heads[i](hidden, before[:, voice, None], drawn)
            now = sample(logits[:, 0], generator=random)
            chance = torch.rand(n_pieces, generator=random)
            is_again = chance < torch.sigmoid(again.float())[:, 0]
            classes[:, voice, t] = now
            struck[:, voice, t] = (now < N_PITCHES) & (
                is_again | (now != before[:, voice])
            )
    return classes, struck


def taught_by(
    teachers: Sequence[FrameTransformer],
    pieces: Sequence[PieceFrames],
    on_progress: Callable[[int, int], None] | None = None,
) -> list[PieceFrames]:
    """Return pieces with what their teachers expect; none may be silent."""
    found = []
    for i, piece in enumerate(pieces):
        found.append(taught(teachers, piece))
        if on_progress is not None:
            on_progress(i + 1, len(pieces))
    return found


def with_notes(piece: PieceFrames, share: float) -> PieceFrames:
    """Return a piece whose own notes count beside what its teachers expect.

    The mean of several networks is less sure than it could be, for they differ; a share
    of the truth makes the learner surer (Hinton et al. 2015, section 2).

    Args:
        piece: with `taught`.
        share: 0 to 1, of each note's probability.
    """
    notes = F.one_hot(piece.classes, piece.taught.shape[-1])  # (4, T, N)
    mixed = (1 - share) * piece.taught.float() + share * notes
    return replace(piece, taught=mixed.to(piece.taught.dtype))
