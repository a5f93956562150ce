"""A progress bar for work in parts, each with a reporter of its own."""

from __future__ import annotations

from collections.abc import Callable


class Bar:
    """A progress bar on stderr, where there is a terminal."""

    def __enter__(self) -> Bar:
        from rich.console import Console
        from rich.progress import Progress

        self.progress = Progress(console=Console(stderr=True), transient=True)
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def reporter(self, what: str) -> Callable[[int, int], None]:
        """Return what shows (done, in all) of a part of the work, named `what`."""
        task = self.progress.add_task(what, total=None)
        return lambda done, total: self.progress.update(
            task, completed=done, total=total
        )
