"""`deepcomposer lab`: open your copies of the lessons in JupyterLab."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.errors import InputError


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer lab\n"
        "  deepcomposer lab --resume --no-browser"
    )(lab)


def lab(
    resume: Annotated[
        bool, typer.Option("--resume", help="Open the lesson where you stopped.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where your copies lie; the work folder if left out."),
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port on this computer; 8888 or the next.")
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the link only.")
    ] = False,
) -> int:
    """Open the lessons in JupyterLab and say where you stopped."""
    from deepcomposer_edu.paths import course_root, work_dir

    lessons = course_root() / "lessons"
    if not lessons.is_dir():
        raise InputError(
            f"There is no {lessons}; install the course again, or restore the folder "
            "with git."
        )
    command = [sys.executable, "-m", "deepcomposer_edu.lab"]
    command += ["--work", str(work_dir() if folder is None else folder)]
    command += ["--resume"] if resume else []
    command += [] if port is None else ["--port", str(port)]
    command += ["--no-browser"] if no_browser else []
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)  # one process, that every signal reaches
    return subprocess.run(command, check=False).returncode
