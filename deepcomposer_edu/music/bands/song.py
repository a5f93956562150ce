"""What every player of a band has on the stand: bars, chords, the melody, dice."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from zlib import crc32

import numpy as np

from deepcomposer_edu.music.bands.time import Measure, Pulse, measures_of
from deepcomposer_edu.music.chords import Chord, Slot, find_chords
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.score import Note, Score

SOFTEST, LOUDEST = 18, 112  # velocities a band plays with
CLOSE = 4.0  # enough to end on the tonic, whatever the voices below do there
SWELL = (-2, 0, 3, 1)  # velocities by bar of a phrase: it grows and comes to rest
HUMAN = 3  # a player's velocities differ by so much without meaning anything


@dataclass(frozen=True)
class Span:
    """A chord and how long it lasts."""

    start: float
    end: float
    chord: Chord


@dataclass(frozen=True)
class Dice:
    """Chance that is the same for the same seed, bar and purpose.

    Every bar rolls its own, so a note changed in one bar does not change the luck of
    the others: that is what lets one hear what the band answers to.
    """

    seed: int

    def at(self, purpose: str, number: int = 0) -> np.random.Generator:
        """Return the source of chance for a purpose in a bar or phrase."""
        return np.random.default_rng([self.seed, crc32(purpose.encode()), number + 1])

    def choose(self, options: Sequence, purpose: str, number: int = 0):
        """Return one of the options."""
        return options[int(self.at(purpose, number).integers(len(options)))]

    def chance(self, share: float, purpose: str, number: int = 0) -> bool:
        """Return True in a share of the cases."""
        return bool(self.at(purpose, number).random() < share)


@dataclass(frozen=True)
class Song:
    """Everything a player needs to know.

    Args:
        melody: the melody's notes.
        voices: the network's voices below it, from the highest to the bass.
        measures: the bars, cut into pulses.
        spans: the chords in order of time, neighbours different.
        key: the key.
        end: the step at which the melody ends, and everybody with it.
        close: the step from which the last chord is held.
        dice: where chance comes from.
        loudness: the melody's median velocity.
        options: the band's own parameters, such as swing.
    """

    melody: tuple[Note, ...]
    voices: tuple[tuple[Note, ...], ...]
    measures: tuple[Measure, ...]
    spans: tuple[Span, ...]
    key: Key
    end: float
    close: float
    dice: Dice
    loudness: int
    options: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        starts = [note.start for note in self.melody]
        ends = list(accumulate((note.end for note in self.melody), max))
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_ends", ends)
        object.__setattr__(self, "_span_starts", [span.start for span in self.spans])
        object.__setattr__(self, "_bar_starts", [m.start for m in self.measures])

    @property
    def swing(self) -> float:
        """Where the second of two eighths falls: 0.5 is even."""
        return float(self.options.get("swing", 0.5))

    @property
    def energy(self) -> float:
        """How busily the band plays, 0 to 1."""
        return float(self.options.get("energy", 0.5))

    @property
    def playing(self) -> tuple[Measure, ...]:
        """The whole bars before the last chord: upbeats and the end are left out."""
        return tuple(m for m in self.measures if m.number > 0 and m.start < self.close)

    def melody_in(self, start: float, end: float) -> list[Note]:
        """Return the melody's notes that sound within a span."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        return [n for n in self.melody[first:last] if n.end > start and n.start < end]

    def begins_at(self, step: float, within: float = 0.3) -> bool:
        """Return whether a melody note begins at a step, give or take a little."""
        i = bisect_left(self._starts, step - within)
        return i < len(self._starts) and self._starts[i] <= step + within

    def span_at(self, step: float) -> Span:
        """Return the chord that sounds at a step."""
        return self.spans[max(bisect_right(self._span_starts, step) - 1, 0)]

    def spans_in(self, start: float, end: float) -> list[Span]:
        """Return the chords within a stretch of time, cut to it."""
        first = max(bisect_right(self._span_starts, start) - 1, 0)
        last = bisect_left(self._span_starts, end)
        return [
            Span(max(span.start, start), min(span.end, end), span.chord)
            for span in self.spans[first:last]
            if span.end > start
        ]

    def next_chord(self, step: float) -> Chord:
        """Return the chord after the one that sounds at a step; the last stays."""
        i = max(bisect_right(self._span_starts, step) - 1, 0)
        return self.spans[min(i + 1, len(self.spans) - 1)].chord

    def ceiling(self, start: float, end: float, highest: int, lowest: int) -> int:
        """Return the highest pitch for a chord that leaves the melody on top.

        Args:
            start: from this step
            end: to this one.
            highest: never above this.
            lowest: never below this, even under a very low melody.
        """
        sounding = [note.pitch for note in self.melody_in(start, end)]
        return max(min([highest, *(pitch - 2 for pitch in sounding)]), lowest)

    def rubs(self, pitch: int, start: float, end: float) -> bool:
        """Return whether a pitch would rub: a semitone against a melody that stays.

        A melody note counts if it sounds during half of the span or begins it.
        """
        for note in self.melody_in(start, end):
            if (note.pitch - pitch) % 12 in (1, 11):
                shared = min(note.end, end) - max(note.start, start)
                if shared >= (end - start) / 2 or note.start <= start + 0.1:
                    return True
        return False

    def calmest(self, pitches: Sequence[int], start: float, end: float) -> int:
        """Return the pitch that rubs least against the melody; of equals, the first.

        Args:
            pitches: what there is to choose from, the most welcome first.
            start: from this step
            end: to this one.
        """

        def roughness(pitch: int) -> float:
            return sum(
                min(note.end, end) - max(note.start, start)
                for note in self.melody_in(start, end)
                if (note.pitch - pitch) % 12 in (1, 11)
            )

        return min(pitches, key=lambda pitch: round(roughness(pitch), 3))

    def level(self, share: float, step: float = 0.0, accent: int = 0) -> int:
        """Return a velocity: a share of the melody's, an accent, and a human touch.

        Every phrase of four bars grows a little and comes to rest.
        """
        wobble = int(self.dice.at("touch", int(step * 12)).integers(-HUMAN, HUMAN + 1))
        bar = max(bisect_right(self._bar_starts, step) - 1, 0)
        swell = SWELL[self.measures[bar].in_phrase]
        loud = round(self.loudness * share) + accent + swell + wobble
        return min(max(loud, SOFTEST), LOUDEST)

    def note(self, start: float, pitch: int, end: float, velocity: int) -> Note | None:
        """Return a note that ends with the melody at the latest, None if it is gone."""
        first, last = max(start, 0.0), min(end, self.end)
        if last - first < 0.05:
            return None
        return Note(first, int(pitch), last - first, velocity)


def read_song(
    score: Score,
    key: Key,
    seed: int,
    costs: tuple[float, float, float],
    options: Mapping[str, float],
    waltz_of_eighths: bool = False,
    close: float = CLOSE,
) -> Song:
    """Return what a band needs to know about four voices.

    Args:
        score: the melody and, below it, the network's voices.
        key: the key of the piece.
        seed: where chance comes from.
        costs: how unwelcome a new chord is at a bar, at half a bar, at other pulses.
        options: the band's own parameters.
        waltz_of_eighths: see `measures_of`.
        close: how much the last chord is drawn to the tonic, if the melody ends on one
            of its notes.
    """
    melody = score.tracks[0].notes
    lower = tuple(track.notes for track in score.tracks[1:] if not track.is_drum)
    first, end = melody[0].start, max(note.end for note in melody)
    measures = measures_of(score, first, end, waltz_of_eighths)
    held_from = _close(melody, measures)
    slots = [
        Slot(pulse.start, pulse.end, _cost(measure, i, costs))
        for measure in measures
        for i, pulse in enumerate(measure.pulses)
    ]
    tonic = Chord(key.tonic, key.mode)
    pull = close if melody[-1].pitch % 12 in tonic.classes else 0.0
    chords = find_chords([melody, *lower], slots, key, held_from, pull)
    velocities = sorted(note.velocity for note in melody)
    return Song(
        melody,
        lower,
        measures,
        _joined(slots, chords),
        key,
        end,
        held_from,
        Dice(seed),
        velocities[len(velocities) // 2],
        options,
    )


def _cost(measure: Measure, i: int, costs: tuple[float, float, float]) -> float:
    """Return how unwelcome a new chord is at a measure's pulse."""
    if i == 0:
        return costs[0] if measure.is_bar else costs[1]
    return costs[1] if i == measure.strong else costs[2]


def _joined(slots: Sequence[Slot], chords: Sequence[Chord]) -> tuple[Span, ...]:
    """Return the chords with equal neighbours as one."""
    spans: list[Span] = []
    for slot, chord in zip(slots, chords, strict=True):
        if spans and spans[-1].chord == chord:
            spans[-1] = Span(spans[-1].start, slot.end, chord)
        else:
            spans.append(Span(slot.start, slot.end, chord))
    return tuple(spans)


def _close(melody: Sequence[Note], measures: Sequence[Measure]) -> float:
    """Return the step of the last pulse that the last melody note begins on or after.

    A short last note gives the whole of its pulse; the music ends there.
    """
    last = melody[-1].start
    pulses: list[Pulse] = [pulse for measure in measures for pulse in measure.pulses]
    return max((p.start for p in pulses if p.start <= last), default=last)
