"""From any score to the one melody that the models hear, by rules that are told.

The models know one voice on the sixteenth grid, in C major or A minor, in a soprano's
range. Real files hold chords, several tracks, triplets and other metres. Each rule here
that changes what the models hear adds one sentence to `Melody.notes`; the given notes
themselves always come back unchanged in the composition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, nearest_step, to_grid
from deepcomposer_edu.music.keys import Key, find_key
from deepcomposer_edu.music.pianoroll import fold_pitch
from deepcomposer_edu.music.score import (
    STEPS_PER_BAR,
    Metre,
    Note,
    Score,
    Track,
    note_name,
)
from deepcomposer_edu.music.theory import octaves_to_soprano

MAX_STEPS = 16_384  # 1,024 bars of 4/4: what one composition may last in steps ...
MAX_SECONDS = 1200  # ... and in sound, so that WAV and memory stay in reason
MAX_MELODY_NOTES = 20_000

# What the sopranos of Bach's chorales sing, moved to C major or A minor: notes outside
# are folded by octaves.
HEARD_RANGE = (53, 83)

MELODY_WORDS = ("melody", "soprano", "vocal", "lead")


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
            f"{_count(n_left_out, 'note')} below it."
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
            f"{_count(n_bars, 'bar')} of silence before the melody stay silent."
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


def choose_track(score: Score) -> tuple[Track, list[str]]:
    """Return the track that is the melody, and the sentence that says why.

    It is the first track whose name says melody, soprano, vocal or lead, else the one
    that sounds highest on average, else the first. Drums and empty tracks do not count.

    Raises:
        InputError: if no track has a note that is not a drum.
    """
    full = [track for track in score.tracks if track.notes]
    pitched = [track for track in full if not track.is_drum]
    if not full:
        raise InputError(
            "The music has no notes, but a melody needs at least one; "
            "choose another file or play something first."
        )
    if not pitched:
        raise InputError(
            "The music has only drums, but a melody needs notes with a pitch; "
            "choose a file with a melody track."
        )
    chosen, why = _melody_track(pitched)
    others = [_track_name(track) for track in full if track is not chosen]
    if not others:
        return chosen, []
    shown = ", ".join(others[:4]) + (
        f" and {len(others) - 4} more" if len(others) > 4 else ""
    )
    left_out = f"left out: {shown}"
    return chosen, [f"The melody is {_track_name(chosen)}, {why}; {left_out}."]


def _melody_track(pitched: Sequence[Track]) -> tuple[Track, str]:
    """Return the melody among tracks with notes, and why it is the melody."""
    if len(pitched) == 1:
        return pitched[0], "the only track with pitches"
    for word in MELODY_WORDS:
        for track in pitched:
            if is_melody_name(track.name, (word,)):
                return track, "because its name says so"
    means = [np.mean([note.pitch for note in track.notes]) for track in pitched]
    highest = int(np.argmax(means))  # the first of equals
    return pitched[highest], "because it sounds highest on average"


def is_melody_name(name: str, words: Sequence[str] = MELODY_WORDS) -> bool:
    """Return whether a track's name says that it is the melody.

    >>> is_melody_name("Lead Guitar"), is_melody_name("Misleading")
    (True, False)
    """
    return any(re.search(rf"\b{word}", name.lower()) for word in words)


def _track_name(track: Track) -> str:
    """Return what to call a track in a sentence."""
    if track.is_drum:
        return f"the drums '{track.name[:30]}'" if track.name else "the drums"
    return f"the track '{track.name[:30]}'" if track.name else "a track without a name"


def top_line(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return the notes that are the melody of a track that may hold chords.

    A note belongs to a chord below the melody if higher notes (or the same pitch,
    struck before it) sound during more than half of it. So notes that overlap a little,
    played legato, all stay.

    >>> line = top_line([Note(0, 60, 4), Note(0, 64, 4), Note(4, 62, 4)])
    >>> [note.pitch for note in line]
    [64, 62]
    """
    times = np.unique([(note.start, note.end) for note in notes])
    lengths = np.diff(times)  # of the spans in which nothing begins or ends
    is_covered = np.zeros(len(lengths), dtype=bool)
    kept = []
    for note in sorted(notes, key=lambda n: (-n.pitch, n.start, -n.duration)):
        first, last = np.searchsorted(times, (note.start, note.end))
        span = slice(first, last)
        if lengths[span][is_covered[span]].sum() <= note.duration / 2:
            kept.append(note)
        is_covered[span] = True
    return tuple(sorted(kept))


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
            f"{_count(n_off, 'note')} of the melody start or end between sixteenths; "
            "the model heard them at the nearest sixteenth, the composition keeps the "
            "given timing."
        )
    n_lost = len(line) - int(grid.onsets.sum())
    if n_lost > 0:
        notes.append(
            f"{_count(n_lost, 'note')} of the melody are too short for the sixteenth "
            "grid: the model did not hear them, the composition keeps them."
        )
    return grid


def _in_range(grid: Grid, octaves: int, key: Key, notes: list[str]) -> Grid:
    """Return the grid in the models' range, in its own key."""
    if octaves:
        where = "higher" if octaves > 0 else "lower"
        notes.append(
            f"The model heard the melody {_count(abs(octaves), 'octave')} {where}, "
            "where a soprano sings it; what it wrote was moved back."
        )
    low, high = (bound - key.to_c for bound in HEARD_RANGE)
    heights = grid.pitches.astype(int)
    moved = np.where(grid.sounding, heights + 12 * octaves, heights)  # (1, T)
    outside = grid.sounding & ((moved < low) | (moved > high))
    if outside.any():
        n_folded = int((outside & grid.onsets).sum())
        notes.append(
            f"{_count(n_folded, 'note')} outside {note_name(low)} to {note_name(high)} "
            "were folded by octaves for the model; the composition keeps the given "
            "pitches."
        )
        folded = [fold_pitch(int(pitch), low, high) for pitch in moved[outside]]
        moved[outside] = folded
    return Grid(moved, grid.onsets)


def _count(number: int, noun: str) -> str:
    """Return a number with its noun: '1 note', '3 notes'."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
