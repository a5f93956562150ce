"""The commands that a text says one can type, and whether one can."""

import re
import shlex

from typer.main import get_command

from deepcomposer_edu.cli.main import app

INLINE = re.compile(r"`(?:[\w./= ]*[/ ])?deepcomposer ([^`]+)`")
LINE = re.compile(r"^\s*(?:\S*/)?deepcomposer (.+?)(?:\s+#\s.*)?$", re.MULTILINE)


def commands_in(text):
    """Yield the words behind `deepcomposer` in inline code and in lines of code.

    A line that ends with a backslash goes on in the next one. Inline code without
    options is a name, no more, and left out: "with `deepcomposer train wgan`".
    """
    text = re.sub(r"\\\n\s*", " ", text)
    fenced = re.findall(r"^```(?:\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    indented = re.findall(r"^ {4}\S.*$", prose, re.MULTILINE)
    inline = [one for one in INLINE.findall(re.sub(r"\s+", " ", prose)) if " -" in one]
    lines = LINE.findall("\n".join([*fenced, *indented]))
    yield from (shlex.split(one) for one in [*inline, *lines])


def parse(words):
    """Read a command as the command line does, and run nothing.

    Raises:
        Exception: typer's, if it could not be run as it stands.
    """
    command = get_command(app)
    while commands := getattr(command, "commands", {}):
        if words and words[0].startswith("-"):
            break  # an option of the group itself, as `bach-or-bot` has
        name, *words = words
        if name not in commands:
            raise LookupError(f"No such command: {name}")
        command = commands[name]
    if words != ["--help"]:
        command.make_context(command.name, list(words))
