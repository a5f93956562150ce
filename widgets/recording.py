"""From what was played to a score, and from a score to what the keyboard plays.

A recording is a list of events as the browser measured them, each a dictionary:

- `{"time": 12.5, "pitch": 60, "velocity": 90, "source": "computer"}`: at 12.5 ms the
  key C4 went down; velocity 0 says that it came up again,
- `{"time": 80.0, "pedal": True, "source": "midi"}`: the sustain pedal went down,
- `{"time": 90.0, "bend": 0.5, "source": "wheel"}` and `{"time": 91.0, "modulation":
  1.0, "source": "wheel"}`: a wheel moved. A Score has no place for it; it is played
  back.

Nothing here needs a browser or a notebook.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Metre, Note, Score, Track

MS_PER_MINUTE = 60_000
SHORTEST_MS = 1.0  # a key that was struck sounds, however short the touch
SLOWEST, FASTEST = 20.0, 300.0  # BPM that a recording may be counted in
STARTS = ("note", "beat", "bar", "record")

Event = dict[str, float | int | bool | str]


@dataclass
class _Struck:
    """A note while it is read: times in ms; `end` is None while it sounds."""

    start: float
    pitch: int
    velocity: int
    end: float | None = None


def check_tempo(tempo: float) -> float:
    """Return the tempo as a float if a recording can be counted in it.

    Raises:
        InputError: if it lies outside 20 to 300 BPM.
    """
    if isinstance(tempo, bool) or not isinstance(tempo, int | float):
        raise InputError(
            f"The tempo is {tempo!r}, but it must be a number such as 100."
        )
    if not SLOWEST <= tempo <= FASTEST:
        raise InputError(
            f"The tempo is {tempo}, but a recording is counted in {SLOWEST:.0f} to "
            f"{FASTEST:.0f} beats per minute; 100 is a good start."
        )
    return float(tempo)


def _struck_notes(events: Iterable[Event]) -> list[_Struck]:
    """Return each note with its beginning and end in ms, as the pedal holds it."""
    notes: list[_Struck] = []
    held: dict[int, _Struck] = {}  # by pitch: the key is down
    ringing: dict[int, _Struck] = {}  # by pitch: the key is up, the pedal holds it
    is_pedal_down = False
    last = 0.0
    for event in sorted(events, key=lambda event: event["time"]):
        now = float(event["time"])
        if "pedal" in event or "pitch" in event:
            last = now
        if "pedal" in event:
            is_pedal_down = bool(event["pedal"])
            if not is_pedal_down:
                for note in ringing.values():
                    note.end = now
                ringing.clear()
            continue
        if "pitch" not in event:  # a wheel
            continue
        pitch, velocity = int(event["pitch"]), int(event["velocity"])
        note = held.pop(pitch, None)
        if note is not None and is_pedal_down and velocity == 0:
            ringing[pitch] = note
        elif note is not None:
            note.end = now
        if velocity > 0:
            if pitch in ringing:  # struck again: the old sound ends here
                ringing.pop(pitch).end = now
            held[pitch] = _Struck(now, pitch, min(velocity, 127))
            notes.append(held[pitch])
    for note in notes:
        end = last if note.end is None else note.end  # never let go: with the recording
        note.end = max(end, note.start + SHORTEST_MS)
    return notes


def _first_step(first: float, start: str, steps_per_bar: float) -> float:
    """Return the step of the recording that becomes step 0 of the score."""
    if start == "note":
        return first
    unit = {"beat": STEPS_PER_QUARTER, "bar": steps_per_bar, "record": math.inf}[start]
    return 0.0 if math.isinf(unit) else math.floor(first / unit) * unit


def _on_grid(notes: Sequence[Note]) -> list[Note]:
    """Return the notes on whole steps, each at least one step, none sounding twice."""
    placed: dict[tuple[int, int], Note] = {}  # (pitch, start) -> the longest note there
    for note in notes:
        start = math.floor(note.start + 0.5)
        end = max(start + 1, math.floor(note.end + 0.5))
        same = placed.get((note.pitch, start))
        if same is None or same.duration < end - start:
            velocity = max(note.velocity, same.velocity if same else 0)
            new = Note(start, note.pitch, end - start, velocity)
            placed[note.pitch, start] = new
    result: list[Note] = []
    following: dict[int, int] = {}  # pitch -> start of its next note
    for (pitch, start), note in sorted(placed.items(), reverse=True):
        end = min(start + note.duration, following.get(pitch, math.inf))
        result.append(Note(start, pitch, end - start, note.velocity))
        following[pitch] = start
    return sorted(result)


def events_to_score(
    events: Iterable[Event],
    tempo: float = 100.0,
    quantise: bool = True,
    start: str = "note",
    program: int = 0,
    title: str = "Recording",
    beats_per_bar: int = 4,
) -> Score:
    """Return a recording as a score of one track.

    A note lasts until its key comes up, or until the pedal does if that is later. A key
    that never came up ends with the recording.

    Args:
        events: what was played, as described at the top of this module.
        tempo: quarter notes per minute the music is counted in, 20 to 300.
        quantise: whether to move beginnings and ends to the nearest sixteenth; a note
            keeps at least one. Else the steps are fractional, as played.
        start: where the score begins: with the first "note" (it starts bar 1), with the
            "beat" or the "bar" in which it falls, counted from the press of Record, or
            with that press itself ("record").
        program: General MIDI instrument of the track, 0 to 127.
        title: name of the piece.
        beats_per_bar: quarters in a bar: 4 for 4/4, 3 for 3/4.

    Returns:
        The score; without tracks if no note was played.

    Raises:
        InputError: if the tempo or `start` is not one of those allowed.

    >>> down = {"time": 500.0, "pitch": 60, "velocity": 90}
    >>> up = {"time": 1090.0, "pitch": 60, "velocity": 0}
    >>> events_to_score([down, up], tempo=100).notes
    (Note(start=0, pitch=60, duration=4, velocity=90),)
    """
    tempo = check_tempo(tempo)
    if start not in STARTS:
        raise InputError(
            f'start is {start!r}, but it must be one of "note", "beat", "bar" and '
            '"record".'
        )
    struck = _struck_notes(events)
    metres = (Metre(0, beats_per_bar, 4),)
    if not struck:
        return Score((), tempo=tempo, metres=metres, title=title)
    steps_per_ms = tempo * STEPS_PER_QUARTER / MS_PER_MINUTE
    steps_per_bar = beats_per_bar * STEPS_PER_QUARTER
    first = min(note.start for note in struck) * steps_per_ms
    zero = _first_step(first, start, steps_per_bar)
    notes = [
        Note(
            start=max(0.0, note.start * steps_per_ms - zero),
            pitch=note.pitch,
            duration=(note.end - note.start) * steps_per_ms,
            velocity=note.velocity,
        )
        for note in struck
    ]
    notes = _on_grid(notes) if quantise else notes
    track = Track(tuple(notes), name="Keyboard", program=program)
    return Score((track,), tempo=tempo, metres=metres, title=title)


def score_to_song(score: Score) -> dict[str, object]:
    """Return a score as the keyboard's player wants it.

    Returns:
        A dictionary with `title`, `tracks` (name, program, is_drum) and `events`: rows
        of time in ms, track number, pitch, velocity (0 for the end of a note), in order
        of time, ends before beginnings. Tempo changes are worked into the times.
    """
    tracks = [track for track in score.tracks if track.notes]
    events = []
    for number, track in enumerate(tracks):
        for note in track.notes:
            begin = round(1000 * score.seconds_at(note.start), 1)
            end = round(1000 * score.seconds_at(note.end), 1)
            events.append((begin, number, note.pitch, note.velocity))
            end = max(end, begin + SHORTEST_MS)
            events.append((end, number, note.pitch, 0))
    events.sort(key=lambda event: (event[0], event[3] > 0))
    return {
        "title": score.title,
        "tracks": [
            {"name": track.name, "program": track.program, "is_drum": track.is_drum}
            for track in tracks
        ],
        "events": [list(event) for event in events],
    }
