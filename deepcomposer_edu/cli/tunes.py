"""`deepcomposer tunes`: the melodies that come with the course."""

from __future__ import annotations

import typer

from deepcomposer_edu.cli.console import say


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer tunes\n"
        "  deepcomposer compose ode-to-joy -o out"
    )(tunes)


def tunes() -> None:
    """List the melodies that come with the course, by name."""
    from deepcomposer_edu.corpora.tunes import tune_info, tune_names

    names = tune_names()
    width = max((len(name) for name in names), default=0)
    for name in names:
        say(f"{name:<{width}}  {tune_info(name).get('title', '')}")
