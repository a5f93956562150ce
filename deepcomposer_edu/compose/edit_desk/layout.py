"""A piece laid out for editing: four voices in whole bars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bars import bar_lines
from deepcomposer_edu.music.grid import REST, VOICE_NAMES, Grid, from_grid, to_grid
from deepcomposer_edu.music.score import Score

N_VOICES = len(VOICE_NAMES)
MAX_BARS = 256  # of the piece at hand
Bars = tuple[tuple[int, int, int], ...]  # start and end in steps, number


def laid_out(score: Score) -> tuple[Grid, Bars]:
    """Return a score as four voices in whole bars, (4, T), and the bars.

    Args:
        score: one to four voices, the highest first; drums are left out. Voices that
            are missing rest.

    Raises:
        InputError: if there is no note, more than four voices or more than 256 bars.
    """
    n_voices = sum(not track.is_drum for track in score.tracks)
    if not 1 <= n_voices <= N_VOICES:
        raise InputError(
            f"The music has {n_voices} voices, but the network knows four (soprano, "
            "alto, tenor, bass); give it one to four tracks, the highest first."
        )
    lines = pairwise(bar_lines(score))
    bars = tuple((round(start), round(end), n) for (start, n), (end, _) in lines)
    if len(bars) > MAX_BARS:
        raise InputError(
            f"The music has {len(bars)} bars, but at most {MAX_BARS} can be edited at "
            "once; give a part of it."
        )
    grid = to_grid(score, bars[-1][1])
    if not grid.sounding.any():
        raise InputError("The music has no notes, so there is nothing to edit.")
    return _padded(grid, N_VOICES - n_voices, 0), bars


def longer(grid: Grid, bars: Bars, n_bars: int, length: int) -> tuple[Grid, Bars]:
    """Return a piece with bars of rests at its end, and all bars.

    Args:
        grid: the cells, (K, T).
        bars: the bars so far.
        n_bars: how many are added.
        length: of each new one, in steps.

    Raises:
        InputError: if there would be more than 256.
    """
    if len(bars) + n_bars > MAX_BARS:
        raise InputError(
            f"The piece has {len(bars)} bars; with {n_bars} more it would have more "
            f"than {MAX_BARS}, which is the most."
        )
    _, end, number = bars[-1]
    starts = range(end, end + n_bars * length, length)
    added = [(s, s + length, number + i) for i, s in enumerate(starts, start=1)]
    return _padded(grid, 0, n_bars * length), (*bars, *added)


def _padded(grid: Grid, n_voices: int, n_steps: int) -> Grid:
    """Return a grid with voices and steps of rests behind the last."""
    room = ((0, n_voices), (0, n_steps))
    pitches = np.pad(grid.pitches, room, constant_values=REST)
    return Grid(pitches, np.pad(grid.onsets, room))


def note_span(grid: Grid, voice: int, step: int) -> tuple[int, int] | None:
    """Return where the note begins and ends that sounds there; None for a rest.

    >>> note_span(Grid([[60, 60, 62]]), voice=0, step=1)
    (0, 2)
    """
    if not (0 <= voice < grid.n_voices and 0 <= step < grid.n_steps):
        return None
    pitches, onsets = grid.pitches[voice], grid.onsets[voice]
    if pitches[step] == REST:
        return None
    start = int(np.flatnonzero(onsets[: step + 1])[-1])
    breaks = np.flatnonzero(onsets[start + 1 :] | (pitches[start + 1 :] == REST))
    return start, start + 1 + int(breaks[0]) if breaks.size else grid.n_steps


def _checked_note(note: object, n_steps: int) -> tuple[int, int, int, int]:
    """Return (voice, start, steps, pitch) as whole numbers, or refuse it.

    Args:
        note: what was given.
        n_steps: length of the piece.

    Raises:
        InputError: if there is no such voice, place or pitch.
    """
    try:
        voice, start, length, pitch = (int(value) for value in note)
    except (TypeError, ValueError):
        voice, start, length, pitch = -1, -1, 0, -2
    is_there = 0 <= voice < N_VOICES and 0 <= start < n_steps
    if not is_there or length < 1 or not REST <= pitch <= 127:
        raise InputError(
            f"A note was given as {str(note)[:60]}, but it is (voice 0 to 3, start 0 "
            f"to {n_steps - 1}, steps from 1, pitch 0 to 127 or -1 for a rest)."
        )
    return voice, start, length, pitch


def written(grid: Grid, notes: Iterable[tuple[int, int, int, int]]) -> Grid:
    """Return a grid with notes written over what its voices sing there.

    Args:
        grid: (4, T).
        notes: (voice, start, n_steps, pitch) of each, pitch -1 for a rest. What reaches
            beyond the end is cut; a note that is cut in two begins anew.

    Raises:
        InputError: if there is no such voice, place or pitch.
    """
    pitches, onsets = grid.pitches.copy(), grid.onsets.copy()
    for note in notes:
        voice, start, n_steps, pitch = _checked_note(note, grid.n_steps)
        end = min(start + n_steps, grid.n_steps)
        if end < grid.n_steps and pitches[voice, end] != REST:
            onsets[voice, end] = True
        pitches[voice, start:end] = pitch
        onsets[voice, start:end] = False
        onsets[voice, start] = pitch != REST
    return Grid(pitches, onsets)


def merged(before: Grid, now: Grid, after: Grid, may_change: np.ndarray) -> Grid:
    """Return edits of a grid, but not where somebody has changed it meanwhile.

    Args:
        before: (4, T) as the network saw it.
        now: (4, T) as it is by now.
        after: (4, T) or longer, as the network left it.
        may_change: of the shape of `after`; elsewhere all stays as it is now.
    """
    n_steps = now.n_steps
    pitches, onsets = after.pitches.copy(), after.onsets.copy()
    is_same = (now.pitches == before.pitches) & (now.onsets == before.onsets)
    kept = ~(is_same & may_change[:, :n_steps])
    pitches[:, :n_steps][kept] = now.pitches[kept]
    onsets[:, :n_steps][kept] = now.onsets[kept]
    return Grid(pitches, onsets)


def dressed(grid: Grid, frame: Score) -> Score:
    """Return cells as a score with the tempo, metres and instruments of another.

    Args:
        grid: (4, T).
        frame: where they come from; voices that it has not get its last instrument.
    """
    programs = [track.program for track in frame.tracks if not track.is_drum]
    programs += [programs[-1]] * (N_VOICES - len(programs))
    score = from_grid(
        grid,
        frame.tempo,
        programs=programs,
        metres=frame.metres,
        pickup=frame.pickup,
        title=frame.title,
    )
    return replace(score, tempo_changes=frame.tempo_changes)
