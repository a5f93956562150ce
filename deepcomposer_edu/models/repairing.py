"""Finding wrong notes and what they should have been: a noisy channel.

Somebody meant one note and played another, and what was played is seen. How likely each
note was meant follows from two numbers (Bayes; Shannon's noisy channel):

    p(meant | seen, rest) is proportional to p(meant | rest) x p(seen | meant)

The network says the first: what is likely there, given the rest of the music. Of a
melody alone it cannot say much, so there it also counts how often the piece itself
sounds each pitch class: a wrong note is often foreign to its key. The second is an
assumption, stated here: a share WRONG_SHARE of the notes is wrong, and a wrong note
lies one or two semitones off, each of the four with the same chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.models.frames import LOW, N_PITCHES
from deepcomposer_edu.music.edits import note_numbers
from deepcomposer_edu.music.grid import Grid

WRONG_SHARE = 0.1  # of the notes
OFFSETS = (0, -2, -1, 1, 2)  # semitones from the note that is seen to the one meant
HOME_WEIGHT = 2.0  # of the piece's own pitch classes, beside the network's word
AT_LEAST = 2.0  # steps that every pitch class counts as sounding
LONG = 8  # steps
SURE_AT_FIRST, SURE_AT_LAST = 0.95, 0.5  # probability that a change needs


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
    found = []
    for number in np.unique(numbers[(numbers >= 0) & may_change]).tolist():
        voices, steps = np.nonzero(numbers == number)
        if may_change[voices, steps].all():
            voice, start, stop = int(voices[0]), int(steps[0]), int(steps[-1]) + 1
            pitch = int(grid.pitches[voice, start])
            found.append(SeenNote(voice, start, stop, pitch))
    return found


def home_chances(grid: Grid, heard: np.ndarray) -> np.ndarray:
    """Return how long each pitch class sounds, (4, 12) steps: per voice that is heard.

    Long notes count as a half note, so that no final chord outweighs a melody.

    Args:
        grid: the piece, (4, T).
        heard: (4, T) bool, the cells that count.
    """
    numbers = note_numbers(grid)
    found = np.zeros((4, 12))
    for voice in range(4):
        row = np.where(heard[voice], numbers[voice], -1)
        notes, counts = np.unique(row[row >= 0], return_counts=True)
        for note, n_steps in zip(notes, counts, strict=True):
            pitch = grid.pitches[voice][row == note][0]
            found[voice, pitch % 12] += min(n_steps, LONG)
    return found


def meant_probabilities(
    log_p: Tensor, note: SeenNote, home: np.ndarray | None = None
) -> dict[int, float]:
    """Return how likely each pitch was meant where a note is seen.

    The cells of a note depend on each other: taken for independent, a note of n cells
    would be n times as sure as one of a single cell. It counts as the square root of n
    cells.

    Args:
        log_p: (steps of the note, V) the network's log-probabilities of its cells.
        note: the note.
        home: (12,) how long the piece sounds each pitch class, this note left out;
            None leaves all to the network.

    Returns:
        {pitch: probability} for the note itself and those one or two semitones off,
        together 1.
    """
    pitches = [note.pitch + offset for offset in OFFSETS]
    pitches = [p for p in pitches if 0 <= p - LOW < N_PITCHES]
    if note.pitch not in pitches:
        return {note.pitch: 1.0}
    likely = log_p[:, [pitch - LOW for pitch in pitches]].mean(dim=0)
    likely = likely * (note.stop - note.start) ** 0.5
    wrong = WRONG_SHARE / (len(OFFSETS) - 1)
    seen = [1 - WRONG_SHARE if pitch == note.pitch else wrong for pitch in pitches]
    scores = likely + torch.tensor(seen).log()
    if home is not None:
        at_home = np.log(home + AT_LEAST)[[pitch % 12 for pitch in pitches]]
        scores = scores + HOME_WEIGHT * torch.from_numpy(at_home)
    return dict(zip(pitches, scores.softmax(dim=0).tolist(), strict=True))


def needed(i: int, n: int) -> float:
    """Return how sure a change must be in a pass: what is plainest is mended first.

    Args:
        i: the pass, from 0 to n - 1.
        n: how many passes there are.
    """
    fall = (SURE_AT_FIRST - SURE_AT_LAST) * i / (0.7 * n)
    return max(SURE_AT_LAST, SURE_AT_FIRST - fall)
