"""A small, quick reader for four-part MusicXML scores such as Bach's chorales.

It reads what a chorale needs and nothing else: pitches, lengths, ties, fermatas, bars,
repeats, key and metre. music21 reads every kind of score, and takes a quarter of a
second for each; this takes a hundredth, which matters when there are 366 of them.
A test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.limits import read_bytes
from deepcomposer_edu.music.musicxml import unzipped
from deepcomposer_edu.music.score import NOTE_NAMES, STEPS_PER_QUARTER

SEMITONES = {letter: NOTE_NAMES.index(letter) for letter in "CDEFGAB"}


@dataclass(frozen=True)
class PartNote:
    """A written note: position and length in steps, pitch, ties, fermata, staff."""

    start: float
    duration: float
    pitch: int
    is_tied: bool = False  # continues the note before it
    has_fermata: bool = False
    staff: int = 1  # of a piano: 1 for the right hand, 2 for the left


@dataclass(frozen=True)
class Bar:
    """A written bar: its length in steps and what stands at its bar lines."""

    duration: float
    full: float  # what the time signature asks for
    metre: str
    opens_repeat: bool = False
    closes_repeat: bool = False
    ending: int = 0  # 1 or 2 inside a first or second ending, else 0


@dataclass
class Part:
    """One voice: its name and, bar by bar, its notes counted from the bar line."""

    name: str
    bars: list[list[PartNote]] = field(default_factory=list)


@dataclass
class PartScore:
    """A score as it is written.

    Args:
        parts: the voices, top to bottom.
        bars: what all the voices share.
        sharps: key signature at the start, -7 (seven flats) to 7.
        mode: "major", "minor" or "" as the file says; files are often wrong.
        title: the first line of text on the page, or "".
    """

    parts: list[Part]
    bars: list[Bar]
    sharps: int = 0
    mode: str = ""
    title: str = ""

    def playing_order(self) -> list[int]:
        """Return the bars' numbers in the order in which repeats make them sound."""
        order: list[int] = []
        section, index, lap = 0, 0, 1
        while index < len(self.bars):
            bar = self.bars[index]
            if bar.opens_repeat and lap == 1:
                section = index
            if bar.ending and bar.ending != lap:
                index += 1
                continue
            order.append(index)
            index += 1
            if bar.closes_repeat and lap == 1:
                index, lap = section, 2
            elif bar.closes_repeat or (lap == 2 and bar.ending == 2):
                section, lap = index, 1
        return order


def read_partwise(path: str | Path) -> PartScore:
    """Return the score in a MusicXML file, compressed (.mxl) or not.

    Args:
        path: the file; its music must be ordered by parts, as nearly all is.

    Raises:
        InputError: if the file is no such score.
    """
    path = Path(path)
    data = read_bytes(path)
    try:
        root = ElementTree.fromstring(unzipped(data) if data[:2] == b"PK" else data)
    except Exception as error:  # zipfile has a different kind for every defect
        raise InputError(
            f"{path.name} cannot be read as MusicXML ({error}); choose a .mxl or .xml "
            "score."
        ) from error
    if root.tag != "score-partwise":
        raise InputError(
            f"{path.name} is no MusicXML score by parts (its first tag is "
            f"{root.tag[:40]}); export it again as MusicXML."
        )
    try:
        return _score(root)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise InputError(
            f"{path.name} holds what this small MusicXML reader does not know "
            f"({type(error).__name__}: {str(error)[:80]}); read the file with "
            "`read_musicxml` instead."
        ) from error


def _score(root: Element) -> PartScore:
    names = {p.get("id"): p.findtext("part-name", "") for p in root.iter("score-part")}
    parts, bars_of_parts = [], []
    for element in root.findall("part"):
        part, bars = _part(element, names.get(element.get("id"), ""))
        parts.append(part)
        bars_of_parts.append(bars)
    n_bars = min(len(bars) for bars in bars_of_parts)
    for part in parts:
        del part.bars[n_bars:]
    together = zip(*bars_of_parts, strict=False)
    key = next(root.iter("key"), None)
    words = (w.text or "" for w in root.iter("credit-words"))
    return PartScore(
        parts=parts,
        bars=[_merged(same_bar) for same_bar in together],
        sharps=int(key.findtext("fifths", "0")) if key is not None else 0,
        mode=key.findtext("mode", "") if key is not None else "",
        title=next((w.strip() for w in words if w.strip()), ""),
    )


def _merged(bars: tuple[Bar, ...]) -> Bar:
    """One bar from the same bar of every part: the longest, with any part's repeats."""
    longest = max(bars, key=lambda bar: bar.duration)
    return replace(
        longest,
        opens_repeat=any(bar.opens_repeat for bar in bars),
        closes_repeat=any(bar.closes_repeat for bar in bars),
        ending=max(bar.ending for bar in bars),
    )


def _part(element: Element, name: str) -> tuple[Part, list[Bar]]:
    part, bars = Part(name), []
    divisions, beats, beat_type, ending = 1.0, 4, 4, 0
    for measure in element.findall("measure"):
        notes: list[PartNote] = []
        position = longest = previous = 0.0
        opens = closes = ends = False
        for item in measure:
            if item.tag == "attributes":
                divisions = float(item.findtext("divisions", str(divisions)))
                if (time := item.find("time")) is not None:
                    beats = sum(int(n) for n in time.findtext("beats", "4").split("+"))
                    beat_type = int(time.findtext("beat-type", "4"))
            elif item.tag == "barline":
                repeat, sign = item.find("repeat"), item.find("ending")
                opens |= repeat is not None and repeat.get("direction") == "forward"
                closes |= repeat is not None and repeat.get("direction") == "backward"
                if sign is not None:
                    ends = sign.get("type") != "start"
                    ending = int((sign.get("number") or "0")[0])
            steps = float(item.findtext("duration", "0")) / divisions
            steps *= STEPS_PER_QUARTER
            if item.tag == "backup":
                position -= steps
            elif item.tag == "forward":
                position += steps
            elif item.tag == "note" and item.find("grace") is None:
                if item.find("chord") is None:
                    previous, position = position, position + steps
                if item.find("pitch") is not None:
                    notes.append(_note(item, previous, steps))
            longest = max(longest, position)
        full = 16.0 * beats / beat_type
        part.bars.append(notes)
        metre = f"{beats}/{beat_type}"
        bars.append(Bar(longest, full, metre, opens, closes, ending))
        if ends:
            ending = 0
    return part, bars


def _note(item: Element, start: float, duration: float) -> PartNote:
    pitch = item.find("pitch")
    octave = int(pitch.findtext("octave", "4"))
    alter = round(float(pitch.findtext("alter", "0")))
    number = 12 * (octave + 1) + SEMITONES[pitch.findtext("step", "C")] + alter
    ties = {tie.get("type") for tie in item.findall("tie")}
    fermata = item.find("notations/fermata") is not None
    staff = int(item.findtext("staff", "1"))
    return PartNote(start, duration, number, "stop" in ties, fermata, staff)
