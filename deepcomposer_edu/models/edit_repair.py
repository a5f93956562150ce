"""Which notes are a semitone or two off? What the edit network says of whole notes.

A note is suspect if the network would take it away. Then the network is asked again,
with the note taken away: if it would rather add one that is a semitone or two off than
the same again, that one was meant. Both answers count, as odds that are multiplied.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.models.edit_draft import Draft
from deepcomposer_edu.models.edit_voices import in_order, runs_parallel
from deepcomposer_edu.music.edits import note_numbers
from deepcomposer_edu.music.grid import REST

OFF_BY = (-2, -1, 1, 2)  # semitones by which a wrong note is off
N_SUSPECTS = 16  # of which the network is asked again in a pass, most suspect first
LEAST_CHANCE = 0.04  # of a suspect note to be wrong
LEAST_SCORE = 0.0  # ln of the odds at which a note is moved: as likely as not
TINY = 1e-4  # stands for chances that are smaller, or of notes that are taken


@dataclass(frozen=True)
class Suspect:
    """A note that may be wrong.

    Args:
        voice: who sings it.
        steps: its steps, one after another.
        pitch: MIDI number.
        chance: to be wrong, the mean over the steps.
    """

    voice: int
    steps: np.ndarray
    pitch: int
    chance: float


@dataclass(frozen=True)
class Repair:
    """A wrong note and what was probably meant.

    Args:
        note: the note.
        pitch: MIDI number that was meant.
        chance: that the network gives to it where the note is taken away.
        score: ln of the odds that it was meant.
    """

    note: Suspect
    pitch: int
    chance: float
    score: float


def suspects(
    draft: Draft, chances: np.ndarray, low: int, done: np.ndarray
) -> list[Suspect]:
    """Return the notes that are most likely wrong, at most N_SUSPECTS.

    Args:
        draft: the piece.
        chances: (T, P) that a cell needs an edit.
        low: MIDI number of the first of the P pitches.
        done: (4, T) bool, what was repaired before and is left alone.
    """
    found = [
        Suspect(v, steps, pitch, float(chances[steps, pitch - low].mean()))
        for v, steps, pitch in _notes(draft, done)
        if 0 <= pitch - low < chances.shape[1]
    ]
    found = [note for note in found if note.chance > LEAST_CHANCE]
    return sorted(found, key=lambda note: -note.chance)[:N_SUSPECTS]


def _notes(draft: Draft, done: np.ndarray) -> Iterator[tuple[int, np.ndarray, int]]:
    """Yield voice, steps and pitch of each note that may be moved."""
    for voice, row in enumerate(note_numbers(draft.now)):
        edges = np.flatnonzero(np.diff(row)) + 1
        for steps in np.split(np.arange(len(row)), edges):
            may = draft.task.may_change[voice, steps] & ~done[voice, steps]
            if may.all() and row[steps[0]] >= 0:
                yield voice, steps, int(draft.pitches[voice, steps[0]])


def without(pitches: np.ndarray, note: Suspect) -> np.ndarray:
    """Return the pitches, (4, T), with a note taken away."""
    left = pitches.copy()
    left[note.voice, note.steps] = REST
    return left


def repairs(
    draft: Draft, notes: Sequence[Suspect], chances: np.ndarray, low: int
) -> list[Repair]:
    """Return for each suspect note what was meant, where that is likely enough.

    Args:
        draft: the piece.
        notes: N suspect notes.
        chances: (N, T, P) that a cell needs an edit, where that note is taken away.
        low: MIDI number of the first of the P pitches.
    """
    found = []
    for note, chance in zip(notes, chances, strict=True):
        meant = list(_meant(draft, note, chance, low))
        if meant:
            found.append(max(meant, key=lambda repair: repair.score))
    return [repair for repair in found if repair.score > LEAST_SCORE]


def _meant(
    draft: Draft, note: Suspect, chances: np.ndarray, low: int
) -> Iterator[Repair]:
    """Yield what a note could have been meant to be."""
    others = without(draft.pitches, note)[:, note.steps]

    def chance_of(pitch: int) -> float:
        is_free = (others != pitch).all(axis=0)  # a roll shows a unison only once
        here = np.where(is_free, chances[note.steps, pitch - low], TINY)
        return max(float(here.mean()), TINY)

    odds = note.chance / max(1 - note.chance, TINY)
    for pitch in (note.pitch + by for by in OFF_BY):
        if 0 <= pitch - low < chances.shape[1] and _may_sing(draft, note, pitch):
            score = math.log(odds * chance_of(pitch) / chance_of(note.pitch))
            yield Repair(note, pitch, chance_of(pitch), score)


def _may_sing(draft: Draft, note: Suspect, pitch: int) -> bool:
    """Return whether a note may be moved there: no new crossing, no parallels."""
    wanted = draft.pitches.copy()
    wanted[note.voice, note.steps] = pitch
    if draft.task.avoid_parallels and runs_parallel(
        wanted, note.voice, note.steps.tolist()
    ):
        return False
    was = (in_order(draft.pitches[:, t], note.voice, note.pitch) for t in note.steps)
    return not all(was) or all(
        in_order(draft.pitches[:, t], note.voice, pitch) for t in note.steps
    )
