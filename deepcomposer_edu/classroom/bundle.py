"""A folder from which the course installs with the network off: a stick, a LAN share.

In it lie the course with its data and weights, the wheels of everything it needs, a
program that installs from them, and a list of all files with their SHA-256. Making it
again goes on where it stopped, and mends what is damaged.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import deepcomposer_edu
from deepcomposer_edu.classroom.bundle_texts import READ_ME, UNIX_START, WINDOWS_START
from deepcomposer_edu.classroom.course_folder import CourseFolder
from deepcomposer_edu.classroom.targets import Target
from deepcomposer_edu.classroom.wheels import PART, Fetch, collect, is_whole
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, sha256_of

LIST_NAME = "bundle.json"
INSTALLER = "tools/offline_install.py"  # of the course; install.py of the bundle
# What the course consists of; tests, benchmarks and what can be built stay behind.
COURSE_FILES = ("course.py", "pyproject.toml", "constraints.txt", "environment.yml")
COURSE_FILES += ("README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md")
COURSE_FOLDERS = ("deepcomposer_edu", "widgets", "data", "lessons", "tools", "docs")
SOLUTIONS = "solutions"
NOT_COPIED = {"__pycache__", "node_modules", ".ipynb_checkpoints", ".DS_Store"}
# Megabytes of wheels, of which much is shared by all systems; measured with
# constraints.txt of November 2026, and told before anything is fetched.
SHARED_MEGABYTES = 120
OWN_MEGABYTES = {"linux": 400, "linux-arm": 350, "windows": 250, "macos": 250}


@dataclass(frozen=True)
class Plan:
    """What a bundle will hold.

    Args:
        course: the course.
        folder: where the bundle lies.
        targets: the computers it is for.
        with_solutions: whether the filled lessons go along.
    """

    course: CourseFolder
    folder: Path
    targets: tuple[Target, ...]
    with_solutions: bool = True

    def __post_init__(self) -> None:
        if not self.targets:
            raise InputError("A bundle needs a system; give one with --systems.")
        if not (self.course.root / COURSE_FILES[0]).is_file():
            raise InputError(
                f"{self.course.root} has the lessons, but not the whole course with "
                f"its {COURSE_FILES[0]}; give the folder of a copy that has, with "
                "--course."
            )
        is_empty = not self.folder.exists() or not any(self.folder.iterdir())
        if not is_empty and not (self.folder / LIST_NAME).is_file():
            raise InputError(
                f"{self.folder} holds something else than a bundle; give an empty or a "
                "new folder."
            )

    def sources(self) -> Iterator[tuple[str, Path]]:
        """Yield (place in the bundle, file) of the course's own files."""
        root = self.course.root
        folders = COURSE_FOLDERS + ((SOLUTIONS,) if self.with_solutions else ())
        found = [root / name for name in COURSE_FILES]
        for name in folders:
            found += sorted((root / name).rglob("*"))
        for path in found:
            inside = path.relative_to(root)
            is_wanted = not NOT_COPIED & set(inside.parts) and path.suffix != ".pyc"
            if path.is_file() and is_wanted:
                yield f"course/{inside.as_posix()}", path

    def megabytes(self) -> tuple[float, float]:
        """Return the size of the course, exactly, and of the wheels, about."""
        course = sum(path.stat().st_size for _, path in self.sources()) / 1e6
        own = sum(OWN_MEGABYTES[target.system] for target in self.targets)
        return course, SHARED_MEGABYTES + own

    def words(self) -> str:
        """Return in a sentence how large the bundle will be, and for whom it is."""
        course, wheels = self.megabytes()
        free = shutil.disk_usage(_existing(self.folder)).free / 1e9
        return (
            f"For {'; '.join(t.words for t in self.targets)}: the course, "
            f"{course:.0f} MB, and wheels, about {wheels / 1000:.1f} GB together (what "
            f"is there already is not fetched again). {free:.1f} GB are free in "
            f"{self.folder}."
        )


@dataclass
class Made:
    """What making a bundle did.

    Args:
        files: how many files it holds.
        megabytes: how large it is.
        n_wheels: how many wheels each target installs, by its words.
        left_out: a sentence for each optional package without a wheel.
    """

    files: int = 0
    megabytes: float = 0.0
    n_wheels: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def targets_of(
    systems: Sequence[str], pythons: Sequence[str], folder: Path
) -> tuple[Target, ...]:
    """Return every system with every version of Python, and whom a bundle is for now.

    So a bundle grows when it is made again for other computers.

    Args:
        systems: names of `targets.SYSTEMS`.
        pythons: versions, such as "3.11".
        folder: the bundle, whether or not it is there.

    Raises:
        InputError: if one of them is unknown.
    """
    asked = [Target(name, python) for name in systems for python in pythons]
    try:
        rows = json.loads((folder / LIST_NAME).read_text("utf-8"))["targets"]
        there = [Target(str(row["system"]), str(row["python"])) for row in rows]
    except (OSError, ValueError, KeyError, TypeError):  # InputError is a ValueError
        there = []
    return tuple(dict.fromkeys([*there, *asked]))


def make_bundle(
    plan: Plan, say: Callable[[str], None] = print, fetch: Fetch | None = None
) -> Made:
    """Make a bundle, or go on with one.

    Args:
        plan: what it holds.
        say: told what is being done.
        fetch: brings wheels into a folder; pip, if left out.

    Raises:
        InputError: if a wheel cannot be had, the disk is too small, or a file cannot
            be written.
    """
    before = _listed(plan.folder)
    _refuse_small_disk(plan)
    _write(plan.folder / LIST_NAME, _list_text(plan, before, Made()))  # it is one now
    made, wheels_folder = Made(), plan.folder / "wheels"
    wheels_folder.mkdir(exist_ok=True)
    _drop_damaged(wheels_folder, before, say)
    files: dict[str, dict[str, object]] = {}
    say("Copying the course")
    for place, path in _all_sources(plan):
        files[place] = _copied(path, plan.folder / place)
    for place, text in _texts(plan):
        _write(plan.folder / place, text)
        files[place] = _facts(plan.folder / place)
    for target in plan.targets:
        collected = collect(plan.course.root, target, wheels_folder, say, fetch)
        made.n_wheels[target.words] = len(collected.wheels)
        made.left_out += collected.left_out
        for path in collected.wheels.values():
            files[f"wheels/{path.name}"] = _facts(path, before)
    for name in ("course", "wheels"):
        _drop_others(plan.folder / name, files, plan.folder)
    made.files = len(files)
    made.megabytes = sum(int(f["bytes"]) for f in files.values()) / 1e6
    _write(plan.folder / LIST_NAME, _list_text(plan, files, made))
    return made


def _refuse_small_disk(plan: Plan) -> None:
    """Refuse a disk on which what is missing will not fit."""
    course, wheels = plan.megabytes()
    there = sum(p.stat().st_size for p in plan.folder.rglob("*") if p.is_file()) / 1e6
    missing = course + wheels - there
    free = shutil.disk_usage(_existing(plan.folder)).free / 1e6
    if free < missing:
        raise InputError(
            f"Only {free / 1000:.1f} GB are free in {plan.folder}, and the bundle "
            f"needs about {missing / 1000:.1f} more; free some, choose another folder, "
            "or fewer systems."
        )


def _all_sources(plan: Plan) -> Iterator[tuple[str, Path]]:
    """Yield the course's files, and the program that installs."""
    yield from plan.sources()
    yield "install.py", plan.course.root / INSTALLER


def _texts(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """Yield (place, text) of what the bundle says, and of its starters."""
    versions = list(dict.fromkeys(target.python for target in plan.targets))
    named = " ".join(f"python{version}" for version in versions)
    unix = UNIX_START.replace("PYTHONS", named).encode()
    yield "install.sh", unix
    yield "install.command", unix
    tries = " ".join(f'"py -{version}"' for version in versions)
    windows = WINDOWS_START.replace("PYTHONS", tries)
    yield "install.bat", windows.replace("\n", "\r\n").encode()
    read_me = READ_ME.format(
        version=deepcomposer_edu.__version__,
        targets="\n".join(f"  {target.words}" for target in plan.targets),
        pythons=" or ".join(versions),
    )
    yield "READ-ME-FIRST.txt", read_me.replace("\n", "\r\n").encode()


def _copied(source: Path, target: Path) -> dict[str, object]:
    """Copy a file unless it is there already; return its size and sum."""
    facts = _facts(source)
    if not target.is_file() or _facts(target) != facts:
        with atomic_path(target) as part:
            shutil.copyfile(source, part)
    return facts


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with atomic_path(path) as part:
        part.write_bytes(data)


def _facts(path: Path, before: dict | None = None) -> dict[str, object]:
    """Return size and SHA-256 of a file, which the list may have already."""
    known = (before or {}).get(f"wheels/{path.name}")
    size = path.stat().st_size
    if known and known["bytes"] == size:
        return known
    return {"bytes": size, "sha256": sha256_of(path)}


def _drop_damaged(wheels: Path, before: dict, say: Callable[[str], None]) -> None:
    """Take away wheels that are not what they were, so that they come anew."""
    shutil.rmtree(wheels / PART, ignore_errors=True)
    for path in sorted(wheels.glob("*.whl")):
        known = before.get(f"wheels/{path.name}")
        is_right = sha256_of(path) == known["sha256"] if known else is_whole(path)
        if not is_right:
            say(f"{path.name} is damaged and is fetched again")
            path.unlink()


def _drop_others(inside: Path, files: dict, folder: Path) -> None:
    """Take away what an earlier version of the course left in one of its folders."""
    for path in sorted(inside.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()


def _listed(folder: Path) -> dict[str, dict]:
    """Return the files of an earlier run with their sizes and sums."""
    try:
        files = json.loads((folder / LIST_NAME).read_text("utf-8"))["files"]
        return {
            str(place): {"bytes": int(f["bytes"]), "sha256": str(f["sha256"])}
            for place, f in files.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _list_text(plan: Plan, files: dict, made: Made) -> bytes:
    """Return the text of the bundle's list."""
    told = {
        "version": 1,
        "course": deepcomposer_edu.__version__,
        "targets": [{"system": t.system, "python": t.python} for t in plan.targets],
        "left_out": made.left_out,
        "files": dict(sorted(files.items())),
    }
    return (json.dumps(told, indent=1) + "\n").encode()


def _existing(folder: Path) -> Path:
    """Return the nearest folder that is there, to ask about its disk."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder
