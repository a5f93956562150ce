"""What a network that edits must leave alone: voices, bars, single notes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.compose.edit_desk.layout import N_VOICES, Bars, note_span
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import VOICE_NAMES, Grid
from deepcomposer_edu.music.locks import (
    STEPS_PER_BEAT,
    parse_bars,
    parse_notes,
    parse_voices,
)


@dataclass(frozen=True)
class Locks:
    """What must not change.

    Args:
        voices: 0 the soprano to 3 the bass.
        bars: places among the bars of the piece, from 0.
        notes: single notes, as (voice, a step at which the note sounds).
    """

    voices: frozenset[int] = frozenset()
    bars: frozenset[int] = frozenset()
    notes: frozenset[tuple[int, int]] = frozenset()


def locked_cells(grid: Grid, bars: Bars, locks: Locks) -> np.ndarray:
    """Return which cells must not change, (4, T); unknown places are ignored.

    Args:
        grid: the piece, (4, T).
        bars: its bars.
        locks: what is locked.
    """
    cells = np.zeros(grid.pitches.shape, dtype=bool)
    cells[[voice for voice in locks.voices if 0 <= voice < N_VOICES]] = True
    for place in locks.bars:
        if 0 <= place < len(bars):
            start, end, _ = bars[place]
            cells[:, start:end] = True
    for voice, step in locks.notes:
        span = note_span(grid, voice, step)
        if span is not None:
            cells[voice, slice(*span)] = True
    return cells


def find_locks(
    grid: Grid, bars: Bars, voices: str = "", named: str = "", notes: str = ""
) -> Locks:
    """Return locks on what texts name.

    Args:
        grid: the piece, (4, T).
        bars: its bars.
        voices: such as "soprano bass".
        named: bars such as "3, 5-8"; 0 is an incomplete first bar.
        notes: such as "bass 5:1": voice, bar and beat of each.

    Raises:
        InputError: if there is no such voice, bar or note.
    """
    places = {number - 1: place for place, (_, _, number) in enumerate(bars)}
    found = set()
    for voice, bar, beat in parse_notes(notes):
        start = bars[places[bar]][0] if bar in places else grid.n_steps
        span = note_span(grid, voice, start + int(beat * STEPS_PER_BEAT))
        if span is None:
            raise InputError(
                f"The {VOICE_NAMES[voice].lower()} sings no note in bar {bar + 1}, "
                f"beat {beat + 1:g}, so none can be locked there."
            )
        found.add((voice, span[0]))
    whole = parse_bars(named, max(places) + 1, has_upbeat=-1 in places)
    return Locks(
        frozenset(parse_voices(voices)),
        frozenset(places[bar] for bar in whole),
        frozenset(found),
    )
