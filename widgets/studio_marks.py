"""The studio's panel of a teacher's marks: what it shows, what a hand does in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.mending import Marks
from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.music.faults import fault_excerpt
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.music.words import counted
from deepcomposer_edu.widgets.studio_views import Busy
from deepcomposer_edu.widgets.studio_words import version_title
from deepcomposer_edu.widgets.studio_work import Progress, StudioWork

if TYPE_CHECKING:
    from deepcomposer_edu.compose.versions import Version

NO_FIX = "No fix is near: it would take more than a note or two."
MAX_SHOWN = 60  # marks; a longer list is not read by anybody


def marks_view(session: Session, busy: Busy) -> dict:
    """Return the marks of the current version; of the chosen one, sound and fix."""
    if session.current is None:
        return {"is_empty": True, "marks": [], "is_looked": False, "busy": None}
    marks = session.marks
    view = {
        "is_empty": False,
        "is_looked": marks is not None,
        "marks": [],
        "busy": busy,
    }
    if marks is None:
        return view
    n_more = len(marks.faults) - MAX_SHOWN
    view |= {
        "is_looked": True,
        "marks": [fault.sentence for fault in marks.faults[:MAX_SHOWN]],
        "words": _words(len(marks.faults), version_title(session.current)),
        "more": f"and {n_more} more, further on" if n_more > 0 else "",
        "mark": session.mark,
    }
    if session.mark is not None:
        view["chosen"] = _chosen(session, marks)
    return view


def _words(n_marks: int, title: str) -> str:
    """Return how many marks a version has, in a sentence or two."""
    if not n_marks:
        return f"A teacher would mark nothing in {title}."
    places = counted(n_marks, "place")
    return f"A teacher would mark {places} in {title}. Choose one to hear it."


def _chosen(session: Session, marks: Marks) -> dict:
    """Return the mark that is looked at: words, and the music before and after."""
    fault, fix = marks.fault(session.mark), session.fix
    tempo = session.current.composition.score.tempo
    if fix is None:
        before, after = fault_excerpt(marks.grid, fault), None
        said = NO_FIX if session.is_fix_known else ""
    else:
        before, after = fix.excerpts(marks.grid)
        said = f"A fix: {fix.sentence}."
    return {
        "sentence": f"{fault.sentence[:1].upper()}{fault.sentence[1:]}.",
        "fix": said,
        "before": score_to_dict(from_grid(before, tempo)),
        "after": None if after is None else score_to_dict(from_grid(after, tempo)),
    }


class MarksActions(StudioWork):
    """The part of a `Studio` that has to do with marks; of no use alone."""

    _is_finding = False  # whether a fix is being looked for

    def look(self) -> list[str]:
        """Return what a teacher would mark in the current version, in sentences.

        Raises:
            InputError: if nothing is composed, or it has no four voices.
        """
        self._refuse_while_busy()
        try:
            return [fault.sentence for fault in self.session.look().faults]
        finally:
            self._refresh()

    def mend(self, number: int | None = None) -> Composition:
        """Mend a mark of the current version, or all that can be, and return it.

        Args:
            number: of the mark in `look()`, from 0; None: all, one after the other.

        Raises:
            InputError: if there is no such mark, or no fix is near.
        """
        session = self.session

        def mend_one(progress: Progress) -> Version:
            if session.marks is None:
                session.look()
            session.choose_mark(number)
            session.find_fix(progress)
            return session.use_fix()

        if number is None:
            self._say_all_mended(self._do_and_wait("marks", session.mend_all))
        else:
            self._say_mended(self._do_and_wait("marks", mend_one))
        return session.current.composition

    def _do_look(self, _values: Mapping, _buffers: list) -> None:
        self._start("marks", self.session.look)

    def _do_choose_mark(self, values: Mapping, _buffers: list) -> None:
        if self.session.pair is not None:
            self.session.compare(None)  # the place is heard in the current version
        self.session.choose_mark(values["number"])
        if not self._is_finding:  # else it goes on with this one
            self._find_fix()

    def _find_fix(self) -> None:
        def find(progress: Progress) -> None:
            self._is_finding = True
            try:
                self.session.find_fix(progress)
            finally:
                self._is_finding = False

        if not self.session.is_fix_known:
            self._start("marks", find, lambda _result: self._find_fix())

    def _do_use_fix(self, _values: Mapping, _buffers: list) -> None:
        self._start("marks", lambda _tell: self.session.use_fix(), self._say_mended)

    def _do_mend_all(self, _values: Mapping, _buffers: list) -> None:
        self._start("marks", self.session.mend_all, self._say_all_mended)

    def _say_mended(self, version: Version) -> None:
        self._say(
            "marks", f"{version_title(version)} has the fix; the one before stays."
        )

    def _say_all_mended(self, result: tuple[Version, int, int]) -> None:
        version, n_done, n_left = result
        left = f"; for {n_left} no fix is near" if n_left else ""
        if not n_done:
            self._say("marks", f"Nothing was mended{left}.")
            return
        title = version_title(version)
        self._say("marks", f"{title} has {counted(n_done, 'place')} mended{left}.")
