"""`deepcomposer challenge submit`, `judge`, `results` and `gallery`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say
from deepcomposer_edu.errors import InputError

OUT = typer.Option("--out", "-o", help="The folder to write into.")


def add_to(commands: typer.Typer) -> None:
    """Add the commands to those of `deepcomposer challenge`."""
    commands.command(epilog=_EXAMPLES["submit"])(submit)
    commands.command(epilog=_EXAMPLES["judge"])(judge)
    commands.command(epilog=_EXAMPLES["results"])(results)
    commands.command(epilog=_EXAMPLES["gallery"])(gallery)


_EXAMPLES = {
    "submit": "\b\nExamples:\n"
    "  deepcomposer challenge submit my_minute\n"
    "  deepcomposer challenge submit my_minute --out entries/",
    "judge": "\b\nExamples:\n"
    "  deepcomposer challenge judge entries --out judging\n"
    "  deepcomposer challenge judge entries --out judging --seed 7 --replay",
    "results": "\b\nExamples:\n"
    "  deepcomposer challenge results judging scores/*.json --out results\n"
    "  deepcomposer challenge results judging scores --out results --cleared E03",
    "gallery": "\b\nExample:\n  deepcomposer challenge gallery entries --out public",
}


def submit(
    folder: Annotated[Path, typer.Argument(help="The workspace of your entry.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The zip, or a folder for it."),
    ] = None,
) -> None:
    """Check an entry and pack it as one zip; what is in the way is said first."""
    from deepcomposer_edu.challenge.submitting import RefusedError, refusals
    from deepcomposer_edu.challenge.submitting import submit as pack

    try:
        packed = pack(folder, out, lambda words: say(f"  {words} …"))
    except RefusedError as error:
        for sentence in refusals(error.report):
            say(f"- {sentence}")
        n = len(error.report.shut)
        raise InputError(
            f"Not submitted yet: {n} of {len(error.report.gates)} gates "
            f"{'is' if n == 1 else 'are'} shut. Mend what is named above, and "
            "submit again."
        ) from None
    for note in packed.notes:
        say(note)
    for one in packed.report.criteria:
        say(f"  {one.title}: {one.points:.1f} of 10")
    size = packed.path.stat().st_size / 2**20
    say(f"Packed: {packed.path} ({size:.1f} MB). Hand it in as it is.")


def judge(
    entries: Annotated[Path, typer.Argument(help="The folder with the zips.")],
    out: Annotated[Path, OUT],
    seed: Annotated[
        int | None,
        typer.Option("--seed", "-s", help="Of the codes; a new one if not given."),
    ] = None,
    replay: Annotated[
        bool,
        typer.Option(
            "--replay", help="Make each piece again from its provenance, too (slow)."
        ),
    ] = False,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Also those that did not pass a gate."),
    ] = False,
) -> None:
    """Make the judges' page of a folder of entries: blind, equally loud, offline.

    judge.html is for the judges; key.json says which entry is which and stays with you.
    """
    from deepcomposer_edu.challenge.judging import prepare_judging

    made = prepare_judging(
        entries,
        seed,
        everything=everything,
        replay=replay,
        progress=lambda words: say(f"  {words} …"),
    )
    for sentence in made.skipped:
        say(f"- {sentence}")
    paths = made.write(out)
    size = paths["page"].stat().st_size / 2**20
    n = len(made.pieces)
    say(f"{n} {'entry' if n == 1 else 'entries'}, all at {made.lufs:.0f} LUFS.")
    say(
        f"For the judges: {paths['page']} ({size:.1f} MB); each saves a file of scores."
    )
    say(f"For you alone: {paths['key']}.")


def results(
    judging: Annotated[Path, typer.Argument(help="The folder that `judge` wrote.")],
    scores: Annotated[
        list[Path],
        typer.Argument(metavar="SCORES...", help="What judges saved, or its folder."),
    ],
    out: Annotated[Path, OUT],
    cleared: Annotated[
        list[str] | None,
        typer.Option(
            "--cleared", help="An entry whose flags you found groundless; repeatable."
        ),
    ] = None,
) -> None:
    """Count the scores: lenient judges evened out, leaderboard, feedback sheets."""
    from deepcomposer_edu.challenge.results import read_results
    from deepcomposer_edu.challenge.results_page import write_results

    found = read_results(judging, scores, cleared or ())
    for sentence in (*found.skipped, *found.notes):
        say(f"- {sentence}")
    for number, name in enumerate(found.judges, 1):
        say(f"Judge {number}: {name}")
    for one in found.standings:
        if one.flags and one.rank is None:
            say(f"Look into {one.code} ({one.file}). Flags by {'; '.join(one.flags)}.")
            say(f"  If they are groundless: --cleared {one.code}")
    for one in found.ranked:
        say(f"{one.rank:>3}. {one.points:5.1f}  {one.card.title} ({one.file})")
    paths = write_results(found, out)
    say(f"Leaderboard: {paths['leaderboard']}; a sheet for each entry lies beside it.")


def gallery(
    entries: Annotated[Path, typer.Argument(help="The folder with the zips.")],
    out: Annotated[Path, OUT],
    title: Annotated[
        str, typer.Option("--title", help="Of the page.")
    ] = "One minute to space",
) -> None:
    """Publish entries: a folder that plays from the disk and on any web host."""
    from deepcomposer_edu.challenge.gallery import publish_entries

    made = publish_entries(entries, out, title, lambda words: say(f"  {words} …"))
    for sentence in made.skipped:
        say(f"- {sentence}")
    say(
        f"{made.n_pieces} piece{'s' if made.n_pieces != 1 else ''}: {made.page}. Put "
        "the whole folder on a web host, or open the page as it is."
    )
