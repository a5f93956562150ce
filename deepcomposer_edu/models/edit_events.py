"""Editing with edit events: in each pass one note is added or taken away.

So composed DeepComposer's autoregressive CNN: the network sees everything as one roll
and says where it would edit, one cell is drawn, turned around, and the roll goes in
again. Three things are done differently here. A roll does not say who sings what, so
each cell keeps its voice: only voices that rest can take a note, only voices that may
change lose one. An edit goes on to both sides as long as the network finds it at least
half as likely there, so that it is a note and not a sixteenth of one. And a long piece
gets one edit per pass in each of its stretches of eight bars, so that it takes no more
passes than a short one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.models.ar_cnn import Edited, EditTask, OnEdit, OnProgress
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.edit_draft import Draft
from deepcomposer_edu.models.edit_net import LOW, N_PITCHES, EditNet, EditNetConfig
from deepcomposer_edu.models.edit_repair import repairs, suspects, without
from deepcomposer_edu.models.edit_voices import (
    cells_of,
    free_pitches,
    free_voice,
    in_order,
    runs_parallel,
    shift_into,
    singing_voice,
)
from deepcomposer_edu.music.grid import REST
from deepcomposer_edu.nn.edits import draw_edit, edit_probabilities
from deepcomposer_edu.nn.threads import one_thread

WINDOW = 128  # steps, eight bars of 4/4: what gets an edit per pass
HOLE_STEPS = 3  # steps that an edit fills, about: how many edits a hole needs
LONGEST = 16  # steps of one edit
HALF = math.log(0.5)  # an edit goes on where it is at least half as likely
SURE = math.log(0.5)  # what is right already is edited only if it is likelier wrong
SHARPNESS = 4.0  # of the draw; chosen on the validation chorales


class EditEvents:
    """A trained edit network that edits.

    Args:
        network: the network, which is put into its composing state.
        name: name of the weights.
        weight_sha256: their hash.
        whole_notes: whether an edit goes on to both sides, or is one cell.
    """

    def __init__(
        self,
        network: EditNet,
        name: str = "",
        weight_sha256: str = "",
        whole_notes: bool = True,
    ) -> None:
        self.network = network.eval()
        self.name, self.weight_sha256 = name, weight_sha256
        self.whole_notes = whole_notes

    @one_thread()
    @torch.inference_mode()
    def edit(
        self, task: EditTask, on_progress: OnProgress = None, on_edit: OnEdit = None
    ) -> Edited:
        """Return the edited piece, see `ar_cnn.Editor.edit`.

        Where cells are unknown, notes are added there and taken away only if they are
        likelier wrong than right. Repairing moves notes that are probably a semitone or
        two off, one per pass. Else every edit is drawn as the network finds it likely.
        A piece that does not fit into the roll's pitches is moved by semitones while it
        is edited.
        """
        draft = Draft(task, on_edit)
        random = torch.Generator().manual_seed(task.seed)
        low = LOW - shift_into(draft.pitches, LOW, N_PITCHES)
        passes = _Passes(self.network, draft, low, random, self.whole_notes)
        for i in range(task.iterations):
            roll = torch.from_numpy(passes.roll())[None, None].float()
            logits = self.network(roll)[0, 0].float()
            repairs = task.mode == "repair" and not passes.holes().any()
            is_done = not (passes.repair if repairs else passes.edit)(logits, i + 1)
            if on_progress is not None:
                on_progress(task.iterations if is_done else i + 1, task.iterations)
            if is_done:
                break
        return draft.finished(np.zeros(draft.pitches.shape))


class _Passes:
    """The edits of one piece, pass after pass."""

    def __init__(
        self,
        network: EditNet,
        draft: Draft,
        low: int,
        random: torch.Generator,
        whole_notes: bool,
    ) -> None:
        self.network, self.draft, self.low, self.random = network, draft, low, random
        self.whole_notes = whole_notes
        task = draft.task
        self.fills = bool((task.unknown & task.may_change).any())
        self.refused = np.zeros((task.grid.n_steps, N_PITCHES), dtype=bool)
        self.repaired = np.zeros(task.grid.pitches.shape, dtype=bool)

    def roll(self) -> np.ndarray:
        """Return what sounds, (T, P) bool."""
        return self.cells(self.draft.pitches)

    def cells(self, pitches: np.ndarray) -> np.ndarray:
        """Return where the roll shows these pitches, (4, S): (S, P) bool."""
        return cells_of(pitches, self.low, N_PITCHES)

    def holes(self, steps: slice = slice(None)) -> np.ndarray:
        """Return which cells of these S steps wait for a note, (4, S) bool.

        Voices rest there that did not at the start, or that were unknown.
        """
        task, here = self.draft.task, np.s_[:, steps]
        waits = task.unknown[here] | (self.draft.start.pitches[here] != REST)
        return waits & task.may_change[here] & (self.draft.pitches[here] == REST)

    def allowed(self, logits: np.ndarray, only_adds: bool = False) -> np.ndarray:
        """Return where the next edit may be made, (T, P) bool."""
        task, pitches = self.draft.task, self.draft.pitches
        fits = free_pitches(pitches, task.may_change, self.low, N_PITCHES)
        may_come = fits & ~self.roll()
        may_go = self.cells(np.where(task.may_change, pitches, REST))
        may_go &= ~self.cells(np.where(task.may_change, REST, pitches))
        if only_adds or task.mode == "repair":
            may_go[:] = False
        elif self.fills:
            may_go &= logits > SURE
        return (may_go | may_come) & ~self.refused

    def edit(self, logits: Tensor, iteration: int) -> bool:
        """Make the edits of one pass; return whether there was anything to edit."""
        scores = logits.numpy()
        n_left = self.draft.task.iterations - iteration + 1
        n_due = self.holes().any(axis=0).sum() / HOLE_STEPS
        allowed = self.allowed(scores, only_adds=n_due >= n_left)
        was_any = False
        for first in range(0, len(scores), WINDOW):
            window = slice(first, first + WINDOW)
            n_due = self.holes(window).sum() / HOLE_STEPS
            n_edits = max(1, math.ceil(n_due / n_left))
            if n_left == 1:  # the last chance to fill what is left, step by step
                n_edits *= HOLE_STEPS
            for k in range(n_edits):
                if not allowed[window].any() or (k and not self.holes(window).any()):
                    break
                was_any = True
                temperature = self.draft.task.temperature / SHARPNESS
                probabilities = edit_probabilities(
                    logits[window], torch.from_numpy(allowed[window]), temperature
                )
                step, place = draw_edit(probabilities, self.random)
                self._make(first + step, place, scores, allowed, iteration)
        return was_any

    def repair(self, logits: Tensor, iteration: int) -> bool:
        """Move one note that is probably wrong; return whether there was any."""
        draft = self.draft
        notes = suspects(draft, logits.exp().numpy(), self.low, self.repaired)
        if not notes:
            return False
        rolls = [self.cells(without(draft.pitches, note)) for note in notes]
        seen = torch.from_numpy(np.stack(rolls))[:, None].float()  # (N, 1, T, P)
        chances = self.network(seen)[:, 0].exp().numpy()
        found = repairs(draft, notes, chances, self.low)
        if not found:
            return False
        scores = torch.tensor([[repair.score for repair in found]])  # (1, N)
        temperature = draft.task.temperature / SHARPNESS
        likely = edit_probabilities(scores, scores.isfinite(), temperature)
        _, chosen = draw_edit(likely, self.random)
        note, first = found[chosen].note, int(found[chosen].note.steps[0])
        wanted = draft.pitches[:, note.steps]
        wanted[note.voice] = found[chosen].pitch
        chances = np.full(wanted.shape, found[chosen].chance)
        draft.change(wanted, chances, iteration, first)
        self.repaired[note.voice, note.steps] = True
        return True

    def _make(
        self,
        step: int,
        place: int,
        scores: np.ndarray,
        allowed: np.ndarray,
        iteration: int,
    ) -> None:
        """Make one edit if the voices and the budgets allow it."""
        task, pitches = self.draft.task, self.draft.pitches
        pitch = place + self.low
        voice = singing_voice(pitches, task.may_change, step, pitch)
        adds = voice is None
        if adds:
            voice = self._taker(step, place, scores)
        if voice is None:  # an edit of this very pass has taken its place
            allowed[step, place] = False
            return
        steps = self._stretch(voice, step, place, scores, allowed)
        around = slice(max(steps.start - 1, 0), steps.stop + 1)
        here = range(steps.start - around.start, steps.stop - around.start)
        wanted = pitches[:, around].copy()
        wanted[voice, here] = pitch if adds else REST
        n_before = len(self.draft.edits)
        is_wrong = adds and task.avoid_parallels and runs_parallel(wanted, voice, here)
        if not is_wrong:
            chances = np.zeros(wanted.shape)
            chances[voice, here] = np.exp(scores[steps, place])
            self.draft.change(wanted, chances, iteration, around.start)
        if len(self.draft.edits) > n_before:
            self.refused[around] = False
        else:
            self.refused[steps, place] = True
        allowed[steps, place] = False

    def _taker(self, step: int, place: int, scores: np.ndarray) -> int | None:
        """Return which voice takes a note: how many are to come above and below?"""
        sounds = self.cells(self.draft.pitches[:, step : step + 1])[0]  # (P,)
        to_come = np.where(sounds, 0, np.exp(scores[step]))  # (P,)
        return free_voice(
            self.draft.pitches,
            self.draft.task.may_change,
            step,
            place + self.low,
            n_above=float(to_come[place + 1 :].sum()),
            n_below=float(to_come[:place].sum()),
        )

    def _stretch(
        self,
        voice: int,
        step: int,
        place: int,
        scores: np.ndarray,
        allowed: np.ndarray,
    ) -> slice:
        """Return the steps of an edit: the cell drawn and what belongs to it."""
        here = self.draft.pitches[voice, step]
        least = scores[step, place] + HALF
        first = last = step
        if self.whole_notes:
            while (
                self._goes_on(voice, first - 1, place, here, least, scores, allowed)
                and step - first < LONGEST - 1
            ):
                first -= 1
            while (
                self._goes_on(voice, last + 1, place, here, least, scores, allowed)
                and last - first < LONGEST - 1
            ):
                last += 1
        return slice(max(first, last - LONGEST + 1), last + 1)

    def _goes_on(
        self,
        voice: int,
        step: int,
        place: int,
        here: int,
        least: float,
        scores: np.ndarray,
        allowed: np.ndarray,
    ) -> bool:
        if not 0 <= step < len(scores):
            return False
        column = self.draft.pitches[:, step]
        may = self.draft.task.may_change[voice, step] and allowed[step, place]
        fits = here != REST or in_order(column, voice, place + self.low)
        is_likely = scores[step, place] >= least and column[voice] == here
        return bool(may and fits and is_likely)


def edit_events_of(
    config: Mapping[str, object],
    tensors: Mapping[str, Tensor],
    name: str = "",
    sha256: str = "",
) -> EditEvents:
    """Return the editor whose weights are given, see `ar_cnn.ar_cnn_of`."""
    settings = {key: value for key, value in config.items() if key != "variant"}
    network = filled(lambda: EditNet(EditNetConfig(**settings)), tensors)
    return EditEvents(network, name, sha256)
