"""Entries as a gallery to publish: everybody hears them, and sees whose they are."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deepcomposer_edu.challenge.card import ENTRY_LICENCES
from deepcomposer_edu.challenge.entry import Entry
from deepcomposer_edu.challenge.judged_piece import SILENT, playable
from deepcomposer_edu.challenge.judging import PEAK, TARGET_LUFS
from deepcomposer_edu.challenge.reading import read_entries
from deepcomposer_edu.compose.export.gallery import GalleryPiece, write_gallery
from deepcomposer_edu.compose.rights import LICENCES
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.loudness import loudness


@dataclass(frozen=True)
class Published:
    """A gallery that was written.

    Args:
        page: its index.html.
        n_pieces: how many pieces are in it.
        skipped: a sentence for each entry that is not.
    """

    page: Path
    n_pieces: int
    skipped: tuple[str, ...] = ()


def publish_entries(
    entries: str | Path,
    folder: str | Path,
    title: str = "One minute to space",
    progress: Callable[[str], None] | None = None,
) -> Published:
    """Write the entries of a folder of zips as a gallery.

    Nothing of a stranger's file is passed on as it is: sound, notes and notation are
    written anew, texts are shown as text. An entry without a licence that lets one pass
    it on is left out.

    Args:
        entries: a folder with the zips that `deepcomposer challenge submit` made.
        folder: where to write; everything in it can go on any web host.
        title: of the page.
        progress: called with what is being done, in words.

    Raises:
        InputError: if there is nothing to show, or something cannot be written.
    """
    pieces, skipped = [], []
    with tempfile.TemporaryDirectory() as name:
        for entry in read_entries(entries):
            why = entry if isinstance(entry, str) else _why_not(entry)
            if why:
                skipped.append(why)
            else:
                pieces.append(_piece(entry, Path(name) / f"{len(pieces)}.npy"))
        if not pieces:
            first = f" {skipped[0]}" if skipped else ""
            raise InputError(f"There is no entry to show in {entries}.{first}")
        page = write_gallery(pieces, folder, title, progress)
    return Published(page, len(pieces), tuple(skipped))


def _why_not(entry: Entry) -> str:
    """Return why an entry cannot be shown, "" if it can."""
    if entry.card.licence not in ENTRY_LICENCES:
        return (
            f"{entry.name} is not shown: its card names no licence that lets you pass "
            "it on."
        )
    if float(np.abs(entry.audio).max()) < SILENT:
        return f"{entry.name} is not shown: its sound is silent."
    return ""


def _piece(entry: Entry, store: Path) -> GalleryPiece:
    """Return an entry as a piece; its sound waits in a file, as numbers of 16 bits."""
    audio, rate = playable(entry)
    gain = 10 ** ((TARGET_LUFS - loudness(audio, rate)) / 20)
    gain = min(gain, PEAK / float(np.abs(audio).max()))
    np.save(store, np.rint(audio * gain * 32_767).astype(np.int16))

    def sound() -> np.ndarray:
        return np.load(store, allow_pickle=False).astype(np.float32) / 32_768

    names = ", ".join(entry.card.composers)
    team = f" ({entry.card.team})" if entry.card.team else ""
    licence = LICENCES[entry.card.licence]
    asks = f": {', '.join(licence.asks)}" if licence.asks else ""
    return GalleryPiece(
        entry.card.title,
        entry.composition.score,
        f"by {names}{team}",
        entry.card.intent,
        f"{entry.card.licence}{asks} · {entry.card.tag}",
        sound,
        rate,
    )
