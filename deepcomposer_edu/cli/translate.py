"""`deepcomposer translate`: a recorded melody, played by another instrument."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer translate whistled.wav --instrument organ\n"
        "  deepcomposer translate sung.mp3 --instrument space-lead -o space.wav"
    )(translate)


def translate(
    recording: Annotated[
        Path,
        typer.Argument(
            metavar="RECORDING",
            help="A sound file of one voice: whistled, sung or played.",
        ),
    ],
    instrument: Annotated[
        str, typer.Option("--instrument", "-i", help="Who plays it.")
    ] = "organ",
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The WAV file to write.")
    ] = Path("translated.wav"),
    seed: Annotated[int, typer.Option("--seed", help="Of the draws.")] = 0,
) -> None:
    """Let another instrument play a melody that you whistled, sang or played.

    A small music translation network: it hears loudness and attacks, the pitch is
    measured, and a WaveNet that only knows the instrument makes the sound.
    """
    from deepcomposer_edu.models import translation
    from deepcomposer_edu.music.audio import write_wav
    from deepcomposer_edu.music.audio_reading import read_mono

    network = translation.load_translation()
    translation.check_instrument(network, instrument)
    sound = read_mono(
        recording, network.config.rate, max_seconds=translation.LONGEST_SECONDS
    )
    for change in sound.changes:
        say(f"{recording.name}: {change}")
    audio, rate = translation.translate(
        sound.audio, sound.rate, instrument, network=network, seed=seed
    )
    write_wav(output, audio, rate)
    say(f"{len(audio) / rate:.1f} s by the {instrument}, written to {output}.")
