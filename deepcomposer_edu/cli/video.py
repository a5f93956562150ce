"""`deepcomposer video`: a training run as a film that can be heard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say
from deepcomposer_edu.errors import InputError


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer train wgan --out run --steps 200\n"
        "  deepcomposer video run -o training.mp4\n"
        "  deepcomposer video run -o training.gif"
    )(video)


def video(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="The run folder of a training.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The file to write, .mp4 or .gif.")
    ] = Path("training.mp4"),
) -> None:
    """Show a run as a video: piano roll, losses and metrics, with its music.

    The fixed melody is heard as it was harmonised at each stage of the training. A GIF
    has one picture for each of twelve stages and no sound; it is small enough for a
    README.
    """
    if not run.is_dir():
        raise InputError(
            f"{run} is not a folder; give the run folder of `deepcomposer train`."
        )
    if output.suffix.lower() not in (".mp4", ".gif"):
        raise InputError(
            f"The video is to be written to {output.name[:60]!r}, but its name must "
            "end in .mp4 or .gif."
        )
    if output.suffix.lower() == ".gif":
        from deepcomposer_edu.viz.gif import training_gif

        training_gif(run, output)
    else:
        from deepcomposer_edu.viz.video import training_video

        training_video(run, output)
    say(f"Written: {output} ({output.stat().st_size / 2**20:.1f} MB).")
