"""Work in a thread whose end is told on the page, for nobody awaits it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from deepcomposer_edu.errors import InputError


def wait_for(thread: threading.Thread | None) -> None:
    """Wait until a thread has ended; at once if there is none, or called within it."""
    if thread is not None and thread is not threading.current_thread():
        thread.join()


def in_thread(
    work: Callable[[], object],
    on_problem: Callable[[str], object],
    at_end: Callable[[], object],
    name: str = "widget",
) -> threading.Thread:
    """Begin work in a thread and return the thread.

    Args:
        work: what is done.
        on_problem: called with a sentence if it cannot be done, or fails; what is no
            `InputError` is raised again, for the log.
        at_end: called last, however it went.
        name: of the thread.
    """

    def run() -> None:
        try:
            work()
        except InputError as problem:
            on_problem(str(problem))
        except Exception as error:
            on_problem(f"This failed: {type(error).__name__}: {error}")
            raise
        finally:
            at_end()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread
