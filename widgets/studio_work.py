"""What the parts of a studio share: its sentence, its drawing, work in a thread."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from deepcomposer_edu.compose.session.base import Cancelled
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets.studio_words import short_path
from deepcomposer_edu.widgets.thread_work import in_thread, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from deepcomposer_edu.compose.session.session import Session
    from deepcomposer_edu.widgets.studio_panel import StudioPanel

BUSY = "The studio is still at work; wait for it, or press Cancel, and try again."
MAX_DOWNLOAD = 50_000_000  # bytes that are handed to the browser in one piece
Progress = Callable[[float | None, str], None]  # the share done, if known, and words
Result = TypeVar("Result")


class StudioWork:
    """The ground that a `Studio` and its actions stand on; of no use alone.

    A studio says one sentence at a time, in one of its panels, and does one thing at a
    time; both are seen in the panels' views.
    """

    session: Session
    _panels: dict[str, StudioPanel]
    _view: Callable[[str], dict]
    _show_music: Callable[[], None]
    _take_instruments: Callable[[], None]

    def _begin_work(self) -> None:
        self._drawing = threading.RLock()
        self._busy: dict | None = None
        self._busy_panel = ""
        self._status: tuple[str, str, bool] = ("", "", False)  # panel, words, problem
        self._worker: threading.Thread | None = None

    def wait(self) -> None:
        """Wait until the work that a button started has ended."""
        wait_for(self._worker)

    # --- work that takes a while

    def _start(
        self,
        panel: str,
        work: Callable[[Progress], Result],
        then: Callable[[Result], None] = lambda _result: None,
    ) -> None:
        """Do work in a thread, so that the panels answer meanwhile."""
        self._refuse_while_busy()
        self._busy, self._busy_panel = {"share": None, "words": ""}, panel

        def run() -> None:
            try:
                with self._working(panel):
                    result = work(self._progress)
                then(result)
            except Cancelled:
                self._say(panel, "Cancelled; nothing was changed.")

        def refuse(problem: str) -> None:
            self._say(panel, problem, is_problem=True)

        self._worker = in_thread(run, refuse, self._refresh, "studio")

    def _do_and_wait(self, panel: str, work: Callable[[Progress], Result]) -> Result:
        """Do work here and now, as Python asks for it, and return what it gives.

        Raises:
            InputError: if something is at work already, or the work raises it.
        """
        self._refuse_while_busy()
        try:
            with self._working(panel):
                return work(self._progress)
        finally:
            self._refresh()

    def _refuse_while_busy(self) -> None:
        if self._busy is not None:
            raise InputError(BUSY)

    @contextlib.contextmanager
    def _working(self, panel: str) -> Iterator[None]:
        self._busy, self._busy_panel = {"share": None, "words": ""}, panel
        self._refresh(panel)
        try:
            yield
        finally:
            self._busy = None

    def _progress(self, share: float | None, words: str) -> None:
        self._busy = {"share": share, "words": words}
        self._refresh(self._busy_panel)

    # --- showing

    def _say(self, panel: str, words: str, is_problem: bool = False) -> None:
        """Set the one sentence of the studio, in a panel."""
        self._status = (panel, words, is_problem)
        self._refresh(*self._panels)

    def _refresh(self, *panels: str) -> None:
        """Show what is true now, in these panels or in all."""
        with self._drawing:  # the worker's thread draws, too
            for name in panels or self._panels:
                self._panels[name].view = self._view(name)
            if not panels:
                self._show_music()

    def _hand_over(
        self, panel: str, name: str, content: bytes, what: str, folder: Path
    ) -> None:
        """Give the browser a file that it saves.

        Raises:
            InputError: if it is too large for that; `what` names it, `folder` has it.
        """
        if len(content) > MAX_DOWNLOAD:
            raise InputError(
                f"{what} has {len(content) / 1e6:.0f} MB, more than the "
                f"{MAX_DOWNLOAD / 1e6:.0f} MB that can be handed to the browser; it "
                f"lies in {short_path(folder)}."
            )
        self._panels[panel].send({"kind": "file", "name": name}, buffers=[content])
