"""`deepcomposer listen` and `listens`: move a melody note, and see what changes."""

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
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer listens wgan\n"
        "  deepcomposer listens transformer --param mode=harmonise\n"
        "  deepcomposer listens wgan --genre quartet my_tune.mid --json"
    )(listens)


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
    from deepcomposer_edu.compose.comparing.difference import bars_words, difference
    from deepcomposer_edu.compose.comparing.listening import does_it_listen
    from deepcomposer_edu.compose.replay import replay

    if output is not None:
        from deepcomposer_edu.compose.export.saving import check_target

        check_target(output)
    heard = does_it_listen(replay(source), note - 1, to, semitones)
    say(heard.sentence)
    for voice in difference(heard.before.score, heard.after.score).voices[1:]:
        where = f" in {bars_words(voice.bars)}" if voice.bars else ""
        say(f"  {voice.name}: {voice.share:.0%} of its notes changed{where}")
    if output is not None:
        paths = heard.after.save(output)
        say(f"Written to {output}: {', '.join(path.name for path in paths.values())}.")


def listens(
    technique: Annotated[
        str, typer.Argument(help="One of the techniques of `compose`.")
    ],
    melodies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[MELODY]...", help="Tunes or files; default: three shipped tunes."
        ),
    ] = None,
    genre: Annotated[
        str | None, typer.Option("--genre", "-g", help="A style or a network of yours.")
    ] = None,
    notes: Annotated[
        int, typer.Option("--notes", "-n", help="How many notes of each melody move.")
    ] = 4,
    seed: Annotated[
        int, typer.Option("--seed", "-s", help="The dice, and which notes move.")
    ] = 0,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param", "-p", metavar="NAME=VALUE", help="A parameter; may be repeated."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of a sentence.")
    ] = False,
) -> None:
    """Does a technique listen at all? One number, and a floor to pass.

    Single notes of the melodies move by a third and everything is composed again with
    the same dice. The score is the share of the voices' notes that changes at the
    moved note less the share that changes elsewhere.
    """
    import json
    from dataclasses import asdict

    from deepcomposer_edu.cli.compose import read_parameters
    from deepcomposer_edu.compose.comparing.listens import TUNES, listening_score

    found = listening_score(
        technique, melodies or TUNES, notes, seed, genre, **read_parameters(param or [])
    )
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
    else:
        say(found.sentence)
