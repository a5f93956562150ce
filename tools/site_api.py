"""The reference of the package as pages: one for each room, made from docstrings."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "deepcomposer_edu"
WIDGETS = ROOT / "widgets"
# They do something when they are imported.
NOT_IMPORTED = {"deepcomposer_edu.__main__", "deepcomposer_edu.classroom.hub_config"}
# Commands have --help; what belongs to exercises holds their answers.
NOT_LISTED = {"cli", "course.checks", "course.quizzes"}
BASICS = "basics"  # the modules that lie in no room
MODULE = """\
{title}
{line}

.. automodule:: {name}
   :members:
   :show-inheritance:
"""
HEAD = """\
# The package, module by module

Made from the docstrings; what every room is for stands in
[the architecture](../docs/architecture.md). What the commands do stands in
[the command line](commands.md); checks and quizzes of lessons are left out, since they
hold the answers.

| page | modules |
|---|---|
"""


def modules() -> dict[str, Path]:
    """Return every module that is described: its full name and its file."""
    found = {}
    for folder, prefix in ((PACKAGE, ()), (WIDGETS, ("widgets",))):
        for path in sorted(folder.rglob("*.py")):
            if "node_modules" in path.parts:
                continue
            parts = (*prefix, *path.relative_to(folder).with_suffix("").parts)
            name = ".".join(("deepcomposer_edu", *parts)).removesuffix(".__init__")
            is_listed = room_of(path) not in NOT_LISTED
            if is_listed and name not in {"deepcomposer_edu", *NOT_IMPORTED}:
                found[name] = path
    return found


def room_of(path: Path) -> str:
    """Return the folder that a module lies in, such as "music.tokens", or "basics"."""
    is_widget = path.is_relative_to(WIDGETS)
    inside = path.relative_to(ROOT if is_widget else PACKAGE).parent
    return ".".join(inside.parts) or BASICS


def public_names(path: Path) -> list[str]:
    """Return the functions and classes that a module offers, in its order."""
    found = ast.parse(path.read_text("utf-8")).body
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [one.name for one in found if isinstance(one, kinds) and one.name[0] != "_"]


def missing_from(folder: Path, only: set[str] | None = None) -> list[str]:
    """Return what the reference lacks: one sentence for each function or class.

    Args:
        folder: with the pages as HTML.
        only: full names of modules; None: all.
    """
    wrong = []
    for name, path in modules().items():
        if only is not None and name not in only:
            continue
        page = folder / f"{room_of(path)}.html"
        text = page.read_text("utf-8") if page.is_file() else ""
        # a room's own page says what it is for; what it offers stands where it is made
        offered = [] if path.name == "__init__.py" else public_names(path)
        anchors = [f"{name}.{one}" for one in offered] or [f"module-{name}"]
        wrong += [
            f"{anchor} is not in the reference, {page.name}."
            for anchor in anchors
            if f'id="{anchor}"' not in text
        ]
    return wrong


def write_pages(folder: Path, only: set[str] | None = None) -> None:
    """Write the reference.

    Args:
        folder: for the pages; made.
        only: full names of modules; None: all.
    """
    folder.mkdir(parents=True)
    rooms: dict[str, dict[str, Path]] = {}
    for name, path in modules().items():
        if only is None or name in only:
            rooms.setdefault(room_of(path), {})[name] = path
    for room, members in rooms.items():
        (folder / f"{room}.rst").write_text(room_page(room, members), encoding="utf-8")
    rows = [f"| [{room}]({room}.rst) | {len(rooms[room])} |" for room in sorted(rooms)]
    tree = ["", "```{toctree}", ":hidden:", "", *sorted(rooms), "```", ""]
    text = HEAD + "\n".join(rows + tree)
    (folder / "index.md").write_text(text, encoding="utf-8")


def room_page(room: str, members: dict[str, Path]) -> str:
    """Return a room's page: its own words first, then a section for each module."""
    parts = [f"{room}\n{'=' * len(room)}\n"]
    for name, path in members.items():
        if path.name == "__init__.py":
            # Only what it says; what it has was written elsewhere, and stands there.
            parts.insert(1, f".. automodule:: {name}\n")
        else:
            title = name.removeprefix("deepcomposer_edu.")
            line = "-" * len(title)
            parts.append(MODULE.format(title=title, line=line, name=name))
    return "\n".join(parts)
