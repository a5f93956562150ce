"""`deepcomposer evaluate`: a piece's metrics beside those of Bach's chorales."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import plain, say


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer evaluate out/composition.mid\n"
        "  deepcomposer evaluate a.mid b.mid --json"
    )(evaluate)


def evaluate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="MIDI or MusicXML files.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of a table.")
    ] = False,
) -> None:
    """Print the metrics of music files beside those of Bach's chorales.

    Bach's are those of the test chorales, which the shipped models never heard. A dash
    marks what does not apply, such as voice order for a single voice.
    """
    from deepcomposer_edu.corpora.reference import reference_metrics
    from deepcomposer_edu.music.files import read_score
    from deepcomposer_edu.music.metrics import evaluate as metrics_of

    found = {str(path): metrics_of(read_score(path)) for path in files}
    bach = reference_metrics("test")
    columns = {**found, "Bach's chorales": bach}
    if as_json:
        typer.echo(json.dumps(columns, indent=2, default=float))
        return
    names = list(dict.fromkeys(name for values in found.values() for name in values))
    width = max(len(name) for name in names)
    heads = [plain(Path(head).name)[:18] for head in columns]
    say(" " * width + "".join(f"  {head:>18}" for head in heads))
    for name in names:
        cells = [_cell(values.get(name)) for values in columns.values()]
        say(f"{name:<{width}}" + "".join(f"  {cell:>18}" for cell in cells))


def _cell(value: object) -> str:
    """Return a metric for the table; what was not measured is a dash."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.3f}"
    return "-" if value is None else str(value)[:18]
