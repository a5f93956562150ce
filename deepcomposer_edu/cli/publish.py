"""`deepcomposer publish`: compositions as a page for any web host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer publish out --out public --by 'Learner 1' --licence 'CC BY'\n"
        "  deepcomposer publish one two --out public --title 'Our class'"
    )(publish)


def publish(
    pieces: Annotated[
        list[Path],
        typer.Argument(metavar="PIECES...", help="composition.json, or its folder."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into.")],
    title: Annotated[str, typer.Option("--title", help="Of the page.")] = "Gallery",
    by: Annotated[str, typer.Option("--by", help="Who made them.")] = "",
    licence: Annotated[
        str, typer.Option("--licence", help="What may be done with them: CC BY, say.")
    ] = "",
) -> None:
    """Publish compositions: one page to hear them on, in a folder for any web host."""
    from deepcomposer_edu.compose.export.gallery import piece_of, write_gallery
    from deepcomposer_edu.compose.version_files import read_composition

    found = [read_composition(path) for path in pieces]
    page = write_gallery(
        [piece_of(one, by, licence=licence) for one in found],
        out,
        title,
        lambda words: say(f"  {words} …"),
    )
    say(f"Published: {page}. Put the whole folder on a web host, or open it as it is.")
