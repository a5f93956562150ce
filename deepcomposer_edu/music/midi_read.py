"""MIDI files in: positions come from the file's own ticks, so they are exact."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import mido

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.limits import (
    MAX_FILE_BYTES,
    read_bytes,
    refuse_too_many_tracks,
)
from deepcomposer_edu.music.midi_check import cleaned_midi
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Metre, Note, Score, Track

DRUM_CHANNEL = 9  # channel 10 when counted from 1
_MICROSECONDS_PER_MINUTE = 60_000_000


def _text(name: str) -> str:
    """Return a name as text: UTF-8 where it is that, else Latin-1."""
    with suppress(UnicodeDecodeError):
        name = name.encode("latin1").decode("utf-8")
    return name.strip("\x00 \t\r\n")


def _bpm(microseconds: int) -> float:
    """Return the roundest tempo that MIDI writes as this length of a quarter."""
    exact = _MICROSECONDS_PER_MINUTE / microseconds
    for n_decimals in range(7):
        rounded = round(exact, n_decimals)
        if rounded and round(_MICROSECONDS_PER_MINUTE / rounded) == microseconds:
            return rounded
    return exact


def _is_metre(message: mido.MetaMessage) -> bool:
    """Return whether a time signature can be counted."""
    return message.numerator > 0 and message.denominator <= 64


def _spans(events: list[tuple[int, int]], last: int) -> list[tuple[int, int, int]]:
    """Return (start, end, velocity) of the notes of one pitch on one channel.

    A note that is struck again ends at the new start. As many ends as starts: the first
    end belongs to the first start. Else an end ends whatever sounds, and a note without
    an end lasts to the end of its track.

    Args:
        events: (tick, velocity) in order of time; velocity 0 is an end.
        last: the tick at which the track ends.
    """
    starts = [(tick, velocity) for tick, velocity in events if velocity]
    if not starts:
        return []
    ends = [tick for tick, velocity in events if not velocity]
    if len(starts) != len(ends) or any(
        end < start for (start, _), end in zip(starts, ends, strict=False)
    ):
        # the first end after each start, if any
        ends = [
            ends[i] if (i := bisect_right(ends, start)) < len(ends) else last
            for start, _ in starts
        ]
    next_starts = [start for start, _ in starts[1:]] + [last]
    spans = [
        (start, min(end, max(following, start)), velocity)
        for (start, velocity), end, following in zip(
            starts, ends, next_starts, strict=True
        )
    ]
    return [span for span in spans if span[1] > span[0]]


class _Programs:
    """Which instrument a channel has, and when."""

    def __init__(self) -> None:
        # (track, channel), and (None, channel) for any track -> (tick, program)
        self._changes: dict[tuple[int | None, int], list[tuple[int, int]]] = (
            defaultdict(list)
        )

    def add(self, number: int, channel: int, tick: int, program: int) -> None:
        self._changes[number, channel].append((tick, program))
        self._changes[None, channel].append((tick, program))

    def sort(self) -> None:
        for changes in self._changes.values():
            changes.sort(key=lambda change: change[0])

    def at(self, number: int, channel: int, tick: int) -> int:
        """Return the program in force: the track's own, else the channel's, else 0."""
        for owner in (number, None):
            changes = self._changes.get((owner, channel))
            if changes:
                i = bisect_right(changes, tick, key=lambda change: change[0])
                return changes[max(i - 1, 0)][1]
        return 0


class _FileContent:
    """What stands in a file's messages, with times in ticks."""

    def __init__(self, file: mido.MidiFile) -> None:
        self.tempos: dict[int, float] = {}
        self.metres: dict[int, tuple[int, int]] = {}
        self.names: dict[int, str] = {}  # by track number
        # (track, channel, pitch) -> (tick, velocity), velocity 0 for an end
        self.presses: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
        self.programs = _Programs()
        self.last_ticks: dict[int, int] = {}
        for number, messages in enumerate(file.tracks):
            tick = 0
            for message in messages:
                tick += message.time
                self._add(number, tick, message)
            self.last_ticks[number] = tick
        self.programs.sort()

    def _add(self, number: int, tick: int, message: mido.Message) -> None:
        kind = message.type
        if kind in ("note_on", "note_off"):
            key = (number, message.channel, message.note)
            velocity = message.velocity if kind == "note_on" else 0
            self.presses.setdefault(key, []).append((tick, velocity))
        elif kind == "program_change":
            self.programs.add(number, message.channel, tick, message.program)
        elif kind == "track_name":
            self.names.setdefault(number, _text(message.name))
        elif kind == "set_tempo" and message.tempo:
            self.tempos[tick] = _bpm(message.tempo)
        elif kind == "time_signature" and _is_metre(message):
            self.metres[tick] = (message.numerator, message.denominator)


def _tracks(content: _FileContent, is_type_0: bool, ticks: int) -> list[Track]:
    """Return one track for each file track, channel and program that has notes.

    Args:
        content: what the file holds.
        is_type_0: whether one file track holds every channel.
        ticks: ticks to a quarter.
    """
    notes: dict[tuple[int, int, int], list[Note]] = defaultdict(list)
    for (number, channel, pitch), events in content.presses.items():
        for start, end, velocity in _spans(events, content.last_ticks[number]):
            program = content.programs.at(number, channel, start)
            duration = (end - start) * STEPS_PER_QUARTER / ticks
            note = Note(start * STEPS_PER_QUARTER / ticks, pitch, duration, velocity)
            notes[number, channel, program].append(note)
    # by file track, then channel, then the order in which programs come
    keys = sorted(notes, key=lambda key: (key[:2], min(notes[key]).start, key[2]))
    has_one_voice = len(keys) == 1
    return [
        Track(
            tuple(notes[key]),
            content.names.get(key[0], "") if has_one_voice or not is_type_0 else "",
            key[2],
            key[1] == DRUM_CHANNEL,
        )
        for key in keys
    ]


def _metres_and_pickup(
    content: _FileContent, ticks_per_quarter: int
) -> tuple[tuple[Metre, ...], float]:
    """Return the time signatures, and the length of a short bar that opens the piece.

    A first bar of a shorter metre that holds for just that bar is a pickup.
    """
    metres = [
        Metre(tick * STEPS_PER_QUARTER / ticks_per_quarter, *content.metres[tick])
        for tick in sorted(content.metres)
    ]
    if not metres or metres[0].step > 0:
        metres.insert(0, Metre())
    pickup = 0.0
    if len(metres) > 1:
        first, second = metres[:2]
        bar = first.steps_per_bar
        if second.step == bar < second.steps_per_bar:
            pickup = bar
            metres = [Metre(0, second.numerator, second.denominator), *metres[2:]]
    return tuple(metres), pickup


def read_midi(source: str | Path | bytes | BinaryIO) -> Score:
    """Return the score in a MIDI file of type 0 or 1.

    One track comes out for each file track, channel and program with notes; tracks
    without notes are left out. Drums are what stands on channel 10. A note struck again
    before it ended ends at the new start.

    Args:
        source: a path, the bytes themselves, or an open binary file.

    Returns:
        The score, with times in steps, exact to the tick. It has no tracks if there are
        no notes.

    Raises:
        InputError: if the file is missing, damaged, of type 2, or larger than the
            limits in `limits.py`.
    """
    if isinstance(source, bytes):
        data, name = source, "The MIDI data"
    elif isinstance(source, (str, Path)):
        data, name = read_bytes(Path(source)), str(source)
    else:
        data, name = source.read(MAX_FILE_BYTES + 1), "The MIDI data"
    try:
        file = mido.MidiFile(file=BytesIO(cleaned_midi(data, name)), charset="latin1")
    except InputError:
        raise
    except Exception as error:  # mido has a different kind for every defect
        raise InputError(
            f"{name} cannot be read: {error or type(error).__name__}. Give a standard "
            "MIDI file of type 0 or 1."
        ) from error
    content = _FileContent(file)
    tracks = _tracks(content, file.type == 0, file.ticks_per_beat)
    refuse_too_many_tracks(len(tracks), name)
    # the first track without notes is the conductor's and bears the title
    with_notes = {key[0] for key in content.presses}
    has_title = file.type == 0 or 0 not in with_notes
    metres, pickup = _metres_and_pickup(content, file.ticks_per_beat)
    tempos = sorted(content.tempos.items())
    return Score(
        tuple(tracks),
        tempo=content.tempos.get(0, 120.0),
        tempo_changes=tuple(
            (tick * STEPS_PER_QUARTER / file.ticks_per_beat, tempo)
            for tick, tempo in tempos
            if tick > 0
        ),
        metres=metres,
        pickup=pickup,
        title=content.names.get(0, "") if has_title else "",
    )
