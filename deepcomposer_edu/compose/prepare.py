"""From any score to the one melody that the models hear, by rules that are told.

The models know one voice on the sixteenth grid, in C major or A minor, in a soprano's
range. Real files hold chords, several tracks, triplets and other metres. Each rule here
that changes what the models hear adds one sentence to `Melody.notes`; the given notes
themselves always come back unchanged in the composition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from deepcomposer_edu.compose.melody_track import choose_track, top_line
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, nearest_step, to_grid
from deepcomposer_edu.music.keys import Key, find_key
from deepcomposer_edu.music.pianoroll import fold_pitch
from deepcomposer_edu.music.score import STEPS_PER_BAR, Metre, Score, Track, note_name
from deepcomposer_edu.music.theory import octaves_to_soprano
from deepcomposer_edu.music.words import counted

MAX_STEPS = 16_384  # 1,024 bars of 4/4: what one composition may last in steps ...
MAX_SECONDS = 1200  # ... and in sound, so that WAV and memory stay in reason
MAX_MELODY_NOTES = 20_000

# What the sopranos of Bach's chorales sing, moved to C major or A minor: notes outside
# are folded by octaves.
HEARD_RANGE = (53, 83)


@dataclass(frozen=True)
class Melody:
    """A given melody, and what the models hear of it.

    Args:
        given: the melody's own notes, unchanged, in the score's time.
        frame: the score without its tracks: tempo, metres, pickup and title.
        grid: what the models hear, in the melody's own key, shape (1, T).
        key: the key found in the melody.
        steps_per_bar: whole steps in a bar, 16 for 4/4 and 12 for 3/4.
        pickup: steps before the first bar line of `grid`.
        offset: step of the score at which `grid` begins (silent bars are left out).
        octaves: octaves by which `grid` lies above the given notes.
        notes: one sentence for each rule that was applied.
    """

    given: Track
    frame: Score
    grid: Grid
    key: Key
    steps_per_bar: int = STEPS_PER_BAR
    pickup: int = 0
    offset: int = 0
    octaves: int = 0
    notes: tuple[str, ...] = ()

    @property
    def velocity(self) -> int:
        """How loud the melody is: the median of its notes."""
        loudness = sorted(note.velocity for note in self.given.notes)
        return loudness[len(loudness) // 2]


def prepare(score: Score) -> Melody:
    """Return the melody of a score and what the models will hear of it.

    The rules, in this order: one track is the melody (see `choose_track`); of chords
    the highest note; whole silent bars before the first note are not heard; bars are
    counted in the metre at the start; starts and ends go to the nearest sixteenth; the
    melody is heard in the octave nearest to a soprano's, and a note that is still
    outside her range is folded by octaves.

    Args:
        score: music with at least one note that is not a drum.

    Raises:
        InputError: if there is no melody in it, or if it is too long.
    """
    track, notes = choose_track(score)
    if len(track.notes) > MAX_MELODY_NOTES:
        raise InputError(
            f"The melody has {len(track.notes):,} notes, but at most "
            f"{MAX_MELODY_NOTES:,} are allowed; give a part of it."
        )
    top = top_line(track.notes)
    n_left_out = len(track.notes) - len(top)
    if n_left_out:
        notes.append(
            "The melody is the highest note of each chord; left out: "
            f"{counted(n_left_out, 'note')} below it."
        )
    given = replace(track, notes=top)
    frame = replace(score, tracks=())
    _refuse_too_long(replace(frame, tracks=(given,)))

    steps_per_bar, pickup = _bars(score, notes)
    offset = _silent_steps(given, steps_per_bar, pickup)
    if offset:
        pickup = 0
    if n_bars := offset // steps_per_bar:
        notes.append(
            f"{counted(n_bars, 'bar')} of silence before the melody stay silent."
        )
    key = find_key(Score((given,)))
    heard = _on_grid(given, offset, notes)
    octaves = octaves_to_soprano(heard.pitches[heard.sounding], key.to_c)
    grid = _in_range(heard, octaves, key, notes)
    return Melody(
        given=given,
        frame=frame,
        grid=grid,
        key=key,
        steps_per_bar=steps_per_bar,
        pickup=pickup,
        offset=offset,
        octaves=octaves,
        notes=tuple(notes),
    )


def _refuse_too_long(score: Score) -> None:
    """Raise an InputError if the piece is longer than a composition may be."""
    if score.end > MAX_STEPS:
        raise InputError(
            f"The melody lasts {score.end / STEPS_PER_BAR:,.0f} bars of 4/4, but a "
            f"composition may last {MAX_STEPS // STEPS_PER_BAR:,}; give a part of it."
        )
    if score.seconds > MAX_SECONDS:
        raise InputError(
            f"The melody lasts {score.seconds / 60:,.0f} minutes at its tempo, but a "
            f"composition may last {MAX_SECONDS // 60}; give a faster tempo or a part "
            "of it."
        )


def _bars(score: Score, notes: list[str]) -> tuple[int, int]:
    """Return steps per bar and pickup as the models count them."""
    metre: Metre = score.metres[0]
    steps, pickup = metre.steps_per_bar, score.pickup
    name = f"{metre.numerator}/{metre.denominator}"
    if steps != int(steps) or not 2 <= steps <= 64:
        notes.append(
            f"A bar of {name} does not fit the sixteenth grid; the model counted bars "
            "of 4/4."
        )
        return STEPS_PER_BAR, 0
    steps = int(steps)
    if any(m.steps_per_bar != steps for m in score.metres[1:]):
        notes.append(
            f"The metre changes later; the model counted bars of {name} throughout."
        )
    elif steps != STEPS_PER_BAR:
        notes.append(f"The metre is {name}: the model counted bars of {steps} steps.")
    return steps, nearest_step(pickup) % steps


def _silent_steps(given: Track, steps_per_bar: int, pickup: int) -> int:
    """Return the length in steps of the whole silent bars before the first note."""
    first = nearest_step(given.notes[0].start)
    if first < pickup:
        return 0
    return first - (first - pickup) % steps_per_bar


def _on_grid(given: Track, offset: int, notes: list[str]) -> Grid:
    """Return the melody as one voice on the grid, shape (1, T), from `offset` on."""
    line = given.notes
    heard = []
    for note, following in zip(line, (*line[1:], None), strict=True):
        # legato overlaps end, and the first note may start just before its bar line
        start = max(note.start - offset, 0)
        end = note.end if following is None else min(note.end, following.start)
        if end - offset > start:
            heard.append(replace(note, start=start, duration=end - offset - start))
    grid = to_grid(Score((Track(tuple(heard)),)))
    n_off = sum(n.start != int(n.start) or n.end != int(n.end) for n in line)
    if n_off:
        notes.append(
            f"{counted(n_off, 'note')} of the melody start or end between sixteenths; "
            "the model heard them at the nearest sixteenth, the composition keeps the "
            "given timing."
        )
    n_lost = len(line) - int(grid.onsets.sum())
    if n_lost > 0:
        notes.append(
            f"{counted(n_lost, 'note')} of the melody are too short for the sixteenth "
            "grid: the model did not hear them, the composition keeps them."
        )
    return grid


def _in_range(grid: Grid, octaves: int, key: Key, notes: list[str]) -> Grid:
    """Return the grid in the models' range, in its own key."""
    if octaves:
        where = "higher" if octaves > 0 else "lower"
        notes.append(
            f"The model heard the melody {counted(abs(octaves), 'octave')} {where}, "
            "where a soprano sings it; what it wrote was moved back."
        )
    low, high = (bound - key.to_c for bound in HEARD_RANGE)
    heights = grid.pitches.astype(int)
    moved = np.where(grid.sounding, heights + 12 * octaves, heights)  # (1, T)
    outside = grid.sounding & ((moved < low) | (moved > high))
    if outside.any():
        n_folded = int((outside & grid.onsets).sum())
        notes.append(
            f"{counted(n_folded, 'note')} outside {note_name(low)} to "
            f"{note_name(high)} were folded by octaves for the model; the composition "
            "keeps the given pitches."
        )
        folded = [fold_pitch(int(pitch), low, high) for pitch in moved[outside]]
        moved[outside] = folded
    return Grid(moved, grid.onsets)
