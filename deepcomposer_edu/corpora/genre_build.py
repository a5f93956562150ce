"""Building the genres from the scores that install with music21.

Palestrina's masses in four voices, string quartets, and Joplin's rag, each on the
sixteenth grid with four voices. What does not fit on the grid is left out, not bent,
and counted. As with the chorales, the scores stay where they are.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from deepcomposer_edu.corpora.cache import music21_corpus
from deepcomposer_edu.corpora.kern import read_kern
from deepcomposer_edu.corpora.on_grid import (
    bar_positions,
    fits,
    halved,
    painted,
    stretches,
)
from deepcomposer_edu.corpora.partwise import (
    Part,
    PartNote,
    PartScore,
    read_partwise,
)
from deepcomposer_edu.corpora.raw_pieces import RawPiece
from deepcomposer_edu.music.keys import Key, find_key

BUILT = ("palestrina", "quartet", "ragtime")  # the others have builders of their own
HELD_OUT = ("valid", "test")
HELD_OUT_SHARE = 0.1  # of Palestrina's movements, for each split that is held out
MIN_BARS = 8  # a shorter stretch of a quartet between bars that do not fit is left out
# A quartet stands in one split with all its movements; one of Mozart's and one of
# Beethoven's are held out for each. Of Haydn there are only two.
QUARTET_SPLITS = {
    "mozart/k156": "valid",
    "beethoven/opus18no4": "valid",
    "mozart/k155": "test",
    "beethoven/opus18no5": "test",
}
RAG = "joplin/maple_leaf_rag.mxl"
Progress = Callable[[Iterable], Iterable]


@dataclass
class Built:
    """What was built, and what was left out and why.

    Attributes:
        pieces: sorted by genre and source.
        left_out: for each genre, how many of what and for which reason.
    """

    pieces: list[RawPiece]
    left_out: dict[str, dict[str, int]]


def build_genres(progress: Progress = iter) -> Built:
    """Return every usable piece of the BUILT genres, read afresh.

    Args:
        progress: wraps the list of files to show how far the reading is, as tqdm does.

    Raises:
        InputError: if music21's scores are not installed.
    """
    corpus = music21_corpus()
    masses = sorted((corpus / "palestrina").glob("*.krn"))
    quartets = [
        path
        for composer in ("haydn", "mozart", "beethoven")
        for path in sorted((corpus / composer).rglob("*.mxl"))
    ]
    out: dict[str, Counter[str]] = {genre: Counter() for genre in BUILT}
    pieces: list[RawPiece] = []
    for path in progress([*masses, *quartets, corpus / RAG]):
        source = path.relative_to(corpus).as_posix()
        if path.suffix == ".krn":
            pieces += mass_movement(path, source, out["palestrina"])
        elif source == RAG:
            pieces += rag(path, source)
        else:
            pieces += quartet_sections(path, source, out["quartet"])
    splits = split_by_group([_group(p) for p in pieces if p.genre == "palestrina"])
    pieces = [
        replace(p, split=splits[_group(p)]) if p.genre == "palestrina" else p
        for p in pieces
    ]
    return Built(pieces, {genre: dict(counts) for genre, counts in out.items()})


def mass_movement(path: Path, source: str, out: Counter[str]) -> list[RawPiece]:
    """Return a movement of a mass as a list of one piece, or none if it is left out.

    Note values are halved, as modern editions do: a breve, the bar of most of these
    masses, becomes a bar of 4/4, and the fastest notes become sixteenths. The key is
    that of the signature: the church modes use the same seven notes.

    Args:
        path: the kern file.
        source: its name in the corpus.
        out: counts what is left out.
    """
    with path.open(encoding="latin-1") as file:
        spines = next(line for line in file if line.startswith("**")).split()
    if len(spines) != 4:
        out[f"movements in {len(spines)} voices"] += 1
        return []
    score, records = read_kern(path)
    score = halved(score)
    if not all(fits(score, i) for i in range(len(score.bars))):
        out["movements with notes between the steps of the grid"] += 1
        return []
    voices = [part.bars for part in score.parts]
    piece = _piece(score, voices, genre="palestrina", source=source)
    # "Missa Brevis", perhaps a movement of several sections, "Kyrie" or its section
    names = (records.get(name) for name in ("OPR", "OMD", "OTL"))
    title = ", ".join(name for name in names if name)
    key = Key(7 * score.sharps % 12)
    return [replace(piece, work=records["OPR"], title=title, key=key)]


def quartet_sections(path: Path, source: str, out: Counter[str]) -> list[RawPiece]:
    """Return the stretches of a quartet that fit on the grid, each as one piece.

    A bar with a note between the steps (a triplet, a thirty-second, a trill written
    out) ends a stretch, and so does a new time signature. Of notes that one instrument
    plays together the highest counts, for the cello the lowest; grace notes and repeats
    are passed over.

    Args:
        path: the MusicXML file.
        source: its name in the corpus.
        out: counts what is left out.
    """
    score = read_partwise(path)
    if len(score.parts) != 4:
        out[f"files with {len(score.parts)} part, not four"] += 1
        return []
    work = "/".join(source.split("/")[:2]).removesuffix(".mxl")
    pieces = []
    for bars in stretches(score):
        if len(bars) < MIN_BARS:
            out[f"bars in stretches of fewer than {MIN_BARS}"] += len(bars)
            continue
        cut = PartScore(
            [Part(p.name, [p.bars[i] for i in bars]) for p in score.parts],
            [score.bars[i] for i in bars],
        )
        voices = [part.bars for part in cut.parts]
        place = f"{source}#{bars[0] + 1}-{bars[-1] + 1}"
        piece = _piece(cut, voices, genre="quartet", source=place)
        if piece.grid.n_steps:
            split = QUARTET_SPLITS.get(work, "train")
            title = quartet_title(source, bars[0] + 1, bars[-1] + 1)
            pieces.append(replace(piece, work=work, title=title, split=split))
    out["bars with notes between the steps of the grid"] += sum(
        not fits(score, i) for i in range(len(score.bars))
    )
    return pieces


def quartet_title(source: str, first: int, last: int) -> str:
    """Return a quartet's name in words, with its bars.

    >>> quartet_title("beethoven/opus59no3/movement4.mxl", 1, 429)
    'Beethoven, op. 59 no. 3, movement 4, bars 1 to 429'
    """
    composer, *names = source.removesuffix(".mxl").split("/")
    words = ", ".join([composer.capitalize(), *names])
    for short, long in (("opus", "op. "), (", k", ", K. "), ("movement", "movement ")):
        words = words.replace(short, long)
    words = re.sub(r"(\d)no(\d)", r"\1 no. \2", words)
    return f"{words}, bars {first} to {last}"


def rag(path: Path, source: str) -> list[RawPiece]:
    """Return the piano rag as one piece of four voices.

    The right hand gives its highest and its lowest note, the left hand too. Where a
    hand plays a single note, the outer voice has it and the inner one rests.
    """
    score = read_partwise(path)
    voices: list[list[list[PartNote]]] = [[], [], [], []]
    for bar in score.parts[0].bars:
        chords = defaultdict(list)
        for note in bar:
            chords[note.staff, note.start].append(note)
        for voice in voices:
            voice.append([])
        for (staff, _), notes in chords.items():
            notes.sort(key=lambda note: -note.pitch)
            outer, inner = (0, 1) if staff == 1 else (3, 2)
            ends = (notes[0], notes[-1]) if staff == 1 else (notes[-1], notes[0])
            voices[outer][-1].append(ends[0])
            if len(notes) > 1:
                voices[inner][-1].append(ends[1])
    piece = _piece(score, voices, genre="ragtime", source=source)
    return [replace(piece, work=source, title="Maple Leaf Rag")]


def _piece(
    score: PartScore, voices: list[list[list[PartNote]]], genre: str, source: str
) -> RawPiece:
    """A piece from the notes of four voices, bar by bar; its split is "train"."""
    grid = painted(voices, [bar.duration for bar in score.bars])
    bar_starts = bar_positions(score, False, grid.n_steps)
    whole = next((bar for bar in score.bars if bar.duration >= bar.full), score.bars[0])
    return RawPiece(
        genre=genre,
        source=source,
        work="",
        title="",
        split="train",
        grid=grid,
        key=find_key(grid),
        metre=whole.metre,
        steps_per_bar=round(whole.full),
        pickup=int(bar_starts[0]) if len(bar_starts) else 0,
        bar_starts=bar_starts,
    )


def _group(piece: RawPiece) -> str:
    """The mass without its number or year: masses of one name may share a melody."""
    return re.sub(r"\s*\(.*\)", "", piece.work)


def split_by_group(groups: list[str]) -> dict[str, str]:
    """Return the split of each group, the same on every machine.

    The groups are shuffled by a hash of their names. The first ones go to valid until
    it has its share of the pieces, the next ones to test, the rest to train.

    Args:
        groups: the group of each piece.

    Returns:
        "train", "valid" or "test" for each group.
    """
    sizes = Counter(groups)
    filled = dict.fromkeys(HELD_OUT, 0)
    splits = {}
    for group in sorted(sizes, key=lambda g: hashlib.sha256(g.encode()).hexdigest()):
        wanting = (s for s in HELD_OUT if filled[s] < HELD_OUT_SHARE * len(groups))
        splits[group] = next(wanting, "train")
        if splits[group] != "train":
            filled[splits[group]] += sizes[group]
    return splits
