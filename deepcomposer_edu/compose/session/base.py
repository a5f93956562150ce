"""What every part of a session builds on: its versions, and work that can be ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.session.parts import recipe_key
from deepcomposer_edu.compose.versions import Version, Versions
from deepcomposer_edu.errors import InputError

Progress = Callable[[float | None, str], None]  # the share done or None, and words


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """The work was ended by `Session.cancel`."""


class SessionBase:
    """The versions of a session, and which of them is the current one."""

    def _begin(self, folder: Path) -> None:
        self.folder = folder
        self.versions = Versions(folder / "versions")
        self.files: dict[str, Path] = {}  # of the current version, once it is saved
        self._cancelled = threading.Event()

    # --- versions

    @property
    def current(self) -> Version | None:
        """The version that is heard, None while there is none."""
        return self.versions.current

    def go(self, version_id: str) -> Version:
        """Make a version the current one.

        Raises:
            InputError: if there is no such version.
        """
        version = self.versions.go(version_id)
        self._show_current()
        return version

    def undo(self) -> Version | None:
        """Go back to the version that the current one was made from."""
        version = self.versions.undo()
        self._show_current()
        return version

    def redo(self) -> Version | None:
        """Go forward again."""
        version = self.versions.redo()
        self._show_current()
        return version

    def rename(self, version_id: str, text: str) -> Version:
        """Give a version a name of your own.

        Raises:
            InputError: if there is no such version, or the name is too long.
        """
        return self.versions.label(version_id, text)

    def _show_current(self) -> None:
        """Forget what was found out about the version before."""
        self.files = {}

    def _needed(self) -> Version:
        if self.current is None:
            raise InputError(
                "Nothing is composed yet; press Compose, or call compose(), first."
            )
        return self.current

    def _same_as(self, made: Composition) -> Version | None:
        """Return the version that has the same notes by the same recipe, if any."""
        wanted = recipe_key(made.provenance)
        for version in self.versions:
            if recipe_key(version.composition.provenance) == wanted:
                return version
        return None

    def _keep(
        self,
        made: Composition,
        parent: str | Version | None = None,
        label: str = "",
    ) -> Version:
        """Make a composition the current version, the one that is there if it is one.

        Args:
            made: the composition.
            parent: as in `Versions.add`.
            label: the same.
        """
        version = self._same_as(made) or self.versions.add(made, parent, label)
        return self.go(version.id)

    # --- work that takes a while

    def cancel(self) -> None:
        """End the work that goes on in another thread, at its next step."""
        self._cancelled.set()

    def _begin_work(self, progress: Progress | None) -> Progress:
        """Return what work calls to say how far it is; it ends what was cancelled."""
        self._cancelled.clear()

        def tell(share: float | None, words: str) -> None:
            self._go_on()
            if progress:
                progress(share, words)

        return tell

    def _go_on(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled
