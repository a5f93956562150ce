"""`deepcomposer faults`: what a teacher would mark, to read, to hear and to mend."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say

SHOWN = 20  # faults with a fix; all of them stand in the JSON


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer faults out/composition.mid\n"
        "  deepcomposer faults mine.musicxml --hear sounds --mended better.mid"
    )(faults)


def faults(
    file: Annotated[Path, typer.Argument(help="A MIDI or MusicXML file.")],
    hear: Annotated[
        Path | None,
        typer.Option(help="A folder for WAV files: each fault, and a fix of it."),
    ] = None,
    mended: Annotated[
        Path | None,
        typer.Option(help="A MIDI file to write, with fault after fault mended."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of sentences.")
    ] = False,
) -> None:
    """Say where four voices break a rule or sing a wrong note, and how to mend it.

    The file needs four pitched tracks: soprano, alto, tenor, bass. Each fault has its
    bar and beat; a fix changes a note or two, removes the fault and brings no new one.
    The melody stays as it is where that can be. Bach has such places, too, about
    one in two bars: they are places to listen to.
    """
    from deepcomposer_edu.models.fixes import find_fix, mend_all
    from deepcomposer_edu.models.wrong_notes import teacher_marks
    from deepcomposer_edu.music.chorale_features import checked_voices, score_voices
    from deepcomposer_edu.music.files import read_score
    from deepcomposer_edu.music.grid import from_grid
    from deepcomposer_edu.music.midi_write import write_midi

    score = read_score(file)
    grid = checked_voices(score_voices(score))
    metre, pickup = score.metres[0], score.pickup
    found = teacher_marks(grid, metre, pickup)
    shown = found if as_json else found[:SHOWN]
    fixes = [find_fix(grid, fault, metre, pickup) for fault in shown]
    if as_json:
        rows = [
            asdict(fault) | {"fix": fix.sentence if fix else None}
            for fault, fix in zip(found, fixes, strict=True)
        ]
        typer.echo(json.dumps(rows, indent=2))
    else:
        if not found:
            say("A teacher would mark nothing.")
        for fault, fix in zip(shown, fixes, strict=True):
            say(f"{fault.sentence}; {fix.sentence if fix else 'no fix is near'}")
        if len(found) > SHOWN:
            say(f"and {len(found) - SHOWN} more; --json lists them all")
    if hear is not None:
        n_written = _write_sounds(hear, grid, fixes, score.tempo)
        if not as_json:
            say(f"wrote {n_written} sounds to {hear}")
    if mended is not None:
        better, done, left = mend_all(grid, metre, pickup)
        music = from_grid(
            better, score.tempo, metres=score.metres, pickup=pickup, title=score.title
        )
        write_midi(music, mended)
        if not as_json:
            say(f"wrote {mended}: {len(done)} mended, {len(left)} left")


def _write_sounds(folder: Path, grid: object, fixes: list, tempo: float) -> int:
    """Write each fault that has a fix, and the fix, as WAV; return how many files."""
    from deepcomposer_edu.music.audio import write_wav
    from deepcomposer_edu.music.grid import from_grid
    from deepcomposer_edu.music.synth import render

    n_written = 0
    for number, fix in enumerate(fixes, start=1):
        if fix is None:
            continue
        for name, music in zip(("fault", "fix"), fix.excerpts(grid), strict=True):
            path = folder / f"{number:02d}-{name}.wav"
            write_wav(path, render(from_grid(music, tempo)))
            n_written += 1
    return n_written
