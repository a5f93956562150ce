"""A score in staff notation: pages of SVG in which every note knows what it is.

Verovio engraves the MusicXML that the course writes. Each written note carries an id
that leads back to its track and its place there, so that a player can light it up, seek
to it or mark it as changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.musicxml_drums import pitch_of
from deepcomposer_edu.music.musicxml_write import musicxml_bytes
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Note, Score, Track

NARROWEST, WIDEST = 300, 3_000  # pixels
SCALE = 40  # of Verovio's own size, in per cent: staff lines 7 pixels apart
PAGE_SHAPE = 1.1  # a page is at most so many times as high as it is wide
_NEAR = 1.5  # steps by which a written note may stand beside the played one
# Notes in the words of a tempo, from the music font to what every system has
_IN_TEXT = {0xECA3: "𝅗𝅥", 0xECA5: "♩", 0xECA7: "♪", 0xECB7: "."}
_STEPS_PER_DIVISION = STEPS_PER_QUARTER / 10_080  # as music21 divides a quarter
_OPTIONS = {
    "adjustPageHeight": True,
    "breaks": "auto",
    "footer": "none",
    "header": "none",
    "pageMarginBottom": 40,
    "pageMarginLeft": 20,
    "pageMarginRight": 20,
    "pageMarginTop": 40,
    "scale": SCALE,
    "smuflTextFont": "none",  # 90 kB on every page for a single sign
    "svgFormatRaw": True,
    "svgRemoveXlink": True,
    "svgViewBox": True,
    "xmlIdSeed": 1,  # the same score gives the same pages
}


@dataclass(frozen=True)
class StaffNote:
    """A note as it is written; a note over a bar line is written as several.

    Args:
        id: of its element in the page.
        page: number of the page, from 0.
        track: of the score, from 0.
        index: of the note in that track.
        start: of what is written here, in steps.
        end: of it, in steps.
    """

    id: str
    page: int
    track: int
    index: int
    start: float
    end: float


@dataclass(frozen=True)
class StaffBar:
    """A bar on a page, from `start` to `end` in steps."""

    id: str
    page: int
    start: float
    end: float


@dataclass(frozen=True)
class StaffPages:
    """A score in notation.

    Args:
        svgs: the pages; black on nothing, in `currentColor`.
        notes: every written note in order of time.
        bars: every bar in order of time.
    """

    svgs: tuple[str, ...]
    notes: tuple[StaffNote, ...]
    bars: tuple[StaffBar, ...]

    def to_dict(self) -> dict:
        """Return all of it as lists and numbers, for the browser."""
        return {
            "pages": list(self.svgs),
            "notes": [
                [n.id, n.page, n.track, n.index, n.start, n.end] for n in self.notes
            ],
            "bars": [[b.id, b.page, b.start, b.end] for b in self.bars],
        }

    def _repr_html_(self) -> str:
        pages = "".join(f'<div style="margin-bottom:8px">{s}</div>' for s in self.svgs)
        return f'<div style="max-width:900px">{pages}</div>'


def staff_pages(score: Score, width: int = 900, scale: int = SCALE) -> StaffPages:
    """Return a score in staff notation, a staff for each track.

    Positions are written to the nearest sixteenth or triplet eighth, as in MusicXML.

    Args:
        score: the music, with at least one note.
        width: of a page in pixels, 300 to 3,000; it can be shown at any other.
        scale: size of the notes in per cent of Verovio's own, 15 to 100.

    Raises:
        InputError: if there are no notes, or a number is out of range.
    """
    if not score.notes:
        raise InputError(
            "There is nothing to write on a staff: the piece has no notes; add some."
        )
    if not NARROWEST <= width <= WIDEST or not 15 <= scale <= 100:
        raise InputError(
            f"The staff is {width} pixels wide at {scale} %, but {NARROWEST} to "
            f"{WIDEST:,} pixels and 15 to 100 % are possible; 900 and {SCALE} are "
            "usual."
        )
    score = replace(score, tracks=tuple(_legible(track) for track in score.tracks))
    tree = ElementTree.fromstring(musicxml_bytes(score))
    written, bars = list(_written_notes(tree, score)), list(_written_bars(tree))
    svgs = _engraved(ElementTree.tostring(tree, encoding="unicode"), width, scale)
    page_of = {
        name: number
        for number, svg in enumerate(svgs)
        for name in re.findall(r'<g id="(dc[nb]\d+)"', svg)
    }
    notes = [
        StaffNote(name, page_of[name], *rest)
        for name, *rest in written
        if name in page_of  # not one that is hidden behind another
    ]
    placed = [StaffBar(name, page_of[name], start, end) for name, start, end in bars]
    notes.sort(key=lambda note: (note.start, note.track, note.index))
    return StaffPages(tuple(svgs), tuple(notes), tuple(placed))


def _legible(track: Track) -> Track:
    """Return a drum track in which each stroke lasts until the next one.

    How long a drum is held is not heard, and written down it is a thicket of rests.
    """
    if not track.is_drum:
        return track
    onsets = sorted({note.start for note in track.notes})
    ends = dict(zip(onsets, [*onsets[1:], float("inf")], strict=True))
    longest = STEPS_PER_QUARTER
    return replace(
        track,
        notes=tuple(
            replace(n, duration=min(ends[n.start], n.start + longest) - n.start)
            for n in track.notes
        ),
    )


def _engraved(musicxml: str, width: int, scale: int) -> list[str]:
    """Return the pages of MusicXML as SVG."""
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    page_width = round(width * 100 / scale)
    size = {"pageWidth": page_width, "pageHeight": round(page_width * PAGE_SHAPE)}
    toolkit.setOptions({**_OPTIONS, **size, "scale": scale})
    if not toolkit.loadData(musicxml):
        raise InputError(
            "The piece could not be set in notation; look at it in the piano roll, or "
            "export it as MIDI."
        )
    n_pages = toolkit.getPageCount()
    return [_plain(toolkit.renderToSVG(number + 1)) for number in range(n_pages)]


def _plain(svg: str) -> str:
    """Return an SVG in the colour of its surroundings, with signs of every font."""
    svg = svg.replace('color="black"', 'fill="currentColor"', 1)
    svg = re.sub(r"<desc>.*?</desc>", "", svg, count=1, flags=re.DOTALL)
    return re.sub("[\ue000-\uf8ff]", lambda sign: _IN_TEXT.get(ord(sign[0]), ""), svg)


def _written_notes(
    tree: ElementTree.Element, score: Score
) -> Iterator[tuple[str, int, int, float, float]]:
    """Give every written note an id; yield it, track, index, start and end in steps."""
    n_ids = 0
    for k, part in enumerate(tree.findall("part")):
        played = defaultdict(list)
        for i, note in enumerate(score.tracks[k].notes):
            played[note.pitch].append((i, note))
        tied: dict[tuple[int, float], list] = {}  # (pitch, end) -> what is held there
        for element, start, end in _timed(part):
            pitch = pitch_of(element)
            element.set("id", f"dcn{n_ids}")
            n_ids += 1
            ties = {tie.get("type") for tie in element.findall("tie")}
            chain = tied.pop((pitch, start), []) if "stop" in ties else []
            chain = [*chain, (element.get("id"), start, end)]
            if "start" in ties:
                tied[pitch, end] = chain
                continue
            index = _nearest(played[pitch], chain[0][1], end)
            if index is not None:
                for name, first, last in chain:
                    yield name, k, index, first, last


def _nearest(played: list[tuple[int, Note]], start: float, end: float) -> int | None:
    """Return which of the played notes was written from `start` to `end`."""

    def apart(item: tuple[int, Note]) -> float:
        return abs(item[1].start - start) + abs(item[1].end - end)

    near = [item for item in played if abs(item[1].start - start) <= _NEAR]
    return min(near, key=apart)[0] if near else None


def _timed(
    part: ElementTree.Element,
) -> Iterator[tuple[ElementTree.Element, float, float]]:
    """Yield every note of a part that sounds, with its start and end in steps."""
    for measure, began in _measures(part):
        for element, start, end in _events(measure, began):
            if element.tag == "note" and element.find("rest") is None:
                yield element, start, end


def _measures(
    part: ElementTree.Element,
) -> Iterator[tuple[ElementTree.Element, float]]:
    """Yield the measures of a part and where they begin, in steps."""
    began = 0.0
    for measure in part.findall("measure"):
        yield measure, began
        began = max((end for _, _, end in _events(measure, began)), default=began)


def _events(
    measure: ElementTree.Element, began: float
) -> Iterator[tuple[ElementTree.Element, float, float]]:
    """Yield what takes time in a measure, with start and end in steps."""
    now, last = began, began
    for element in measure:
        if element.tag not in ("note", "backup", "forward"):
            continue
        length = float(element.findtext("duration", "0")) * _STEPS_PER_DIVISION
        if element.tag == "backup":
            now -= length
            continue
        start = last if element.find("chord") is not None else now
        last, now = start, max(now, start + length)
        yield element, _even(start), _even(start + length)


def _even(step: float) -> float:
    """Return a step without the dust of adding thirds."""
    return round(step, 6)


def _written_bars(
    tree: ElementTree.Element,
) -> Iterator[tuple[str, float, float]]:
    """Give every bar an id; yield it, and where the bar begins and ends in steps."""
    for number, (measure, began) in enumerate(_measures(tree.find("part"))):
        measure.set("id", f"dcb{number}")
        ends = [end for _, _, end in _events(measure, began)]
        yield f"dcb{number}", began, max(ends, default=began)
