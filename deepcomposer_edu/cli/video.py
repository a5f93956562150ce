"""`deepcomposer video`: a training run, or edits, as a film that can be heard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say
from deepcomposer_edu.errors import InputError

RECORD = "composition.json"


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer train wgan --out run --steps 200\n"
        "  deepcomposer video run -o training.mp4\n"
        "  deepcomposer video run -o training.gif\n"
        "  deepcomposer compose ode-to-joy -o out --technique ar-cnn\n"
        "  deepcomposer video out -o edits.mp4"
    )(video)


def video(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="RUN|COMPOSITION",
            help="The run folder of a training, or the composition.json (or its "
            "folder) of a piece made with the technique ar-cnn.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="The file to write, .mp4 or .gif; training.mp4 or edits.mp4 if not "
            "given.",
        ),
    ] = None,
) -> None:
    """Show how a network learned, or how it edited, as a video with sound.

    Of a training: piano roll, losses and metrics; the fixed melody is heard as it was
    harmonised at each stage. Of a piece that ar-cnn edited: the piece as it was, each
    edit as it is made, heard at its pitch, with its probability, and the finished
    piece. A GIF has a few of these pictures and no sound; it is small enough for a
    README.
    """
    record = _record_of(source)
    if record is None and not source.is_dir():
        raise InputError(
            f"{source} is not a folder; give the run folder of `deepcomposer train`, "
            f"or a {RECORD}."
        )
    if output is None:
        output = Path("training.mp4" if record is None else "edits.mp4")
    if output.suffix.lower() not in (".mp4", ".gif"):
        raise InputError(
            f"The video is to be written to {output.name[:60]!r}, but its name must "
            "end in .mp4 or .gif."
        )
    if record is not None:
        _show_edits(record, output)
    elif output.suffix.lower() == ".gif":
        from deepcomposer_edu.viz.gif import training_gif

        training_gif(source, output)
    else:
        from deepcomposer_edu.viz.video import training_video

        training_video(source, output)
    say(f"Written: {output} ({output.stat().st_size / 2**20:.1f} MB).")


def _record_of(source: Path) -> Path | None:
    """Return the composition.json that a path names, or None if it names none."""
    if source.is_dir():
        inside = source / RECORD
        return inside if inside.is_file() else None
    return source if source.suffix.lower() == ".json" else None


def _show_edits(record: Path, output: Path) -> None:
    """Write the film of the edits that a composition records."""
    from deepcomposer_edu.cli.edit import film_of_edits
    from deepcomposer_edu.compose.provenance import read_provenance, recorded_score
    from deepcomposer_edu.compose.techniques.edit_record import recorded_edits

    provenance = read_provenance(record)
    found = recorded_edits(provenance)
    film_of_edits(found, recorded_score(provenance["result"].get("score")), output)
