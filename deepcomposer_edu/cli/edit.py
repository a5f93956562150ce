"""`deepcomposer edit`: notes added, taken away and changed, each told in a sentence."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deepcomposer_edu.cli.console import say, say_written
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from deepcomposer_edu.compose.techniques.edit_record import RecordedEdits
    from deepcomposer_edu.music.score import Score

TOLD = 40  # edits that are printed unless more are asked for
DEFAULT_FILES = "mid,json"


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer edit ode-to-joy-off-tune -o out --mode repair\n"
        "  deepcomposer edit out/composition.json -o again --mode vary --bars 5-8\n"
        "  deepcomposer edit chorale.mid -o out --mode inpaint --voices 'alto tenor' "
        "--bars 3\n"
        "  deepcomposer edit chorale.mid -o out --mode repair --keep 'bass 5:1'\n"
        "  deepcomposer edit ode-to-joy -o out --film edits.mp4\n\n"
        "\b\nModes:\n"
        "  harmonise  writes alto, tenor and bass below a melody\n"
        "  vary       changes the lower voices, or a melody that is alone\n"
        "  repair     looks for wrong notes and puts them right\n"
        "  inpaint    writes the bars or voices anew that are named\n"
        "  continue   goes on for --extension-bars bars after the end\n\n"
        "\b\nVoices, bars and notes:\n"
        "  voices are soprano (the melody), alto, tenor and bass; the lower ones are\n"
        "  edited where the file has tracks of these names, or is a composition;\n"
        "  bars are counted from 1, an upbeat is bar 0; beats are quarters."
    )(edit)


def edit(
    music: Annotated[
        str,
        typer.Argument(
            metavar="MUSIC",
            help="A MIDI or MusicXML file, the name of a shipped tune, or a "
            "composition.json.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="Folder to write into; made if missing."),
    ],
    mode: Annotated[
        str | None, typer.Option("--mode", "-m", help="What is done; see below.")
    ] = None,
    voices: Annotated[
        str | None,
        typer.Option("--voices", help="Which may change; default: by the mode."),
    ] = None,
    bars: Annotated[
        str | None,
        typer.Option("--bars", help="Which may change, '3, 5-8' say; default: all."),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option("--keep", help="Single notes that stay, 'bass 5:1, alto 6:3'."),
    ] = None,
    max_added: Annotated[
        str | None, typer.Option("--max-added", help="Notes that may be added.")
    ] = None,
    max_removed: Annotated[
        str | None,
        typer.Option("--max-removed", help="Per cent of the notes that may go."),
    ] = None,
    iterations: Annotated[
        str | None, typer.Option("--iterations", help="Passes of the network.")
    ] = None,
    temperature: Annotated[
        str | None,
        typer.Option("--temperature", help="Creative risk: low is safe, 1 as learned."),
    ] = None,
    extension_bars: Annotated[
        str | None,
        typer.Option("--extension-bars", help="Bars that the mode continue adds."),
    ] = None,
    variant: Annotated[
        str | None,
        typer.Option("--variant", help="The network: orderless or edit-events."),
    ] = None,
    parallels: Annotated[
        bool,
        typer.Option("--parallels", help="Allow parallel fifths and octaves."),
    ] = False,
    model: Annotated[
        str | None,
        typer.Option("--model", help="A network of your own: its name or run folder."),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", "-s", help="The same seed makes the same edits.")
    ] = 0,
    told: Annotated[
        int, typer.Option("--told", help="How many edits are printed; 0: all.")
    ] = TOLD,
    parts: Annotated[
        str, typer.Option("--parts", help="Which files to write, as for `compose`.")
    ] = DEFAULT_FILES,
    film: Annotated[
        Path | None,
        typer.Option("--film", help="Show the edits one by one: an .mp4 or .gif."),
    ] = None,
) -> None:
    """Edit music note by note: repair it, vary it, fill a gap, go on, harmonise it.

    Each edit is told with the probability that the network gave it. What is not named
    stays as it is, to the last bit. composition.json records every edit.
    """
    began = time.perf_counter()
    from deepcomposer_edu.compose.export.saving import check_target, checked_parts

    chosen = checked_parts(parts)
    check_target(output, chosen)
    _check(told, film)
    from deepcomposer_edu.compose import interface
    from deepcomposer_edu.compose.techniques.edit_record import recorded_edits

    parameters = {
        "mode": mode,
        "voices": voices,
        "bars": bars,
        "keep": keep,
        "max_added": max_added,
        "max_removed": max_removed,
        "iterations": iterations,
        "temperature": temperature,
        "extension_bars": extension_bars,
        "variant": variant,
    }
    composition = interface.compose(
        music,
        technique="ar-cnn",
        genre=model,
        seed=seed,
        avoid_parallels=not parallels,
        **{name: value for name, value in parameters.items() if value is not None},
    )
    found = recorded_edits(composition.provenance)
    _tell(composition.notes, found.sentences(), told)
    say_written(output, composition.save(output, chosen), began)
    if film is not None:
        film_of_edits(found, composition.score, film)
        say(f"Written: {film} ({film.stat().st_size / 2**20:.1f} MB).")


def _check(told: int, film: Path | None) -> None:
    """Raise an InputError unless so many edits can be told and the film has a name."""
    if told < 0:
        raise InputError(
            f"{told} edits were to be printed, but the number must be 0 (for all) or "
            "more."
        )
    if film is not None and film.suffix.lower() not in (".mp4", ".gif"):
        raise InputError(
            f"The film is to be written to {film.name[:60]!r}, but its name must end "
            "in .mp4 or .gif."
        )


def _tell(notes: Sequence[str], sentences: Sequence[str], told: int) -> None:
    """Print what was done to the music, then the first edits; `told` 0: all of them."""
    for note in notes:
        if note not in sentences:
            say(note)
    shown = sentences if told == 0 else sentences[:told]
    for sentence in shown:
        say(f"  {sentence}")
    if len(shown) < len(sentences):
        say(f"  ... and {len(sentences) - len(shown)} more; --told 0 prints them all.")


def film_of_edits(found: RecordedEdits, score: Score, out: Path) -> None:
    """Write a film of edits, or a GIF, as the name's ending says.

    Args:
        found: the edits that a composition records.
        score: the finished piece.
        out: a name that ends in .mp4 or .gif.
    """
    from deepcomposer_edu.viz.edit_film import edit_gif, edit_video

    bars = {"steps_per_bar": found.steps_per_bar, "pickup": found.pickup}
    if out.suffix.lower() == ".gif":
        edit_gif(found.edited, out, **bars, title=score.title)
    else:
        edit_video(
            found.edited,
            out,
            **bars,
            tempo=found.tempo,
            title=score.title,
            finished=score,
            offset=found.offset,
        )
