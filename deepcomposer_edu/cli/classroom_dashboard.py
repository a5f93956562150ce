"""`deepcomposer classroom dashboard`: who is stuck where."""

from __future__ import annotations

import time
import webbrowser
from itertools import count
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say
from deepcomposer_edu.errors import InputError

SHORTEST, LONGEST = 2, 3600  # seconds between two pages


def add_to(commands: typer.Typer) -> None:
    """Add the command to `deepcomposer classroom`."""
    commands.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer classroom dashboard ../class/progress --every 10 --open\n"
        "  deepcomposer classroom dashboard //server/share -o monday.html"
    )(dashboard)


def dashboard(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Where learners' progress is shared."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The page to write.")
    ] = Path("dashboard.html"),
    every: Annotated[
        int, typer.Option(help="Make it anew every so many seconds, until Ctrl+C.")
    ] = 0,
    opens: Annotated[
        bool, typer.Option("--open", help="Open it in the browser.")
    ] = False,
) -> None:
    """Show who is stuck where, from the progress files in a shared folder.

    Learners' computers write there when DEEPCOMPOSER_SHARE names the folder; the seats
    of `deepcomposer classroom hub` do by themselves. The page shows names and answers:
    keep it out of the shared folder.
    """
    from deepcomposer_edu.classroom.class_progress import now_utc, read_class
    from deepcomposer_edu.classroom.dashboard import dashboard_page
    from deepcomposer_edu.web_page import write_page

    if every and not SHORTEST <= every <= LONGEST:
        raise InputError(
            f"--every is {every}, but {SHORTEST} to {LONGEST} seconds are allowed."
        )
    said = ""
    for number in count():
        try:
            found = read_class(folder)
            write_page(output, dashboard_page(found, now_utc(), every))
            problem = ""
        except InputError as error:
            if number == 0:
                raise  # later, the folder may come back: the page stays as it was
            problem = str(error)
        if problem != said:
            say(problem or "The folder is back.")
            said = problem
        if number == 0:
            n_learners = len(found.learners)
            say(f"{n_learners} learner{'' if n_learners == 1 else 's'}: {output}")
            for sentence in found.problems:
                say(f"  {sentence}")
            if opens:
                webbrowser.open(output.resolve().as_uri())
        if not every:
            return
        try:
            time.sleep(every)
        except KeyboardInterrupt:  # its only way to end
            say(f"Ended; {output} stays as it is now.")
            return
