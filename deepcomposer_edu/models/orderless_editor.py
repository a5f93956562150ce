"""Editing with the orderless network: blocked Gibbs sampling, and repair.

A sweep hides a part of the cells, at first many, to the end few, and draws them anew
given all the others (Yao et al. 2014, section 2; Huang et al. 2017, section 4.2). Drawn
all at once, hidden cells would not know of each other; so a sweep is spread over
several passes of the network, and each draws cells that lie far apart, the strong beats
first (`drawing_order`). A harmonisation, a gap filled and a variation are the same
loop; what must stay is never hidden.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.models.ar_cnn import Edited, EditTask, OnEdit, OnProgress
from deepcomposer_edu.models.cell_drawing import draw_cells
from deepcomposer_edu.models.chorale_writer import bar_times
from deepcomposer_edu.models.drawing_order import (
    drawing_order,
    in_passes,
    random_blocks,
)
from deepcomposer_edu.models.edit_draft import Draft
from deepcomposer_edu.models.frames import VOICES, to_classes, to_pitches
from deepcomposer_edu.models.harmonise import one_thread
from deepcomposer_edu.models.orderless import (
    MASK,
    Canvas,
    OrderlessConfig,
    OrderlessNet,
)
from deepcomposer_edu.models.repairing import (
    SeenNote,
    by_cost,
    doubted_probabilities,
    foreign_classes,
    free_notes,
    meant_probabilities,
    needed,
)
from deepcomposer_edu.models.transformer import STEPS_PER_BEAT
from deepcomposer_edu.nn.drawing import gumbel
from deepcomposer_edu.nn.orders import annealed_share

N_GROUPS = 16  # in so many passes repair looks at each note once
REWRITTEN = 0.5  # share of what is written that is hidden in the first sweep
FIRST_SWEEP, SWEEP = 64, 16  # passes
# Beats are drawn while most is hidden yet, and all else follows them: they are drawn
# more carefully, at so much of the temperature (chosen on the validation chorales).
ON_BEATS = 0.7


class OrderlessEditor:
    """A trained orderless network that edits.

    Args:
        network: the network, which is put into its composing state.
        name: name of the weights.
        weight_sha256: their hash.
    """

    def __init__(
        self, network: OrderlessNet, name: str = "", weight_sha256: str = ""
    ) -> None:
        self.network = network.eval()
        self.name, self.weight_sha256 = name, weight_sha256

    @one_thread()
    @torch.inference_mode()
    def edit(
        self, task: EditTask, on_progress: OnProgress = None, on_edit: OnEdit = None
    ) -> Edited:
        """Return the edited piece, see `ar_cnn.Editor.edit`."""
        draft = Draft(task, on_edit)
        random = torch.Generator().manual_seed(task.seed)
        free = task.may_change
        if task.mode == "repair":
            self.repair(draft, random, on_progress)
            free = free & task.unknown
        if free.any():
            self.rewrite(draft, free, random, on_progress)
        return draft.finished(self.strikes(draft, random))

    def rewrite(
        self,
        draft: Draft,
        free: np.ndarray,
        random: torch.Generator,
        on_progress: OnProgress = None,
    ) -> None:
        """Draw cells of a draft anew, pass after pass.

        Args:
            draft: the piece.
            free: (4, T) bool, the cells that are drawn.
            random: the source of all chance.
            on_progress: called with (passes done, passes in all).
        """
        task, n = draft.task, draft.task.iterations
        done = 0
        for share, n_passes in sweeps(n, bool((free & task.unknown).any())):
            blocks = random_blocks(free.shape[1], share, task.pickup, random)
            hidden = free & (blocks | (task.unknown & (done == 0)))
            left = hidden.copy()  # what is still to be drawn
            for group in in_passes(drawing_order(hidden, task.pickup), n_passes):
                self.redraw(draft, group, left, random, done + 1)
                left &= ~group
                done += 1
                if on_progress is not None:
                    on_progress(done, n)
        if on_progress is not None and done < n:
            on_progress(n, n)

    def redraw(
        self,
        draft: Draft,
        group: np.ndarray,
        hidden: np.ndarray,
        random: torch.Generator,
        iteration: int,
    ) -> None:
        """Draw a group of cells of a draft, given all cells that are not hidden.

        Args:
            draft: the piece.
            group: (4, T) bool, what is drawn, all of it hidden.
            hidden: (4, T) bool.
            random: the source of all chance.
            iteration: the pass, from 1.
        """
        task = draft.task
        classes = self.known(draft)
        logits, _ = self.look(draft, np.where(hidden, MASK, classes))
        is_beat = (torch.arange(classes.shape[1]) - task.pickup) % STEPS_PER_BEAT == 0
        risk = torch.where(is_beat, ON_BEATS * task.temperature, task.temperature)
        logits = logits / risk[:, None]
        unknown = hidden & ~group | (classes == MASK)
        drawn = draw_cells(
            (logits + gumbel(logits.shape, random)).numpy(),
            np.where(unknown, -1, classes),
            group,
            task.avoid_parallels,
        )
        written = torch.from_numpy(np.where(group, drawn, 0))
        chances = logits.softmax(-1).gather(-1, written[..., None])[..., 0]
        pitches = np.where(group, to_pitches(written), draft.pitches)
        is_given = to_classes(draft.start.pitches).numpy() == drawn
        pitches = np.where(is_given & group, draft.start.pitches, pitches)  # not folded
        draft.change(pitches, chances.numpy(), iteration)

    def repair(
        self,
        draft: Draft,
        random: torch.Generator,
        on_progress: OnProgress = None,
    ) -> None:
        """Correct notes of a draft that are likely to be a semitone or two off.

        Args:
            draft: the piece.
            random: decides which notes are looked at together.
            on_progress: called with (passes done, passes in all).
        """
        task, n = draft.task, draft.task.iterations
        notes = free_notes(draft.start, task.may_change & ~task.unknown)
        n_groups = min(N_GROUPS, n)
        groups = np.zeros(len(notes), dtype=int)
        for i in range(n):
            if i % n_groups == 0:
                order = torch.randperm(len(notes), generator=random).numpy()
                groups = order % n_groups
            chosen = [notes[k] for k in np.flatnonzero(groups == i % n_groups)]
            self.correct(draft, chosen, i)
            if on_progress is not None:
                on_progress(i + 1, n)

    def correct(self, draft: Draft, notes: list[SeenNote], i: int) -> None:
        """Ask for each note which was meant, given all notes but these."""
        task = draft.task
        classes, pitches = self.known(draft), draft.pitches.copy()
        for note in notes:
            classes[note.cells] = MASK
        if task.unknown.any():
            classes[task.unknown] = MASK
        hidden = self.opinion(draft, classes)
        doubted = None
        if self.network.config.doubts:
            seen = np.where(task.unknown, MASK, self.known(draft))
            doubted = self.opinion(draft, seen, is_doubtful=True)
        chances = np.zeros(pitches.shape)
        foreign = foreign_classes(draft.now, classes != MASK)
        is_alone = (task.unknown | (draft.pitches < 0)).sum(axis=0) == VOICES - 1
        for note in notes:
            alone = bool(is_alone[note.start : note.stop].all())
            if doubted is None or alone:
                known = foreign if alone else None
                meant = weighed = meant_probabilities(hidden[note.cells], note, known)
            else:
                meant = doubted_probabilities(
                    doubted[note.cells], hidden[note.cells], note
                )
                now = int(draft.pitches[note.voice, note.start])
                weighed = by_cost(meant, now)
            best = max(weighed, key=weighed.__getitem__)
            if weighed[best] >= needed(i, task.iterations):
                pitches[note.cells], chances[note.cells] = best, meant[best]
        draft.change(pitches, chances, i + 1)

    def known(self, draft: Draft) -> np.ndarray:
        """Return what the network may see of a draft, (4, T) classes."""
        never = draft.task.unknown & ~draft.task.may_change
        return np.where(never, MASK, to_classes(draft.pitches).numpy())

    def opinion(
        self, draft: Draft, classes: np.ndarray, is_doubtful: bool = False
    ) -> Tensor:
        """Return the log-probabilities of every cell of a canvas, (4, T, V)."""
        logits, _ = self.look(draft, classes, is_doubtful)
        return (logits / draft.task.temperature).log_softmax(dim=-1)

    def look(
        self, draft: Draft, classes: np.ndarray, is_doubtful: bool = False
    ) -> tuple[Tensor, Tensor]:
        """Return the network's logits for a canvas: (4, T, V), and repeats (4, T)."""
        task = draft.task
        beat, phase = bar_times(classes.shape[1], task.steps_per_bar, task.pickup)
        doubtful = torch.ones(1) if is_doubtful else None
        logits, repeats = self.network(
            Canvas(torch.from_numpy(classes)[None], phase, beat, doubtful)
        )
        return logits[0].float(), repeats[0].float()

    def strikes(self, draft: Draft, random: torch.Generator) -> np.ndarray:
        """Return where notes that stay are struck again, (4, T): the chance, or 0."""
        classes = self.known(draft)
        _, repeats = self.look(draft, classes)
        chances = repeats.sigmoid()
        drawn = torch.rand(chances.shape, generator=random) < chances
        stays = np.zeros(classes.shape, dtype=bool)
        stays[:, 1:] = draft.pitches[:, 1:] == draft.pitches[:, :-1]
        stays &= draft.pitches >= 0
        return np.where(drawn.numpy() & stays, chances.numpy(), 0)


def sweeps(n_passes: int, fills: bool) -> list[tuple[float, int]]:
    """Return the sweeps that so many passes are spent on: (share hidden, passes).

    The first sweep, if it fills what is unknown, gets up to FIRST_SWEEP passes, all
    others SWEEP. The share of what is written that is hidden again falls from sweep to
    sweep.

    >>> sweeps(64, fills=False)[0]
    (0.5, 16)
    """
    sizes = [min(n_passes, FIRST_SWEEP if fills else SWEEP)]
    while sum(sizes) < n_passes:
        sizes.append(min(n_passes - sum(sizes), SWEEP))
    n = len(sizes)
    return [
        (annealed_share(i, n, high=REWRITTEN), size) for i, size in enumerate(sizes)
    ]


def orderless_editor_of(
    config: Mapping[str, object],
    tensors: Mapping[str, Tensor],
    name: str = "",
    sha256: str = "",
) -> OrderlessEditor:
    """Return the editor whose weights are given, see `ar_cnn.ar_cnn_of`."""
    network = OrderlessNet(OrderlessConfig.of(config))
    network.load_state_dict({key: tensor.float() for key, tensor in tensors.items()})
    return OrderlessEditor(network, name, sha256)
