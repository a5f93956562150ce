"""`deepcomposer progress`: what you have done, as a table, a page, a certificate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say
from deepcomposer_edu.errors import InputError


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer progress\n"
        "  deepcomposer progress --page progress.html\n"
        '  deepcomposer progress --certificate certificate.html --name "Learner 1"\n'
        '  deepcomposer progress --share class-folder --name "Learner 1"'
    )(progress)


def progress(
    page: Annotated[
        Path | None, typer.Option(help="Write a page that ends in .html.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="Write a certificate; needs --name.")
    ] = None,
    share: Annotated[
        Path | None,
        typer.Option(help="Copy what was recorded to a teacher's folder."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Your name, for a certificate or a teacher.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="Another progress file; this computer's if left out."),
    ] = None,
) -> None:
    """Say what you have done in the lessons, and where to go on.

    It is made from a file on this computer alone, to which each check, hint and quiz
    adds a line. DEEPCOMPOSER_PROGRESS=off writes none.
    """
    from deepcomposer_edu.course.certificate import certificate_page
    from deepcomposer_edu.course.progress import read_progress
    from deepcomposer_edu.course.progress_log import share_progress
    from deepcomposer_edu.course.progress_page import progress_page
    from deepcomposer_edu.web_page import write_page

    if file is not None and not file.exists():
        raise InputError(f"{file} does not exist; give a progress file.")
    found = read_progress(file)
    if certificate is not None and name is None and not found.name:
        raise InputError("A certificate needs a name; give one with --name.")
    if page is not None:
        say(f"wrote {write_page(page, progress_page(found))}")
    if certificate is not None:
        text = certificate_page(found, name or found.name)
        say(f"wrote {write_page(certificate, text)}")
    if share is not None:
        say(f"wrote {share_progress(share, name, file)}")
    if page is None and certificate is None and share is None:
        for line in repr(found).splitlines():
            say(line)
        if found.n_damaged:
            say(f"Lines of the file that could not be read: {found.n_damaged}.")
