"""Which notes differ between two pieces, voice by voice and bar by bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from deepcomposer_edu.music.bars import bar_lines, bar_number
from deepcomposer_edu.music.score import Note, Score, Track

Address = list[int]  # [track, index of the note in that track]


@dataclass(frozen=True)
class VoiceChange:
    """What became of one voice.

    Args:
        name: the name of its track.
        n_before: its notes in the first piece.
        n_after: its notes in the second.
        n_same: notes with the same start, pitch and length in both.
        bars: the numbers of the bars in which a note differs.
        is_new: whether only the second piece has this voice.
        is_gone: whether only the first piece has it.
    """

    name: str
    n_before: int
    n_after: int
    n_same: int
    bars: tuple[int, ...] = ()
    is_new: bool = False
    is_gone: bool = False

    @property
    def share(self) -> float:
        """The share of the voice's notes that differ, 0 to 1."""
        return share_changed(self.n_before, self.n_after, self.n_same)


@dataclass(frozen=True)
class Difference:
    """Which notes of two pieces differ.

    Args:
        before: [track, note index] of each note that only the first piece has.
        after: the same for the second piece.
        voices: what became of each voice, in the order of the second piece.
    """

    before: list[Address] = field(default_factory=list)
    after: list[Address] = field(default_factory=list)
    voices: tuple[VoiceChange, ...] = ()

    @property
    def share(self) -> float:
        """The share of all notes that differ, 0 to 1."""
        return share_changed(
            sum(voice.n_before for voice in self.voices),
            sum(voice.n_after for voice in self.voices),
            sum(voice.n_same for voice in self.voices),
        )

    @property
    def is_same(self) -> bool:
        """Whether both pieces have the same notes."""
        return not (self.before or self.after)


def share_changed(n_before: int, n_after: int, n_same: int) -> float:
    """Return the share of notes that differ: 0 for none, 1 for all.

    >>> share_changed(4, 4, 3)
    0.25
    """
    total = n_before + n_after
    return (total - 2 * n_same) / total if total else 0.0


def difference(before: Score, after: Score) -> Difference:
    """Return which notes differ between two pieces.

    A note is the same if start, pitch and length are; how loud it is and which
    instrument plays it do not count. The first tracks, which hold the melody, are
    compared with each other, and so are tracks of the same name.

    Args:
        before: one piece.
        after: the other.
    """
    lines = bar_lines(max(before, after, key=lambda score: score.end))
    only_before: list[Address] = []
    only_after: list[Address] = []
    voices = []
    for old, new in paired_tracks(before.tracks, after.tracks):
        first = () if old is None else before.tracks[old].notes
        second = () if new is None else after.tracks[new].notes
        gone, come = _left_over(first, second), _left_over(second, first)
        only_before += [[old, i] for i in gone]
        only_after += [[new, i] for i in come]
        changed = [first[i] for i in gone] + [second[i] for i in come]
        track = before.tracks[old] if new is None else after.tracks[new]
        voices.append(
            VoiceChange(
                track.name,
                len(first),
                len(second),
                len(first) - len(gone),
                tuple(sorted({bar_number(lines, note.start) for note in changed})),
                is_new=old is None,
                is_gone=new is None,
            )
        )
    return Difference(sorted(only_before), sorted(only_after), tuple(voices))


def paired_tracks(
    before: Sequence[Track], after: Sequence[Track]
) -> list[tuple[int | None, int | None]]:
    """Return which track of one piece belongs to which of the other.

    Returns:
        Pairs of indices, in the order of `after`; None where a piece lacks the track.
    """
    free = list(range(1, len(before)))
    pairs: list[tuple[int | None, int | None]] = []
    for new, track in enumerate(after):
        if new == 0 and before:
            pairs.append((0, 0))
            continue
        old = next((i for i in free if before[i].name == track.name), None)
        if old is not None:
            free.remove(old)
        pairs.append((old, new))
    if not after and before:
        pairs.append((0, None))
    return pairs + [(old, None) for old in free]


def _left_over(notes: Sequence[Note], others: Sequence[Note]) -> list[int]:
    """Return the indices of the notes that `others` lacks."""
    there = Counter(_sound(note) for note in others)
    found = []
    for i, note in enumerate(notes):
        if there[_sound(note)] > 0:
            there[_sound(note)] -= 1
        else:
            found.append(i)
    return found


def _sound(note: Note) -> tuple[float, int, float]:
    """Return what makes a note the same: start, pitch and length."""
    return note.start, note.pitch, note.duration


def bars_words(bars: Sequence[int]) -> str:
    """Return bar numbers in words, runs as one: 'bars 1-3 and 7'.

    >>> bars_words([1, 2, 3, 7]), bars_words([2]), bars_words([0, 1])
    ('bars 1-3 and 7', 'bar 2', 'the upbeat and bar 1')
    """
    numbers = sorted(set(bars))
    upbeat = ["the upbeat"] if 0 in numbers else []
    runs: list[list[int]] = []
    for number in (n for n in numbers if n):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [str(a) if a == b else f"{a}-{b}" for a, b in runs]
    is_one = len(runs) == 1 and runs[0][0] == runs[0][1]
    word = [("bar " if is_one else "bars ") + and_words(texts)] if texts else []
    return and_words(upbeat + word)


def and_words(texts: Sequence[str]) -> str:
    """Return texts joined by commas and a last 'and'.

    >>> and_words(["a", "b", "c"])
    'a, b and c'
    """
    texts = list(texts)
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"
