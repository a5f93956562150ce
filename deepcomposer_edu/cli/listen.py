"""`deepcomposer listen`: move one melody note, and see what else changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer listen out --note 5 --semitones 2\n"
        "  deepcomposer listen out/composition.json --note 5 --to 67 -o changed"
    )(listen)


def listen(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="COMPOSITION_JSON",
            help="The file that compose wrote, or its folder.",
        ),
    ],
    note: Annotated[
        int, typer.Option("--note", "-n", help="Which melody note, from 1.")
    ],
    semitones: Annotated[
        int | None,
        typer.Option("--semitones", help="How far it moves; -2 is a tone down."),
    ] = None,
    to: Annotated[
        int | None, typer.Option("--to", help="Where it moves to, 0 to 127.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write the changed composition there."),
    ] = None,
) -> None:
    """Does it listen? Move one note of the melody, and compose again.

    Everything else stays the same, the dice too, so what changes in the accompaniment
    is the network's answer to that note.
    """
    from deepcomposer_edu.compose.difference import bars_words, difference
    from deepcomposer_edu.compose.listening import does_it_listen
    from deepcomposer_edu.compose.replay import replay

    if output is not None:
        from deepcomposer_edu.compose.export import check_target

        check_target(output)
    heard = does_it_listen(replay(source), note - 1, to, semitones)
    say(heard.sentence)
    for voice in difference(heard.before.score, heard.after.score).voices[1:]:
        where = f" in {bars_words(voice.bars)}" if voice.bars else ""
        say(f"  {voice.name}: {voice.share:.0%} of its notes changed{where}")
    if output is not None:
        paths = heard.after.save(output)
        say(f"Written to {output}: {', '.join(path.name for path in paths.values())}.")
