"""Which notes are probably slips? Those in whose place another would be more usual.

For every note, `models/habits.py` says how plausible it is and how plausible the four
notes would be that lie a semitone or two beside it. A logistic regression weighs both;
it was taught with the training chorales, in which single notes had been moved.

What is marked is unusual, no more: Bach has such places too, one in so many bars, and
`benchmarks/faults.py` counts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.models.habits import (
    N_VOICES,
    Habits,
    View,
    read_habits,
)
from deepcomposer_edu.music.faults import Fault, Run, find_faults, placed, runs
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Metre, note_name
from deepcomposer_edu.music.theory import place_name, voice_name

WRONG_NOTE = "wrong note"
OFF_BY = (-2, -1, 1, 2)  # semitones by which a hand slips
# How much each column of the evidence says when the likeliest other note is chosen
CHOOSING = np.array([0.5, 0.5, 0.5, 0.5, 1.0])


@dataclass(frozen=True)
class Doubt:
    """How a note looks beside its likeliest neighbour.

    Args:
        voice: row of the grid.
        run: the note.
        meant: the MIDI number that would be the most plausible beside it.
        features: evidence for the note, and what it has less than the other, (10,).
    """

    voice: int
    run: Run
    meant: int
    features: np.ndarray


def doubts(grid: Grid, habits: Habits) -> Iterator[Doubt]:
    """Yield every note of four voices with its likeliest neighbour."""
    view = View(grid, habits)
    for voice in range(N_VOICES):
        for run in runs(grid, voice):
            yield doubt_about(view, voice, run)


def doubt_about(view: View, voice: int, run: Run) -> Doubt:
    """Return one note with its likeliest neighbour."""
    pitches = np.clip(run.pitch + np.array([0, *OFF_BY]), 0, 127)
    found = view.evidence(voice, run, pitches)  # (5, N_EVIDENCE)
    lead = found[0] - found[1:]  # (4, N_EVIDENCE)
    best = int((lead @ CHOOSING).argmin())
    features = np.concatenate([found[0], lead[best]])
    return Doubt(voice, run, int(pitches[1 + best]), features)


def wrong_notes(
    grid: Grid, metre: Metre | None = None, pickup: float = 0
) -> list[Fault]:
    """Return the notes that are probably slips, in order of time.

    Args:
        grid: the voices; of other than four nothing is known, so nothing is found.
        metre: the time signature for bars and beats, by default 4/4.
        pickup: length in steps of an incomplete first bar.
    """
    if grid.n_voices != N_VOICES or not grid.n_steps:
        return []
    stored = read_habits()
    weights, limit = np.array(stored["weights"]), float(stored["limit"])
    found = []
    for doubt in doubts(grid, stored["habits"]):
        if doubt.features @ weights > limit:
            found.append(_fault(doubt, metre, pickup))
    return sorted(found)


def _fault(doubt: Doubt, metre: Metre | None, pickup: float) -> Fault:
    step = doubt.run.start
    who = voice_name(doubt.voice, N_VOICES)
    sung, meant = note_name(doubt.run.pitch), note_name(doubt.meant)
    where = place_name(step, metre, pickup)
    sentence = f"{where}: {who} sings {sung}, where {meant} would be more usual"
    return placed(step, (doubt.voice,), WRONG_NOTE, sentence, metre, pickup)


def teacher_marks(
    grid: Grid, metre: Metre | None = None, pickup: float = 0
) -> list[Fault]:
    """Return all that a teacher would mark: broken rules and probable slips.

    Args:
        grid: the voices, the highest first; slips are looked for if there are four.
        metre: the time signature for bars and beats, by default 4/4.
        pickup: length in steps of an incomplete first bar.
    """
    rules = find_faults(grid, metre, pickup)
    return sorted([*rules, *wrong_notes(grid, metre, pickup)])
