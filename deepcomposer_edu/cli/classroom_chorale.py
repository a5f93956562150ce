"""`deepcomposer classroom chorale`: the voices that a class trained sing together."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say


def add_to(commands: typer.Typer) -> None:
    """Add the command to `deepcomposer classroom`."""
    commands.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer classroom chorale /media/class --open\n"
        "  deepcomposer classroom chorale voices --tune twinkle-twinkle -o wall.html\n"
        "  deepcomposer classroom chorale voices --tune my.mid --bars-each 4 --seed 3\n"
        "  deepcomposer classroom chorale voices --only Mina --only Leo --verses 1"
    )(chorale)


def chorale(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Where the voices were handed in."),
    ],
    tune: Annotated[
        str,
        typer.Option("--tune", "-t", help="What the soprano sings: a tune or a file."),
    ] = "ode-to-joy",
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The page to write.")
    ] = Path("chorale.html"),
    bars_each: Annotated[
        int, typer.Option("--bars-each", help="How many bars in a row somebody sings.")
    ] = 2,
    verses: Annotated[
        int | None,
        typer.Option("--verses", help="Default: so many that everybody is heard."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="Who is to sing; repeatable."),
    ] = None,
    temperature: Annotated[
        float, typer.Option("--temperature", help="Creative risk, above 0.")
    ] = 0.8,
    tempo: Annotated[
        float | None,
        typer.Option("--tempo", help="Quarters a minute; default: at most 84."),
    ] = None,
    passes: Annotated[
        int, typer.Option("--passes", help="Of the singers over each verse.")
    ] = 96,
    instrument: Annotated[
        str, typer.Option("--instrument", help="Who plays the voices, by name.")
    ] = "choir aahs",
    seed: Annotated[
        int, typer.Option("--seed", "-s", help="Of the lots and of the singing.")
    ] = 0,
    opens: Annotated[
        bool, typer.Option("--open", help="Open it in the browser.")
    ] = False,
) -> None:
    """Let the class's networks sing a tune together: a page for the wall.

    Each learner trains one voice (`deepcomposer train voice`) and hands in one small
    file (`deepcomposer hand-in`). By lot each gets some bars. The page plays without a
    network, and says who sings now. Beside it lie a MIDI file of the chorale and a
    record of who sang what. Damaged files are left out, and it says so.
    """
    from deepcomposer_edu.classroom.chorale import class_chorale
    from deepcomposer_edu.classroom.chorale_page import write_chorale
    from deepcomposer_edu.classroom.singers import read_singers
    from deepcomposer_edu.cli.progress_bar import Bar
    from deepcomposer_edu.compose.sources import melody_of
    from deepcomposer_edu.web_page import checked_page

    checked_page(output)
    singers = read_singers(folder, only or ())
    with Bar() as bar:
        made = class_chorale(
            melody_of(tune),
            singers,
            bars_each=bars_each,
            n_verses=verses,
            temperature=temperature,
            tempo=tempo,
            instrument=instrument,
            passes=passes,
            seed=seed,
            on_progress=bar.reporter("Singing"),
        )
    paths = write_chorale(made, output)
    for problem in made.problems:
        say(problem)
    n, n_waiting = len(made.bars_sung()), len(made.singers) - len(made.bars_sung())
    say(
        f"{n} singer{'' if n == 1 else 's'}, {len(made.verses)} "
        f"verse{'' if len(made.verses) == 1 else 's'} of {made.n_bars} bars, "
        f"{made.score.seconds:.0f} s."
    )
    if n_waiting:
        say(f"Not heard for want of bars: {n_waiting}; sing more verses.")
    for number, verse in enumerate(made.verses, 1):
        shares = ", ".join(f"{one.share:.0%}" for one in verse.rounds)
        end = "agreed" if verse.is_agreed else "not agreed"
        say(f"  verse {number}: content with {shares} of the notes: {end}")
    say(f"Written: {', '.join(str(path) for path in paths)}.")
    if opens:
        webbrowser.open(paths[0].resolve().as_uri())
