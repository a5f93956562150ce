"""`deepcomposer grade`: how much like a chorale of Bach's, and where it is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import plain, say

SHOWN = 20  # faults; all of them stand in the JSON


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer grade out/composition.mid\n"
        "  deepcomposer grade a.mid b.musicxml --json"
    )(grade)


def grade(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="MIDI or MusicXML files.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of sentences.")
    ] = False,
) -> None:
    """Grade music in four voices by the rules that Bach's chorales keep.

    Each file needs four pitched tracks: soprano, alto, tenor, bass. The grade says how
    many of 100 real chorales are less like Bach's usual ways, what is out of the
    ordinary, and in which bar and beat a teacher would mark something. It knows rules
    and no beauty.
    """
    from deepcomposer_edu.models.rule_grade import grade_score
    from deepcomposer_edu.music.files import read_score

    grades = {str(path): grade_score(read_score(path)) for path in files}
    if as_json:
        typer.echo(json.dumps({k: asdict(v) for k, v in grades.items()}, indent=2))
        return
    for path, found in grades.items():
        say(f"{plain(Path(path).name)}: {found.sentence}")
        for fault in found.faults[:SHOWN]:
            say(f"  {fault.sentence}")
        if len(found.faults) > SHOWN:
            say(f"  and {len(found.faults) - SHOWN} more; --json lists them all")
