"""`deepcomposer studio`: open JupyterLab on a notebook that holds the studio."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer studio\n"
        "  deepcomposer studio --folder songs --no-browser"
    )(studio)


def studio(
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Where studio.ipynb and your music lie; the work folder if left out."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port on this computer; 8888 or the next.")
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the link only.")
    ] = False,
) -> int:
    """Open the studio in JupyterLab: melody, style, versions, files, in one place."""
    from deepcomposer_edu.paths import work_dir

    work = work_dir() if folder is None else folder
    command = [sys.executable, "-m", "deepcomposer_edu.lab", "--studio"]
    command += ["--work", str(work)]
    if port is not None:
        command += ["--port", str(port)]
    if no_browser:
        command.append("--no-browser")
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)  # one process, that every signal reaches
    return subprocess.run(command, check=False).returncode
