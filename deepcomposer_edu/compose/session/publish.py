"""What a session publishes: versions as a folder with one page, for any web host."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from deepcomposer_edu.compose.session.base import Progress, SessionBase
from deepcomposer_edu.errors import InputError

MAX_LINE = 200  # letters of a title, of a name, of a licence


class PublishSession(SessionBase):
    """The part of a `Session` that has to do with publishing; of no use alone."""

    def _begin_publishing(self) -> None:
        self.page_files: tuple[Path, ...] = ()  # of the page that was published last

    def publish(
        self,
        version_ids: Sequence[str] | None = None,
        title: str = "Gallery",
        by: str = "",
        licence: str = "",
        progress: Progress | None = None,
    ) -> Path:
        """Write versions as a page, with an MP3, MIDI and notation of each.

        Args:
            version_ids: in the order of the page; None: the current version.
            title: of the page; its folder is called after it.
            by: who made them.
            licence: what may be done with them.
            progress: called with the share done, 0 to 1, and words.

        Returns:
            The path of the page; `page_files` has it and all that lies beside it.

        Raises:
            InputError: if nothing is composed, there is no such version, or it cannot
                be written.
            Cancelled: if `cancel` was called meanwhile; nothing is written then.
        """
        from deepcomposer_edu.compose.export.gallery import (
            gallery_files,
            piece_of,
            write_gallery,
        )

        tell = self._begin_work(progress)
        chosen = [self._needed().id] if version_ids is None else list(version_ids)
        title, by, licence = (_line(text) for text in (title, by, licence))
        found = [self.versions.get(version_id) for version_id in chosen]
        pieces = [piece_of(v.composition, by, licence=licence) for v in found]
        begun = itertools.count()

        def count(words: str) -> None:
            tell(next(begun) / len(pieces), words)

        words = "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:40].strip("-")
        folder = self.folder / "pages" / (words or "gallery")
        page = write_gallery(pieces, folder, title or "Gallery", count)
        self.page_files = tuple(folder / name for name in gallery_files(pieces))
        return page

    def page_zip(self) -> bytes:
        """Return the page that was published last as a ZIP, with its folder.

        Raises:
            InputError: if none was, or its files are no longer there.
        """
        if not self.page_files:
            raise InputError("Nothing is published yet; press Publish first.")
        packed = io.BytesIO()
        try:
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in self.page_files:
                    archive.write(path, f"{path.parent.name}/{path.name}")
        except OSError as error:
            raise InputError(
                f"{error.filename or 'The page'} could not be read ({error.strerror}); "
                "press Publish again."
            ) from None
        return packed.getvalue()


def _line(text: object) -> str:
    """Return text as one line, or raise an InputError."""
    if not isinstance(text, str) or len(text) > MAX_LINE:
        raise InputError(
            f"{str(text)[:40]!r} was given for the page, but text of at most "
            f"{MAX_LINE} letters is needed."
        )
    return " ".join(text.split())
