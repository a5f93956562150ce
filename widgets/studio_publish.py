"""The studio's panel for publishing: what it shows, and what a hand does in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from deepcomposer_edu.compose.rights import LICENCES
from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.music.words import counted
from deepcomposer_edu.widgets.studio_views import Busy, version_row
from deepcomposer_edu.widgets.studio_words import short_path
from deepcomposer_edu.widgets.studio_work import StudioWork


def publish_view(session: Session, busy: Busy) -> dict:
    """Return which versions can be on the page, and where the last page lies."""
    current, files = session.current, session.page_files
    if current is None:
        return {"is_empty": True, "versions": [], "files": [], "busy": None}
    lies = f"The page lies in {short_path(files[0].parent)}." if files else ""
    return {
        "is_empty": False,
        "versions": [
            {key: row[key] for key in ("id", "title", "detail")}
            for row in map(version_row, session.versions)
        ],
        "current": current.id,
        "licences": [name for name in LICENCES if name != "unknown"],
        "folder": lies,
        "files": [path.name for path in files],
        "busy": busy,
    }


class PublishActions(StudioWork):
    """The part of a `Studio` that has to do with publishing; of no use alone."""

    def publish(
        self,
        versions: Sequence[object] | None = None,
        title: str = "Gallery",
        by: str = "",
        licence: str = "",
    ) -> Path:
        """Write versions as a page for any web host, and return the page's path.

        Args:
            versions: versions or their numbers, in the order of the page; None: the
                current one.
            title: of the page.
            by: who made them.
            licence: what may be done with them.

        Raises:
            InputError: if there is no such version, or it cannot be written.
        """
        self._refuse_while_busy()
        self._take_instruments()
        known = {version.number: version for version in self.session.versions}
        chosen = versions and [known.get(v, v) for v in versions]
        ids = chosen and [str(getattr(v, "id", v)) for v in chosen]
        page = self._do_and_wait(
            "publish",
            lambda progress: self.session.publish(ids, title, by, licence, progress),
        )
        self._say_published(page)
        return page

    def _do_publish(self, values: Mapping, _buffers: list) -> None:
        self._take_instruments()
        words = [values[name] for name in ("title", "by", "licence")]
        now = self.session.current.id if self.session.current else None
        ids = [now if i == values["current"] else i for i in values["ids"]]
        self._start(
            "publish",
            lambda tell: self.session.publish(ids, *words, tell),
            self._say_published,
        )

    def _say_published(self, _page: Path) -> None:
        n = sum(path.suffix == ".mp3" for path in self.session.page_files)
        self._say(
            "publish",
            f"Published {counted(n, 'piece')}: open index.html in that folder, or take "
            "the ZIP and put what is in it on a web host.",
        )

    def _do_download_page(self, _values: Mapping, _buffers: list) -> None:
        content = self.session.page_zip()
        folder = self.session.page_files[0].parent
        name = f"{folder.name}.zip"
        self._hand_over("publish", name, content, what="The page", folder=folder)
