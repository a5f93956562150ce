"""`deepcomposer lab`: open your copies of the lessons in JupyterLab."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.opening import NoBrowser, Port, open_lab
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
    port: Port = None,
    no_browser: NoBrowser = False,
) -> int:
    """Open the lessons in JupyterLab and say where you stopped."""
    from deepcomposer_edu.paths import course_root

    lessons = course_root() / "lessons"
    if not lessons.is_dir():
        raise InputError(
            f"There is no {lessons}; install the course again, or restore the folder "
            "with git."
        )
    return open_lab(folder, port, no_browser, *(["--resume"] if resume else []))
