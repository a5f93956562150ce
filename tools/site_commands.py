"""The commands as a page of the documentation: what `--help` says of each of them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

WIDTH = 88  # letters in a line, as in the shell
HEAD = """\
# The command line

What `deepcomposer COMMAND --help` says, command by command.
[The first page](../index.md) shows the usual ones in a row.
"""


def commands() -> Iterator[tuple[str, str]]:
    """Yield every command in the order of the help: how it is called, and its help."""
    from deepcomposer_edu.cli.main import app

    yield from below(get_command(app), None, "deepcomposer")


def below(command: Any, above: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield a command, and those of a group after it.

    Args:
        command: as Click has it; a group has commands of its own.
        above: the Click context of the group that it stands in, or None.
        name: that it is called by.
    """
    context = command.context_class(
        command,
        above,
        info_name=name,
        terminal_width=WIDTH,
        **{"max_content_width": WIDTH, **command.context_settings},
    )
    yield context.command_path, command.get_help(context)
    for one, member in getattr(command, "commands", {}).items():
        yield from below(member, context, one)


def page() -> str:
    """Return the page in MyST Markdown: a heading and the help of each command."""
    parts = [HEAD]
    for path, words in commands():
        words = textwrap.dedent(words).rstrip()
        parts.append(f"## {path}\n\n```{{code-block}} text\n{words}\n```\n")
    return "\n".join(parts)


def write_page(folder: Path) -> None:
    """Write `commands.md` into a folder that is there."""
    (folder / "commands.md").write_text(page(), encoding="utf-8")
