"""Opening JupyterLab from the command line, in this very process where it can be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

Port = Annotated[
    int | None, typer.Option(help="The port on this computer; 8888 or the next.")
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Print the link only.")]


def open_lab(
    folder: Path | None, port: int | None, no_browser: bool, *options: str
) -> int:
    """Open JupyterLab on a work folder and return its exit status, if this goes on.

    Args:
        folder: the work folder; None: the usual one.
        port: None: 8888 or the next that is free.
        no_browser: whether only the link is printed.
        *options: others of `python -m deepcomposer_edu.lab`.
    """
    from deepcomposer_edu.paths import work_dir

    command = [sys.executable, "-m", "deepcomposer_edu.lab", *options]
    command += ["--work", str(work_dir() if folder is None else folder)]
    command += [] if port is None else ["--port", str(port)]
    command += ["--no-browser"] if no_browser else []
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)  # one process, that every signal reaches
    return subprocess.run(command, check=False).returncode
