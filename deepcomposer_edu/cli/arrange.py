"""`deepcomposer arrange`: a few bars become a minute."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say, say_written
from deepcomposer_edu.cli.edit import DEFAULT_FILES
from deepcomposer_edu.errors import InputError


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer arrange out -o minute\n"
        "  deepcomposer arrange out/composition.json -o minute --form ABACA\n"
        "  deepcomposer arrange my_bars.mid -o minute --tempo 84 --seed 3\n"
        "  deepcomposer arrange out -o minute --instruments "
        '"A=harpsichord; B=church organ"\n'
        "  deepcomposer arrange out -o minute --section B=other/composition.json"
    )(arrange)


def arrange(
    music: Annotated[
        str,
        typer.Argument(
            metavar="MUSIC",
            help="A composition.json or its folder, a MIDI or MusicXML file, or the "
            "name of a shipped tune.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="Folder to write into; made if missing."),
    ],
    seconds: Annotated[
        float, typer.Option("--seconds", help="How long it lasts, 10 to 600.")
    ] = 60,
    form: Annotated[
        str,
        typer.Option("--form", help="Its sections: a letter for each music."),
    ] = "AABA",
    tempo: Annotated[
        float | None,
        typer.Option("--tempo", help="Quarters a minute; default: so that it fits."),
    ] = None,
    instruments: Annotated[
        str | None,
        typer.Option(
            "--instruments",
            metavar="NAMES",
            help='For all sections, with commas, or by section: "A=oboe; B=organ".',
        ),
    ] = None,
    section: Annotated[
        list[str] | None,
        typer.Option(
            "--section",
            metavar="LETTER=MUSIC",
            help="Other music for a letter, by somebody else in a team; repeatable.",
        ),
    ] = None,
    ending: Annotated[
        str, typer.Option("--ending", help="cadence, or none.")
    ] = "cadence",
    seed: Annotated[
        int, typer.Option("--seed", "-s", help="The same seed makes the same piece.")
    ] = 0,
    parts: Annotated[
        str, typer.Option("--parts", help="Which files to write, as for `compose`.")
    ] = DEFAULT_FILES,
) -> None:
    """Make a piece of a wanted length from a few bars: sections, sequence, close.

    A letter twice in a row is decorated the second time. Letters for which the music
    has no second theme become a sequence of the first. It ends on the tonic, slower.
    """
    began = time.perf_counter()
    from deepcomposer_edu.compose.arranging import arranger
    from deepcomposer_edu.compose.export.saving import check_target, checked_parts

    chosen = checked_parts(parts)
    check_target(output, chosen)
    made = arranger.arrange(
        music,
        seconds=seconds,
        form=form,
        tempo=tempo,
        instruments=instruments,
        materials=dict(_letter(text) for text in section or ()),
        ending=ending,
        seed=seed,
    )
    for note in made.notes:
        say(note)
    say_written(output, made.save(output, chosen), began)


def _letter(text: str) -> tuple[str, str]:
    """Return the letter and the music of LETTER=MUSIC."""
    letter, equals, music = text.partition("=")
    if not equals or not letter.strip() or not music.strip():
        raise InputError(
            f"A section is given as {text[:40]!r}, but it must be LETTER=MUSIC, such "
            "as B=other/composition.json."
        )
    return letter.strip().upper(), music.strip()
