"""Piano rolls that tell a held note from a repeated one.

A roll is a picture of music: which pitch sounds at which step, shape (K, T, P). One
picture cannot show whether a key stayed down or was struck again, so a second one of
the same shape marks where notes begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid, nearest_step
from deepcomposer_edu.music.score import (
    Metre,
    Note,
    Score,
    Track,
    note_name,
)

N_PITCHES = 128
MODEL_LOW, MODEL_HIGH = 36, 83  # C2 to B5: all of Bach's chorales lie within
MAX_CELLS = 1 << 27  # 128 MB a picture: a guard for memory


@dataclass(frozen=True, eq=False)
class PianoRoll:
    """Two pictures of K tracks over T steps and P pitches.

    A run of held cells always begins with an onset, and an onset is always held; the
    onsets are put right when the roll is made.

    Args:
        held: whether a pitch sounds, shape (K, T, P), bool.
        onsets: whether a note begins, shape (K, T, P), bool. Left out, every run is
            one held note.
        low: the MIDI number of the first pitch; with P = 128 it is 0.
        n_folded: how many notes were moved by octaves to fit between `low` and the top.

    Raises:
        InputError: if the shapes differ or the pitches leave MIDI's range.
    """

    held: np.ndarray
    onsets: np.ndarray | None = None
    low: int = 0
    n_folded: int = 0

    def __post_init__(self) -> None:
        held = np.array(self.held, dtype=bool)
        if held.ndim != 3:
            raise InputError(
                f"A piano roll has shape {held.shape}, but (tracks, steps, pitches) is "
                "needed; add the missing axis."
            )
        if not 0 <= self.low <= N_PITCHES - held.shape[2]:
            raise InputError(
                f"A piano roll of {held.shape[2]} pitches begins at MIDI pitch "
                f"{self.low}, but all pitches must lie from 0 to 127."
            )
        begins = held.copy()
        begins[:, 1:] &= ~held[:, :-1]
        if self.onsets is None:
            onsets = begins
        else:
            onsets = np.array(self.onsets, dtype=bool)
            if onsets.shape != held.shape:
                raise InputError(
                    f"A piano roll's onsets have shape {onsets.shape}, but its held "
                    f"notes have {held.shape}; both must be (tracks, steps, pitches)."
                )
            onsets = (onsets & held) | begins
        object.__setattr__(self, "held", held)
        object.__setattr__(self, "onsets", onsets)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PianoRoll):
            return NotImplemented
        return (
            self.low == other.low
            and np.array_equal(self.held, other.held)
            and np.array_equal(self.onsets, other.onsets)
        )

    __hash__ = None  # arrays can be changed

    @property
    def high(self) -> int:
        """The MIDI number of the last pitch."""
        return self.low + self.held.shape[2] - 1


def fold_pitch(pitch: int, low: int = MODEL_LOW, high: int = MODEL_HIGH) -> int:
    """Return the pitch moved by octaves, as few as possible, into `low` to `high`.

    >>> fold_pitch(60), fold_pitch(96), fold_pitch(24)
    (60, 72, 36)

    Raises:
        InputError: if the range is smaller than an octave.
    """
    if high - low < 11:
        raise InputError(
            f"The range {note_name(low)} to {note_name(high)} is smaller than an "
            "octave, so not every note fits; allow at least 12 pitches."
        )
    if pitch < low:
        return pitch + -(-(low - pitch) // 12) * 12
    if pitch > high:
        return pitch - -(-(pitch - high) // 12) * 12
    return pitch


def _empty(n_tracks: int, n_steps: int, n_pitches: int) -> np.ndarray:
    if n_tracks * n_steps * n_pitches > MAX_CELLS:
        raise InputError(
            f"A piano roll of {n_tracks} tracks, {n_steps} steps and {n_pitches} "
            f"pitches has more than {MAX_CELLS:,} cells; take fewer tracks or bars."
        )
    return np.zeros((n_tracks, n_steps, n_pitches), dtype=bool)


def note_span(note: Note) -> tuple[int, int]:
    """Return the step where a note is drawn from and the step where it ends.

    Both are the nearest whole steps, but every note gets at least one.

    >>> note_span(Note(4, 60, 2)), note_span(Note(4, 60, 0.25))
    ((4, 6), (4, 5))
    """
    start = nearest_step(note.start)
    return start, max(nearest_step(note.end), start + 1)


def draw_notes(
    notes: Sequence[Note], n_steps: int, low: int = 0, n_pitches: int = N_PITCHES
) -> tuple[np.ndarray, np.ndarray]:
    """Return two pictures of one track: where notes sound, and where they begin.

    A note is drawn from the first to before the second of the steps `note_span(note)`;
    what lies at or beyond `n_steps` is left out. A pitch outside the picture is moved
    in by `fold_pitch(pitch, low, low + n_pitches - 1)`.

    Args:
        notes: the notes, in any order.
        n_steps: T, the length of the pictures.
        low: MIDI number of the first pitch of the pictures.
        n_pitches: P, how many pitches they have.

    Returns:
        `held` and `onsets`, both of shape (T, P), bool. Pitch number p is in column
        p - low. A held note has one onset, at its first step.

    >>> held, onsets = draw_notes([Note(1, 62, 2)], n_steps=4, low=60, n_pitches=12)
    >>> held[:, 2].astype(int).tolist(), onsets[:, 2].astype(int).tolist()
    ([0, 1, 1, 0], [0, 1, 0, 0])
    """
    held = np.zeros((n_steps, n_pitches), dtype=bool)  # (T, P)
    onsets = np.zeros_like(held)
    for note in notes:
        start, end = note_span(note)
        pitch = fold_pitch(note.pitch, low, low + n_pitches - 1)
        held[start:end, pitch - low] = True
        onsets[start : start + 1, pitch - low] = True  # a slice: none beyond the end
    return held, onsets


def to_pianoroll(
    music: Score | Grid,
    low: int = 0,
    n_pitches: int = N_PITCHES,
    n_steps: int | None = None,
) -> PianoRoll:
    """Return the music as a piano roll, one picture for each pitched track.

    Drum tracks are left out. Starts and ends go to the nearest step, and every note
    gets at least one step. Notes outside the range are moved in by octaves; the roll's
    `n_folded` says how many.

    Args:
        music: a score, or a grid of voices.
        low: the MIDI number of the first pitch.
        n_pitches: how many pitches, at least 12.
        n_steps: length; longer music is cut. None: just long enough.

    Raises:
        InputError: if the range is too small or the roll would be too large.
    """
    if isinstance(music, Grid):
        n_steps = music.n_steps if n_steps is None else n_steps
        music = from_grid(music)
    tracks = [track for track in music.tracks if not track.is_drum]
    if n_steps is None:
        ends = (note_span(note)[1] for track in tracks for note in track.notes)
        n_steps = max(ends, default=0)
    held = _empty(len(tracks), n_steps, n_pitches)  # (K, T, P)
    onsets = np.zeros_like(held)
    for k, track in enumerate(tracks):
        held[k], onsets[k] = draw_notes(track.notes, n_steps, low, n_pitches)
    high = low + n_pitches - 1
    n_folded = sum(not low <= n.pitch <= high for t in tracks for n in t.notes)
    return PianoRoll(held, onsets, low, n_folded)


def from_pianoroll(
    roll: PianoRoll,
    tempo: float = 120.0,
    names: Sequence[str] | None = None,
    programs: Sequence[int] | None = None,
    metres: Sequence[Metre] | None = None,
    pickup: float = 0,
    velocity: int = 80,
) -> Score:
    """Return the score that a piano roll shows: one track for each picture.

    Args:
        roll: the pictures.
        tempo: quarter notes per minute.
        names: one for each track; by default Track 1, Track 2, ...
        programs: one General MIDI instrument for each track; by default the piano.
        metres: time signatures; by default 4/4.
        pickup: length in steps of an incomplete first bar.
        velocity: loudness of every note, 1 to 127.

    Raises:
        InputError: if there are not as many names or programs as tracks.
    """
    n_tracks, n_steps, _ = roll.held.shape
    names = names or [f"Track {k + 1}" for k in range(n_tracks)]
    programs = programs or [0] * n_tracks
    if not len(names) == len(programs) == n_tracks:
        raise InputError(
            f"There are {len(names)} names and {len(programs)} programs for {n_tracks} "
            "tracks; give one of each for each track."
        )
    # A note ends where its pitch begins anew or stops; one more silent step at the end
    # stops what is left.
    stops = np.ones((n_tracks, n_steps + 1, roll.held.shape[2]), dtype=bool)
    stops[:, :-1] = roll.onsets | ~roll.held
    tracks = []
    for k in range(n_tracks):
        notes = []
        for p in np.flatnonzero(roll.held[k].any(axis=0)):
            breaks = np.flatnonzero(stops[k, :, p])
            for i, start in enumerate(breaks[:-1]):
                if roll.onsets[k, start, p]:
                    duration = int(breaks[i + 1] - start)
                    notes.append(
                        Note(int(start), int(p) + roll.low, duration, velocity)
                    )
        tracks.append(Track(tuple(notes), names[k], int(programs[k])))
    return Score(
        tuple(tracks),
        tempo=tempo,
        metres=tuple(metres) if metres else (Metre(),),
        pickup=pickup,
    )


def crop_pitches(
    roll: PianoRoll, low: int = MODEL_LOW, high: int = MODEL_HIGH
) -> PianoRoll:
    """Return the roll with the pitches `low` to `high` only.

    No note is lost: those outside move in by octaves, and `n_folded` counts them.

    Raises:
        InputError: if the range is smaller than an octave.
    """
    n_tracks, n_steps, n_pitches = roll.held.shape
    held = _empty(n_tracks, n_steps, high - low + 1)
    onsets = np.zeros_like(held)
    n_folded = roll.n_folded
    for p in range(n_pitches):
        pitch = fold_pitch(roll.low + p, low, high)
        held[:, :, pitch - low] |= roll.held[:, :, p]
        onsets[:, :, pitch - low] |= roll.onsets[:, :, p]
        if pitch != roll.low + p:
            n_folded += int(roll.onsets[:, :, p].sum())
    return PianoRoll(held, onsets, low, n_folded)
