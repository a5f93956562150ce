"""Every composition kept: a tree of versions in a folder, with undo, redo and branches.

Each version is one JSON file with the composition's provenance, its notes included, so
a version can be heard again after a restart without any model. Files are written whole
or not at all; one that got damaged is passed over and told about in `problems`.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from deepcomposer_edu.compose.comparing.comparison import Comparison, compare
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.version_files import (
    Version,
    checked_label,
    composition_from,
    read_version,
    write_version,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import work_dir

__all__ = ["CURRENT", "ROOT", "Version", "Versions", "composition_from"]

CURRENT = "current.json"
ROOT = "root"  # as `add(parent=ROOT)`: the first of a new tree


class Versions:
    """A tree of versions in a folder; one of them is the current one.

    What is added becomes a child of the current version, so going back and composing
    again makes a branch and loses nothing.

    Args:
        folder: where the versions lie; None: `versions` in the learner's work folder.
            It is made when the first version is added.

    Raises:
        InputError: if the folder is a file or cannot be read.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = work_dir() / "versions" if folder is None else Path(folder)
        self.problems: list[str] = []
        self._entries: dict[str, Version] = {}
        self._current: str | None = None
        self._last_child: dict[str, str] = {}  # where redo goes
        self.reload()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self):
        return iter(self.list())

    def __contains__(self, version_id: object) -> bool:
        return version_id in self._entries

    def __repr__(self) -> str:
        return f"Versions({str(self.folder)!r}: {len(self)})"

    def reload(self) -> None:
        """Read the folder again; `problems` says what could not be read.

        Raises:
            InputError: if the folder is a file or cannot be read.
        """
        self.problems, self._entries = [], {}
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(
                f"{self.folder} is a file, but versions are kept in a folder; choose "
                "another name."
            )
        try:
            paths = sorted(self.folder.glob("*.json"))
        except OSError as error:
            raise InputError(
                f"The folder {self.folder} could not be read ({error.strerror}); "
                "choose another one."
            ) from None
        for path in paths:
            if path.name != CURRENT:
                try:
                    version = read_version(path)
                except InputError as error:
                    self.problems.append(str(error))
                else:
                    self._entries[version.id] = version
        self._adopt_orphans()
        self._current = self._read_current()

    # --- the tree ------------------------------------------------------------

    @property
    def current(self) -> Version | None:
        """The version that is being worked on, None while there is none."""
        return self._entries.get(self._current) if self._current else None

    def list(self) -> tuple[Version, ...]:
        """Return all versions in the order in which they were added."""
        return tuple(sorted(self._entries.values(), key=lambda version: version.order))

    def get(self, version_id: str | Version) -> Version:
        """Return a version by its id.

        Raises:
            InputError: if there is none.
        """
        wanted = version_id.id if isinstance(version_id, Version) else version_id
        if wanted not in self._entries:
            raise InputError(
                f"There is no version {str(wanted)[:40]!r} in {self.folder}; it holds "
                f"{len(self)} versions, see Versions.list()."
            )
        return self._entries[wanted]

    def children(self, version_id: str | Version | None = None) -> tuple[Version, ...]:
        """Return the versions made from one; None: the first ones of each tree."""
        wanted = None if version_id is None else self.get(version_id).id
        return tuple(v for v in self.list() if v.parent_id == wanted)

    def path(self, version_id: str | Version) -> tuple[Version, ...]:
        """Return the versions from the first of the tree to this one."""
        line = [self.get(version_id)]
        while line[0].parent_id is not None:
            line.insert(0, self._entries[line[0].parent_id])
        return tuple(line)

    # --- changing it ---------------------------------------------------------

    def add(
        self,
        composition: Composition,
        parent: str | Version | None = None,
        label: str = "",
    ) -> Version:
        """Keep a composition and make it the current version.

        Args:
            composition: what to keep.
            parent: the version it was made from; None: the current one; ROOT: none.
            label: the learner's words for it.

        Returns:
            The version.

        Raises:
            InputError: if it cannot be written; then nothing has changed.
        """
        if not isinstance(composition, Composition):
            raise InputError(
                f"A {type(composition).__name__} was to be kept, but a version is a "
                "composition; give what compose() returned."
            )
        label = checked_label(label)
        if parent is None:
            parent_id = self._current
        else:
            parent_id = None if parent == ROOT else self.get(parent).id
        number = 1 + max((v.number for v in self._entries.values()), default=0)
        version = Version(
            f"{number:04d}-{secrets.token_hex(3)}",
            parent_id,
            label,
            datetime.now(UTC).replace(microsecond=0),
            composition,
        )
        write_version(self.folder, version)
        self._entries[version.id] = version
        self.go(version)
        return version

    def label(self, version_id: str | Version, text: str) -> Version:
        """Give a version a label, or take it away with ''; return the version.

        Raises:
            InputError: if there is no such version, or the label is too long.
        """
        version = replace(self.get(version_id), label=checked_label(text))
        write_version(self.folder, version)
        self._entries[version.id] = version
        return version

    def go(self, version_id: str | Version) -> Version:
        """Make a version the current one and return it."""
        version = self.get(version_id)
        for parent, child in pairwise(self.path(version)):
            self._last_child[parent.id] = child.id
        self._current = version.id
        with atomic_path(self.folder / CURRENT) as temporary:
            temporary.write_text(json.dumps({"current": version.id}) + "\n", "utf-8")
        return version

    @property
    def can_undo(self) -> bool:
        """Whether the current version was made from another."""
        return self.current is not None and self.current.parent_id is not None

    @property
    def can_redo(self) -> bool:
        """Whether a version was made from the current one."""
        return self.current is not None and bool(self.children(self.current))

    def undo(self) -> Version | None:
        """Go back to the version that the current one was made from.

        Returns:
            The version, or None if there is nothing to go back to.
        """
        return self.go(self.current.parent_id) if self.can_undo else None

    def redo(self) -> Version | None:
        """Go on to the child of the current version that was visited last.

        Returns:
            The version, or None if nothing was made from the current one.
        """
        if not self.can_redo:
            return None
        children = self.children(self.current)
        known = self._last_child.get(self.current.id)
        return self.go(next((v for v in children if v.id == known), children[-1]))

    # --- comparing -----------------------------------------------------------

    def compare(self, first: str | Version, second: str | Version) -> Comparison:
        """Return what changed from one version to another: notes and settings."""
        first, second = self.get(first), self.get(second)
        return compare(first.composition, second.composition)

    # --- the folder -----------------------------------------------------------

    def _adopt_orphans(self) -> None:
        """Let versions whose parent is gone begin a tree of their own."""
        for version in self.list():
            line, known = self._entries[version.id], {version.id}
            while line.parent_id in self._entries and line.parent_id not in known:
                line = self._entries[line.parent_id]
                known.add(line.id)
            if line.parent_id is not None:  # its parent is missing, or it is a circle
                self._entries[line.id] = replace(line, parent_id=None)

    def _read_current(self) -> str | None:
        """Return the current version's id; the newest if that is not known."""
        try:
            data = json.loads((self.folder / CURRENT).read_text("utf-8"))
            if isinstance(data, dict) and data.get("current") in self._entries:
                return data["current"]
        except (OSError, ValueError, RecursionError):
            pass
        return self.list()[-1].id if self._entries else None
