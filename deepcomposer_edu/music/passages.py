"""Passages: some bars of several tracks that can be cut, moved and put in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.arranging import scale_shift
from deepcomposer_edu.music.grid import Grid, to_grid
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.score import Note, Score, Track

SHORTEST = 0.25  # steps: what is left of a cut note, if less, is left out


@dataclass(frozen=True)
class Passage:
    """Whole bars of several tracks, from step 0.

    Args:
        tracks: the instruments; no note goes on past the end.
        bar_steps: length of a bar in steps.
        n_bars: how many bars there are.
    """

    tracks: tuple[Track, ...]
    bar_steps: float
    n_bars: int

    @property
    def n_steps(self) -> float:
        """Its length in steps."""
        return self.bar_steps * self.n_bars

    def grid(self) -> Grid:
        """Return its pitched tracks as voices on the sixteenth grid."""
        return to_grid(Score(self.tracks), int(-(-self.n_steps // 1)))

    def window(self, first: float, last: float) -> Grid:
        """Return the steps from `first` up to `last` on the sixteenth grid."""
        start, end = max(int(first), 0), int(min(last, self.n_steps))
        tracks = tuple(replace(t, notes=cut(t.notes, start, end)) for t in self.tracks)
        return to_grid(Score(tracks), max(end - start, 0))

    def bars(self, first: int, last: int) -> Passage:
        """Return the bars from number `first` up to `last`, both from 0."""
        start, end = first * self.bar_steps, last * self.bar_steps
        tracks = tuple(
            replace(track, notes=cut(track.notes, start, end)) for track in self.tracks
        )
        return replace(self, tracks=tracks, n_bars=last - first)

    def on_scale(self, degrees: int, key: Key) -> Passage:
        """Return it moved along the scale of a key; drums stay.

        A note that would leave the MIDI range moves back by octaves.
        """
        if degrees == 0:
            return self

        def moved(note: Note) -> Note:
            pitch = scale_shift(note.pitch, degrees, key)
            while pitch > 127:
                pitch -= 12
            while pitch < 0:
                pitch += 12
            return replace(note, pitch=pitch)

        tracks = tuple(
            t if t.is_drum else replace(t, notes=tuple(moved(n) for n in t.notes))
            for t in self.tracks
        )
        return replace(self, tracks=tracks)


def cut(notes: Iterable[Note], start: float, end: float) -> tuple[Note, ...]:
    """Return the notes between two steps, counted from the first.

    A note that goes on over an edge is cut there, and begins anew at the first.

    >>> [(n.start, n.duration) for n in cut([Note(0, 60, 8)], 4, 6)]
    [(0, 2)]
    """
    found = []
    for note in notes:
        first, last = max(note.start, start), min(note.end, end)
        if last - first >= SHORTEST:
            found.append(replace(note, start=first - start, duration=last - first))
    return tuple(found)


def in_a_row(passages: Sequence[Passage]) -> Passage:
    """Return passages one after the other; all of them have the same tracks."""
    notes: list[list[Note]] = [[] for _ in passages[0].tracks]
    at = 0.0
    for passage in passages:
        for k, track in enumerate(passage.tracks):
            notes[k] += [replace(n, start=n.start + at) for n in track.notes]
        at += passage.n_steps
    tracks = tuple(
        replace(track, notes=tuple(found))
        for track, found in zip(passages[0].tracks, notes, strict=True)
    )
    return Passage(
        tracks, passages[0].bar_steps, sum(passage.n_bars for passage in passages)
    )


def whole_bars(score: Score) -> tuple[Passage, float]:
    """Return a score as whole bars, and how long its upbeat is.

    The bars are those of the metre at the start. With an upbeat, a passage begins with
    it and ends as much before a bar line, so that it can be repeated in time; what
    sounds longer at the very end is cut there. Silent bars before the first note and
    tracks without notes are left out.

    Args:
        score: music with at least one note that is not a drum.

    Returns:
        The passage, and the length of its upbeat in steps (0: it begins with a bar).

    Raises:
        InputError: if there is no such note.
    """
    tracks = tuple(track for track in score.tracks if track.notes)
    if not any(not track.is_drum for track in tracks):
        raise InputError(
            "The music has no notes with a pitch, so there is nothing to arrange; give "
            "a melody, or a composition."
        )
    bar, pickup = score.metres[0].steps_per_bar, score.pickup
    begin = min(note.start for track in tracks for note in track.notes)
    start = 0.0
    if begin >= pickup:  # the upbeat, if there is one, is silent
        start = pickup + (begin - pickup) // bar * bar
        pickup = 0.0
    end = max(track.end for track in tracks) - start
    n_bars = max(int(-(-(end - pickup) // bar)), 1)
    notes = [cut(track.notes, start, start + n_bars * bar) for track in tracks]
    cleaned = tuple(replace(t, notes=n) for t, n in zip(tracks, notes, strict=True))
    return Passage(cleaned, bar, n_bars), pickup
