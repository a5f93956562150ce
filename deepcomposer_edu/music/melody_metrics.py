"""What a melody is like in numbers: how it repeats, how far it reaches, how it moves.

They tell apart what one hears at once: a model that is stuck on one note, one that
jumps about, one that never comes back to anything.
"""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid, voice_notes
from deepcomposer_edu.music.keys import scale_shares

NAMES = {
    "repeated_notes": "notes on the pitch of the one before",
    "longest_run": "most notes in a row on one pitch",
    "repeated_bars": "bars that were heard before, note for note",
    "range": "semitones from the lowest to the highest note",
    "pitches": "different pitches",
    "mean_interval": "semitones from note to note",
    "steps": "moves by one or two semitones",
    "leaps": "moves by more than a fifth",
    "scale": "notes in the major scale that fits best",
    "notes_per_quarter": "notes a quarter",
}


def melody_statistics(grid: Grid, steps_per_bar: int = 16) -> dict[str, float]:
    """Return the statistics of NAMES for a melody that begins with a bar.

    Args:
        grid: one voice, (1, T), of at least two notes.
        steps_per_bar: length of a bar in steps.

    Returns:
        Shares from 0 to 1 for "repeated_notes", "repeated_bars", "steps", "leaps" and
        "scale"; semitones for "range" and "mean_interval"; numbers for the others.

    Raises:
        InputError: if it is not one voice or has fewer than two notes.
    """
    if grid.n_voices != 1:
        raise InputError(
            f"These are {grid.n_voices} voices, but the statistics are those of one "
            "melody; give a grid of one voice, (1, T)."
        )
    notes = voice_notes(grid, 0)
    if len(notes) < 2:
        raise InputError(
            f"The melody has {len(notes)} notes, but two are needed to tell how it "
            "moves; give a longer one."
        )
    pitches = np.array([note.pitch for note in notes])
    moves = np.abs(np.diff(pitches))
    moving = moves[moves > 0]
    return {
        "repeated_notes": float(np.mean(moves == 0)),
        "longest_run": float(longest_run(pitches)),
        "repeated_bars": repeated_bars(grid, steps_per_bar),
        "range": float(pitches.max() - pitches.min()),
        "pitches": float(len(np.unique(pitches))),
        "mean_interval": float(moves.mean()),
        "steps": float(np.mean(moving <= 2)) if moving.size else 0.0,
        "leaps": float(np.mean(moving > 7)) if moving.size else 0.0,
        "scale": _best_scale(pitches),
        "notes_per_quarter": 4 * len(notes) / grid.n_steps,
    }


def longest_run(pitches: np.ndarray) -> int:
    """Return how many notes in a row have one pitch, at most.

    >>> longest_run(np.array([60, 60, 62, 62, 62, 60]))
    3
    """
    ends = np.flatnonzero(np.diff(pitches) != 0)
    return int(np.diff(np.concatenate([[-1], ends, [len(pitches) - 1]])).max())


def repeated_bars(grid: Grid, steps_per_bar: int) -> float:
    """Return the share of whole bars, but the first, that an earlier one was like.

    Silent bars do not count.

    >>> repeated_bars(Grid([[60, 62, 60, 62, 64, 65]], [[1] * 6]), 2)
    0.5
    """
    heard: set[bytes] = set()
    found = []
    for start in range(0, grid.n_steps - steps_per_bar + 1, steps_per_bar):
        bar = grid.crop(start, start + steps_per_bar)
        if not bar.sounding.any():
            continue
        name = bar.pitches.tobytes() + bar.onsets.tobytes()
        found.append(name in heard)
        heard.add(name)
    return float(np.mean(found[1:])) if len(found) > 1 else 0.0


def _best_scale(pitches: np.ndarray) -> float:
    """Return the share of notes in the major scale that holds most of them."""
    counts = np.bincount(pitches[pitches != REST] % 12, minlength=12)
    return float(scale_shares(counts).max())
