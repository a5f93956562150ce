"""Pieces as a folder of files with one page: to open as it is, or to put on the web.

The page needs nothing but the files beside it: no server, no network, no account. What
is written about a piece is text, whatever it holds.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import numpy as np

from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.export.html_page import page_text
from deepcomposer_edu.compose.export.saving import SAMPLE_RATE, save_score
from deepcomposer_edu.compose.export.staging import staged
from deepcomposer_edu.compose.raw_sound.timbres import recorded_timbres
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import read_audio, write_mp3
from deepcomposer_edu.music.midi_write import midi_bytes
from deepcomposer_edu.music.score import Score

MAX_PIECES = 300
INDEX = "index.html"
_WIDE, _HIGH = 1000, 150  # of a roll, in its own units
_MAX_BARS = 400  # that are drawn

Progress = Callable[[str], None]


@dataclass(frozen=True)
class GalleryPiece:
    """One piece of a gallery.

    Args:
        title: of the piece.
        score: its notes.
        by: who made it, in one line.
        about: what it is meant to be, or how it was made.
        licence: what may be done with it, in one line.
        audio: gives its sound in [-1, 1], shape (N, C) with C 1 or 2, when it is
            needed; None: its notes are played.
        rate: samples per second, one that MP3 has.
        timbres: of a raw-audio network, as `export.save_score` takes them.
        seed: of the timbres.
    """

    title: str
    score: Score = field(repr=False)
    by: str = ""
    about: str = ""
    licence: str = ""
    audio: Callable[[], np.ndarray] | None = field(default=None, repr=False)
    rate: int = SAMPLE_RATE
    timbres: object = None
    seed: int = 0


def piece_of(
    composition: Composition, by: str = "", about: str = "", licence: str = ""
) -> GalleryPiece:
    """Return a composition as a piece of a gallery.

    Args:
        composition: made by `compose`.
        by: who made it.
        about: what it is; "": the technique and the melody.
        licence: what may be done with it.
    """
    record = composition.provenance
    timbres, seed = recorded_timbres(record)
    made = f"Made with {record['technique']}, {record['genre']}, seed {record['seed']}."
    return GalleryPiece(
        composition.score.title or "Untitled",
        composition.score,
        by,
        about or made,
        licence,
        timbres=timbres,
        seed=seed,
    )


def write_gallery(
    pieces: Sequence[GalleryPiece],
    folder: str | Path,
    title: str = "Gallery",
    progress: Progress | None = None,
) -> Path:
    """Write pieces into a folder: a page, and of each MP3, MIDI and notation.

    Args:
        pieces: in the order of the page.
        folder: it is made if it is missing; all files appear, or none.
        title: of the page.
        progress: called with what is being done, in words.

    Returns:
        The path of the page, index.html.

    Raises:
        InputError: if there are no pieces or too many, or something cannot be written.
    """
    if not 1 <= len(pieces) <= MAX_PIECES:
        raise InputError(
            f"A gallery of {len(pieces)} pieces was asked for, but 1 to {MAX_PIECES} "
            "can be shown."
        )
    tell = progress or (lambda _: None)
    folder, stems = Path(folder), _stems(pieces)
    with staged(folder, gallery_files(pieces)) as stage:
        lengths = []
        for stem, piece in zip(stems, pieces, strict=True):
            tell(f"writing {piece.title}")
            lengths.append(_write_piece(piece, stage, stem))
        shown = [
            _piece_html(*row, number)
            for number, row in enumerate(zip(pieces, stems, lengths, strict=True), 1)
        ]
        text = gallery_page(title, shown)
        (stage / INDEX).write_text(text, encoding="utf-8", newline="\n")
    return folder / INDEX


def gallery_files(pieces: Sequence[GalleryPiece]) -> list[str]:
    """Return the names of the files that `write_gallery` writes, the page first."""
    parts = ("mp3", "mid", "musicxml")
    return [INDEX, *(f"{stem}.{part}" for stem in _stems(pieces) for part in parts)]


def _stems(pieces: Sequence[GalleryPiece]) -> list[str]:
    return [f"{i:02d}-{_letters(piece.title)}" for i, piece in enumerate(pieces, 1)]


def gallery_page(title: str, pieces: Sequence[str]) -> str:
    """Return the page, of pieces that are HTML already."""
    n = len(pieces)
    body = f"""<header><h1>{escape(title)}</h1>
<p class="faint">{n} piece{"" if n == 1 else "s"}. A click into the notes plays from
there.</p></header>
<main>
{"".join(pieces)}
</main>
<footer class="faint small"><p>Made with DeepComposer EDU. This folder needs no network
and no server; on a web host it works as it is.</p></footer>"""
    # a folder opened as files has no origin of its own, so the scheme is named as well
    sources = "'self' file:"
    return page_text(title, body, ("gallery.css",), "gallery.js", media=sources)


def _write_piece(piece: GalleryPiece, stage: Path, stem: str) -> float:
    """Write the files of a piece and return how long it lasts in seconds."""
    if piece.audio is not None:
        audio, rate = piece.audio(), piece.rate
    else:
        with tempfile.TemporaryDirectory() as name:
            paths = save_score(
                piece.score, name, "wav", timbres=piece.timbres, seed=piece.seed
            )
            audio, rate = read_audio(paths["wav"])
    write_mp3(stage / f"{stem}.mp3", audio, rate)
    (stage / f"{stem}.mid").write_bytes(midi_bytes(piece.score))
    save_score(piece.score, stage, "musicxml", name=stem)
    return len(audio) / rate


def _piece_html(piece: GalleryPiece, stem: str, seconds: float, number: int) -> str:
    lines = [
        f'<p class="{look}">{escape(text)}</p>'
        for look, text in (("by", piece.by), ("about", piece.about))
        if text
    ]
    licence = escape(piece.licence or "not stated, so ask before you use it")
    return f"""<article class="piece" aria-labelledby="piece-{number}">
<h2 id="piece-{number}">{escape(piece.title or "Untitled")}</h2>
{"".join(lines)}
{_roll(piece.score, seconds)}
<audio controls preload="metadata" src="{stem}.mp3" aria-labelledby="piece-{number}">
</audio>
<p class="links small">Licence: {licence}.
<a href="{stem}.mid" download>MIDI</a><a href="{stem}.musicxml" download>Notation</a>
<a href="{stem}.mp3" download>MP3</a></p>
</article>
"""


def _roll(score: Score, seconds: float) -> str:
    """Return the notes of a piece as a drawing: a colour for each track."""
    notes = score.notes
    low = min((note.pitch for note in notes), default=60) - 2
    high = max((note.pitch for note in notes), default=60) + 2
    tall = _HIGH / (high - low + 1)

    def x(step: float) -> float:
        return min(score.seconds_at(step) / seconds, 1.0) * _WIDE

    paths = []
    for voice, track in enumerate(score.tracks):
        drawn = "".join(
            f"M{x(note.start):.1f} {(high - note.pitch) * tall:.1f}"
            f"h{max(x(note.end) - x(note.start) - 0.8, 0.8):.1f}v{tall:.1f}"
            f"H{x(note.start):.1f}z"
            for note in track.notes
        )
        paths.append(f'<path class="v{min(voice, 4)}" d="{drawn}"/>')
    bar = score.metres[0].steps_per_bar
    n_bars = min(int(score.end // bar), _MAX_BARS)
    bars = "".join(f"M{x(i * bar + score.pickup):.1f} 0V{_HIGH}" for i in range(n_bars))
    return (
        f'<svg class="roll" viewBox="0 0 {_WIDE} {_HIGH}" preserveAspectRatio="none" '
        f'data-seconds="{seconds:.3f}" aria-hidden="true">'
        f'<path class="bar" d="{bars}"/>{"".join(paths)}'
        f'<line class="head" y1="0" y2="{_HIGH}" x1="0" x2="0"/></svg>'
    )


def _letters(title: str) -> str:
    """Return the letters of a title that every file system and web host takes."""
    found = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40]
    return found.strip("-") or "piece"
