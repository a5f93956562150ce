"""MusicXML, the language of notation programs, in (and out: `musicxml_write`)."""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.limits import (
    MAX_UNPACKED_BYTES,
    read_bytes,
    refuse_too_large,
)
from deepcomposer_edu.music.musicxml_drums import with_drum_pitches
from deepcomposer_edu.music.musicxml_write import write_musicxml
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Metre, Note, Score, Track

if TYPE_CHECKING:
    import music21

__all__ = ["MAX_XML_NOTES", "read_musicxml", "write_musicxml"]

MAX_XML_NOTES = 10_000  # notation is slow to read: most of a minute for this many
# music21's time grows with the square of these
MAX_BARS = 1_500  # of a part
MAX_BEATS = 99  # of a metre
MAX_REPEAT_SIGNS = 100  # in a stream; more are not written out
MAX_REPEATS = 8  # a repeat played more often is not written out
_DEFAULT_VELOCITY = 80
_DRUM_CHANNEL = 9
_SNARE = 38
_CONTAINER = "META-INF/container.xml"


def unzipped(data: bytes) -> bytes:
    """Return the score inside a compressed .mxl file.

    Raises:
        ValueError: if it holds none, or more than MAX_UNPACKED_BYTES; a damaged archive
            has a dozen other kinds.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        scores = [n for n in names if n.endswith((".xml", ".musicxml"))]
        root = next((n for n in scores if not n.startswith("META-INF")), None)
        if _CONTAINER in names:
            with archive.open(_CONTAINER) as file:
                found = re.search(rb"full-path=[\"']([^\"']+)", file.read(100_000))
            if found and found.group(1).decode() in names:
                root = found.group(1).decode()
        if root is None:
            raise ValueError("the archive holds no score")
        with archive.open(root) as file:  # a bomb unpacks no further than the limit
            content = file.read(MAX_UNPACKED_BYTES + 1)
    if len(content) > MAX_UNPACKED_BYTES:
        raise ValueError(f"unpacked, it has more than {MAX_UNPACKED_BYTES:,} bytes")
    return content


def _text(data: bytes) -> str:
    """Return XML as text: UTF-16 where its first bytes say so, else UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")


def _refuse_too_slow(text: str) -> None:
    """Raise a ValueError for MusicXML at which music21 would work for minutes."""
    if any(part.count("<measure") > MAX_BARS for part in text.split("<part ")):
        raise ValueError(f"a part has more than {MAX_BARS:,} bars")
    for beats in re.findall(r"<beats[^>]*>([^<]*)", text):
        numbers = re.findall(r"\d+", beats)
        if any(len(n) > 3 for n in numbers) or sum(map(int, numbers)) > MAX_BEATS:
            raise ValueError(f"it has a metre of more than {MAX_BEATS} beats")


def _parsed(text: str) -> music21.stream.Stream:
    """Return music21's stream in sounding pitch, sound repeats written out."""
    from music21.musicxml.xmlToM21 import MusicXMLImporter

    importer = MusicXMLImporter()
    importer.xmlText = text
    importer.parseXMLText()
    return with_repeats(importer.stream).toSoundingPitch()


def with_repeats(stream: music21.stream.Stream) -> music21.stream.Stream:
    """Return music21's stream with its repeats written out, if they can be."""
    from music21 import bar, repeat

    repeats = list(stream.recurse().getElementsByClass(bar.Repeat))
    is_usual = all((mark.times or 2) <= MAX_REPEATS for mark in repeats)
    if is_usual and 0 < len(repeats) <= MAX_REPEAT_SIGNS:
        with suppress(repeat.ExpanderException):  # badly nested: played once
            stream = stream.expandRepeats()
    return stream


def _steps(quarters: object) -> float:
    """Return a position in steps from one in quarters."""
    return float(quarters * STEPS_PER_QUARTER)


def _pitch(one: music21.note.NotRest) -> int:
    """Return the MIDI number of a note; of a drum, the General MIDI drum."""
    if one.isNote:
        return one.pitch.midi
    return getattr(one.storedInstrument, "percMapPitch", None) or _SNARE


def _sounding_notes(part: music21.stream.Stream) -> list[Note]:
    """Return a part's notes, tied ones joined.

    Ornaments without a length of their own and chord symbols are left out.
    """
    from music21 import harmony

    notes: list[Note] = []
    open_ties: dict[tuple[int, float], int] = {}  # (pitch, end) -> which note
    for element in part.flatten().notes:
        duration = _steps(element.quarterLength)
        if duration <= 0 or isinstance(element, harmony.ChordSymbol):
            continue
        start = _steps(element.offset)
        for one in getattr(element, "notes", (element,)):
            pitch, kind = _pitch(one), one.tie.type if one.tie else ""
            if not 0 <= pitch <= 127:
                continue
            i = open_ties.pop((pitch, start), None)
            if kind in ("stop", "continue") and i is not None:
                whole = start + duration - notes[i].start
                notes[i] = replace(notes[i], duration=whole)
            else:
                velocity = int(one.volume.velocity or _DEFAULT_VELOCITY)
                velocity = min(max(velocity, 1), 127)
                i = len(notes)
                notes.append(Note(start, pitch, duration, velocity))
            if kind in ("start", "continue"):
                open_ties[pitch, start + duration] = i
    return notes


def _is_drum(part: music21.stream.Stream) -> bool:
    """Return whether a part is for drums: instruments and notes without a pitch."""
    from music21 import instrument, note

    played = part.getInstrument(returnDefault=True)
    is_percussion = isinstance(played, instrument.Percussion) and not isinstance(
        played, instrument.PitchedPercussion
    )
    has_unpitched = bool(part.recurse().getElementsByClass(note.Unpitched))
    return is_percussion or has_unpitched or played.midiChannel == _DRUM_CHANNEL


def _track(part: music21.stream.Stream) -> Track:
    is_drum = _is_drum(part)
    program = part.getInstrument(returnDefault=True).midiProgram or 0
    name = part.partName or ""
    notes = tuple(_sounding_notes(part))
    return Track(notes, name, 0 if is_drum else program, is_drum)


def _metres(part: music21.stream.Stream) -> tuple[tuple[Metre, ...], float]:
    """Return the time signatures, and the length of a short first bar."""
    from music21 import meter, stream

    found = {
        _steps(m.getOffsetInHierarchy(part)): (m.numerator, m.denominator)
        for m in part.recurse().getElementsByClass(meter.TimeSignature)
    }
    metres = [Metre(step, *found[step]) for step in sorted(found)]
    if not metres or metres[0].step > 0:
        metres.insert(0, Metre())
    bars = list(part.getElementsByClass(stream.Measure))
    pickup = 0.0
    if len(bars) > 1:
        length = _steps(bars[0].duration.quarterLength)
        if 0 < length < metres[0].steps_per_bar:
            pickup = length
    return tuple(metres), pickup


def _tempos(stream: music21.stream.Stream) -> dict[float, float]:
    from music21 import tempo

    found = {}
    for mark in stream.recurse().getElementsByClass(tempo.MetronomeMark):
        bpm = mark.getQuarterBPM()
        if bpm:
            found.setdefault(_steps(mark.getOffsetInHierarchy(stream)), float(bpm))
    return found


def score_of_stream(stream: music21.stream.Stream) -> Score:
    """Return the score of a music21 stream, one track for each part with notes."""
    parts = list(getattr(stream, "parts", ())) or [stream]
    tempos = _tempos(stream)
    metres, pickup = _metres(parts[0])
    title = (stream.metadata.bestTitle if stream.metadata else "") or ""
    return Score(
        tuple(track for part in parts if (track := _track(part)).notes),
        tempo=tempos.get(0.0, 120.0),
        tempo_changes=tuple(sorted((s, t) for s, t in tempos.items() if s > 0)),
        metres=metres,
        pickup=pickup,
        title=title,
    )


def read_musicxml(path: str | Path) -> Score:
    """Return the score in a MusicXML file, compressed (.mxl) or not.

    One track for each part, in sounding pitch, ties joined and repeats written out.
    Ornaments and chord symbols are left out, and so are parts without notes.

    Args:
        path: the file.

    Raises:
        InputError: if the file is missing, damaged, no MusicXML, or larger than the
            limits in `limits.py`; for MusicXML at most 10,000 notes.
    """
    data = read_bytes(Path(path))
    try:
        if data[:4] == b"PK\x03\x04":
            data = unzipped(data)
        text = _text(data)
        if "<!ENTITY" in text:
            raise ValueError("it defines entities of its own")
        if "<score-partwise" not in text:
            raise ValueError("it holds no score ordered by parts")
        n_notes = text.count("<note>") + text.count("<note ")
        if n_notes > MAX_XML_NOTES:
            raise ValueError(f"it has {n_notes:,} notes, over {MAX_XML_NOTES:,}")
        _refuse_too_slow(text)
        score = score_of_stream(_parsed(with_drum_pitches(text)))
    except Exception as error:  # music21 has a different kind for every defect
        reason = str(error).split("\n")[0] or type(error).__name__
        raise InputError(
            f"{path} cannot be read: {reason}. Give a MusicXML file as a notation "
            "program exports it, or a MIDI file."
        ) from error
    refuse_too_large(score, str(path))
    return score
