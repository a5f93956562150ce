"""`deepcomposer compose`: a melody in, a composition and its files out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say, say_written, seconds_words
from deepcomposer_edu.errors import InputError


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=_epilog())(compose)


def _epilog() -> str:
    """Return the examples, the techniques with their parameters, and the limits."""
    from deepcomposer_edu.compose.genres import STYLES, style_parameters, style_summary
    from deepcomposer_edu.compose.parameters import TEMPO_RANGE
    from deepcomposer_edu.compose.prepare import MAX_SECONDS, MAX_STEPS
    from deepcomposer_edu.compose.techniques.catalogue import TECHNIQUES

    def knowing(style: str) -> list[str]:
        return [t.name for t in TECHNIQUES.values() if style in t.styles]

    lines = [
        "\b",
        "Examples:",
        "  deepcomposer compose ode-to-joy -o out",
        "  deepcomposer compose ode-to-joy -o out --genre jazz --param swing=0.6",
        "  deepcomposer compose my_tune.mid -o out --seed 7 --param temperature=1.3",
        "  deepcomposer compose sakura -o out --instruments 'oboe,string ensemble 1'",
        "  deepcomposer compose sakura -o out -t melody-rnn --param temperature=0.8",
        "  deepcomposer compose ode-to-joy -o out -t transformer --genre palestrina",
        "  deepcomposer compose out/composition.json -o again -t transformer",
        "",
        "\b",
        "Techniques and their parameters (--param name=value):",
    ]
    for technique in TECHNIQUES.values():
        lines.append(f"  {technique.name}: {technique.summary}")
        lines += [
            f"    {p.name}={str(p.default).lower()}: {p.meaning}; {p.allowed}"
            for p in technique.parameters
        ]
    lines += ["", "\b", "Genres, what can be turned on their bands, who knows them:"]
    for genre in (style for style in STYLES if knowing(style)):
        lines.append(f"  {genre}: {style_summary(genre)}.")
        lines += [
            f"    {p.name}={p.default:.3g}: {p.meaning}; {p.allowed}"
            for p in style_parameters(genre)
        ]
        lines.append(f"    known by: {', '.join(knowing(genre))}")
    lines += [
        "  Left out, the genre is the first that the technique knows. The harmony is",
        "  the technique's; the bands' styles are rules, since no network here has",
        "  learned jazz, rock or pop. A network of your own is a genre, too: see",
        "  `deepcomposer models`.",
    ]
    low, high = TEMPO_RANGE
    lines += [
        "",
        "\b",
        "Limits, checked before any work starts:",
        f"  at most {MAX_STEPS // 16:,} bars of 4/4 and {MAX_SECONDS // 60} minutes of "
        "music;",
        f"  tempo {low:g} to {high:g} beats per minute.",
    ]
    return "\n".join(lines)


def compose(
    melody: Annotated[
        str,
        typer.Argument(
            metavar="MELODY",
            help="A MIDI or MusicXML file, the name of a shipped tune (see "
            "`deepcomposer tunes`), or a composition.json to go on from.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="Folder to write into; made if missing."),
    ],
    technique: Annotated[
        str, typer.Option("--technique", "-t", help="How to compose.")
    ] = "wgan",
    genre: Annotated[
        str | None,
        typer.Option(
            "--genre", "-g", help="A style, a kept model's name or a run folder."
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", "-s", help="The same seed makes the same music.")
    ] = 0,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param", "-p", metavar="NAME=VALUE", help="A parameter; may be repeated."
        ),
    ] = None,
    tempo: Annotated[
        float | None,
        typer.Option("--tempo", help="Beats per minute; default: the melody's."),
    ] = None,
    instruments: Annotated[
        str | None,
        typer.Option(
            "--instruments",
            metavar="NAMES",
            help="General MIDI names or numbers, with commas: one for all tracks, two "
            "for the melody and the rest, or one for each track without drums.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model", help="A network of your own under a band: its name or folder."
        ),
    ] = None,
    parts: Annotated[
        str | None,
        typer.Option(
            "--parts",
            help="Which files to write: mid,wav,mp3,musicxml,png,mp4,json or all; "
            "default: mid,wav,mp3,png,json.",
        ),
    ] = None,
) -> None:
    """Compose: add voices to a melody or go on with it; write music, sound, picture.

    The given melody stays, note for note, as the top voice. Writes composition.mid,
    .wav, .mp3, .png (piano roll) and .json (how it was made, for `replay`): all of
    them, or none if something fails.
    """
    began = time.perf_counter()
    from deepcomposer_edu.compose.export.saving import check_target, checked_parts

    chosen = checked_parts(parts)
    check_target(output, chosen)
    from deepcomposer_edu.compose import interface
    from deepcomposer_edu.compose.instruments import instrument_names

    composition = interface.compose(
        melody,
        technique=technique,
        genre=genre,
        seed=seed,
        tempo=tempo,
        instruments=instruments,
        model=model,
        **read_parameters(param or []),
    )
    paths = composition.save(output, chosen)
    score = composition.score
    names = instrument_names(composition)
    for note in composition.notes:
        say(note)
    say(
        f"Composed {len(score.notes)} notes, {seconds_words(score.seconds)} of music, "
        f"with {technique} ({composition.provenance['genre']}), seed {seed}, for "
        f"{', '.join(dict.fromkeys(names))}, in "
        f"{seconds_words(time.perf_counter() - began)}."
    )
    say_written(output, paths)


def read_parameters(texts: list[str]) -> dict[str, object]:
    """Return parameters from texts such as 'temperature=1.2'.

    Raises:
        InputError: if a text has no '=', or names something that has its own option.

    >>> read_parameters(["temperature=1.2"])
    {'temperature': '1.2'}
    """
    found: dict[str, object] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or not name.isidentifier():
            raise InputError(
                f"A parameter is given as {text[:60]!r}, but it must look like "
                "name=value, for example temperature=1.2."
            )
        if name in {
            "melody",
            "technique",
            "genre",
            "seed",
            "tempo",
            "instruments",
            "model",
        }:
            raise InputError(
                f"{name} is not a parameter of a technique; give it as an option of "
                f"its own, for example --{name} {value or '...'}."
            )
        if name in found:
            raise InputError(f"The parameter {name} is given twice; give it once.")
        found[name] = value
    return found
