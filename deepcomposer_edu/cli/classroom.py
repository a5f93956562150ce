"""`deepcomposer classroom`: what a teacher does before, in and after a lesson."""

from __future__ import annotations

import typer

from deepcomposer_edu.cli import (
    classroom_bundle,
    classroom_chorale,
    classroom_dashboard,
    classroom_hub,
    classroom_sets,
)

commands = typer.Typer()


@commands.callback(invoke_without_command=True)
def classroom(context: typer.Context) -> None:
    """For teachers: sets of lessons, grading, a bundle for rooms without a network."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


classroom_sets.add_to(commands)
classroom_bundle.add_to(commands)
classroom_hub.add_to(commands)
classroom_dashboard.add_to(commands)
classroom_chorale.add_to(commands)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(commands, name="classroom")
