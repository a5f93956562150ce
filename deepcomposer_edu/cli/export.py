"""`deepcomposer export`: music in every form, from a composition or a music file."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deepcomposer_edu.cli.console import StoppedError, say, seconds_words
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from deepcomposer_edu.music.score import Score


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=_epilog())(export)


def _epilog() -> str:
    """Return the examples, and what each part is."""
    from deepcomposer_edu.compose.export.saving import PART_WORDS

    return "\n".join(
        [
            "\b",
            "Examples:",
            "  deepcomposer export out/composition.json -o album",
            "  deepcomposer export out/composition.json -o album --parts mp4,musicxml",
            "  deepcomposer export my_tune.mid -o sheet --parts musicxml",
            "  deepcomposer export ode-to-joy -o album --parts mp3",
            "  deepcomposer export out -o raw --instruments wavenet:organ",
            "",
            "\b",
            "Parts:",
            *(f"  {part:<9} {words}" for part, words in PART_WORDS.items()),
        ]
    )


def export(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A composition.json or its folder, a MIDI or MusicXML file, or the "
            "name of a shipped tune.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="Folder to write into; made if missing."),
    ],
    parts: Annotated[
        str | None,
        typer.Option(
            "--parts",
            metavar="PARTS",
            help="Which files to write, with commas; default: all that there are.",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", help="Of the files, without ending; default: SOURCE's."),
    ] = None,
    instruments: Annotated[
        str | None,
        typer.Option(
            "--instruments",
            metavar="NAMES",
            help="Other instruments, with commas: one for all tracks, two (the first, "
            "the rest), or one each. General MIDI names, or timbres that a network "
            "plays: wavenet:organ, nsynth:organ+clarinet.",
        ),
    ] = None,
) -> None:
    """Write music as MIDI, WAV, MP3, MusicXML, picture, film: all of them or none.

    The notes stay as they are; nothing is composed. Ctrl-C stops, and nothing is left.
    Timbres are heard in the sound and the film; MIDI names a usual instrument for them.
    """
    from deepcomposer_edu.compose.export.instruments import for_export
    from deepcomposer_edu.compose.export.saving import (
        check_target,
        checked_parts,
        save_score,
    )

    began = time.perf_counter()
    score, record, path = _read(source)
    played = for_export(score, record, instruments)
    score, provenance = played.score, played.provenance
    name = checked_name(name or (path.stem if path else source))
    chosen = checked_parts(parts or "all", has_provenance=provenance is not None)
    chosen = _without_source(chosen, output, name, path, is_asked=parts is not None)
    check_target(output, chosen, name)
    try:
        with Bar() as bar:
            paths = save_score(
                score,
                output,
                chosen,
                bar.show,
                name=name,
                provenance=provenance,
                timbres=played.timbres,
                seed=played.seed,
            )
    except KeyboardInterrupt:
        raise StoppedError(f"Stopped; nothing was written to {output}.") from None
    for written in paths.values():
        say(f"{written.name:<28} {_size_words(written.stat().st_size):>9}")
    took = seconds_words(time.perf_counter() - began)
    say(f"Written to {output}: {seconds_words(score.seconds)} of music, in {took}.")


def checked_name(name: str) -> str:
    """Return a name for files.

    Raises:
        InputError: if no file can be called so.
    """
    if not name or name.startswith(".") or set(name) & set('/\\:*?"<>|\0'):
        raise InputError(
            f"The files cannot be called {name[:40]!r}; give a name of letters, "
            "digits, spaces and hyphens with --name."
        )
    return name[:100]


def _read(source: str) -> tuple[Score, dict | None, Path | None]:
    """Return the music, how it was made, and the file that it was read from."""
    from deepcomposer_edu.corpora.tunes import load_tune, tune_names

    if source in tune_names():
        return load_tune(source), None, None
    path = Path(source)
    if path.suffix.lower() == ".json" or path.is_dir():
        from deepcomposer_edu.compose.provenance import read_provenance
        from deepcomposer_edu.compose.versions import composition_from

        record = read_provenance(path)
        path = path / "composition.json" if path.is_dir() else path
        return composition_from(record).score, record, path
    from deepcomposer_edu.music.files import read_score

    return read_score(path), None, path


def _without_source(
    parts: tuple[str, ...], folder: Path, name: str, source: Path | None, is_asked: bool
) -> tuple[str, ...]:
    """Return the parts without the one that would be written over its own source.

    Raises:
        InputError: if that one was asked for by name.
    """
    if source is None:
        return parts
    over = [
        part
        for part in parts
        if (folder / f"{name}.{part}").resolve() == source.resolve()
    ]
    if over and is_asked and over != ["json"]:
        raise InputError(
            f"{source} would be written over; give another folder, or another --name."
        )
    kept = tuple(part for part in parts if part not in over)
    return kept or parts


def _size_words(n_bytes: int) -> str:
    """Return a size in words.

    >>> _size_words(2_345), _size_words(105_900_000)
    ('2.3 kB', '105.9 MB')
    """
    if n_bytes < 1_000_000:
        return f"{n_bytes / 1_000:.1f} kB"
    return f"{n_bytes / 1_000_000:.1f} MB"


class Bar:
    """A bar that fills while files are made, with what is being done in words."""

    def __init__(self) -> None:
        from tqdm import tqdm

        self.doing = ""
        self.bar = tqdm(
            total=100,
            file=sys.stderr,
            mininterval=0.2,
            leave=False,
            bar_format="{desc:<24}{percentage:3.0f}%|{bar}| {elapsed}<{remaining}",
        )

    def __enter__(self) -> Bar:
        return self

    def show(self, share: float, doing: str) -> None:
        """Move the bar to a share from 0 to 1."""
        self.bar.update(100 * share - self.bar.n)
        if doing != self.doing:
            self.doing = doing
            self.bar.set_description_str(doing)  # and show it at once

    def __exit__(self, *_: object) -> None:
        self.bar.close()
