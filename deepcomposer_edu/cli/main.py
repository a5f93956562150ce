"""The command line: `deepcomposer compose`, `replay`, `train`, `video` and more.

Each command has a file of its own; this one joins them and turns every error that a
user can cause into one sentence and an exit code.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from typing import Annotated

import typer

import deepcomposer_edu
from deepcomposer_edu.cli import (
    arrange,
    bach_or_bot,
    challenge,
    classroom,
    compose,
    edit,
    evaluate,
    explain,
    export,
    faults,
    grade,
    hand_in,
    lab,
    listen,
    midi,
    models,
    novelty,
    progress,
    publish,
    replay,
    sonify,
    speed,
    studio,
    train,
    translate,
    tunes,
    video,
    write,
)
from deepcomposer_edu.cli.console import StoppedError, say_error
from deepcomposer_edu.errors import InputError, InputWarning

BAD_INPUT, INTERRUPTED = 2, 130  # exit codes; a replay that differs returns 1

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
for command in (
    lab,
    progress,
    speed,
    studio,
    compose,
    edit,
    arrange,
    write,
    replay,
    listen,
    bach_or_bot,
    export,
    publish,
    faults,
    models,
    train,
    hand_in,
    translate,
    video,
    sonify,
    evaluate,
    explain,
    grade,
    novelty,
    tunes,
    midi,
    challenge,
    classroom,
):
    command.add_to(app)


def _print_version(is_asked: bool) -> None:
    """Print the version and stop, if it was asked for."""
    if is_asked:
        typer.echo(f"deepcomposer {deepcomposer_edu.__version__}")
        raise typer.Exit


@app.callback(
    epilog="\b\nExamples:\n"
    "  deepcomposer tunes\n"
    "  deepcomposer compose ode-to-joy -o out\n"
    "  deepcomposer compose my_tune.mid -o out --seed 3 --instruments oboe,strings\n"
    "  deepcomposer replay out/composition.json\n"
    "  deepcomposer compose --help"
)
def deepcomposer(
    version: Annotated[  # its callback does the work
        bool,
        typer.Option(
            "--version",
            help="Print the version and stop.",
            callback=_print_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Make music with generative AI, from the shell.

    Exit codes: 0 done, 1 a replay differs, 2 something given cannot be used or
    written, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; errors are one sentence on stderr.

    Args:
        arguments: what follows `deepcomposer` in the shell; None: from `sys.argv`.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with warnings.catch_warnings():
            _say_warnings()
            code = _run(given or ["--help"])
        sys.stdout.flush()
    except InputError as error:
        say_error(str(error))
        return BAD_INPUT
    except StoppedError as error:
        say_error(str(error))
        return INTERRUPTED
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:  # the reader of our output, `head` say, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f" ({str(error.filename)[-100:]})" if error.filename else ""
        say_error(
            f"The system refused: {error.strerror or error}{where}; check the path, "
            "the space on the disk and your permissions."
        )
        return BAD_INPUT
    except MemoryError:
        say_error("There is not enough memory for this; give a shorter piece.")
        return BAD_INPUT
    if code == INTERRUPTED:
        say_error("Stopped before the end; what was finished is kept.")
    return code


def _say_warnings() -> None:
    """Let the course's own warnings be a sentence on stderr, like its errors."""
    usual = warnings.showwarning

    def show(message, category, *where, **more) -> None:
        if issubclass(category, InputWarning):
            say_error(str(message))
        else:
            usual(message, category, *where, **more)

    warnings.simplefilter("always", InputWarning)
    warnings.showwarning = show


def _run(arguments: list[str]) -> int:
    """Run a command; a wrong option becomes an InputError with one sentence too."""
    try:
        code = app(arguments, prog_name="deepcomposer", standalone_mode=False)
    except Exception as error:
        # the parser's own errors, whose module differs between versions of typer
        if not hasattr(error, "format_message"):
            raise
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "deepcomposer"
        message = error.format_message().strip().rstrip(".")
        raise InputError(f"{message}; see `{command} --help`.") from None
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
