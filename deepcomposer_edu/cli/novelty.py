"""`deepcomposer novelty`: is it new, and what of Bach's is it most like?"""

from __future__ import annotations

import json
from math import isnan
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import plain, say
from deepcomposer_edu.files import make_folder

TEMPO = 80.0  # of both passages, so that they can be compared


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer novelty out/composition.mid\n"
        "  deepcomposer novelty out/composition.mid -o beside --json"
    )(novelty)


def novelty(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A MIDI or MusicXML file.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Write the two bars there, yours and Bach's, as MIDI and sound.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of sentences.")
    ] = False,
) -> None:
    """How much of music in four voices stands in the chorales it may come from?

    Runs of four and of eight chords are looked up in the training chorales, in any
    key, and the two bars that are most alike are named.
    """
    from deepcomposer_edu.corpora.novelty import novelty as novelty_of
    from deepcomposer_edu.music.chorale_features import score_voices
    from deepcomposer_edu.music.files import read_score

    score = read_score(file)
    found = novelty_of(score_voices(score), score.metres[0], score.pickup)
    closest = found.closest
    if as_json:
        values = {
            "overlap_4": None if isnan(found.overlap_4) else found.overlap_4,
            "overlap_8": None if isnan(found.overlap_8) else found.overlap_8,
            "longest": found.longest,
            "percentile": found.percentile,
            "closest": {
                name: getattr(closest, name)
                for name in ("title", "bwv", "bar", "own_bar", "semitones", "agreement")
            },
            "sentence": found.sentence,
        }
        typer.echo(json.dumps(values, indent=2))
    else:
        say(f"{plain(file.name)}: {found.sentence}")
        if found.longest:
            say(
                f"  The longest run that stands in one chorale: {found.longest} chords."
            )
    if output is not None:
        from deepcomposer_edu.music.audio import write_wav
        from deepcomposer_edu.music.grid import from_grid
        from deepcomposer_edu.music.midi import write_midi
        from deepcomposer_edu.music.synth import render

        make_folder(output)
        for name, grid in (("yours", closest.own), ("bach", closest.grid)):
            passage = from_grid(grid, TEMPO)
            write_midi(passage, output / f"{name}.mid")
            write_wav(output / f"{name}.wav", render(passage))
        if not as_json:
            say(f"Written to {output}: yours and bach, as .mid and .wav.")
