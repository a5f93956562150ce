"""What a session does with a teacher's marks: look, choose one, use a fix, mend all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deepcomposer_edu.compose.mending import (
    Marks,
    mend,
    mend_all,
    notes_at,
    teacher_marks_of,
)
from deepcomposer_edu.compose.session.base import Progress, SessionBase
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from deepcomposer_edu.compose.versions import Version
    from deepcomposer_edu.models.fixes import Fix


class MarksSession(SessionBase):
    """The part of a `Session` that has to do with a teacher's marks; of no use alone.

    `mark` is the number of the mark that is looked at, from 0, None if there is none.
    """

    def _forget_marks(self) -> None:
        self.mark: int | None = None
        self._marks: tuple[str, Marks] | None = None  # of which version
        self._fixes: dict[int, Fix | None] = {}

    @property
    def marks(self) -> Marks | None:
        """What a teacher would mark in the current version; None until it is looked."""
        current = self.current
        if current is None or self._marks is None or self._marks[0] != current.id:
            return None
        return self._marks[1]

    @property
    def fix(self) -> Fix | None:
        """The fix of the mark that is looked at; None if none is near."""
        return None if self.mark is None else self._fixes.get(self.mark)

    @property
    def lit(self) -> list[list[int]]:
        """[track, note index] of the notes of the mark that is looked at."""
        if self.marks is None or self.mark is None:
            return []
        fault = self.marks.fault(self.mark)
        return notes_at(self._needed().composition, fault)

    def look(self, progress: Progress | None = None) -> Marks:
        """Find what a teacher would mark in the current version.

        Args:
            progress: called with None and words.

        Raises:
            InputError: if nothing is composed, or it has no four voices.
        """
        tell, current = self._begin_work(progress), self._needed()
        tell(None, "reading the voices")
        found = teacher_marks_of(current.composition)
        self._forget_marks()
        self._marks = (current.id, found)
        return found

    @property
    def is_fix_known(self) -> bool:
        """Whether a fix was looked for, for the mark that is looked at."""
        return self.mark is None or self.mark in self._fixes

    def choose_mark(self, number: int) -> None:
        """Look at a mark.

        Args:
            number: of the mark, from 0, in order of time.

        Raises:
            InputError: if nothing was looked at, or there is no such mark.
        """
        self._looked().fault(number)
        self.mark = number

    def find_fix(self, progress: Progress | None = None) -> Fix | None:
        """Find a way to mend the mark that is looked at.

        Where another mark was chosen meanwhile, its fix is looked for as well.

        Args:
            progress: called with None and words.

        Returns:
            The fix; None if none is near, or no mark was chosen.

        Raises:
            InputError: if nothing was looked at.
        """
        tell = self._begin_work(progress)
        while not self.is_fix_known:
            marks, number = self._looked(), self.mark
            tell(None, "looking for a fix")
            found = marks.fix(number)
            if self._marks is not None and self._marks[1] is marks:
                self._fixes[number] = found
        return self.fix

    def use_fix(self) -> Version:
        """Put the fix of the mark that is looked at into the music, as a version.

        The new version is looked at in turn.

        Raises:
            InputError: if no mark was chosen, or no fix is near.
        """
        self._looked()
        if self.fix is None:
            raise InputError(
                "There is no fix to use; choose a mark for which one was found."
            )
        made = mend(self._needed().composition, self.fix.changes)
        version = self._keep(made)
        self.look()
        return version

    def mend_all(self, progress: Progress | None = None) -> tuple[Version, int, int]:
        """Mend mark after mark, as far as fixes are near, as one version.

        Args:
            progress: called with the share done, 0 to 1, and words.

        Returns:
            The version, how many fixes were made, for how many marks none is near.

        Raises:
            InputError: if nothing is composed, or it has no four voices.
            Cancelled: if `cancel` was called meanwhile; nothing has changed then.
        """
        tell = self._begin_work(progress)

        def count(done: int, left: int) -> None:
            tell(done / (done + left), f"{left} to go")

        made, n_done, n_left = mend_all(self._needed().composition, count)
        version = self._keep(made) if n_done else self._needed()
        self.look()
        return version, n_done, n_left

    def _show_current(self) -> None:
        super()._show_current()
        self.mark = None

    def _looked(self) -> Marks:
        self._needed()
        if self.marks is None:
            raise InputError(
                "Nobody has looked at this version yet; press Look for marks, or call "
                "look(), first."
            )
        return self.marks
