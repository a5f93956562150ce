"""`deepcomposer studio`: open JupyterLab on a notebook that holds the studio."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.opening import NoBrowser, Port, open_lab


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
    port: Port = None,
    no_browser: NoBrowser = False,
) -> int:
    """Open the studio in JupyterLab: melody, style, versions, files, in one place."""
    return open_lab(folder, port, no_browser, "--studio")
