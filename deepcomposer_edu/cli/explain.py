"""`deepcomposer explain`: a word of the course, in plain words, and as sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say
from deepcomposer_edu.errors import InputError

SUFFIXES = (".mp3", ".wav", ".mid")
BITRATE = 96  # kbit/s, of examples of a few seconds


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer explain\n"
        "  deepcomposer explain triad -o triad.mp3"
    )(explain)


def explain(
    word: Annotated[
        str | None, typer.Argument(help="Such as triad or GAN; none lists all.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="How it sounds: a .mp3, .wav or .mid file."),
    ] = None,
) -> None:
    """Say in plain words what a word of the course means, or list all of them."""
    from deepcomposer_edu.course.terms import KINDS, find_term, terms

    if word is None:
        if out is not None:
            raise InputError("Say which word is to be written, such as triad.")
        for kind, title in KINDS.items():
            found = (term.name for term in terms().values() if term.kind == kind)
            names = sorted(found, key=str.lower)
            say(f"{title}: {', '.join(names)}")
        return
    term = find_term(word)
    say(term.text)
    if out is not None:
        write_sound(term.name, out)
    if term.heard:
        say(f"To hear: {term.heard}")


def write_sound(word: str, out: Path) -> None:
    """Write how a term sounds to a file.

    Args:
        word: a term of the glossary.
        out: ends in .mp3, .wav or .mid.

    Raises:
        InputError: if there is nothing to hear of it, or the file is none of these.
    """
    from deepcomposer_edu.course.term_sounds import RATE, sound_of
    from deepcomposer_edu.course.terms import find_term
    from deepcomposer_edu.music.audio import write_mp3, write_wav
    from deepcomposer_edu.music.midi_write import write_midi
    from deepcomposer_edu.music.score import Score
    from deepcomposer_edu.music.synth import render

    sound, suffix = sound_of(find_term(word)), out.suffix.lower()
    if sound is None:
        raise InputError(f"There is nothing to hear of {word!r}; leave -o out.")
    if suffix not in SUFFIXES:
        raise InputError(
            f"The file is {out.name!r}, but it must end in {', '.join(SUFFIXES)}."
        )
    if suffix == ".mid":
        if not isinstance(sound, Score):
            raise InputError(f"{word!r} has no notes; write it as .mp3 or .wav.")
        write_midi(sound, out)
        return
    audio = render(sound, sample_rate=RATE) if isinstance(sound, Score) else sound
    if suffix == ".wav":
        write_wav(out, audio, RATE)
    else:
        write_mp3(out, audio, RATE, bitrate=BITRATE)
