"""`deepcomposer write`: text, or a tune in letters, written character by character."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deepcomposer_edu.cli.console import plain, say
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path

if TYPE_CHECKING:
    from deepcomposer_edu.models.writer import Writer

QUICK_STEPS = 600  # of the small writer: about a minute of one processor core
MUSIC_ENDINGS = (".mid", ".midi", ".musicxml", ".wav", ".mp3")
TEXT_ENDINGS = (".txt", ".abc")


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer write\n"
        "  deepcomposer write --temperature 0.7 --seed 3 -o tune.mid\n"
        '  deepcomposer write --start "T:The Robot\'s Jig" --length 400\n'
        '  deepcomposer write --text shakespeare.txt --start "ROMEO:"\n'
        "  deepcomposer train writer --text shakespeare.txt --out run\n"
        '  deepcomposer write --run run --start "ROMEO:" --top-p 0.9 -o scene.txt\n'
    )(write)


def write(
    text: Annotated[
        Path | None,
        typer.Option(
            "--text",
            help="A text file (UTF-8) to learn from first; default: the shipped "
            "writer, which has read three books of tunes.",
        ),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run", help="The run folder of a trained writer, or where to train one."
        ),
    ] = None,
    start: Annotated[
        str, typer.Option("--start", help="What the text begins with.")
    ] = "",
    length: Annotated[
        int, typer.Option("--length", "-l", help="How many characters to write.")
    ] = 1000,
    temperature: Annotated[
        float, typer.Option("--temperature", "-t", help="0.3 cautious, 1.5 wild.")
    ] = 1.0,
    top_k: Annotated[
        int, typer.Option("--top-k", help="Draw from the k likeliest; 0: no limit.")
    ] = 0,
    top_p: Annotated[
        float, typer.Option("--top-p", help="Draw from the nucleus; 1: no limit.")
    ] = 1.0,
    seed: Annotated[
        int, typer.Option("--seed", "-s", help="The same seed writes the same text.")
    ] = 0,
    steps: Annotated[
        int, typer.Option("--steps", help="Training steps on the text in all.")
    ] = QUICK_STEPS,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="File for the text (.txt, .abc), or for the sound of its first tune "
            "(.mid, .musicxml, .wav, .mp3).",
        ),
    ] = None,
) -> None:
    """Write text with a network that draws one character after another.

    The shipped writer writes tunes in ABC notation, which can be heard. With --text it
    learns from any text first, in a minute or two, and keeps what it learned: the same
    file again goes on at once. For a longer training see `deepcomposer train writer`.
    """
    _check_output(output)
    from deepcomposer_edu.compose.parameters import checked_seed
    from deepcomposer_edu.models.writer import Vocabulary, check_writing

    checked_seed(seed)
    wishes = (start, length, temperature, top_k, top_p)
    if text is not None:  # before the training, not after it
        from deepcomposer_edu.corpora.texts import read_text

        content = read_text(text)
        check_writing(Vocabulary(content), *wishes)
        folder = run or _kept_run(text, content)
        _learn(folder, content, steps)
        writer = _writer(folder)
    else:
        writer = _writer(run)
    written = writer.write(*wishes, seed)
    for line in written.split("\n"):
        typer.echo(plain(line))
    if output is not None:
        _save(written, output)


def _writer(run: Path | None) -> Writer:
    """Return the writer of a run folder, or the shipped one."""
    if run is None:
        from deepcomposer_edu.models.writer import load_writer

        return load_writer()
    from deepcomposer_edu.training.writer import load_writer_run

    return load_writer_run(run)


def _kept_run(path: Path, content: str) -> Path:
    """Return where the writer of a text is kept when nobody says where."""
    from deepcomposer_edu.paths import work_dir

    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    stem = re.sub(r"[^\w-]", "", path.stem)[:40]
    return work_dir() / "writers" / f"{stem}-{digest}"


def _learn(folder: Path, content: str, steps: int) -> None:
    """Train the writer of a folder to a step; do nothing if it is there already."""
    from deepcomposer_edu.cli.train_progress import Progress, stopped_by_ctrl_c
    from deepcomposer_edu.compose.own_training.plan import check_length
    from deepcomposer_edu.training.control import TrainingControl
    from deepcomposer_edu.training.history import read_history
    from deepcomposer_edu.training.writer import train_writer

    check_length(steps, None)
    is_begun = (folder / "config.json").exists()
    rows = read_history(folder)
    done = int(rows[-1]["step"]) if rows else 0
    if done < steps:
        typer.echo(f"Learning from {len(content):,} characters ...", err=True)
    control = TrainingControl()
    with Progress({"n_steps": steps}) as progress, stopped_by_ctrl_c(control):
        train_writer(
            folder,
            text=content,
            n_steps=max(steps, done),
            resume=is_begun,
            on_step=progress.show,
            control=control,
        )
        if control.is_stop_wanted:
            raise KeyboardInterrupt


def _check_output(output: Path | None) -> None:
    """Refuse a file that could not be written, before any work starts."""
    if output is None:
        return
    allowed = TEXT_ENDINGS + MUSIC_ENDINGS
    if output.suffix.lower() not in allowed:
        raise InputError(
            f"{output} ends in {output.suffix or 'nothing'!r}, but it must be one of "
            f"{', '.join(allowed)}."
        )


def _save(written: str, output: Path) -> None:
    """Write the text, or the sound of its first tune."""
    ending = output.suffix.lower()
    if ending in TEXT_ENDINGS:
        with atomic_path(output) as temporary:
            temporary.write_text(written + "\n", encoding="utf-8")
        say(f"Written to {output}.")
        return
    from deepcomposer_edu.music.abc import read_abc

    score = read_abc(written)
    if ending in (".mid", ".midi"):
        from deepcomposer_edu.music.midi import write_midi

        write_midi(score, output)
    elif ending == ".musicxml":
        from deepcomposer_edu.music.musicxml import write_musicxml

        write_musicxml(score, output)
    else:
        from deepcomposer_edu.music.audio import write_mp3, write_wav
        from deepcomposer_edu.music.synth import render

        (write_wav if ending == ".wav" else write_mp3)(output, render(score))
    say(f'Written to {output}: "{score.title}", {len(score.notes)} notes.')
