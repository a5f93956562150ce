"""Drum parts of MusicXML as drummers read them: places on a staff, crosses for cymbals.

music21 writes every note with a pitch, and reads a note without one as any drum. In a
drum part a pitch names a drum: when a file is written it is exchanged for the drum's
place, its note head and its own instrument, which has the General MIDI number; when one
is read, the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from deepcomposer_edu.music.score import NOTE_NAMES, Score, Track

_CROSS, _CIRCLE, _DIAMOND, _TRIANGLE = "x", "circle-x", "diamond", "triangle"
# General MIDI drum: (name, step, octave, note head); as on a five-line drum staff
_PLACES = {
    35: ("Acoustic Bass Drum", "E", 4, ""),
    36: ("Bass Drum", "F", 4, ""),
    37: ("Side Stick", "C", 5, _CROSS),
    38: ("Snare", "C", 5, ""),
    39: ("Hand Clap", "E", 5, _CROSS),
    40: ("Electric Snare", "C", 5, ""),
    41: ("Low Floor Tom", "G", 4, ""),
    42: ("Closed Hi-Hat", "G", 5, _CROSS),
    43: ("High Floor Tom", "A", 4, ""),
    44: ("Pedal Hi-Hat", "D", 4, _CROSS),
    45: ("Low Tom", "B", 4, ""),
    46: ("Open Hi-Hat", "G", 5, _CIRCLE),
    47: ("Low-Mid Tom", "D", 5, ""),
    48: ("Hi-Mid Tom", "E", 5, ""),
    49: ("Crash Cymbal", "A", 5, _CROSS),
    50: ("High Tom", "F", 5, ""),
    51: ("Ride Cymbal", "F", 5, _CROSS),
    52: ("Chinese Cymbal", "B", 5, _CROSS),
    53: ("Ride Bell", "F", 5, _DIAMOND),
    54: ("Tambourine", "B", 4, _TRIANGLE),
    55: ("Splash Cymbal", "B", 5, _CROSS),
    56: ("Cowbell", "E", 5, _TRIANGLE),
    57: ("Crash Cymbal 2", "A", 5, _CROSS),
    59: ("Ride Cymbal 2", "F", 5, _CROSS),
}
_ELSEWHERE = ("D", 5, _DIAMOND)  # a drum without a place of its own
_AFTER_HEAD = ("notehead-text", "staff", "beam", "notations", "lyric", "play")


def as_drummers_read(data: bytes, score: Score) -> bytes:
    """Return MusicXML in which the score's drum tracks have drum staves.

    Args:
        data: MusicXML with a part for each track, drums written as pitches.
        score: the music that it was written from.
    """
    if not any(track.is_drum for track in score.tracks):
        return data
    head, start, body = data.partition(b"<score-partwise")
    tree = ElementTree.fromstring(start + body)
    names, parts = tree.findall("part-list/score-part"), tree.findall("part")
    for track, named, part in zip(score.tracks, names, parts, strict=True):
        if track.is_drum:
            _name_drums(named, track)
            _place_drums(part)
    return head + ElementTree.tostring(tree, encoding="utf-8")


def with_drum_pitches(text: str) -> str:
    """Return MusicXML in which a drum's note has its General MIDI number as pitch.

    Notes whose instrument has no number in the file are left as they are.
    """
    if "<unpitched" not in text:
        return text
    tree = ElementTree.fromstring(text)
    drums_of = {named.get("id"): _drums(named) for named in tree.iter("score-part")}
    for part in tree.findall("part"):
        drums = drums_of.get(part.get("id"), {})
        only = next(iter(drums.values())) if len(drums) == 1 else None
        for note in part.iter("note"):
            place, played = note.find("unpitched"), note.find("instrument")
            drum = only if played is None else drums.get(played.get("id"))
            if place is not None and drum is not None:
                note[list(note).index(place)] = _pitch(drum)
    return ElementTree.tostring(tree, encoding="unicode")


def _drums(named: Element) -> dict[str | None, int]:
    """Return the drums of a part by the names of their instruments."""
    drums = {}
    for midi in named.findall("midi-instrument"):
        number = midi.findtext("midi-unpitched", "").strip()
        if number.isdecimal() and 1 <= int(number) <= 128:
            drums[midi.get("id")] = int(number) - 1
            _set_channel(midi)
    return drums


def _set_channel(midi: Element) -> None:
    """Put an instrument on the drums' channel; what has pitches now is drums still."""
    for channel in midi.findall("midi-channel"):
        midi.remove(channel)
    channel = Element("midi-channel")
    channel.text = "10"
    midi.insert(0, channel)


def _pitch(number: int) -> Element:
    """Return a MIDI pitch as an element."""
    name = NOTE_NAMES[number % 12]
    pitch = Element("pitch")
    SubElement(pitch, "step").text = name[0]
    if len(name) > 1:
        SubElement(pitch, "alter").text = "1"
    SubElement(pitch, "octave").text = str(number // 12 - 1)
    return pitch


def pitch_of(note: Element) -> int:
    """Return the MIDI pitch of a note that sounds, or the General MIDI drum."""
    played = note.find("instrument")
    if note.find("unpitched") is not None and played is not None:
        return int(played.get("id").rpartition("-I")[2])
    octave = int(note.findtext("pitch/octave", "4"))
    alter = round(float(note.findtext("pitch/alter", "0")))
    return (
        12 * (octave + 1) + NOTE_NAMES.index(note.findtext("pitch/step", "C")) + alter
    )


def _name_drums(named: Element, track: Track) -> None:
    """Give each drum of a part its instrument, with its General MIDI number."""
    for kind in ("score-instrument", "midi-instrument"):
        for element in named.findall(kind):
            named.remove(element)
    drums = sorted({note.pitch for note in track.notes})
    for drum in drums:
        instrument = SubElement(named, "score-instrument", id=_id(named, drum))
        name = _PLACES[drum][0] if drum in _PLACES else f"Drum {drum}"
        SubElement(instrument, "instrument-name").text = name
    for drum in drums:
        midi = SubElement(named, "midi-instrument", id=_id(named, drum))
        SubElement(midi, "midi-channel").text = "10"
        SubElement(midi, "midi-program").text = str(track.program + 1)
        SubElement(midi, "midi-unpitched").text = str(drum + 1)  # counted from 1


def _place_drums(part: Element) -> None:
    """Put a percussion clef at the beginning and every note in its drum's place."""
    for attributes in part.iter("attributes"):
        for key in attributes.findall("key"):
            attributes.remove(key)
        for clef in attributes.findall("clef"):
            clef[:] = []
            SubElement(clef, "sign").text = "percussion"
    for note in part.iter("note"):
        if note.find("pitch") is not None:
            _place(note, _id(part, pitch_of(note)))


def _place(note: Element, instrument: str) -> None:
    """Exchange the pitch of a note for the place of the drum that it names."""
    drum = pitch_of(note)
    step, octave, head = _PLACES[drum][1:] if drum in _PLACES else _ELSEWHERE
    pitch = note.find("pitch")
    place = Element("unpitched")
    SubElement(place, "display-step").text = step
    SubElement(place, "display-octave").text = str(octave)
    note[list(note).index(pitch)] = place
    for accidental in note.findall("accidental"):
        note.remove(accidental)
    played = Element("instrument", id=instrument)
    note.insert(_place_after(note, ("duration", "tie")), played)
    if head:
        shape = Element("notehead")
        shape.text = head
        later = (i for i, child in enumerate(note) if child.tag in _AFTER_HEAD)
        note.insert(next(later, len(note)), shape)


def _place_after(note: Element, tags: Sequence[str]) -> int:
    """Return the place behind the last of some children."""
    return 1 + max(i for i, child in enumerate(note) if child.tag in tags)


def _id(part: Element, drum: int) -> str:
    """Return the name of a drum's instrument in a part."""
    return f"{part.get('id')}-I{drum}"
