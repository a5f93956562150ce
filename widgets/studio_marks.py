"""The studio's panel of a teacher's marks: what it shows, what a hand does in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.mending import Marks
from deepcomposer_edu.compose.session import Session
from deepcomposer_edu.music.faults import fault_excerpt
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.widgets.studio_views import Busy, counted, version_title

if TYPE_CHECKING:
    from deepcomposer_edu.compose.versions import Version

NO_FIX = "No fix is near: it would take more than a note or two."
MAX_SHOWN = 60  # marks; a longer list is not read by anybody


def marks_view(session: Session, busy: Busy) -> dict:
    """Return the marks of the current version; of the chosen one, sound and fix."""
    if session.current is None or session.pair is not None:
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
        "words": _words(len(marks.faults)),
        "more": f"and {n_more} more, further on" if n_more > 0 else "",
        "mark": session.mark,
    }
    if session.mark is not None:
        view["chosen"] = _chosen(session, marks)
    return view


def _words(n_marks: int) -> str:
    """Return how many marks there are, in a sentence."""
    if not n_marks:
        return "A teacher would mark nothing here."
    return f"A teacher would mark {counted(n_marks, 'place')}. Choose one to hear it."


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


class MarksActions:
    """The part of a `Studio` that has to do with marks; of no use alone."""

    session: Session
    _is_finding = False  # whether a fix is being looked for
    _start: Callable[..., None]
    _say: Callable[..., None]
    _progress: Callable[[float | None, str], None]
    _refresh: Callable[..., None]
    _refuse_while_busy: Callable[[], None]
    _working: Callable[[str], AbstractContextManager]

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
        self._refuse_while_busy()
        try:
            with self._working("marks"):
                if number is None:
                    result = self.session.mend_all(self._progress)
                else:
                    if self.session.marks is None:
                        self.session.look()
                    self.session.choose_mark(number)
                    self.session.find_fix(self._progress)
                    result = self.session.use_fix()
        finally:
            self._refresh()
        (self._say_mended if number is not None else self._say_all_mended)(result)
        return self.session.current.composition

    def _do_look(self, _values: Mapping, _buffers: list) -> None:
        self._start("marks", self.session.look)

    def _do_choose_mark(self, values: Mapping, _buffers: list) -> None:
        self.session.choose_mark(values["number"])
        if not self._is_finding:  # else it goes on with this one
            self._find_fix()

    def _find_fix(self) -> None:
        def find(progress: Callable) -> None:
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
