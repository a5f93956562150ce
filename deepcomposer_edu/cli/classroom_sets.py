"""`deepcomposer classroom build`: the sets of a class from the one source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say


def add_to(app: typer.Typer) -> None:
    """Add the command to those for teachers."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer classroom build spring\n"
        "  deepcomposer classroom build half-day --lessons 00,01,06,08,13\n"
        "  deepcomposer classroom build graded --sets nbgrader --lessons 01"
    )(build)


def build(
    folder: Annotated[Path, typer.Argument(help="Where the sets are written.")],
    lessons: Annotated[
        str, typer.Option(help="Numbers, such as 00,01,08; all if left out.")
    ] = "",
    sets: Annotated[
        str, typer.Option(help="student, solution, instructor, nbgrader.")
    ] = "student,solution,instructor,nbgrader",
    outputs: Annotated[
        bool,
        typer.Option(
            "--outputs",
            help="Run the instructor's copies, so that they show what to expect.",
        ),
    ] = False,
    course: Annotated[
        Path | None, typer.Option(help="The course's folder; this one if left out.")
    ] = None,
) -> None:
    """Build student, solution, instructor and nbgrader sets of the lessons."""
    from deepcomposer_edu.classroom.course_folder import course_folder
    from deepcomposer_edu.classroom.sets import build_sets

    source = course_folder(course)
    built = build_sets(
        source,
        folder,
        lessons=parts_of(lessons),
        kinds=parts_of(sets),
        runs=outputs,
        say=lambda name: say(f"-- {name}"),
    )
    for path in built.kept:
        say(f"{path} was changed by hand and stays; delete it to get the new one.")
    points = sum(built.points.values())
    graded = f", {points} points to earn" if points else ""
    files = f"{len(built.written)} file{'' if len(built.written) == 1 else 's'}"
    say(f"{folder}: {files} written{graded}. Begin with README.md.")


def parts_of(text: str) -> list[str]:
    """Return what stands between commas.

    >>> parts_of("00, 01,")
    ['00', '01']
    """
    return [part.strip() for part in text.split(",") if part.strip()]
