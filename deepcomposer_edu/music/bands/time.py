"""Bars cut into pulses: where a foot would tap, in any metre and at any tempo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from deepcomposer_edu.music.bars import bar_lines
from deepcomposer_edu.music.score import Metre, Score

PHRASE = 4  # bars, after which a band plays a fill
FASTEST_PULSE = 0.27  # seconds; faster ones are taken two by two, as in half time
FASTEST_SWUNG = 0.2  # of the eighths in 6/8 that a jazz waltz takes as its beats


@dataclass(frozen=True)
class Pulse:
    """One tap of the foot.

    Args:
        start: its step.
        length: steps to the next one.
        is_triple: whether it falls into three parts, as in 6/8, or into two.
    """

    start: float
    length: float
    is_triple: bool = False

    @property
    def end(self) -> float:
        """The step at which the next one begins."""
        return self.start + self.length

    def off_beat(self, swing: float = 0.5) -> float:
        """Return the step of its last part: the "and", late by swing.

        Args:
            swing: where in the pulse it lies, 0.5 (even) to 0.75.
        """
        share = 2 / 3 if self.is_triple else swing
        return self.start + self.length * share


@dataclass(frozen=True)
class Measure:
    """A bar as a band feels it.

    Args:
        number: the bar's number; 0 is an upbeat.
        start: its first step.
        end: the step after its last.
        pulses: where the foot taps.
        step_seconds: how long a step lasts here.
        strong: which pulse is the second strongest, for bars that have one.
        is_bar: whether a bar of the score begins here (long bars hold several).
    """

    number: int
    start: float
    end: float
    pulses: tuple[Pulse, ...]
    step_seconds: float
    strong: int | None = None
    is_bar: bool = True

    @property
    def length(self) -> float:
        """Its length in steps."""
        return self.end - self.start

    @property
    def phrase(self) -> int:
        """The number of its phrase of four bars, from 0."""
        return max(self.number - 1, 0) // PHRASE

    @property
    def in_phrase(self) -> int:
        """Its place in the phrase, 0 to 3."""
        return max(self.number - 1, 0) % PHRASE


def pulse_lengths(metre: Metre) -> list[tuple[float, bool]]:
    """Return the length of each pulse of a bar, and whether it falls into three.

    >>> pulse_lengths(Metre(0, 6, 8)), pulse_lengths(Metre(0, 3, 4))
    ([(6.0, True), (6.0, True)], [(4.0, False), (4.0, False), (4.0, False)])
    >>> [length for length, _ in pulse_lengths(Metre(0, 7, 8))]
    [4.0, 4.0, 6.0]
    """
    beat = 16 / metre.denominator
    n_beats = metre.numerator
    if metre.denominator >= 8 and n_beats % 3 == 0:
        return [(3 * beat, True)] * (n_beats // 3)
    if beat >= 4:
        n_parts = int(beat // 4)  # a half note is two taps of the foot
        return [(beat / n_parts, False)] * (n_beats * n_parts)
    per_pulse = int(4 // beat)
    n_pulses, rest = divmod(n_beats, per_pulse)
    lengths = [(4.0, False)] * n_pulses
    if rest and lengths:
        last = 4.0 + rest * beat
        lengths[-1] = (last, last == 6)
    elif rest:
        lengths = [(rest * beat, False)]
    return lengths


def measures_of(
    score: Score, first: float, end: float, waltz_of_eighths: bool = False
) -> tuple[Measure, ...]:
    """Return the bars of a score from the one that holds `first` up to `end`.

    Args:
        score: metres, pickup and tempo are read from it.
        first: the step at which the music begins.
        end: the step at which it ends.
        waltz_of_eighths: whether 6/8 is felt as two bars of a quick waltz, as jazz
            does.
    """
    lines = bar_lines(score)
    while lines[-1][0] < end:
        start, number = lines[-1]
        lines.append((start + 16.0, number + 1))
    found: list[Measure] = []
    for (start, number), (stop, _) in pairwise(lines):
        if stop <= first or start >= end:
            continue
        metre = [m for m in score.metres if m.step <= start] or list(score.metres[:1])
        found += _cut(
            metre[-1],
            number,
            start,
            stop,
            score.pickup,
            _seconds(score, start),
            waltz_of_eighths,
        )
    return tuple(found)


def _seconds(score: Score, step: float) -> float:
    """Return how many seconds a step lasts at a place."""
    return (score.seconds_at(step + 4) - score.seconds_at(step)) / 4


def _cut(
    metre: Metre,
    number: int,
    start: float,
    stop: float,
    pickup: float,
    seconds: float,
    waltz_of_eighths: bool,
) -> list[Measure]:
    """Return a bar as one measure, or as several waltz bars."""
    lengths = pulse_lengths(metre)
    whole = sum(length for length, _ in lengths)
    if number == 0:  # an upbeat has the last pulses of a bar
        position = start + pickup - whole
    else:
        position = start
    pulses = []
    for length, is_triple in lengths:
        pulses.append(Pulse(position, length, is_triple))
        position += length
    while position < stop:  # a bar that the score drew longer than its metre
        pulses.append(Pulse(position, 4.0))
        position += 4.0
    is_quick = waltz_of_eighths and seconds * 2 < FASTEST_SWUNG
    if waltz_of_eighths and not is_quick and any(p.is_triple for p in pulses):
        return _waltzes(pulses, number, start, stop, seconds)
    pulses = _slowed(pulses, seconds)
    kept = tuple(_clipped(pulses, start, stop))
    return [Measure(number, start, stop, kept, seconds, _second_strongest(kept))]


def _waltzes(
    pulses: list[Pulse], number: int, start: float, stop: float, seconds: float
) -> list[Measure]:
    """Return each group of three eighths as a bar of its own."""
    found = []
    for pulse in pulses:
        n_parts = 3 if pulse.is_triple else 2
        part = pulse.length / n_parts
        inside = [Pulse(pulse.start + i * part, part) for i in range(n_parts)]
        begin, end = max(start, pulse.start), min(stop, pulse.end)
        if begin < end:
            kept = tuple(_clipped(inside, begin, end))
            first, last = kept[0].start, kept[-1].end
            is_bar = pulse is pulses[0]
            found.append(Measure(number, first, last, kept, seconds, None, is_bar))
    return found


def _slowed(pulses: list[Pulse], seconds: float) -> list[Pulse]:
    """Return pulses that are too quick for a foot two by two."""
    is_even = len(pulses) % 2 == 0 and len({pulse.length for pulse in pulses}) == 1
    if is_even and pulses[0].length * seconds < FASTEST_PULSE:
        pairs = zip(pulses[::2], pulses[1::2], strict=True)
        return [replace(a, length=2 * a.length, is_triple=False) for a, b in pairs]
    return pulses


def _clipped(pulses: list[Pulse], start: float, stop: float) -> list[Pulse]:
    """Return the pulses that begin inside a bar, the last one no longer than it."""
    inside = [pulse for pulse in pulses if start <= pulse.start < stop]
    if not inside:
        inside = [Pulse(start, stop - start)]
    elif inside[0].start > start:  # an upbeat may begin within a pulse
        inside.insert(0, Pulse(start, inside[0].start - start))
    if inside[-1].end > stop:
        last = inside[-1]
        inside[-1] = Pulse(last.start, stop - last.start, last.is_triple)
    return inside


def _second_strongest(pulses: tuple[Pulse, ...]) -> int | None:
    """Return which pulse a bar is halved at: the third of four, none of three."""
    n_pulses = len(pulses)
    if n_pulses >= 4 and n_pulses % 2 == 0:
        return n_pulses // 2
    return 3 if n_pulses in (5, 7) else None
