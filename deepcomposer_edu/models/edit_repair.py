"""Which notes are a semitone or two off? What the edit network says of whole notes.

To move a note takes two edits: it is taken away at one pitch and added at another. If
the network finds both likely, in all steps of the note, it is probably a wrong note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.models.edit_draft import Draft
from deepcomposer_edu.models.edit_voices import in_order, runs_parallel
from deepcomposer_edu.music.edits import note_numbers

OFF_BY = (-2, -1, 1, 2)  # semitones by which a wrong note is off
LEAST_SCORE = 0.25  # of two chances; chosen on the validation chorales


@dataclass(frozen=True)
class WrongNote:
    """A note that is probably wrong.

    Args:
        voice: who sings it.
        steps: its steps, one after another.
        pitch: what it should probably be.
        chance: that the network gives to that pitch, the mean over the steps.
        score: that chance and the one of the sounding pitch to be wrong, together.
    """

    voice: int
    steps: np.ndarray
    pitch: int
    chance: float
    score: float


def wrong_notes(
    draft: Draft, chances: np.ndarray, low: int, done: np.ndarray
) -> list[WrongNote]:
    """Return the notes that are probably off by a semitone or two.

    Args:
        draft: the piece.
        chances: (T, P) that a cell needs an edit.
        low: MIDI number of the first of the P pitches.
        done: (4, T) bool, what was repaired before and is left alone.
    """
    numbers = note_numbers(draft.now)
    found = []
    for voice, row in enumerate(numbers):
        edges = np.flatnonzero(np.diff(row)) + 1
        for steps in np.split(np.arange(len(row)), edges):
            may = draft.task.may_change[voice, steps] & ~done[voice, steps]
            if row[steps[0]] >= 0 and may.all():
                meant = list(_meant(draft, chances, low, voice, steps))
                if meant:
                    found.append(max(meant, key=lambda note: note.score))
    return [note for note in found if note.score > LEAST_SCORE]


def _meant(
    draft: Draft, chances: np.ndarray, low: int, voice: int, steps: np.ndarray
) -> Iterator[WrongNote]:
    """Yield what a note could have been meant to be."""
    pitches = draft.pitches
    pitch = int(pitches[voice, steps[0]])
    if not 0 <= pitch - low < chances.shape[1]:
        return
    is_wrong = float(chances[steps, pitch - low].mean())
    for by in OFF_BY:
        place = pitch + by - low
        if not 0 <= place < chances.shape[1]:
            continue
        is_silent = (pitches[:, steps] != pitch + by).all(axis=0)
        chance = float((chances[steps, place] * is_silent).mean())
        if is_wrong + chance <= LEAST_SCORE:
            continue
        fits = all(in_order(pitches[:, t], voice, pitch + by) for t in steps)
        wanted = pitches.copy()
        wanted[voice, steps] = pitch + by
        if draft.task.avoid_parallels and runs_parallel(wanted, voice, steps.tolist()):
            continue
        if fits:
            yield WrongNote(voice, steps, pitch + by, chance, is_wrong + chance)
