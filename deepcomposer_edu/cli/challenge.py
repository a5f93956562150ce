"""`deepcomposer challenge`: one minute to space, from the brief to the results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deepcomposer_edu.cli import contest
from deepcomposer_edu.cli.console import say

if TYPE_CHECKING:
    from deepcomposer_edu.challenge.report import CheckReport

SHUT = 1  # exit code of a check with a gate that is shut
SIGNS = {True: "ok  ", False: "SHUT", None: "  - "}

commands = typer.Typer(
    help="One minute to space: a contest that needs no network.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(commands, name="challenge")


@commands.command(
    epilog="\b\nExamples:\n"
    "  deepcomposer challenge new my_minute\n"
    '  deepcomposer challenge new my_minute --title "To space" --composer "Learner 1"'
)
def new(
    folder: Annotated[Path, typer.Argument(help="The workspace; it is made.")],
    title: Annotated[str, typer.Option("--title", help="Of the piece.")] = "",
    composer: Annotated[
        list[str] | None, typer.Option("--composer", help="Who makes it; repeatable.")
    ] = None,
    team: Annotated[str, typer.Option("--team", help="What a team calls itself.")] = "",
) -> None:
    """Make a workspace for an entry: the brief to read, a card to fill in."""
    from deepcomposer_edu.challenge.card import Card
    from deepcomposer_edu.challenge.workspace import new_workspace

    card = Card(title=title, composers=tuple(composer or ()), team=team)
    work = new_workspace(folder, card)
    say(f"{work.folder} is ready: read BRIEF.md, fill in card.json.")
    for sentence in card.missing():
        say(f"  {sentence}")


@commands.command(
    epilog="\b\nExamples:\n"
    "  deepcomposer challenge use my_minute minute/composition.json\n"
    "  deepcomposer challenge check my_minute"
)
def use(
    folder: Annotated[Path, typer.Argument(help="The workspace.")],
    music: Annotated[Path, typer.Argument(help="A composition.json, or its folder.")],
) -> None:
    """Put a composition into a workspace as its entry, with sound and notation."""
    from deepcomposer_edu.challenge.workspace import Workspace
    from deepcomposer_edu.compose.version_files import read_composition

    work = Workspace(folder)
    paths = work.save(read_composition(music))
    names = ", ".join(path.name for path in paths.values())
    say(f"Written to {work.folder}: {names}.")


@commands.command(
    epilog="\b\nExamples:\n"
    "  deepcomposer challenge check my_minute\n"
    "  deepcomposer challenge check my_minute --page report.html\n"
    "  deepcomposer challenge check minute/composition.json --json"
)
def check(
    entry: Annotated[
        Path, typer.Argument(help="A workspace, a composition.json or its folder.")
    ],
    page: Annotated[
        Path | None, typer.Option("--page", help="Write a page that ends in .html.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of sentences.")
    ] = False,
    all_numbers: Annotated[
        bool, typer.Option("--all", help="Print every number behind the points.")
    ] = False,
    replay: Annotated[
        bool,
        typer.Option(
            "--replay/--no-replay",
            help="Make the notes again, and ask whether they listen.",
        ),
    ] = True,
) -> None:
    """Say what is in an entry's way, what a machine gives it, and its worst bar.

    Exit code 1 if a gate is shut.
    """
    from deepcomposer_edu.challenge.card import Card
    from deepcomposer_edu.challenge.check import check_entry, check_workspace
    from deepcomposer_edu.challenge.workspace import CARD, Workspace
    from deepcomposer_edu.compose.version_files import read_composition

    sound = None
    if (entry / CARD).is_file():
        work = Workspace(entry)
        composition, report = work.composition, check_workspace(work, replay)
        sound = work.path("mp3") if work.path("mp3").is_file() else None
    else:
        composition = read_composition(entry)
        report = check_entry(composition, Card(), replay=replay)
    if as_json:
        typer.echo(json.dumps(report.to_dict(), indent=2, allow_nan=False))
    else:
        _tell(report, all_numbers)
    if page is not None:
        from deepcomposer_edu.web_page import write_page

        write_page(page, report.page(composition=composition, sound=sound))
        if not as_json:
            say(f"Written: {page}.")
    if not report.passed:
        raise typer.Exit(SHUT)


def _tell(report: CheckReport, all_numbers: bool) -> None:
    """Print a report in sentences."""
    say(f"{report.title}: {report.seconds:.1f} seconds")
    for gate in report.gates:
        say(f"  {SIGNS[gate.passed]} {gate.name}: {gate.sentence}")
        if gate.mend:
            say(f"       {gate.mend}")
    for criterion in report.criteria:
        say(f"  {criterion.points:4.1f} of 10  {criterion.title}")
        if not all_numbers:
            say(f"              {criterion.sentence}")
        for part in criterion.parts if all_numbers else ():
            say(f"       {part.points:4.1f}   {part.sentence}")
    if report.criteria:
        say(
            f"  {report.points:4.1f} of 40 points from the machine, and "
            f"{report.bonus:.1f} of 5 for the brief; judges give the other 65."
        )
    for note in report.notes:
        say(f"  {note}")
    if report.worst is not None:
        worst = report.worst
        say(
            f"{worst.sentence} ({worst.start_seconds:.1f} to {worst.end_seconds:.1f} s)"
        )
        for fault in worst.faults:
            say(f"  {fault}")


contest.add_to(commands)
