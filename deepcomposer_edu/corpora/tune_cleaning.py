"""From the ABC files of three tune books to one clean text for each tune.

ABC writes a melody with letters: `C D E` rise from middle C, `c` is an octave higher,
`c'` one more; a number is a length, `|` a bar line (abcnotation.com, standard 2.1). The
books say much more: fingerings, bowing, ornaments, remarks, words. What a text model
would only stumble over is taken out here, so that one spelling is left for one thing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

BOOKS = {
    "oneills1850": "O'Neill's Music of Ireland (1903)",
    "ryansMammoth": "Ryan's Mammoth Collection (1883)",
    "airdsAirs": "Aird's Airs (1782-1801)",
}
SPLITS = ("train", "valid", "test")
MIN_BARS, MAX_LENGTH = 8, 1500  # shorter ones are fragments; longer ones medleys
SHINGLE = 10  # letters in a row, as steps up and down, that two tunes may share
SAME_TUNE = 0.2  # share of the shorter tune's shingles that make two tunes relatives
COMMON = 12  # a shingle in more tunes than this is a scale or an arpeggio, no tune

_LENGTH = r"(?:\d*/+\d*|\d*)"
_NOTE = rf"(?:[_^=]{{0,2}}[A-Ga-g][,']*|z){_LENGTH}"
_BAR = r"(?:\|:|:\||::|\|\]|\|\||\|)[12]?"
BODY = re.compile(rf"(?:{_NOTE}-?|[<>]|\(\d(?::\d?:?\d?)?|{_BAR}|[ \n])+")
_METRES = {"C": "4/4", "C|": "2/2"}
_MODES = {"": "", "maj": "", "min": "m", "m": "m"}


@dataclass(frozen=True)
class BookTune:
    """One tune of a book.

    Args:
        title: as the book has it.
        book: one of BOOKS.
        source: the file and the number in it, such as "airdsAirs/book3.abc 401".
        metre: "6/8", say.
        unit: the length that a note without a number has, "1/8" for an eighth.
        key: "G", "Em", "Ador": tonic and mode, nothing for major.
        body: notes and bar lines, each line of the book on a line of its own.
        split: "train", "valid" or "test".
    """

    title: str
    book: str
    source: str
    metre: str
    unit: str
    key: str
    body: str
    split: str = "train"

    @property
    def abc(self) -> str:
        """The tune as ABC text: four header lines, the body, a line's end."""
        return (
            f"T:{self.title}\nM:{self.metre}\nL:{self.unit}\nK:{self.key}\n"
            f"{self.body}\n"
        )


def read_books(corpus: Path) -> list[BookTune]:
    """Return the clean tunes of all three books, each once, with their splits.

    Args:
        corpus: music21's folder of scores.

    Returns:
        The tunes in the order of books, files and numbers. A tune is left out if it is
        a copy of an earlier one, has several voices, words between its notes, a change
        of key or metre, or anything that is not clean ABC.
    """
    tunes = []
    for book in BOOKS:
        for path in sorted((corpus / book).glob("*.abc")):
            text = path.read_text(encoding="utf-8", errors="replace")
            tunes += [t for p in _pieces(text) if (t := clean_tune(p, book, path.name))]
    return split_tunes(without_copies(tunes))


def _pieces(text: str) -> Iterator[str]:
    """Yield the text of each tune of a file, from its X: line on."""
    parts = re.split(r"(?m)^X:", text.replace("\r", "\n").replace("\n\n", "\n"))
    yield from (f"X:{part}" for part in parts[1:])


def clean_tune(text: str, book: str = "", file: str = "") -> BookTune | None:
    """Return a tune in the one clean spelling, or None if it cannot be told in it.

    Args:
        text: one tune of ABC, from its X: line to its end.
        book: one of BOOKS.
        file: the file's name.
    """
    fields: dict[str, str] = {}
    lines = []
    for raw in text.splitlines():
        line = raw.split("%")[0].strip()
        found = re.match(r"([A-Za-z]):(.*)", line)
        if not found:
            if "K" in fields:
                lines.append(line)
            continue
        name, value = found.group(1), found.group(2).strip()
        if name == "V" or ("K" in fields and name in "KLM" and lines):
            return None  # several voices, or a change on the way
        fields.setdefault(name, value)
    body = clean_body("\n".join(lines))
    title, key = _plain(fields.get("T", "")), _key(fields.get("K", ""))
    metre = fields.get("M", "").replace(" ", "")
    metre = _METRES.get(metre, metre)
    unit = fields.get("L", "").replace(" ", "") or _unit(metre)
    is_clean = re.fullmatch(r"\d+/\d+", metre) and re.fullmatch(r"1/(4|8|16)", unit)
    if not (is_clean and key and title and BODY.fullmatch(body)):
        return None
    if body.count("|") < MIN_BARS or len(body) > MAX_LENGTH:
        return None
    source = f"{book}/{file} {fields.get('X', '')}"
    return BookTune(title, book, source, metre, unit, key, body)


def clean_body(text: str) -> str:
    """Return notes, lengths and bar lines of a body, and nothing else.

    >>> clean_body('"_mf"u((3DEF)| vG2.vGA {d}cBcd  :||')
    '(3DEF|G2GA cBcd:|'
    """
    for pattern, new in (
        (r'"[^"]*"|\{[^}]*\}', ""),  # remarks, ornaments, grace notes
        (r"\[([_^=]*[A-Ga-g][,']*[\d/]*)[^\]|:]*\]", r"\1"),  # a chord's first note
        (r"\[([12])", r"|\1"),
        (r"[.~*\\$`!ku-wyH-WY)]", ""),  # bowing, staccato, trills, slurs' ends
        (r"\((?!\d)", ""),
        (r"x", "z"),  # a rest that is not printed
        (r"[ \t]+", " "),
        (r" ?([|:\]]+) ?", r"\1"),
        (r":\|+:|:{2,}|:\|{1,2}\n?\|:", "::"),
        (r":\|[|\]]", ":|"),
        (r"\|{1,2}\[?:|\[\|:", "|:"),
        (r"\[\|", "|"),
        (r"(:\||\|)\|?([12])", r"\1\2"),
        (r"\|{3,}", "||"),
        (r" *\n[ \n]*", "\n"),
    ):
        text = re.sub(pattern, new, text)
    return text.strip()


def _plain(title: str) -> str:
    """Return a title in ASCII, without a full stop at its end."""
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w ,.'()&?!-]", "", folded)
    if plain.isupper():
        plain = re.sub(r"\w[\w']*", lambda word: word[0].capitalize(), plain)
    return re.sub(r"\s+", " ", plain).strip(" .-")


def _unit(metre: str) -> str:
    """Return the length of a note without a number where the tune does not say it."""
    above, below = (metre.split("/") + ["1"])[:2]
    is_short = above.isdigit() and below.isdigit() and int(above) / int(below) < 0.75
    return "1/16" if is_short else "1/8"  # standard 2.1, section 3.1.7


def _key(text: str) -> str:
    """Return tonic and mode in their short spelling, or "" if it is another thing."""
    found = re.fullmatch(r"([A-G][b#]?) ?([A-Za-z]*)", text.strip())
    if not found:
        return ""
    mode = found.group(2).lower()[:3]
    known = {**_MODES, "dor": "dor", "mix": "mix", "lyd": "lyd", "phr": "phr"}
    return found.group(1) + known[mode] if mode in known else ""


def steps_of(tune: BookTune) -> str:
    """Return a tune as steps from letter to letter, a character each.

    Accidentals, rhythm, key and register of the first note do not matter, so that two
    versions of a tune look alike where their notes go alike.
    """
    places = [
        "CDEFGABcdefgab".index(letter) + 7 * (marks.count("'") - marks.count(","))
        for letter, marks in re.findall(r"([A-Ga-g])([,']*)", tune.body)
    ]
    return "".join(
        chr(100 + max(-9, min(9, after - before))) for before, after in pairwise(places)
    )


def without_copies(tunes: Iterable[BookTune]) -> list[BookTune]:
    """Return the tunes without those whose steps an earlier one has, note for note."""
    first: dict[str, BookTune] = {}
    for tune in tunes:
        first.setdefault(steps_of(tune), tune)
    return list(first.values())


def families(tunes: list[BookTune]) -> list[int]:
    """Return for each tune the number of its family: the first tune related to it.

    Two tunes are relatives if they have the same title, or share at least SAME_TUNE of
    the shorter one's shingles; a relative's relative is one as well.
    """
    parent = list(range(len(tunes)))

    def head(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(i: int, j: int) -> None:
        low, high = sorted((head(i), head(j)))
        parent[high] = low

    titles: dict[str, int] = {}
    holders: dict[str, list[int]] = {}
    sizes = []
    for i, tune in enumerate(tunes):
        name = re.sub(r"[^a-z]", "", tune.title.split(" -- ")[0].lower())
        join(i, titles.setdefault(name, i))
        steps = steps_of(tune)
        found = {steps[k : k + SHINGLE] for k in range(len(steps) - SHINGLE + 1)}
        sizes.append(len(found))
        for shingle in found:
            holders.setdefault(shingle, []).append(i)
    shared: dict[tuple[int, int], int] = {}
    for group in holders.values():
        if len(group) <= COMMON:
            for a, i in enumerate(group):
                for j in group[a + 1 :]:
                    shared[i, j] = shared.get((i, j), 0) + 1
    for (i, j), n_shared in shared.items():
        if n_shared >= SAME_TUNE * min(sizes[i], sizes[j]):
            join(i, j)
    return [head(i) for i in range(len(tunes))]


def split_tunes(tunes: list[BookTune]) -> list[BookTune]:
    """Return the tunes with splits: of 20 families 18 train, 1 valid, 1 test.

    Which one follows from a hash of the family's first title, so that a tune stays
    where it is when others come and go.
    """
    split = []
    for tune, family in zip(tunes, families(tunes), strict=True):
        name = hashlib.sha256(tunes[family].source.encode()).digest()
        place = int.from_bytes(name[:4], "big") % 20
        split.append(replace(tune, split=("valid", "test", "train")[min(place, 2)]))
    return split
