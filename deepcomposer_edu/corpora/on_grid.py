"""From written bars to the sixteenth grid: which of them fit, halved, laid out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from deepcomposer_edu.corpora.partwise import Bar, Part, PartNote, PartScore
from deepcomposer_edu.music.grid import REST, Grid


def bar_positions(score: PartScore, has_repeats: bool, n_steps: int) -> np.ndarray:
    """Return the steps at which whole bars begin, shape (number of bars,), int.

    A bar that a repeat sign cuts in two counts once, from its first half; the pickup
    before the first whole bar does not count.
    """
    order = score.playing_order() if has_repeats else list(range(len(score.bars)))
    first = score.bars[order[0]]
    start, starts = 0.0, []
    missing = first.duration if first.duration < first.full else 0.0  # the pickup
    for index in order:
        bar = score.bars[index]
        if missing <= 0 or bar.duration >= bar.full:
            starts.append(round(start))
            missing = bar.full
        start += bar.duration
        missing -= bar.duration
    return np.array([s for s in starts if s < n_steps], dtype=np.int64)


def halved(score: PartScore) -> PartScore:
    """Return a score with every length half as long, and its metre to match."""

    def short(bar: Bar) -> Bar:
        beats, beat_type = bar.metre.split("/")
        metre = f"{beats}/{2 * int(beat_type)}"
        return replace(bar, duration=bar.duration / 2, full=bar.full / 2, metre=metre)

    parts = [
        Part(
            part.name,
            [
                [replace(n, start=n.start / 2, duration=n.duration / 2) for n in bar]
                for bar in part.bars
            ],
        )
        for part in score.parts
    ]
    return replace(score, parts=parts, bars=[short(bar) for bar in score.bars])


def fits(score: PartScore, index: int) -> bool:
    """Return whether a bar and all its notes begin and end at steps of the grid."""
    lengths = [score.bars[index].duration]
    for part in score.parts:
        for note in part.bars[index]:
            if note.duration < 0.5:
                return False
            lengths += [note.start, note.duration]
    return all(abs(length - round(length)) < 0.01 for length in lengths)


def stretches(score: PartScore) -> list[list[int]]:
    """Return the bars' numbers in stretches that fit and keep their metre."""
    found: list[list[int]] = [[]]
    for i, bar in enumerate(score.bars):
        last = found[-1]
        is_whole = fits(score, i)
        if last and (not is_whole or bar.metre != score.bars[last[-1]].metre):
            found.append([])
        if is_whole:
            found[-1].append(i)
    return [stretch for stretch in found if stretch]


def painted(voices: list[list[list[PartNote]]], lengths: list[float]) -> Grid:
    """Return four voices on the grid, (4, T); rests at the very end are cut off.

    Args:
        voices: for each voice, bar by bar, its notes; positions and lengths in steps.
            Of notes that sound together the highest wins, in the last voice the lowest.
        lengths: length of each bar in steps.
    """
    starts = np.cumsum([0.0, *lengths])
    n_steps = round(starts[-1])
    pitches = np.full((len(voices), n_steps), REST, dtype=np.int16)  # (K, T)
    onsets = np.zeros(pitches.shape, dtype=bool)
    for k, bars in enumerate(voices):
        sign = -1 if k == len(voices) - 1 else 1
        for bar_start, notes in zip(starts, bars, strict=False):
            for note in sorted(notes, key=lambda note: sign * note.pitch):
                start = round(bar_start + note.start)
                end = round(bar_start + note.start + note.duration)
                pitches[k, start:end] = note.pitch
                onsets[k, start:end] = False
                onsets[k, start : start + 1] = not note.is_tied
    sounding = np.flatnonzero((pitches != REST).any(axis=0))
    last = sounding[-1] + 1 if len(sounding) else 0
    return Grid(pitches[:, :last], onsets[:, :last])
