"""`deepcomposer bach-or-bot`: a listening test as a page, and a class's results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say
from deepcomposer_edu.cli.progress_bar import Bar
from deepcomposer_edu.errors import InputError

commands = typer.Typer(invoke_without_command=True, no_args_is_help=False)


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.add_typer(commands, name="bach-or-bot")


@commands.callback(
    epilog="\b\nExamples:\n"
    "  deepcomposer bach-or-bot --out page.html\n"
    "  deepcomposer bach-or-bot --out page.html --model my_run --verdicts end\n"
    "  deepcomposer bach-or-bot --out page.html --bot random --rounds 10 --seed 3\n"
    "  deepcomposer bach-or-bot pool results/ --page leaderboard.html\n"
    "  deepcomposer bach-or-bot clicks my_result.json\n"
    "  deepcomposer bach-or-bot --out again.html --seed 1 --learn-from my_result.json"
)
def bach_or_bot(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The HTML page to write.")
    ] = None,
    rounds: Annotated[
        int, typer.Option("--rounds", "-n", help="How many rounds, 1 to 60.")
    ] = 20,
    bars: Annotated[
        int, typer.Option("--bars", help="How many bars a round lasts, 1 to 8.")
    ] = 4,
    bot: Annotated[
        str, typer.Option("--bot", help="Who plays: wgan, transformer or random.")
    ] = "wgan",
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="A network of yours: its name or run."),
    ] = None,
    critic: Annotated[
        list[str] | None,
        typer.Option("--critic", help="A run whose critic answers too; repeatable."),
    ] = None,
    judges: Annotated[
        bool, typer.Option(help="Whether rule grade and critic answer, too.")
    ] = True,
    learn_from: Annotated[
        list[Path] | None,
        typer.Option(
            "--learn-from",
            help="A saved result, or a folder of them: the bot tries to please these "
            "listeners; repeatable.",
        ),
    ] = None,
    verdicts: Annotated[
        str, typer.Option("--verdicts", help="Told after each round, or at the end.")
    ] = "each",
    seed: Annotated[
        int, typer.Option("--seed", "-s", help="Of the excerpts, coins and bot.")
    ] = 0,
) -> None:
    """Can you tell Bach from a bot? Write the test as one page to open offline.

    The page holds its sounds, works without a network or an installation, and shows
    your score with its interval beside published figures and the machine judges. A
    result that was saved in it can be pooled with others.
    """
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise InputError(
            "There is no name for the page; give one, such as "
            "`deepcomposer bach-or-bot --out page.html`."
        )
    from deepcomposer_edu.compose.blind.chorales import blind_test
    from deepcomposer_edu.compose.blind.deck import checked_verdicts
    from deepcomposer_edu.compose.blind.page import write_page
    from deepcomposer_edu.web_page import checked_page

    checked_page(out)
    checked_verdicts(verdicts)
    named = [*(("rules", "critic") if judges else ()), *(critic or [])]
    judge = None
    if learn_from:
        from deepcomposer_edu.compose.blind.clicks import judge_of
        from deepcomposer_edu.compose.blind.pooling import pool as pool_files

        judge = judge_of(pool_files(learn_from).results)
    with Bar() as bar:
        made = bar.reporter("Music")
        test = blind_test(rounds, bot, seed, bars, model, named, judge, made)
        test.make_clips(bar.reporter("Sound"))
    write_page(test, out, verdicts)
    say(f"{test.about}: {len(test.rounds)} rounds of {test.seconds:.0f} s.")
    for name, right in _machines(test).items():
        say(f"  {name}: right in {right}")
    say(f"Written: {out} ({out.stat().st_size / 2**20:.1f} MB); open it in a browser.")


@commands.command()
def pool(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES...", help="Saved results, or their folder."),
    ],
    page: Annotated[
        Path | None,
        typer.Option("--page", help="Write a leaderboard for the wall, as HTML."),
    ] = None,
) -> None:
    """Put the results of a class together; damaged files are skipped."""
    from deepcomposer_edu.compose.blind.board import write_board
    from deepcomposer_edu.compose.blind.pooling import pool as pool_files

    pooled = pool_files(files)
    for sentence in pooled.sentences():
        say(sentence)
    if page is not None:
        say(f"Written: {write_board(pooled, page)}; open it in a browser.")


@commands.command()
def clicks(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES...", help="Saved results, or their folder."),
    ],
) -> None:
    """Train a judge on the clicks: what do these listeners take for Bach?"""
    from deepcomposer_edu.compose.blind.clicks import clicks_words, judge_of
    from deepcomposer_edu.compose.blind.pooling import pool as pool_files

    pooled = pool_files(files)
    for sentence in (*clicks_words(judge_of(pooled.results)), *pooled.skipped):
        say(sentence)


def _machines(test: object) -> dict[str, object]:
    from deepcomposer_edu.compose.blind.result import result_of

    return result_of(test, [None] * len(test.rounds)).judges()
