"""`deepcomposer classroom bundle`: a stick from which the course installs offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say


def add_to(app: typer.Typer) -> None:
    """Add the command to those for teachers."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer classroom bundle /media/stick/course --dry-run\n"
        "  deepcomposer classroom bundle stick --systems windows,macos\n"
        "  deepcomposer classroom bundle stick --pythons 3.11,3.12"
    )(bundle)


def bundle(
    folder: Annotated[Path, typer.Argument(help="The stick, or any other folder.")],
    systems: Annotated[
        str, typer.Option(help="Of linux, linux-arm, windows, macos.")
    ] = "linux,windows,macos",
    pythons: Annotated[
        str, typer.Option(help="Versions of Python; this one's if left out.")
    ] = "",
    without_solutions: Annotated[
        bool, typer.Option("--without-solutions", help="Leave the filled lessons out.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how large it will be, and stop.")
    ] = False,
    course: Annotated[
        Path | None, typer.Option(help="The course's folder; this one if left out.")
    ] = None,
) -> None:
    """Make a folder from which the course installs with the network off.

    This is the one command that needs the network, once, to fetch wheels with pip. It
    can be stopped and started again, goes on where it was, and mends what is damaged.
    """
    from deepcomposer_edu.classroom.bundle import Plan, make_bundle, targets_of
    from deepcomposer_edu.classroom.course_folder import course_folder
    from deepcomposer_edu.classroom.targets import this_python
    from deepcomposer_edu.cli.classroom_sets import parts_of

    versions = parts_of(pythons) or [this_python()]
    targets = targets_of(parts_of(systems), versions, folder)
    plan = Plan(course_folder(course), folder, targets, not without_solutions)
    say(plan.words())
    if dry_run:
        return
    made = make_bundle(plan, say=lambda text: say(f"-- {text}"))
    for words, number in made.n_wheels.items():
        say(f"{words}: {number} packages")
    for sentence in made.left_out:
        say(sentence)
    say(
        f"{folder}: {made.files} files, {made.megabytes / 1000:.2f} GB. Begin with "
        "READ-ME-FIRST.txt."
    )
