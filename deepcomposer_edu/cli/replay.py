"""`deepcomposer replay`: make a composition again from its composition.json."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say, say_error, say_written

DIFFERENT = 1  # exit code


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer replay out/composition.json\n"
        "  deepcomposer replay out/composition.json -o again"
    )(replay)


def replay(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="COMPOSITION_JSON",
            help="The file that compose wrote, or its folder.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write the files again into this folder."),
    ] = None,
) -> None:
    """Make the same notes again, bit for bit, or say what differs.

    The melody is in composition.json, so no other file is needed. Exit code 1: the
    notes are others, and the sentence says where and what changed.
    """
    from deepcomposer_edu.compose import ReplayError
    from deepcomposer_edu.compose import replay as make_again

    if output is not None:
        from deepcomposer_edu.compose.export.saving import check_target

        check_target(output)
    try:
        composition = make_again(source)
    except ReplayError as error:
        say_error(str(error))
        raise typer.Exit(DIFFERENT) from None
    digest = composition.provenance["result"]["sha256"]
    say(
        f"The same {len(composition.score.notes)} notes again, bit for bit "
        f"(SHA-256 {digest[:12]})."
    )
    if composition.notes[-1:] and composition.notes[-1].startswith("The notes are"):
        say(composition.notes[-1])
    if output is not None:
        say_written(output, composition.save(output))
