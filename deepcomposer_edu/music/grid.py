"""Voices on the sixteenth grid: what the models read and write.

A grid holds K monophonic voices over T steps. Two arrays say everything: which pitch
sounds in each cell, and whether a note begins there. A held note begins once; the same
note struck again begins twice. That difference is lost when only pitches are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Metre, Note, Score, Track

REST = -1
MAX_GRID_STEPS = 1 << 20  # 65,536 bars of 4/4: a guard for memory, not for music
VOICE_NAMES = ("Soprano", "Alto", "Tenor", "Bass")


@dataclass(frozen=True, eq=False)
class Grid:
    """K monophonic voices over T steps of a sixteenth, the highest voice first.

    Wherever the pitch changes, and at step 0, a sounding cell begins a note; a rest
    never does. Onsets that say otherwise are put right when the grid is made, so the
    onsets that you choose are those of repeated notes.

    Args:
        pitches: MIDI numbers, shape (K, T), int16; -1 is a rest.
        onsets: whether a note begins in the cell, shape (K, T), bool. Left out, every
            run of one pitch is one held note.

    Raises:
        InputError: if the shapes differ or a pitch lies outside -1 to 127.
    """

    pitches: np.ndarray
    onsets: np.ndarray | None = None

    def __post_init__(self) -> None:
        given = np.asarray(self.pitches)
        if given.ndim != 2:
            raise InputError(
                f"A grid's pitches have shape {given.shape}, but (voices, steps) is "
                "needed; add the missing axis."
            )
        if given.size and not (given.min() >= REST and given.max() <= 127):
            raise InputError(
                f"A grid's pitches go from {given.min()} to {given.max()}, but MIDI "
                "pitches go from 0 to 127, with -1 for a rest."
            )
        pitches = np.array(given, dtype=np.int16)  # (K, T)
        changes = np.ones(pitches.shape, dtype=bool)
        changes[:, 1:] = pitches[:, 1:] != pitches[:, :-1]
        if self.onsets is None:
            struck = changes
        else:
            struck = np.array(self.onsets, dtype=bool)
            if struck.shape != pitches.shape:
                raise InputError(
                    f"A grid's onsets have shape {struck.shape}, but its pitches have "
                    f"{pitches.shape}; both must be (voices, steps)."
                )
            struck = struck | changes
        object.__setattr__(self, "pitches", pitches)
        object.__setattr__(self, "onsets", struck & (pitches != REST))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Grid):
            return NotImplemented
        return np.array_equal(self.pitches, other.pitches) and np.array_equal(
            self.onsets, other.onsets
        )

    __hash__ = None  # arrays can be changed

    @property
    def n_voices(self) -> int:
        """K, the number of voices."""
        return self.pitches.shape[0]

    @property
    def n_steps(self) -> int:
        """T, the number of steps."""
        return self.pitches.shape[1]

    @property
    def sounding(self) -> np.ndarray:
        """Whether a note sounds in each cell, shape (K, T), bool."""
        return self.pitches != REST

    def crop(self, start: int, stop: int) -> Grid:
        """Return the steps from `start` up to `stop`; a note cut in two begins anew."""
        return Grid(self.pitches[:, start:stop], self.onsets[:, start:stop])

    def voices(self, *indices: int) -> Grid:
        """Return a grid of the chosen voices, in the order given."""
        chosen = list(indices)
        return Grid(self.pitches[chosen], self.onsets[chosen])

    def transposed(self, semitones: int) -> Grid:
        """Return the grid moved by `semitones`; rests stay rests.

        Raises:
            InputError: if a note would leave the MIDI range 0 to 127.
        """
        pitches = self.pitches.astype(int)
        moved = np.where(self.sounding, pitches + semitones, pitches)
        if (moved[self.sounding] < 0).any():
            raise InputError(
                f"Moving the music by {semitones} semitones takes a note below MIDI "
                "pitch 0; choose a smaller step."
            )
        return Grid(moved, self.onsets)


def stacked(grids: Iterable[Grid]) -> Grid:
    """Return one grid with the voices of all, from the first grid's down."""
    grids = list(grids)
    return Grid(
        np.concatenate([grid.pitches for grid in grids]),
        np.concatenate([grid.onsets for grid in grids]),
    )


def nearest_step(position: float) -> int:
    """Return the whole step nearest to `position`; a half goes up."""
    return floor(position + 0.5)


def _voice_owners(notes: Sequence[Note], n_steps: int) -> np.ndarray:
    """Return which note sounds in each step, shape (T,), -1 for none."""
    spans = [(nearest_step(note.start), nearest_step(note.end)) for note in notes]
    owners = np.full(n_steps, -1)
    # the highest note is painted last; of equal pitches, the one that starts later
    order = sorted(range(len(notes)), key=lambda i: (notes[i].pitch, notes[i].start, i))
    for i in order:
        start, end = spans[i]
        if end > start:
            owners[start:end] = i
    # Notes shorter than the grid can show: a free step, or one taken from a longer
    # note that is lower or has in truth just ended.
    for i in order:
        start, end = spans[i]
        if end > start:
            continue
        for step in (floor(notes[i].start), start):
            if step >= n_steps:
                continue
            rival = owners[step]
            if rival < 0:
                owners[step] = i
                break
            overlaps = notes[rival].start < notes[i].end and (
                notes[rival].end > notes[i].start
            )
            is_hidden = overlaps and notes[rival].pitch >= notes[i].pitch
            if not is_hidden and np.count_nonzero(owners == rival) > 1:
                owners[step] = i
                break
    return owners


def to_grid(score: Score, n_steps: int | None = None) -> Grid:
    """Return the score on the sixteenth grid, one voice for each pitched track.

    Drum tracks are left out. Starts and ends go to the nearest step. Where notes of one
    track sound together, the highest wins. A note too short for the grid gets one step
    if that costs no other note its only step, else it is left out.

    Args:
        score: the music.
        n_steps: length of the grid; longer music is cut, shorter filled with rests.
            None: just long enough for every note.

    Returns:
        A grid with K = number of pitched tracks.

    Raises:
        InputError: if the music is longer than MAX_GRID_STEPS.
    """
    tracks = [track for track in score.tracks if not track.is_drum]
    ends = [
        max(floor(n.start) + 1, nearest_step(n.end)) for t in tracks for n in t.notes
    ]
    needed = max(ends, default=0)
    if max(needed, n_steps or 0) > MAX_GRID_STEPS:
        raise InputError(
            f"The music is {max(needed, n_steps or 0)} steps long, but at most "
            f"{MAX_GRID_STEPS} fit on a grid; cut it into shorter pieces."
        )
    length = needed if n_steps is None else n_steps
    pitches = np.full((len(tracks), length), REST, dtype=np.int16)  # (K, T)
    onsets = np.zeros((len(tracks), length), dtype=bool)
    for k, track in enumerate(tracks):
        owners = _voice_owners(track.notes, max(needed, 1))[:length]  # (T,)
        sounding = owners >= 0
        heights = np.array([note.pitch for note in track.notes], dtype=np.int16)
        if sounding.any():
            pitches[k, : len(owners)][sounding] = heights[owners[sounding]]
        begins = np.ones(len(owners), dtype=bool)
        begins[1:] = owners[1:] != owners[:-1]
        onsets[k, : len(owners)] = begins & sounding
    return Grid(pitches, onsets)


def voice_notes(grid: Grid, voice: int, velocity: int = 80) -> list[Note]:
    """Return the notes of one voice of a grid, in order of time.

    A note begins wherever `grid.onsets` says so. It lasts until the next note begins,
    until the voice rests, or until the grid ends.

    Args:
        grid: the voices; `grid.pitches` has shape (K, T), with REST (-1) for a rest,
            `grid.onsets` too, and `grid.n_steps` is T.
        voice: which row of the grid, from 0.
        velocity: loudness of every note, 1 to 127.

    Returns:
        Notes with whole steps: Note(start, pitch, duration, velocity).

    >>> voice_notes(Grid([[60, 60, REST, 64]]), voice=0)[1]
    Note(start=3, pitch=64, duration=1, velocity=80)
    """
    row, onsets = grid.pitches[voice], grid.onsets[voice]
    # a note ends where the next begins or where the voice rests
    breaks = np.flatnonzero(onsets | (row == REST))
    notes = []
    for i, start in enumerate(breaks):
        if onsets[start]:
            end = breaks[i + 1] if i + 1 < len(breaks) else grid.n_steps
            note = Note(int(start), int(row[start]), int(end - start), velocity)
            notes.append(note)
    return notes


def from_grid(
    grid: Grid,
    tempo: float = 120.0,
    names: Sequence[str] | None = None,
    programs: Sequence[int] | None = None,
    metres: Sequence[Metre] | None = None,
    pickup: float = 0,
    velocity: int = 80,
    title: str = "",
) -> Score:
    """Return the score that a grid stands for: one track for each voice.

    Args:
        grid: the voices.
        tempo: quarter notes per minute.
        names: one for each voice; by default Soprano, Alto, Tenor, Bass for four
            voices, Melody for one, else Voice 1, Voice 2, ...
        programs: one General MIDI instrument for each voice; by default the piano.
        metres: time signatures; by default 4/4.
        pickup: length in steps of an incomplete first bar.
        velocity: loudness of every note, 1 to 127.
        title: name of the piece.

    Returns:
        The score; `to_grid` of it is the same grid.

    Raises:
        InputError: if there are not as many names or programs as voices.
    """
    n_voices = grid.n_voices
    if names is None:
        default = {1: ("Melody",), 4: VOICE_NAMES}
        numbered = tuple(f"Voice {i + 1}" for i in range(n_voices))
        names = default.get(n_voices, numbered)
    if programs is None:
        programs = (0,) * n_voices
    for what, given in (("names", names), ("programs", programs)):
        if len(given) != n_voices:
            raise InputError(
                f"There are {len(given)} {what} for {n_voices} voices; "
                "give one for each voice."
            )
    tracks = tuple(
        Track(tuple(voice_notes(grid, k, velocity)), names[k], int(programs[k]))
        for k in range(n_voices)
    )
    return Score(
        tracks,
        tempo=tempo,
        metres=tuple(metres) if metres else (Metre(),),
        pickup=pickup,
        title=title,
    )
