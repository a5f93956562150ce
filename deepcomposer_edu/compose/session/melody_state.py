"""One melody with what is turned on it: pitch, tempo, rhythm and length."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import floor

from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.score import Note, Score
from deepcomposer_edu.music.words import counted

GRIDS = {"as it is": None, "sixteenths": 1.0, "eighths": 2.0, "quarters": 4.0}


@dataclass(frozen=True)
class MelodyState:
    """One melody with the settings turned on it.

    Args:
        base: the melody as it came in, one track.
        source: where it came from: "tune", "played", "file", "score" or "edited".
        name: the tune's, the file's or the piece's name.
        said: one sentence for each thing that was done to the input.
        shift: semitones that it is moved by, -24 to 24.
        tempo: quarter notes per minute, 10 to 400; None keeps the melody's own.
        rhythm: one of `GRIDS`: to which notes starts and ends are moved.
        n_bars: how many whole bars are kept; None: all.
    """

    base: Score
    source: str
    name: str
    said: tuple[str, ...] = ()
    shift: int = 0
    tempo: float | None = None
    rhythm: str = "as it is"
    n_bars: int | None = None

    @cached_property
    def score(self) -> Score:
        """The melody with all settings applied."""
        score = on_grid(self.base, self.grid)
        score = first_bars(score, self.n_bars).transposed(self.shift)
        return score if self.tempo is None else score.with_tempo(self.tempo)

    @property
    def grid(self) -> float | None:
        """Distance in steps of the rhythm's grid, None if there is none."""
        return GRIDS[self.rhythm]

    @property
    def is_a_tune_as_it_ships(self) -> bool:
        """Whether it is a tune of the course with every note as it is there."""
        settings = (self.shift, self.rhythm, self.n_bars)
        return self.source == "tune" and settings == (0, "as it is", None)

    @property
    def sentences(self) -> list[str]:
        """One sentence for each thing that was done to what came in."""
        n_left_out = len(self.base.notes) - len(on_grid(self.base, self.grid).notes)
        if not n_left_out:
            return list(self.said)
        are = "note is" if n_left_out == 1 else "notes are"
        return [
            *self.said,
            f"{n_left_out} {are} left out: in this rhythm a longer one has that place; "
            "a finer rhythm keeps more.",
        ]

    @property
    def summary(self) -> str:
        """The melody in a sentence: title, length, key, notes, tempo."""
        score = self.score
        metre = score.metres[0]
        return (
            f"{score.title or 'A melody'}: {counted(n_bars_of(score), 'bar')} of "
            f"{metre.numerator}/{metre.denominator} in {find_key(score).name}, "
            f"{counted(len(score.notes), 'note')}, {score.tempo:g} beats a minute."
        )


def on_grid(score: Score, grid: float | None) -> Score:
    """Return a melody with its rhythm put right: starts and ends on a grid.

    The grid is counted from the first bar line. Of two notes that begin at one place
    the longer stays, and a note ends where the next one begins.

    Args:
        score: one track.
        grid: distance in steps, 1 for sixteenths; None leaves the rhythm as it is.

    >>> [note.start for note in on_grid(Score.from_notes([(1.7, 60, 3)]), 2).notes]
    [2.0]
    """
    if grid is None:
        return score
    phase = score.pickup % grid

    def nearest(step: float) -> float:
        return floor((step - phase) / grid + 0.5) * grid + phase

    track = score.tracks[0]
    at: dict[float, Note] = {}
    for note in track.notes:
        start = max(nearest(note.start), 0.0)
        end = max(nearest(note.end), start + grid)
        moved = replace(note, start=start, duration=end - start)
        if start not in at or moved.duration > at[start].duration:
            at[start] = moved
    starts = sorted(at)
    notes = [
        replace(at[start], duration=min(at[start].end, following) - start)
        for start, following in zip(starts, [*starts[1:], float("inf")], strict=True)
    ]
    return replace(score, tracks=(replace(track, notes=tuple(notes)),))


def first_bars(score: Score, n_bars: int | None) -> Score:
    """Return the first whole bars of a melody, after its pickup; None: all of it."""
    if n_bars is None:
        return score
    end = score.pickup + n_bars * score.metres[0].steps_per_bar
    track = score.tracks[0]
    notes = tuple(
        replace(note, duration=min(note.end, end) - note.start)
        for note in track.notes
        if note.start < end
    )
    return replace(score, tracks=(replace(track, notes=notes),))


def n_bars_of(score: Score) -> int:
    """Return how many bars a score has, its pickup not counted."""
    length = score.end - score.pickup
    return max(int(-(-length // score.metres[0].steps_per_bar)), 1)
