"""What stands behind the note editor: the history of edits, and how much fits in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bars import bar_lines, bar_number
from deepcomposer_edu.music.keys import Key, find_key
from deepcomposer_edu.music.score import NOTE_NAMES, Score, Track
from deepcomposer_edu.widgets.score_input import to_score

LONGEST_HISTORY = 200  # edits that can be undone
MOST_NOTES = 20_000  # that stay quick to edit
MOST_BARS = 1_024
MOST_TRACKS = 128


def whole_number(value: object, name: str, low: int, high: int) -> int:
    """Return `value` if it is a whole number in the range.

    Raises:
        InputError: if it is not.
    """
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or not low <= value <= high:
        raise InputError(
            f"{name} is {value!r}, but it must be a whole number from {low} to "
            f"{high:,}."
        )
    return value


def checked_key(key: Key | str | None, score: Score) -> Key | None:
    """Return the key that is meant: a Key, "G minor", "guess", or None.

    Raises:
        InputError: if it is none of these.

    >>> checked_key("F# minor", Score()).name
    'F# minor'
    """
    if key is None or isinstance(key, Key):
        return key
    if key == "guess":
        return find_key(score)
    words = key.lower().split() if isinstance(key, str) else []
    names = [name.lower() for name in NOTE_NAMES]
    if len(words) == 2 and words[0] in names and words[1] in ("major", "minor"):
        return Key(names.index(words[0]), words[1])
    raise InputError(
        f'The key is {key!r}, but it must be a name such as "G major" or "F# minor" '
        '(sharps, no flats), "guess" for the one that fits best, or None.'
    )


def find_notes(
    score: Score,
    voice: int | None = None,
    bars: tuple[int, int] | None = None,
    pitches: tuple[int, int] | None = None,
    notes: Sequence[Sequence[int]] | None = None,
) -> list[list[int]]:
    """Return the notes that fit all that is given, each as [track, index].

    Args:
        score: where they are.
        voice: only notes of this track.
        bars: only notes that begin in these bars, first and last; a pickup is 0.
        pitches: only notes from the lowest to the highest of these pitches.
        notes: only these, each as [track, index].

    Raises:
        InputError: if a note is named that is not there.
    """
    there = {
        (track, i): note
        for track, voices in enumerate(score.tracks)
        for i, note in enumerate(voices.notes)
    }
    wanted = set(there) if notes is None else {tuple(place) for place in notes}
    missing = sorted(place for place in wanted if place not in there)
    if missing:
        raise InputError(
            f"There is no note {list(missing[0])}: a note is named by its track and "
            "its place in it, both from 0."
        )
    first, last = bars or (0, math.inf)
    lines = bar_lines(score)
    lowest, highest = pitches or (0, 127)
    return [
        [track, i]
        for (track, i), note in there.items()
        if (track, i) in wanted
        and (voice is None or track == voice)
        and first <= bar_number(lines, note.start) <= last
        and lowest <= note.pitch <= highest
    ]


@dataclass
class EditHistory:
    """What undo and redo go back to: the music before each edit, and what it did."""

    past: list[tuple[dict, str]] = field(default_factory=list)  # (music, label)
    future: list[tuple[dict, str]] = field(default_factory=list)

    def remember(self, music: dict, label: str) -> None:
        """Note the music before an edit; what was undone is then gone."""
        self.past = [*self.past, (music, label)][-LONGEST_HISTORY:]
        self.future = []

    def step(self, kind: str, music: dict) -> tuple[dict, str] | None:
        """Go back ("undo") or forth ("redo") from `music`: (music, label), or None."""
        source, target = self._lists(kind)
        if not source:
            return None
        there, label = source.pop()
        target.append((music, label))
        return there, label

    def follow(self, kind: str, music: dict, there: dict) -> bool:
        """Go back or forth from `music` until `there`; False if that is not remembered.

        Several steps may come as one: a browser joins what happens quickly.
        """
        if all(known != there for known, _ in self._lists(kind)[0]):
            return False
        while music != there:
            music, _ = self.step(kind, music)
        return True

    def _lists(self, kind: str) -> tuple[list, list]:
        lists = (self.past, self.future)
        return lists if kind == "undo" else lists[::-1]


@dataclass(frozen=True)
class Room:
    """How much music an editor takes.

    Args:
        max_bars: whole bars, 1 to 1,024; None: no limit.
        max_tracks: tracks, 1 to 128.
        max_notes: notes, 1 to 20,000.
        lowest: the lowest pitch that may be drawn, 0 to 127.
        highest: the highest pitch that may be drawn.

    Raises:
        InputError: if a value lies outside its range.
    """

    max_bars: int | None = None
    max_tracks: int = 16
    max_notes: int = MOST_NOTES
    lowest: int = 0
    highest: int = 127

    def __post_init__(self) -> None:
        if self.max_bars is not None:
            whole_number(self.max_bars, "max_bars", 1, MOST_BARS)
        whole_number(self.max_tracks, "max_tracks", 1, MOST_TRACKS)
        whole_number(self.max_notes, "max_notes", 1, MOST_NOTES)
        whole_number(self.lowest, "lowest", 0, 127)
        whole_number(self.highest, "highest", self.lowest, 127)

    def max_steps(self, score: Score) -> float | None:
        """The step at which the last bar ends in the metre the score begins in."""
        if self.max_bars is None:
            return None
        return score.pickup + self.max_bars * score.metres[0].steps_per_bar

    def limits(self, score: Score) -> dict:
        """Return what the browser has to know of it, for this music."""
        return {
            "max_steps": self.max_steps(score),
            "max_notes": self.max_notes,
            "lowest": self.lowest,
            "highest": self.highest,
        }

    def checked(self, music: object) -> Score:
        """Return music that fits in; None is empty paper with one track.

        Raises:
            InputError: if it is no music, or too much of it.
        """
        score = Score(tempo=100.0) if music is None else to_score(music, "The editor")
        if not score.tracks:
            score = Score(
                (Track(),),
                score.tempo,
                score.tempo_changes,
                score.metres,
                score.pickup,
                score.title,
            )
        for n, most, what in (
            (len(score.tracks), self.max_tracks, "tracks"),
            (len(score.notes), self.max_notes, "notes"),
        ):
            if n > most:
                raise InputError(
                    f"The music has {n:,} {what}, but this editor takes at most "
                    f"{most:,}."
                )
        end = self.max_steps(score)
        if end is not None and score.end > end:
            bars = "one bar" if self.max_bars == 1 else f"{self.max_bars} bars"
            raise InputError(
                f"The music lasts longer than {bars}, the most that this editor takes; "
                "cut it first."
            )
        return score
