"""`deepcomposer sonify`: the curves of a training as sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say
from deepcomposer_edu.errors import InputError

ENDINGS = (".wav", ".mp3")


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer sonify run\n"
        "  deepcomposer sonify run -o run.mp3 --seconds 20\n"
        "  deepcomposer sonify run --curve triad_rate --curve hold_rate"
    )(sonify)


def sonify(
    run: Annotated[Path, typer.Argument(help="The run folder of a training.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The file to write, .wav or .mp3.")
    ] = Path("curves.wav"),
    curve: Annotated[
        list[str] | None,
        typer.Option(
            "--curve",
            "-c",
            metavar="NAME",
            help="A value of the history, one or two; the losses if not given.",
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", help="How long it takes, 1 to 60; 8 is usual."),
    ] = None,
    marks: Annotated[
        bool, typer.Option(help="A soft tick at each tenth of the run.")
    ] = True,
) -> None:
    """Hear how a training went: a tone that follows its losses.

    A higher value is a higher tone. Steep gradients make it rough, values off the
    scale rattle, and what is no number (NaN) is noise. What is heard is printed, too.
    """
    from deepcomposer_edu.music.audio import write_mp3, write_wav
    from deepcomposer_edu.viz.run_shape import MINUS
    from deepcomposer_edu.viz.run_sound import sonify as sound_of_run

    if output.suffix.lower() not in ENDINGS:
        raise InputError(
            f"The sound is to be written to {output.name[:60]!r}, but its name must "
            "end in .wav or .mp3."
        )
    if not run.is_dir():
        raise InputError(
            f"{run} is not a folder; give the run folder of `deepcomposer train`."
        )
    heard = sound_of_run(run, *(curve or ()), seconds=seconds)
    write = write_mp3 if output.suffix.lower() == ".mp3" else write_wav
    write(output, heard.audio(marks=marks))
    say(heard.words.replace(MINUS, "-"))  # not every shell can write the sign
    say(f"Written: {output} ({heard.seconds:.1f} s).")
