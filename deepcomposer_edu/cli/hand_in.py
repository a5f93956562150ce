"""`deepcomposer hand-in`: a voice that was trained, for the class's chorale."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        name="hand-in",
        epilog="\b\nExamples:\n"
        "  deepcomposer train voice --recipe alto --out my_alto\n"
        "  deepcomposer hand-in my_alto --name Mina\n"
        "  deepcomposer hand-in my_alto --name Mina --to /media/class",
    )(hand_in)


def hand_in(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="The folder of a trained voice.")
    ],
    name: Annotated[
        str | None,
        typer.Option("--name", "-n", help="Whose voice it is; it is shown to all."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            help="Where to put the file; default: the class's shared folder "
            "(DEEPCOMPOSER_SHARE), else the run folder.",
        ),
    ] = None,
) -> None:
    """Hand in the voice that you trained: one small file, for the class's chorale.

    Your teacher puts the files of the class together with `deepcomposer classroom
    chorale FOLDER`.
    """
    from deepcomposer_edu.course.handing_in import hand_in as write

    path = write(run, name, to)
    say(f"Handed in: {path} ({path.stat().st_size / 1000:.0f} kB).")
