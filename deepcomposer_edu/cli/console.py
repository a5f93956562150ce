"""What the command line says, and never anything that a file could make it do."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import typer


class StoppedError(Exception):
    """The user stopped a command, and the message says what is left of its work."""


def plain(text: str) -> str:
    r"""Return text without control characters, which could steer a terminal.

    >>> plain("a title\x1b[2J")
    'a title[2J'
    """
    return "".join(c for c in text if c.isprintable())


def writable(text: str, stream: TextIO) -> str:
    """Return text as a stream can write it: what its encoding lacks becomes "?".

    A file that a Windows shell sends the output to may know no Korean title.
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def say(text: str = "") -> None:
    """Print a line for the user; of several processes by torchrun, only the first."""
    if os.environ.get("RANK", "0") == "0":
        typer.echo(writable(plain(text), sys.stdout))


def say_written(
    folder: Path, paths: Mapping[str, Path], began: float | None = None
) -> None:
    """Print which files a command wrote.

    Args:
        folder: they lie in.
        paths: of each part.
        began: `time.perf_counter()` at the start, to say how long it took.
    """
    took = ""
    if began is not None:
        took = f" after {seconds_words(time.perf_counter() - began)}"
    names = ", ".join(path.name for path in paths.values())
    say(f"Written to {folder}{took}: {names}.")


def say_error(text: str) -> None:
    """Print one sentence to stderr."""
    print(f"deepcomposer: {writable(plain(text), sys.stderr)}", file=sys.stderr)


def seconds_words(seconds: float) -> str:
    """Return a time in words: '8.2 s', '3 min 20 s'.

    >>> seconds_words(8.24), seconds_words(200)
    ('8.2 s', '3 min 20 s')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"
