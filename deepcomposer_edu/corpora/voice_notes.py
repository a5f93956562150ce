"""Every note of every voice as an example: what came before, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from deepcomposer_edu.music.grid import Grid, voice_notes
from deepcomposer_edu.music.score import Note


class Piece(Protocol):
    """What is needed of a piece: a chorale has it, and every piece of a genre."""

    grid: Grid
    steps_per_bar: int
    pickup: int


@dataclass(frozen=True)
class VoiceNotes:
    """The notes and rests of one voice in order.

    Args:
        pitches: MIDI numbers, -1 for a rest, shape (N,).
        lengths: in steps, shape (N,).
        places: the steps of the bar at which they begin, shape (N,).
        voice: number of the voice in its piece, the highest is 0.
    """

    pitches: np.ndarray
    lengths: np.ndarray
    places: np.ndarray
    voice: int

    def __len__(self) -> int:
        return len(self.pitches)


def read_voice(piece: Piece, voice: int) -> VoiceNotes:
    """Return the notes of one voice; what lies between two notes is one rest."""
    rows: list[tuple[int, int, int]] = []  # (start, pitch, length)
    step = 0
    for note in [
        *voice_notes(piece.grid, voice),
        Note(piece.grid.n_steps, 0, 1),  # so that a rest at the end counts as well
    ]:
        if note.start > step:
            rows.append((step, -1, int(note.start) - step))
        rows.append((int(note.start), note.pitch, int(note.duration)))
        step = int(note.end)
    starts, pitches, lengths = np.array(rows[:-1], dtype=np.int64).reshape(-1, 3).T
    places = (starts - piece.pickup) % piece.steps_per_bar
    return VoiceNotes(pitches, lengths, places, voice)


def read_voices(pieces: Iterable[Piece]) -> list[VoiceNotes]:
    """Return every voice that sings at least two notes, piece by piece."""
    voices = (
        read_voice(piece, voice)
        for piece in pieces
        for voice in range(piece.grid.n_voices)
    )
    return [voice for voice in voices if (voice.pitches >= 0).sum() >= 2]


def class_pairs(voices: Iterable[VoiceNotes], reach: int) -> np.ndarray:
    """Count how often two pitch classes stand near each other in a voice.

    Args:
        voices: what `read_voices` gave.
        reach: how many notes apart two notes may be, 1 or more.

    Returns:
        Shape (12, 12), how often each two meet; the table is symmetric.
    """
    counts = np.zeros((12, 12))
    for voice in voices:
        classes = voice.pitches[voice.pitches >= 0] % 12
        for apart in range(1, reach + 1):
            np.add.at(counts, (classes[:-apart], classes[apart:]), 1)
    return counts + counts.T
