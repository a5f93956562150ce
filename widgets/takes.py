"""Rhythm assist, trimming and the history of takes, on recordings and scores.

The browser does the same in widgets/keyboard/take_math.js, so that the buttons work at
once and without a kernel; a test compares the two on many recordings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets.recording import MS_PER_MINUTE, SHORTEST_MS, Event

# Grid points in a quarter, by name; T is a triplet.
GRIDS = {"1/4": 1, "1/8": 2, "1/8T": 3, "1/16": 4, "1/16T": 6, "1/32": 8}
MOST_TAKES = 20  # that undo can go back
_TOGETHER_MS = 1e-6  # closer than this is the same moment
_EARLY = 1 / 8  # of a beat: a note that much before a bar line is meant for the bar
_OTHERS = ("pedal", "bend", "modulation")


@dataclass(frozen=True)
class _Span:
    """One note of a recording; times in ms."""

    start: float
    end: float
    pitch: int
    velocity: int
    source: str


def check_grid(grid: str, strength: float) -> None:
    """Refuse a grid or a strength that rhythm assist does not know.

    Raises:
        InputError: with what is allowed.
    """
    if grid not in GRIDS:
        raise InputError(
            f"The grid is {grid!r}, but it must be one of {', '.join(GRIDS)} (T is a "
            "triplet)."
        )
    if not 0 <= strength <= 1:
        raise InputError(
            f"The strength is {strength}, but it must be from 0 (as played) to 1 (on "
            "the grid)."
        )


def _tenth(milliseconds: float) -> float:
    return math.floor(milliseconds * 10 + 0.5) / 10


def _spans(events: Iterable[Event]) -> list[_Span]:
    """Return the notes of a recording, keys only: the pedal does not lengthen them."""
    ordered = sorted(events, key=lambda event: event["time"])
    last = max((event["time"] for event in ordered), default=0)
    begun: list[list] = []  # [event, end], in order of beginning
    held: dict[int, list] = {}
    for event in ordered:
        if "pitch" not in event:
            continue
        if event["pitch"] in held:
            held.pop(event["pitch"])[1] = event["time"]
        if event["velocity"] > 0:
            held[event["pitch"]] = [event, None]
            begun.append(held[event["pitch"]])
    return [
        _Span(
            start=event["time"],
            end=max(last if end is None else end, event["time"] + SHORTEST_MS),
            pitch=event["pitch"],
            velocity=event["velocity"],
            source=event.get("source", ""),
        )
        for event, end in begun
    ]


def _events(spans: Iterable[_Span], others: Iterable[Event]) -> list[Event]:
    """Return notes and the rest as events in order; at one moment ends come first."""
    events: list[Event] = []
    for span in spans:
        both = {"pitch": span.pitch, "velocity": span.velocity, "source": span.source}
        events.append({"time": _tenth(span.start)} | both)
        events.append({"time": _tenth(span.end)} | both | {"velocity": 0})
    events += [{**event, "time": _tenth(event["time"])} for event in others]

    def place(event: Event) -> tuple:
        rank = 1 if "pitch" not in event else 2 if event["velocity"] > 0 else 0
        return (event["time"], rank, event.get("pitch", 0))

    return sorted(events, key=place)


def _parted(spans: Iterable[_Span]) -> list[_Span]:
    """Return the notes so that none sounds twice at once; the longest stays."""
    kept = []
    following: dict[int, float] = {}  # pitch -> start of the next note on it
    for span in sorted(spans, key=lambda span: (-span.start, -span.end, -span.pitch)):
        next_start = following.get(span.pitch, math.inf)
        if next_start - span.start < _TOGETHER_MS:
            continue
        kept.append(replace(span, end=min(span.end, next_start)))
        following[span.pitch] = span.start
    return kept[::-1]


def _origin(spans: Sequence[_Span], is_counted: bool) -> float:
    return 0.0 if is_counted else min(span.start for span in spans)


def tidy_events(
    events: Sequence[Event],
    tempo: float,
    grid: str = "1/16",
    strength: float = 1.0,
    is_counted: bool = False,
) -> list[Event]:
    """Return a recording with its notes moved towards the grid: rhythm assist.

    Args:
        events: what was played, as widgets/recording.py describes it.
        tempo: beats per minute.
        grid: one of GRIDS; "1/16" has four points in a beat.
        strength: 0 leaves all as played, 1 puts each note on its grid point, 0.5 goes
            half the way. Ends move likewise; on the grid a note lasts at least one
            unit of it.
        is_counted: whether time 0 is a beat (the metronome ran); else the first note
            is one.

    Returns:
        The events in order of time, to a tenth of a millisecond. Pedal and wheels stay.

    Raises:
        InputError: if the grid or the strength is not allowed.
    """
    check_grid(grid, strength)
    spans = _spans(events)
    if not spans:
        return list(events)
    unit = MS_PER_MINUTE / tempo / GRIDS[grid]
    zero = _origin(spans, is_counted)

    def nearest(time: float) -> float:
        return zero + math.floor((time - zero) / unit + 0.5) * unit

    moved = []
    for span in spans:
        start = max(0.0, nearest(span.start))
        end = max(start + unit, nearest(span.end))
        moved.append(
            replace(
                span,
                start=span.start + strength * (start - span.start),
                end=span.end + strength * (end - span.end),
            )
        )
    return _events(_parted(moved), [e for e in events if "pitch" not in e])


def _state_at(others: Iterable[Event], time: float) -> list[Event]:
    """Return pedal and wheels as they stand at a moment, as events at that moment."""
    last: dict[str, Event] = {}
    for event in sorted(others, key=lambda event: event["time"]):
        if event["time"] < time:
            last[next(kind for kind in _OTHERS if kind in event)] = event
    return [{**event, "time": time} for kind, event in last.items() if event[kind]]


def trim_events(
    events: Sequence[Event],
    tempo: float,
    n_bars: int,
    first_bar: int = 1,
    beats_per_bar: int = 4,
    is_counted: bool = False,
) -> list[Event]:
    """Return some bars of a recording; its first moment is then a bar line.

    A note up to half a sixteenth before a bar line belongs to the bar that it was meant
    for. Notes that last beyond the last bar end with it.

    Args:
        events: what was played.
        tempo: beats per minute.
        n_bars: how many bars to keep, 1 or more.
        first_bar: the first of them, counted from 1.
        beats_per_bar: quarters in a bar.
        is_counted: whether time 0 is a bar line; else the first note is one.

    Raises:
        InputError: if a number is below 1.
    """
    for name, number in {"n_bars": n_bars, "first_bar": first_bar}.items():
        if number < 1:
            raise InputError(f"{name} is {number}, but bars are counted from 1.")
    spans = _spans(events)
    if not spans:
        return list(events)
    beat = MS_PER_MINUTE / tempo
    early = beat * _EARLY
    begin = _origin(spans, is_counted) + (first_bar - 1) * beats_per_bar * beat
    end = begin + n_bars * beats_per_bar * beat
    kept = []
    for span in spans:
        if begin - early <= span.start < end - early:
            start = max(begin, span.start)
            stop = max(start + SHORTEST_MS, min(span.end, end))
            kept.append(replace(span, start=start - begin, end=stop - begin))
    others = [event for event in events if "pitch" not in event]
    inside = _state_at(others, begin)
    inside += [event for event in others if begin <= event["time"] < end]
    still = [e | {"pedal": False} for e in _state_at(inside, end) if e.get("pedal")]
    moved = [{**event, "time": event["time"] - begin} for event in [*inside, *still]]
    return _events(_parted(kept), moved)


def count_bars(
    events: Sequence[Event],
    tempo: float,
    beats_per_bar: int = 4,
    is_counted: bool = False,
) -> int:
    """Return in how many bars the notes of a recording begin; 0 without notes."""
    spans = _spans(events)
    if not spans:
        return 0
    beat = MS_PER_MINUTE / tempo
    last = max(span.start for span in spans) - _origin(spans, is_counted)
    return math.floor((last + beat * _EARLY) / (beat * beats_per_bar)) + 1
