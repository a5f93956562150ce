"""Nineteen numbers that a theory teacher would look at in four voices.

They are counted without knowing key, bar lines or where repeated notes are struck, so
any music in four voices can be compared; only quarters are taken to begin at every
fourth step.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.battery import best_scale_rate, dissonant_pair_rate
from deepcomposer_edu.music.faults import BEAT, Fault, chord_steps, find_faults
from deepcomposer_edu.music.grid import Grid, to_grid
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.theory import VOICE_RANGES

MIN_STEPS = 16
MAX_STEPS = 1 << 14  # a thousand bars: more than any piece, and done in seconds
FIFTH = 7
# name -> what it is, for people
FEATURES = {
    "parallels": "parallel fifths and octaves for 100 beats",
    "clashes": "clashes that neither voice makes by step, for 100 beats",
    "foreign_notes": "foreign notes that lead nowhere, for 100 beats",
    "hard_leaps": "leaps by a tritone, a seventh or over an octave, for 100 beats",
    "chords": "share of beats that are a triad or a seventh chord",
    "dissonance": "share of pairs of voices a second, tritone or seventh apart",
    "crossing": "share of neighbouring voices that have crossed",
    "spacing": "share of upper neighbours over an octave apart",
    "range": "share of notes outside their voice's range",
    "steps": "share of the upper voices' moves that are steps",
    "bass_steps": "share of the bass's moves that are steps",
    "wide_leaps": "share of moves by more than a fifth",
    "key_fit": "share of the music inside its best major scale",
    "motion": "moves of a voice for each beat",
    "stillest_voice": "moves for each beat of the voice that moves least",
    "all_together": "share of the moves at which all four voices move at once",
    "lockstep": "share of two voices' moves that are alike",
    "contrary": "share of two voices' moves that go opposite ways",
    "off_beat": "share of moves that fall between the beats",
}
_COUNTED = {
    "parallels": ("parallel fifths", "parallel octaves"),
    "clashes": ("clash",),
    "foreign_notes": ("foreign note",),
    "hard_leaps": ("leap",),
}


def checked_voices(grid: Grid) -> Grid:
    """Return the grid if it is four voices of a bar at least, else raise.

    Raises:
        InputError: if there are not four voices, fewer than 16 steps or more than
            16,384, or a voice that never sounds.
    """
    if grid.n_voices != len(VOICE_RANGES):
        raise InputError(
            f"The number of voices is {grid.n_voices}, but the rules are for four: "
            "soprano, alto, tenor and bass; give music in four parts."
        )
    if not MIN_STEPS <= grid.n_steps <= MAX_STEPS:
        raise InputError(
            f"The music has {grid.n_steps} steps, but {MIN_STEPS} (one bar) to "
            f"{MAX_STEPS} can be judged; give a longer or shorter piece."
        )
    if not grid.sounding.any(axis=1).all():
        silent = int(np.argmin(grid.sounding.any(axis=1))) + 1
        raise InputError(
            f"Voice {silent} of the music never sounds, but all four are needed."
        )
    return grid


def score_voices(score: Score) -> Grid:
    """Return a score's pitched tracks that have notes as voices, the highest first.

    Their order in the file does not count, the mean of their pitches does. Where a
    track has chords, its highest notes count.
    """
    return to_grid(Score(tuple(score.tracks[i] for i in voice_order(score))))


def voice_order(score: Score) -> list[int]:
    """Return the numbers of the pitched tracks that have notes, the highest first."""
    tracks = score.tracks
    found = [i for i, t in enumerate(tracks) if t.notes and not t.is_drum]

    def height(i: int) -> float:
        return sum(note.pitch for note in tracks[i].notes) / len(tracks[i].notes)

    return sorted(found, key=lambda i: -height(i))


def chorale_features(
    grid: Grid, faults: Sequence[Fault] | None = None
) -> dict[str, float]:
    """Return the numbers that FEATURES describes; what cannot be counted is 0.

    Args:
        grid: four voices, the highest first, 16 steps or more.
        faults: those of the grid, if they are known already.

    Raises:
        InputError: if the grid is something else.
    """
    grid = checked_voices(grid)
    faults = find_faults(grid) if faults is None else faults
    beats = grid.n_steps / BEAT
    values = {
        name: 100 * sum(fault.name in kinds for fault in faults) / beats
        for name, kinds in _COUNTED.items()
    }
    return values | _of_chords(grid) | _of_moves(grid)


def _of_chords(grid: Grid) -> dict[str, float]:
    """Return the features that look at each step for itself."""
    pitches, sounds = grid.pitches.astype(int), grid.sounding  # (4, T)
    on_beat = np.arange(grid.n_steps) % BEAT == 0
    both = sounds[:-1] & sounds[1:]  # (3, T): neighbours
    apart = pitches[:-1] - pitches[1:]
    low, high = np.array(VOICE_RANGES).T[:, :, None]  # (4, 1) each
    return {
        "chords": _share(chord_steps(grid), on_beat & (sounds.sum(axis=0) >= 3)),
        "dissonance": float(np.nan_to_num(dissonant_pair_rate(grid))),
        "crossing": _share(apart < 0, both),
        "spacing": _share(apart[:2] > 12, both[:2]),
        "range": _share((pitches < low) | (pitches > high), sounds),
        "key_fit": float(np.nan_to_num(best_scale_rate(grid))),
    }


def _of_moves(grid: Grid) -> dict[str, float]:
    """Return the features that look at how the voices go from step to step."""
    moves = np.diff(grid.pitches.astype(int), axis=1)  # (4, T - 1)
    sounds = grid.sounding
    moved = (moves != 0) & sounds[:, 1:] & sounds[:, :-1]
    size = np.abs(moves)
    between = np.arange(1, grid.n_steps) % BEAT != 0
    pairs = list(combinations(range(len(moves)), 2))
    both = np.stack([moved[a] & moved[b] for a, b in pairs])  # (6, T - 1)
    alike = np.stack([moves[a] == moves[b] for a, b in pairs])
    opposite = np.stack([moves[a] * moves[b] < 0 for a, b in pairs])
    rate = BEAT * moved.mean(axis=1)  # (4,)
    return {
        "steps": _share(size[:3] <= 2, moved[:3]),
        "bass_steps": _share(size[3] <= 2, moved[3]),
        "wide_leaps": _share(size > FIFTH, moved),
        "motion": float(rate.mean()),
        "stillest_voice": float(rate.min()),
        "all_together": _share(moved.all(axis=0), moved.any(axis=0)),
        "lockstep": _share(alike, both),
        "contrary": _share(opposite, both),
        "off_beat": _share(np.broadcast_to(between, moved.shape), moved),
    }


def _share(is_so: np.ndarray, among: np.ndarray) -> float:
    """Return how often it is so among the chosen places; 0 if there are none."""
    n = np.count_nonzero(among)
    return float(np.count_nonzero(is_so & among) / n) if n else 0.0
