"""Finding wrong notes and what they should have been: a noisy channel.

Somebody meant one note and played another, and what was played is seen. How likely each
note was meant follows from two numbers (Bayes; Shannon's noisy channel):

    p(meant | seen, rest) is proportional to p(meant | rest) x p(seen | meant)

The network says the first: what is likely there, given the rest of the music. The
second is an assumption, stated here: a share WRONG_SHARE of the notes is wrong, and a
wrong note lies one or two semitones off, each of the four with the same chance.

A network that has learned to doubt says more: it sees the note itself, knows that some
of what it sees is wrong, and says what was meant. That is put together with what it
says where the note is hidden.

Of a melody without any other voice, a network that learned chorales cannot say enough.
There, only notes that are foreign to the key are doubted: half of them are wrong, which
is assumed as well. Wrong notes within the key stay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.models.cell_drawing import NEAR, parallels_at
from deepcomposer_edu.models.frames import LOW, N_PITCHES, to_classes
from deepcomposer_edu.music.edits import note_numbers
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.keys import MAJOR_SCALE, scale_shares

WRONG_SHARE = 0.03  # of the notes; chosen on the validation chorales
OFFSETS = (0, -2, -1, 1, 2)  # semitones from the note that is seen to the one meant
FOREIGN_WRONG = 0.5  # of the notes of a lone melody that are foreign to its key
LONG = 8  # steps
SURE_AT_FIRST, SURE_AT_LAST = 0.95, 0.5  # probability that a change needs
# Of a network that doubts, both chosen on the validation chorales: how much its opinion
# where the note is hidden counts, and how many right notes spoilt are as bad as one
# wrong note left.
HIDDEN_WEIGHT = 0.5
LEFT_WRONG_COST = 7.0


@dataclass(frozen=True)
class SeenNote:
    """A note as it is seen.

    Args:
        voice: row of the grid.
        start: its first step.
        stop: the step after its last.
        pitch: MIDI number.
    """

    voice: int
    start: int
    stop: int
    pitch: int

    @property
    def cells(self) -> tuple[int, slice]:
        """Its place in an array (4, T)."""
        return self.voice, slice(self.start, self.stop)


def free_notes(grid: Grid, may_change: np.ndarray) -> list[SeenNote]:
    """Return the notes of which every cell may change.

    Args:
        grid: the piece, (4, T).
        may_change: (4, T) bool.
    """
    numbers = note_numbers(grid)
    lengths = _lengths(numbers, grid.sounding)
    is_free = lengths == _lengths(numbers, grid.sounding & may_change)
    # the notes are numbered as they begin, voice by voice
    begins = zip(*np.nonzero(grid.onsets), lengths, strict=True)
    return [
        SeenNote(int(voice), int(t), int(t + n), int(grid.pitches[voice, t]))
        for (voice, t, n), free in zip(begins, is_free, strict=True)
        if free
    ]


def _lengths(numbers: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return how many steps of each note count, (n notes,).

    Args:
        numbers: (4, T) which note sounds in each cell.
        counts: (4, T) bool, the cells that count; all of them sound.
    """
    return np.bincount(numbers[counts], minlength=numbers.max(initial=-1) + 1)


def foreign_classes(grid: Grid, heard: np.ndarray) -> np.ndarray:
    """Return which pitch classes are foreign to the piece, (12,) bool.

    Foreign are those outside the major scales that hold most of its notes. Long notes
    count as a half note, so that no final chord outweighs a melody.

    Args:
        grid: the piece, (4, T).
        heard: (4, T) bool, the cells that count.
    """
    lengths = _lengths(note_numbers(grid), heard & grid.sounding)
    classes = grid.pitches[grid.onsets] % 12  # of each note
    found = np.bincount(classes, np.minimum(lengths, LONG), minlength=12)
    shares = scale_shares(found)
    best = np.flatnonzero(shares >= shares.max() - 1e-9)
    return np.array(
        [all((c - tonic) % 12 not in MAJOR_SCALE for tonic in best) for c in range(12)]
    )


def brings_parallels(pitches: np.ndarray, note: SeenNote, pitch: int) -> bool:
    """Return whether a pitch in a note's place would run in parallels.

    Args:
        pitches: (4, T) MIDI numbers, -1 for a rest.
        note: whose place it is.
        pitch: MIDI number.
    """
    first = max(note.start - NEAR, 0)  # parallels are no farther away
    rows = to_classes(pitches[:, first : note.stop + NEAR])
    steps = range(note.start - first, note.stop - first)
    rows[note.voice, steps.start : steps.stop] = pitch - LOW
    rows = rows.tolist()
    return any(pitch - LOW in parallels_at(rows, note.voice, t) for t in steps)


def meant_probabilities(
    log_p: Tensor, note: SeenNote, foreign: np.ndarray | None = None
) -> dict[int, float]:
    """Return how likely each pitch was meant where a note is seen.

    The cells of a note depend on each other: taken for independent, a note of n cells
    would be n times as sure as one of a single cell. It counts as the square root of n
    cells.

    Args:
        log_p: (steps of the note, V) the network's log-probabilities of its cells.
        note: the note.
        foreign: (12,) bool, the pitch classes that are foreign to a melody without any
            other voice: only such notes are doubted then, and only notes of the key put
            in their place. None doubts every note.

    Returns:
        {pitch: probability} for the note itself and those one or two semitones off,
        together 1.
    """
    pitches = [note.pitch + offset for offset in OFFSETS]
    pitches = [p for p in pitches if 0 <= p - LOW < N_PITCHES]
    share = WRONG_SHARE
    if foreign is not None:
        share = FOREIGN_WRONG if foreign[note.pitch % 12] else 0
        pitches = [p for p in pitches if p == note.pitch or not foreign[p % 12]]
    if share == 0 or note.pitch not in pitches:
        return {note.pitch: 1.0}
    likely = log_p[:, [pitch - LOW for pitch in pitches]].mean(dim=0)
    likely = likely * (note.stop - note.start) ** 0.5
    wrong = share / (len(OFFSETS) - 1)
    seen = [1 - share if pitch == note.pitch else wrong for pitch in pitches]
    chances = (likely + torch.tensor(seen).log()).softmax(dim=0).tolist()
    return dict(zip(pitches, chances, strict=True))


def doubted_probabilities(
    doubted: Tensor, hidden: Tensor, note: SeenNote
) -> dict[int, float]:
    """Return how likely each pitch was meant, by a network that doubts what it sees.

    Args:
        doubted: (steps of the note, V) its log-probabilities where it sees the note.
        hidden: (steps of the note, V) those where the note is hidden.
        note: the note.

    Returns:
        {pitch: probability} for the note itself and those one or two semitones off,
        together 1: the first opinion times the second to the power HIDDEN_WEIGHT.
    """
    pitches = [note.pitch + offset for offset in OFFSETS]
    pitches = [p for p in pitches if 0 <= p - LOW < N_PITCHES]
    if note.pitch not in pitches:
        return {note.pitch: 1.0}
    both = (doubted + HIDDEN_WEIGHT * hidden).mean(dim=0)  # (V,)
    chances = both[[pitch - LOW for pitch in pitches]].softmax(dim=0).tolist()
    return dict(zip(pitches, chances, strict=True))


def by_cost(meant: dict[int, float], now: int) -> dict[int, float]:
    """Return the probabilities, that of what stands there LEFT_WRONG_COST times less.

    Args:
        meant: {pitch: probability}.
        now: the pitch that stands there.
    """
    costs = {p: c / (LEFT_WRONG_COST if p == now else 1) for p, c in meant.items()}
    return {p: cost / sum(costs.values()) for p, cost in costs.items()}


def needed(i: int, n: int) -> float:
    """Return how sure a change must be in a pass: what is plainest is mended first.

    Args:
        i: the pass, from 0 to n - 1.
        n: how many passes there are.
    """
    fall = (SURE_AT_FIRST - SURE_AT_LAST) * i / (0.7 * n)
    return max(SURE_AT_LAST, SURE_AT_FIRST - fall)
