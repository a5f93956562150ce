"""MIDI files out: type 1, 480 ticks to a quarter, the same bytes for the same score."""

from __future__ import annotations

from collections import defaultdict
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import mido

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.music.midi_read import DRUM_CHANNEL
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Metre, Score, Track

TICKS_PER_QUARTER = 480
TICKS_PER_STEP = TICKS_PER_QUARTER // STEPS_PER_QUARTER
_PITCHED_CHANNELS = tuple(c for c in range(16) if c != DRUM_CHANNEL)
_MAX_TICK = 0x0FFFFFFF  # the longest pause that MIDI can write
_MAX_TEMPO_MICROSECONDS = 0xFFFFFF
_MICROSECONDS_PER_MINUTE = 60_000_000


def _channels(tracks: tuple[Track, ...]) -> list[tuple[int, int]]:
    """Return (port, channel) for each track.

    Drums go to channel 10. Up to 15 pitched tracks get a channel each; more share one
    for each program; more than 15 programs go on to further ports of 15 channels.
    """
    pitched = [i for i, track in enumerate(tracks) if not track.is_drum]
    if len(pitched) <= len(_PITCHED_CHANNELS):
        slots = {i: slot for slot, i in enumerate(pitched)}
    else:
        programs = list(dict.fromkeys(tracks[i].program for i in pitched))
        slots = {i: programs.index(tracks[i].program) for i in pitched}
    places = []
    for i in range(len(tracks)):
        port, slot = divmod(slots.get(i, 0), len(_PITCHED_CHANNELS))
        places.append((port, _PITCHED_CHANNELS[slot] if i in slots else DRUM_CHANNEL))
    return places


def _tick(step: float) -> int:
    """Return the tick nearest to a step."""
    if step * TICKS_PER_STEP > _MAX_TICK:
        raise InputError(
            f"The music goes on to step {step:,.0f}, but a MIDI file ends at step "
            f"{_MAX_TICK // TICKS_PER_STEP:,}; cut it into shorter pieces."
        )
    return round(step * TICKS_PER_STEP)


def _name_message(name: str) -> mido.MetaMessage:
    as_latin1 = name.encode("utf-8", "replace").decode("latin1")
    return mido.MetaMessage("track_name", name=as_latin1)


def _timed(events: list[tuple[int, mido.Message]]) -> mido.MidiTrack:
    """Return a file track from (tick, message) pairs in order of time."""
    track, now = mido.MidiTrack(), 0
    for tick, message in events:
        message.time = tick - now
        track.append(message)
        now = tick
    return track


def _tempo_message(bpm: float) -> mido.MetaMessage:
    microseconds = round(_MICROSECONDS_PER_MINUTE / bpm)
    if not 1 <= microseconds <= _MAX_TEMPO_MICROSECONDS:
        raise InputError(
            f"The tempo is {bpm:g} beats per minute, but a MIDI file can hold 3.58 to "
            "60,000,000; 40 to 240 is usual."
        )
    return mido.MetaMessage("set_tempo", tempo=microseconds)


def _metre_message(metre: Metre) -> mido.MetaMessage:
    numerator, denominator = metre.numerator, metre.denominator
    if not (1 <= numerator <= 255 and denominator in (1, 2, 4, 8, 16, 32, 64)):
        raise InputError(
            f"The metre is {numerator}/{denominator}, but a MIDI file can hold 1 to "
            "255 over 1, 2, 4, 8, 16, 32 or 64."
        )
    return mido.MetaMessage(
        "time_signature", numerator=numerator, denominator=denominator
    )


def _metre_events(score: Score) -> list[tuple[int, mido.Message]]:
    """Return the time signatures; a pickup is a bar of its own metre, as usual."""
    first, *later = score.metres
    events = []
    begin = 0.0
    if 0 < score.pickup < first.steps_per_bar:
        for denominator in (4, 8, 16, 32, 64):
            n_beats = score.pickup * denominator / 16
            if n_beats == int(n_beats):
                events.append((0, _metre_message(Metre(0, int(n_beats), denominator))))
                begin = score.pickup
                break
    events.append((_tick(begin), _metre_message(first)))
    return events + [(_tick(m.step), _metre_message(m)) for m in later]


def _conductor(score: Score) -> mido.MidiTrack:
    """Return the first file track: title, tempos and time signatures."""
    events = [(0, _name_message(score.title))] if score.title else []
    events += _metre_events(score)
    events.append((0, _tempo_message(score.tempo)))
    events += [(_tick(step), _tempo_message(bpm)) for step, bpm in score.tempo_changes]
    return _timed(sorted(events, key=lambda event: event[0]))


def _note_events(track: Track, channel: int) -> list[tuple[int, mido.Message]]:
    """Return starts and ends; a note of the same pitch ends where the next begins."""
    by_pitch: dict[int, list[list[int]]] = defaultdict(list)  # [start, end, velocity]
    for note in track.notes:
        start = _tick(note.start)
        end = max(_tick(note.end), start + 1)
        earlier = by_pitch[note.pitch]
        if earlier and earlier[-1][0] == start:  # the same note twice: the longer
            end = max(end, earlier.pop()[1])
        elif earlier:
            earlier[-1][1] = min(earlier[-1][1], start)
        earlier.append([start, end, note.velocity])
    events = []
    for pitch, spans in by_pitch.items():
        for start, end, velocity in spans:
            on = mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)
            off = mido.Message("note_off", channel=channel, note=pitch, velocity=0)
            events += [(start, 1, pitch, on), (end, 0, pitch, off)]
    # at one tick, ends come before starts
    events.sort(key=lambda event: event[:3])
    return [(tick, message) for tick, _, _, message in events]


def midi_bytes(score: Score) -> bytes:
    """Return the score as the bytes of a MIDI file; see `write_midi`."""
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_QUARTER, charset="latin1")
    file.tracks.append(_conductor(score))
    for track, (port, channel) in zip(
        score.tracks, _channels(score.tracks), strict=True
    ):
        events: list[tuple[int, mido.Message]] = []
        if track.name:
            events.append((0, _name_message(track.name)))
        if port:
            events.append((0, mido.MetaMessage("midi_port", port=port)))
        program = mido.Message("program_change", channel=channel, program=track.program)
        events.append((0, program))
        file.tracks.append(_timed(events + _note_events(track, channel)))
    target = BytesIO()
    file.save(file=target)
    return target.getvalue()


def write_midi(score: Score, target: str | Path | BinaryIO) -> None:
    """Write the score as a MIDI file of type 1 with 480 ticks to a quarter.

    Kept are notes to a 120th of a step, velocities, programs, names, drums, tempos to
    a millionth of a second a quarter, time signatures and the pickup. Notes of the same
    pitch in one track end where the next begins; `_channels` tells who plays on which
    channel. The same score always gives the same bytes.

    Args:
        score: the music.
        target: a path, written whole or not at all, or an open binary file.

    Raises:
        InputError: if the file cannot be written, or MIDI cannot say what the score
            holds (a tempo below 3.58, a metre over 3, an end past step 2,236,962).
    """
    data = midi_bytes(score)
    if isinstance(target, (str, Path)):
        with atomic_path(target) as temporary:
            temporary.write_bytes(data)
    else:
        target.write(data)
