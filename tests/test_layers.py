"""Imports point one way: the floors of docs/architecture.md, read from the source."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "deepcomposer_edu"
WIDGETS = ROOT / "widgets"

# A module may import from floors below its own, from its own room, and the basics.
FLOORS = {
    "music": 0,
    "nn": 1,
    "models": 2,
    "corpora": 2,
    "training": 3,
    "viz": 3,
    "compose": 4,
    "course": 5,
    "challenge": 5,
    "doctor": 6,
    "lab": 6,
    "classroom": 7,
    "cli": 8,
    "__main__": 9,
}
BASICS = {"errors", "files", "paths", "web_page"}
# Floor 0, and for the studio and the training monitor floors 3 and 4.
OPEN_TO_WIDGETS = {room for room, floor in FLOORS.items() if floor in {0, 3, 4}}
# What floor 0 may use besides the standard library: no torch, nothing that draws.
FOR_MUSIC = {"numpy", "scipy", "mido", "pretty_midi", "pypianoroll", "music21", "av"}
FOR_MUSIC |= {"miditok", "symusic"}  # an optional extra, loaded when it is asked for
FOR_NN = {"torch", "numpy"}


def room_of(path: Path) -> str:
    """Return the room a module lies in, such as "music" or "errors"."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, full name) of everything a module imports, inside functions too."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{path}:{node.lineno} imports by dots; write it out"
            )
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            "import_module"
        ):
            # A name made at run time cannot be read here; a written one can.
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant):
                    yield node.lineno, str(argument.value)


def modules_of(*rooms: str) -> list[Path]:
    """Return the source files of the package, or of some of its rooms."""
    files = sorted(PACKAGE.rglob("*.py"))
    return [path for path in files if not rooms or room_of(path) in rooms]


def rooms_imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, room) for each import of the package itself."""
    for line, name in imports_of(path):
        parts = name.split(".")
        if parts[0] == "deepcomposer_edu" and len(parts) > 1:
            yield line, parts[1]


def outside_imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, package) for each import from neither here nor the library."""
    for line, name in imports_of(path):
        package = name.split(".")[0]
        if package != "deepcomposer_edu" and package not in sys.stdlib_module_names:
            yield line, package


def is_allowed(room: str, imported: str) -> bool:
    """Say whether a room may import from another."""
    if imported == room or imported in BASICS or imported == "__version__":
        return True
    if imported == "widgets":
        return room == "course"
    if imported not in FLOORS or room in BASICS:
        return False
    return FLOORS[imported] < FLOORS[room]


def test_every_room_has_a_floor():
    rooms = {room_of(path) for path in modules_of()}
    assert rooms - set(FLOORS) - BASICS - {"__init__"} == set()


@pytest.mark.parametrize(
    ("room", "imported", "verdict"),
    [
        ("compose", "models", True),
        ("music", "errors", True),
        ("models", "models", True),
        ("models", "corpora", False),
        ("training", "viz", False),
        ("music", "compose", False),
        ("files", "music", False),
        ("cli", "widgets", False),
        ("compose", "widgets", False),
        ("course", "widgets", True),
    ],
)
def test_the_rule_says_what_the_house_says(room, imported, verdict):
    assert is_allowed(room, imported) is verdict


def test_imports_point_downwards():
    upwards = [
        f"{path.relative_to(ROOT)}:{line} imports {imported}"
        for path in modules_of()
        if room_of(path) != "__init__"
        for line, imported in rooms_imported(path)
        if not is_allowed(room_of(path), imported)
    ]
    assert upwards == []


def test_music_knows_no_torch():
    foreign = [
        f"{path.relative_to(ROOT)}:{line} imports {package}"
        for path in modules_of("music", *BASICS)
        for line, package in outside_imports(path)
        if package not in FOR_MUSIC | {"platformdirs"}
    ]
    assert foreign == []


def test_nn_knows_nothing_but_torch():
    foreign = [
        f"{path.relative_to(ROOT)}:{line} imports {package}"
        for path in modules_of("nn")
        for line, package in outside_imports(path)
        if package not in FOR_NN
    ]
    assert foreign == []


def test_nothing_in_the_package_but_the_course_imports_a_widget():
    importing = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules_of()
        if room_of(path) != "course"  # lessons call it, and lessons show widgets
        for line, imported in rooms_imported(path)
        if imported == "widgets"
    ]
    assert importing == []


def test_widgets_import_from_the_floors_that_are_open_to_them():
    files = [p for p in sorted(WIDGETS.rglob("*.py")) if "node_modules" not in p.parts]
    allowed = OPEN_TO_WIDGETS | BASICS | {"widgets"}
    foreign = [
        f"{path.relative_to(ROOT)}:{line} imports {imported}"
        for path in files
        for line, imported in rooms_imported(path)
        if imported not in allowed
    ]
    assert files
    assert foreign == []


HEAVY = ("torch", "matplotlib", "music21", "scipy", "av", "IPython")


def heavy_after(code: str) -> set[str]:
    """Return which heavy packages a fresh Python has loaded after some code."""
    show = f"import sys; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(answer.stdout.split())


def test_importing_the_package_is_light():
    assert heavy_after("import deepcomposer_edu") == set()


def test_the_command_line_loads_torch_only_when_it_composes():
    loaded = heavy_after("import deepcomposer_edu.cli.main")
    assert not loaded & {"torch", "matplotlib", "music21"}


def test_looking_at_a_heavy_import_would_be_noticed():
    assert heavy_after("import matplotlib") == {"matplotlib"}
