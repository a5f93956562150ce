"""Work that a network does in a thread, so that Cancel is heard."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets.thread_work import in_thread, wait_for

if TYPE_CHECKING:
    from deepcomposer_edu.music.edits import Edit
    from deepcomposer_edu.music.grid import Grid

BUSY = "The network is still at work; wait for it, or press Cancel, and try again."
WELCOME = (
    "Press Go: the network edits all that is not locked. Lock a bar by its number, a "
    "voice by its name, a note by a click."
)


class _Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """Somebody pressed Cancel."""


class Working(traitlets.HasTraits):
    """One piece of work at a time, with its progress, its end in words and Cancel."""

    is_working = traitlets.Bool(False).tag(sync=True)
    progress = traitlets.Float(0.0).tag(sync=True)  # 0 to 1
    status = traitlets.Unicode(WELCOME).tag(sync=True)  # the sentence below
    problem = traitlets.Unicode("").tag(sync=True)  # one sentence

    def __init__(self, *arguments: object, **traits: object) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        super().__init__(*arguments, **traits)

    def wait(self) -> None:
        """Wait until the network has finished."""
        wait_for(self._thread)

    def cancel(self) -> None:
        """End the network's work; nothing has changed then."""
        self._stop.set()

    def _expect_quiet(self) -> None:
        if self.is_working:
            raise InputError(BUSY)

    def _work(self, work: Callable) -> None:
        """Let the network work in a thread, so that Cancel is heard."""
        self._expect_quiet()
        self._stop.clear()
        self.problem, self.progress, self.status = "", 0.0, "The network is at work."
        self.is_working = True
        self._thread = in_thread(
            lambda: self._run(work), self._refuse, self._end, "edit desk"
        )

    def _refuse(self, problem: str) -> None:
        self.problem = problem

    def _end(self) -> None:
        self.is_working = False

    def _run(self, work: Callable) -> None:
        def tell(done: int, of: int) -> None:
            if self._stop.is_set():
                raise _Cancelled
            self.progress = done / max(of, 1)

        try:
            self.status = work(tell)
        except _Cancelled:
            self.status = "Cancelled; nothing was changed."


class LiveEdits:
    """Edits on their way to the browser while the network is still at work.

    Args:
        send: sends a message to the browser.
        start: the piece before the first edit, as `cells_of` gives it.
        row_of: an edit as plain data.
    """

    def __init__(
        self, send: Callable[[dict], None], start: dict, row_of: Callable
    ) -> None:
        self._send, self._row_of = send, row_of
        self._start: dict | None = start  # until it is sent
        self._rows: list[list] = []

    def add(self, edit: object) -> None:
        """Note an edit; it is sent with the end of its pass."""
        self._rows.append(self._row_of(edit))

    def flush(self) -> None:
        """Send what was noted since the last time."""
        if self._rows:
            self._send({"kind": "edits", "start": self._start, "rows": self._rows})
            self._start, self._rows = None, []


def live_edits(
    send: Callable[[dict], None], start: Grid, steps_per_bar: int, pickup: int
) -> LiveEdits:
    """Return what sends edits of a piece, as it is at first, while they are made."""
    from deepcomposer_edu.compose.edit_desk.thought import cells_of, row_of

    def row(edit: Edit) -> list:
        return row_of(edit, steps_per_bar, pickup)

    return LiveEdits(send, cells_of(start), row)
