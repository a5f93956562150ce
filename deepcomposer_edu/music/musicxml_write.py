"""MusicXML out through music21: bars, ties and voices, as a notation program wants."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.limits import refuse_too_large
from deepcomposer_edu.music.musicxml_drums import as_drummers_read
from deepcomposer_edu.music.score import (
    NOTE_NAMES,
    STEPS_PER_QUARTER,
    Metre,
    Note,
    Score,
    Track,
)

if TYPE_CHECKING:
    import music21

# Parts of a quarter that notation can write: sixteenths, and triplets of eighths
_SIXTEENTHS = (4,)
_WITH_TRIPLETS = (4, 3)
_SHARPS = list(NOTE_NAMES)
_MIXED = ["C", "C#", "D", "E-", "E", "F", "F#", "G", "G#", "A", "B-", "B"]
_FLATS = ["C", "D-", "D", "E-", "E", "F", "G-", "G", "A-", "A", "B-", "B"]

# Notes that begin and end together, by (start, end) in quarters
Layer = dict[tuple[float, float], list[Note]]


@dataclass(frozen=True)
class _Bar:
    """A bar from `start` to `end`, in quarters.

    `metre` is None where it goes on as before; `missing` is what a pickup lacks.
    """

    number: int
    start: float
    end: float
    metre: Metre | None
    missing: float = 0.0


def _notated(step: float, parts: tuple[int, ...]) -> float:
    """Return the nearest position in quarters that notation can write."""
    quarters = step / STEPS_PER_QUARTER
    choices = [round(quarters * part) / part for part in parts]
    return min(choices, key=lambda choice: abs(choice - quarters))


def _layers(track: Track, parts: tuple[int, ...]) -> list[Layer]:
    """Return the track's chords in layers; in a layer nothing overlaps."""
    chords: Layer = defaultdict(list)
    for note in track.notes:
        start = _notated(note.start, parts)
        end = _notated(note.end, parts)
        if end <= start:
            end = start + 1 / parts[0]
        if all(other.pitch != note.pitch for other in chords[start, end]):
            chords[start, end].append(note)
    layers: list[Layer] = []
    ends: list[float] = []
    for start, end in sorted(chords):
        free = (i for i, last in enumerate(ends) if last <= start)
        i = next(free, len(layers))
        if i == len(layers):
            layers.append({})
            ends.append(0.0)
        layers[i][start, end] = chords[start, end]
        ends[i] = end
    return layers or [{}]


def _bars(score: Score, end: float) -> list[_Bar]:
    """Return the bars up to `end`, at least one."""
    changes = [(0.0, score.metres[0])]
    changes += [(_notated(m.step, _SIXTEENTHS), m) for m in score.metres[1:]]
    following = [start for start, _ in changes[1:]] + [float("inf")]
    bars: list[_Bar] = []
    position, number = 0.0, 1
    pickup = _notated(score.pickup, _SIXTEENTHS)
    whole = score.metres[0].steps_per_bar / STEPS_PER_QUARTER
    if 0 < pickup < whole:
        bars.append(_Bar(0, 0.0, pickup, score.metres[0], whole - pickup))
        position = pickup
    for (_, metre), stop in zip(changes, following, strict=True):
        is_new = not (bars and bars[-1].number == 0)
        while position < min(stop, end) or not bars:
            bar_end = min(position + metre.steps_per_bar / STEPS_PER_QUARTER, stop)
            bars.append(_Bar(number, position, bar_end, metre if is_new else None))
            position, number, is_new = bar_end, number + 1, False
    return bars


def _sharps(score: Score) -> int:
    """Return the key signature, -5 (five flats) to 6 (six sharps)."""
    key = find_key(score)
    major = key.tonic if key.mode == "major" else key.tonic + 3
    return (major * 7 + 5) % 12 - 5


def _element(notes: list[Note], spelling: list[str]) -> music21.note.GeneralNote:
    """Return a note or a chord without its length."""
    from music21 import chord, note

    def spelled(one: Note) -> music21.note.Note:
        made = note.Note(f"{spelling[one.pitch % 12]}{one.pitch // 12 - 1}")
        made.volume.velocity = one.velocity
        return made

    made = [spelled(one) for one in notes]
    return made[0] if len(made) == 1 else chord.Chord(made)


def _fill(
    target: music21.stream.Stream,
    layer: Layer,
    bar: _Bar,
    spelling: list[str],
    shows_rests: bool = True,
) -> None:
    """Write a layer's notes of one bar: cut at bar lines and tied, rests between."""
    from music21 import note, tie

    spans = [s for s in sorted(layer) if s[0] < bar.end and s[1] > bar.start]
    edges = [bar.start, *(edge for span in spans for edge in span), bar.end]
    for before, after in zip(edges[::2], edges[1::2], strict=True):
        if after > before:
            rest = note.Rest(quarterLength=after - before)
            rest.style.hideObjectOnPrint = not shows_rests
            target.insert(before - bar.start, rest)
    for start, end in spans:
        element = _element(layer[start, end], spelling)
        begin, stop = max(start, bar.start), min(end, bar.end)
        element.quarterLength = stop - begin
        goes_on, came_on = end > bar.end, start < bar.start
        if goes_on or came_on:
            kind = "continue" if goes_on and came_on else "start" if goes_on else "stop"
            element.tie = tie.Tie(kind)
        target.insert(begin - bar.start, element)


def _part(
    number: int, track: Track, layers: list[Layer], bars: list[_Bar], sharps: int
) -> music21.stream.Part:
    """Return a part with its bars."""
    from music21 import clef, instrument, key, meter, stream

    spelling = _SHARPS if sharps >= 3 else _FLATS if sharps <= -3 else _MIXED
    part = stream.Part(id=f"P{number}")
    part.partName = track.name
    if track.is_drum:
        played = instrument.UnpitchedPercussion()
        played.midiChannel = 9
    else:
        played = instrument.Instrument(instrumentName=track.name)
        played.midiProgram = track.program
    played.partName = track.name
    played.partId, played.instrumentId = f"P{number}", f"P{number}-I1"
    part.insert(0, played)
    for bar in bars:
        measure = stream.Measure(number=bar.number)
        measure.paddingLeft = bar.missing
        if bar.metre:
            time = meter.TimeSignature(f"{bar.metre.numerator}/{bar.metre.denominator}")
            measure.insert(0, time)
        if bar is bars[0]:
            measure.insert(0, key.KeySignature(sharps))
        if len(layers) == 1:
            _fill(measure, layers[0], bar, spelling)
        else:
            for i, layer in enumerate(layers, 1):
                voice = stream.Voice(id=i)
                _fill(voice, layer, bar, spelling, shows_rests=i == 1)
                measure.insert(0, voice)
        part.insert(bar.start, measure)
    first = part.getElementsByClass(stream.Measure).first()
    first.insert(0, clef.bestClef(part, recurse=True))
    return part


def _stream(score: Score, parts: tuple[int, ...]) -> music21.stream.Score:
    """Return the score as music21 has it, with a list of bars in every part."""
    from music21 import metadata, stream, tempo

    layers = [_layers(track, parts) for track in score.tracks]
    end = max(
        (end for track in layers for layer in track for _, end in layer), default=0
    )
    bars = _bars(score, end)
    sharps = _sharps(score)
    written = stream.Score()
    written.metadata = metadata.Metadata(title=score.title or "Untitled")
    for i, track in enumerate(score.tracks):
        written.insert(0, _part(i + 1, track, layers[i], bars, sharps))
    tempos = [(0.0, score.tempo), *score.tempo_changes]
    first = written.parts.first()
    for step, bpm in tempos if first else []:
        at = _notated(step, parts)
        home = next((b for b in reversed(bars) if b.start <= at), bars[0])
        measure = first.measure(home.number)
        if at < home.end:
            measure.insert(at - home.start, tempo.MetronomeMark(number=bpm))
    return written


def musicxml_bytes(score: Score) -> bytes:
    """Return the score as the bytes of a MusicXML file; see `write_musicxml`."""
    from music21.exceptions21 import Music21Exception
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    refuse_too_large(score, "The score")
    try:
        data = GeneralObjectExporter(_stream(score, _WITH_TRIPLETS)).parse()
    except Music21Exception:  # a mixture of triplets and sixteenths with no notation
        data = GeneralObjectExporter(_stream(score, _SIXTEENTHS)).parse()
    # music21 names itself as the composer, and adds today's date
    data = re.sub(rb"\s*<(creator|encoding-date)\b[^>]*>[^<]*</\1>", b"", data)
    return as_drummers_read(data, score)


def write_musicxml(score: Score, path: str | Path) -> None:
    """Write the score as MusicXML, for MuseScore and other notation programs.

    Positions go to the nearest sixteenth or triplet eighth. Notes that sound together
    become chords, or voices where their lengths differ. Drums stand on a drum staff.

    Args:
        score: the music, with at least one track.
        path: a file ending in .musicxml or .xml, written whole or not at all.

    Raises:
        InputError: if there is no track, or the file cannot be written.
    """
    if not score.tracks:
        raise InputError(
            "The score has no tracks, so there is nothing to write; add some notes."
        )
    data = musicxml_bytes(score)
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)
