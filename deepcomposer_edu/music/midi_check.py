"""Looking a MIDI file's bytes over before anything else trusts them.

A file from the internet can be cut short, be no MIDI at all, or claim a pause of a
thousand years. Libraries answer that with a dozen kinds of errors, or with an endless
wait. So the bytes are walked once, every claim is checked against a stated limit, and
only the events that the course uses are passed on.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.limits import (
    MAX_EVENTS,
    MAX_NOTES,
    MAX_STEPS,
    refuse_too_many_bytes,
    refuse_too_many_notes,
    refuse_too_many_steps,
)
from deepcomposer_edu.music.score import STEPS_PER_QUARTER

NOTE_OFF, NOTE_ON, PROGRAM_CHANGE = 0x80, 0x90, 0xC0
_META, _END_OF_TRACK = 0xFF, 0x2F
# Data bytes that follow each kind of channel message
_N_DATA = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
# Meta events that are used, with the length they must have (None: any)
_USED_META = {0x03: None, 0x51: 3, 0x58: 4}  # track name, tempo, time signature


class _DamageError(Exception):
    """What is wrong with the bytes; becomes an InputError with the file's name."""


def _encoded_length(value: int) -> bytes:
    """Return a number as MIDI writes it: 7 bits a byte, the highest first."""
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(value & 0x7F | 0x80)
    return bytes(reversed(parts))


def _read_length(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of at most four 7-bit bytes, and where it ends."""
    value = 0
    for i in range(at, at + 4):
        value = value << 7 | data[i] & 0x7F
        if data[i] < 0x80:
            return value, i + 1
    raise _DamageError("a pause or length in it has no end")


def _events(data: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield (tick, status, meta type, data) of every event in a track's bytes."""
    tick = at = running = 0
    while at < len(data):
        delta, at = _read_length(data, at)
        tick += delta
        status = data[at]
        if status < 0x80:  # running status: the last channel message's goes on
            status = running
        else:
            at += 1
        if status in (_META, 0xF0, 0xF7):
            kind = 0
            if status == _META:
                kind, at = data[at], at + 1
            length, at = _read_length(data, at)
        elif status & 0xF0 in _N_DATA:
            kind, length, running = 0, _N_DATA[status & 0xF0], status
        else:
            raise _DamageError("it holds an event that no MIDI file may hold")
        if at + length > len(data):
            raise _DamageError("a track in it is cut short")
        yield tick, status, kind, data[at : at + length]
        at += length
        if kind == _END_OF_TRACK and status == _META:
            return


class _Cleaner:
    """Keeps the events that the course uses and counts over all tracks."""

    def __init__(self, name: str, ticks_per_quarter: int) -> None:
        self.name = name
        self.ticks_per_step = ticks_per_quarter / STEPS_PER_QUARTER
        self.n_events = 0
        self.n_notes = 0
        self.n_note_events = 0

    def clean(self, data: bytes) -> bytes:
        """Return a track's bytes with the used events only, status bytes in full."""
        kept = bytearray()
        kept_tick = tick = 0
        last_tick = int(MAX_STEPS * self.ticks_per_step)
        for tick, status, kind, values in _events(data):
            self.n_events += 1
            if self.n_events > MAX_EVENTS:
                raise _DamageError(f"it holds more than {MAX_EVENTS:,} events")
            if status == _META:
                wanted = _USED_META.get(kind, -1)
                is_used = wanted is None or wanted == len(values)
                event = bytes((status, kind)) + _encoded_length(len(values)) + values
            else:
                message = status & 0xF0
                is_used = message in (NOTE_OFF, NOTE_ON, PROGRAM_CHANGE)
                event = bytes((status,)) + values
            if not is_used:
                continue
            if status != _META:
                self._check_message(tick, message, values)
            elif tick > last_tick:
                continue  # a tempo for music that never comes
            kept += _encoded_length(tick - kept_tick) + event
            kept_tick = tick
        # notes without an end last to the end of the track
        rest = max(min(tick, last_tick), kept_tick) - kept_tick
        return bytes(kept) + _encoded_length(rest) + b"\xff\x2f\x00"

    def _check_message(self, tick: int, message: int, values: bytes) -> None:
        if max(values) > 0x7F:
            raise _DamageError("it holds a pitch, velocity or program above 127")
        if message == PROGRAM_CHANGE:
            return
        refuse_too_many_steps(tick / self.ticks_per_step, self.name)
        self.n_note_events += 1
        self.n_notes += message == NOTE_ON and values[1] > 0
        refuse_too_many_notes(self.n_notes, self.name)
        if self.n_note_events > 4 * MAX_NOTES:
            raise _DamageError("it ends far more notes than it begins")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (kind, content) of the chunks after the header."""
    at = 8 + int.from_bytes(data[4:8], "big")
    while at + 8 <= len(data):
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "big")
        if at + 8 + length > len(data):
            raise _DamageError(
                f"it ends after {len(data):,} bytes, in the middle of a track"
            )
        yield kind, data[at + 8 : at + 8 + length]
        at += 8 + length


def _checked_header(data: bytes) -> tuple[int, int, int]:
    """Return (type, number of tracks, ticks per quarter) of a usable file."""
    if not data:
        raise _DamageError("it is empty (0 bytes)")
    if data[:4] != b"MThd":
        raise _DamageError("it is not a MIDI file (it does not begin with MThd)")
    if len(data) < 14 or int.from_bytes(data[4:8], "big") < 6:
        raise _DamageError("it ends in the middle of its header")
    kind, n_tracks, division = struct.unpack(">HHH", data[8:14])
    if kind == 2:
        raise _DamageError("it is of type 2 (separate patterns, not one piece)")
    if kind > 2:
        raise _DamageError(f"it says it is of type {kind}, but only 0 to 2 exist")
    if division & 0x8000:
        raise _DamageError("it counts time in film frames (SMPTE), not in beats")
    if division == 0:
        raise _DamageError("it says that a quarter note has 0 ticks")
    return kind, n_tracks, division


def cleaned_midi(data: bytes, name: str) -> bytes:
    """Return the same music as a small, sound MIDI file.

    Kept are notes, programs, track names, tempos and time signatures. Everything else
    (pedals, bends, system exclusive, chunks of other programs) is left out.

    Args:
        data: the bytes of a MIDI file of type 0 or 1.
        name: what to call the file in an error.

    Raises:
        InputError: if the bytes are not such a file, or hold more than the limits in
            `limits.py` allow.
    """
    refuse_too_many_bytes(len(data), name)
    try:
        kind, n_tracks, division = _checked_header(data)
        cleaner = _Cleaner(name, division)
        tracks = [
            cleaner.clean(content)
            for label, content in _chunks(data)
            if label == b"MTrk"
        ]
        if len(tracks) < n_tracks:
            raise _DamageError(
                f"it announces {n_tracks} tracks but holds {len(tracks)}; it may be "
                "cut short"
            )
    except (_DamageError, IndexError) as error:
        reason = str(error) if isinstance(error, _DamageError) else "it is cut short"
        raise InputError(
            f"{name} cannot be read: {reason}. Give a standard MIDI file of type 0 "
            "or 1, for example one exported anew by your music program."
        ) from error
    header = b"MThd" + struct.pack(">LHHH", 6, kind, len(tracks), division)
    return header + b"".join(
        b"MTrk" + struct.pack(">L", len(track)) + track for track in tracks
    )
