"""Editing with the orderless network: blocked Gibbs sampling, and repair.

A sweep hides a part of the cells, at first many, to the end few, and draws them anew
given all the others (Yao et al. 2014, section 2; Huang et al. 2017, section 4.2). Drawn
all at once, hidden cells would not know of each other; so a sweep is spread over
several passes of the network, and each draws cells that lie far apart, the strong beats
first (`drawing_order`). A harmonisation, a gap filled and a variation are the same
loop; what must stay is never hidden. At the end, what was written anew is looked over
as repair looks over what is given.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.models.ar_cnn import Edited, EditTask, OnEdit, OnProgress
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.cell_drawing import draw_cells
from deepcomposer_edu.models.drawing_order import (
    drawing_order,
    in_passes,
    random_blocks,
    sweeps,
)
from deepcomposer_edu.models.edit_draft import Draft
from deepcomposer_edu.models.frames import VOICES, to_classes, to_pitches
from deepcomposer_edu.models.orderless import (
    MASK,
    Canvas,
    OrderlessConfig,
    OrderlessNet,
)
from deepcomposer_edu.models.page import bar_times
from deepcomposer_edu.models.repairing import (
    SeenNote,
    brings_parallels,
    by_cost,
    doubted_probabilities,
    foreign_classes,
    free_notes,
    meant_probabilities,
    needed,
)
from deepcomposer_edu.models.transformer import STEPS_PER_BEAT
from deepcomposer_edu.nn.drawing import gumbel
from deepcomposer_edu.nn.threads import one_thread

N_GROUPS = 16  # in so many passes repair looks at each note once
# What is written anew is looked over in the last of so many parts of the passes, by a
# network that doubts: single notes of a draw are as often wrong as a player's.
POLISHED = 4
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
        draft, n = Draft(task, on_edit), task.iterations
        random = torch.Generator().manual_seed(task.seed)
        free, new = task.may_change, task.may_change & task.unknown
        if task.mode == "repair":
            notes = free_notes(draft.start, free & ~task.unknown)
            self.repair(draft, notes, task.unknown, range(n), random, on_progress)
            free = new
        n_last = n // POLISHED if self.network.config.doubts and new.any() else 0
        if free.any():
            self.rewrite(draft, free, n - n_last, random, on_progress)
        if free.any() and n_last:
            notes, last = free_notes(draft.now, new), range(n - n_last, n)
            was_refused = draft.was_refused
            self.repair(draft, notes, task.unknown & ~new, last, random, on_progress)
            draft.was_refused |= was_refused
        return draft.finished(self.strikes(draft, random))

    def rewrite(
        self,
        draft: Draft,
        free: np.ndarray,
        n: int,
        random: torch.Generator,
        on_progress: OnProgress = None,
    ) -> None:
        """Draw cells of a draft anew, pass after pass.

        Args:
            draft: the piece.
            free: (4, T) bool, the cells that are drawn.
            n: passes, of those that the task has in all.
            random: the source of all chance.
            on_progress: called with (passes done, passes in all).
        """
        task, done = draft.task, 0
        for share, n_passes in sweeps(n, bool((free & task.unknown).any())):
            blocks = random_blocks(free.shape[1], share, task.pickup, random)
            hidden = free & (blocks | (task.unknown & (done == 0)))
            left = hidden.copy()  # what is still to be drawn
            for group in in_passes(drawing_order(hidden, task.pickup), n_passes):
                self.redraw(draft, group, left, random, done + 1)
                left &= ~group
                done += 1
                if on_progress is not None:
                    on_progress(done, task.iterations)
        if on_progress is not None and done < n:
            on_progress(n, task.iterations)

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
        notes: list[SeenNote],
        unwritten: np.ndarray,
        passes: range,
        random: torch.Generator,
        on_progress: OnProgress = None,
    ) -> None:
        """Correct notes of a draft that are likely to be a semitone or two off.

        Args:
            draft: the piece.
            notes: those that are looked at, each once in N_GROUPS passes.
            unwritten: (4, T) bool, cells that nobody has written yet.
            passes: their numbers, from 0.
            random: decides which notes are looked at together.
            on_progress: called with (passes done, passes in all).
        """
        n_groups = max(min(N_GROUPS, len(passes)), 1)
        groups = np.zeros(len(notes), dtype=int)
        for i, number in enumerate(passes):
            if i % n_groups == 0:
                order = torch.randperm(len(notes), generator=random).numpy()
                groups = order % n_groups
            chosen = [notes[k] for k in np.flatnonzero(groups == i % n_groups)]
            self.correct(draft, chosen, unwritten, number, needed(i, len(passes)))
            if on_progress is not None:
                on_progress(number + 1, draft.task.iterations)

    def correct(
        self,
        draft: Draft,
        notes: list[SeenNote],
        unwritten: np.ndarray,
        i: int,
        least: float,
    ) -> None:
        """Ask for each note which was meant, given all notes but these.

        Args:
            draft: the piece.
            notes: those that are asked for.
            unwritten: (4, T) bool, cells that nobody has written yet.
            i: the pass, from 0.
            least: how sure a change must be.
        """
        seen, pitches = np.where(unwritten, MASK, self.known(draft)), draft.pitches
        others = seen.copy()
        for note in notes:
            others[note.cells] = MASK
        hidden, doubted = self.opinion(draft, others), None
        if self.network.config.doubts:
            doubted = self.opinion(draft, seen, is_doubtful=True)
        pitches, chances = pitches.copy(), np.zeros(pitches.shape)
        is_alone = (unwritten | (pitches < 0)).sum(axis=0) == VOICES - 1
        if is_alone.any():
            foreign = foreign_classes(draft.now, others != MASK)
        for note in notes:
            alone = bool(is_alone[note.start : note.stop].all())
            if doubted is None or alone:
                known = foreign if alone else None
                meant = weighed = meant_probabilities(hidden[note.cells], note, known)
            else:
                meant = doubted_probabilities(
                    doubted[note.cells], hidden[note.cells], note
                )
                weighed = by_cost(meant, int(pitches[note.voice, note.start]))
            best = max(weighed, key=weighed.__getitem__)
            if weighed[best] < least or self.forbids(draft, note, best, pitches):
                continue
            pitches[note.cells], chances[note.cells] = best, meant[best]
        draft.change(pitches, chances, i + 1)

    def forbids(
        self, draft: Draft, note: SeenNote, pitch: int, pitches: np.ndarray
    ) -> bool:
        """Return whether a pitch would bring a note that was written here in parallels.

        What the composer gave may stand in parallels; what the network writes may not,
        unless the task allows it.
        """
        task, here = draft.task, int(pitches[note.voice, note.start])
        is_own = bool(task.unknown[note.cells].all())
        if pitch == here or not (is_own and task.avoid_parallels):
            return False
        return brings_parallels(pitches, note, pitch)

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


def orderless_editor_of(
    config: Mapping[str, object],
    tensors: Mapping[str, Tensor],
    name: str = "",
    sha256: str = "",
) -> OrderlessEditor:
    """Return the editor whose weights are given, see `ar_cnn.ar_cnn_of`."""
    network = filled(lambda: OrderlessNet(OrderlessConfig.of(config)), tensors)
    return OrderlessEditor(network, name, sha256)
