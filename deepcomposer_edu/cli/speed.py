"""`deepcomposer speed`: how fast this computer trains, and how long trainings are."""

from __future__ import annotations

from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n  deepcomposer speed\n  deepcomposer speed --size full"
    )(speed)


def speed(
    size: Annotated[
        str | None,
        typer.Option(help="Steps of the lessons' trainings: full, half, quarter, auto"),
    ] = None,
) -> None:
    """Time a few training steps; say how this computer compares, and choose a size."""
    from deepcomposer_edu.course.speed import (
        AUTO,
        SIZES,
        choose_size,
        chosen_size,
        training_size,
    )
    from deepcomposer_edu.course.speed import speed as measured

    if size is not None:
        choose_size(size)
    say(measured(again=True).sentence)
    chosen = chosen_size()
    reason = "by its speed" if chosen == AUTO else "as you chose"
    share = {
        1: "all their steps",
        2: "half of their steps",
        4: "a quarter of their steps",
    }
    now = training_size()
    say(f"Trainings in the lessons take {share[SIZES[now]]}, {reason} ({now}).")
