"""Collecting wheels: everything that a computer of the class will have to install.

pip works out dependencies for the computer it runs on, so a package that only Windows
needs would be missing on a stick made under Linux. Here the dependencies are followed
wheel by wheel, with the markers of the computer that will install them.
"""

from __future__ import annotations

import email.parser
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from deepcomposer_edu.classroom.targets import Target
from deepcomposer_edu.errors import InputError

# Extras that the course's set-up tries and does without where there is no wheel.
OPTIONAL_EXTRAS = ("midi", "tokens", "fast")
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
AT_ONCE = 10  # packages for one run of pip; what is there stays if the next run fails
PART = ".part"  # where wheels arrive; only whole ones leave it

Fetch = Callable[[Sequence[str], Target, Path, Sequence[str]], bool]


@dataclass
class Collected:
    """What one target has to install.

    Args:
        wheels: the wheel of each package, by name.
        left_out: a sentence for each optional package that has no wheel there.
    """

    wheels: dict[str, Path] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def requirements_of(project: Path) -> tuple[list[str], list[str]]:
    """Return what a project needs to be installed, and what it only likes to have.

    Args:
        project: the folder with pyproject.toml.
    """
    told = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    needed = [*told["project"]["dependencies"], *told["build-system"]["requires"]]
    extras = told["project"].get("optional-dependencies", {})
    liked = [line for extra in OPTIONAL_EXTRAS for line in extras.get(extra, [])]
    return needed, liked


def pins_of(project: Path) -> dict[str, str]:
    """Return the versions that constraints.txt pins, by name."""
    text = (project / "constraints.txt").read_text("utf-8")
    found = re.findall(r"^([\w.-]+)==(\S+)$", text, flags=re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def collect(
    project: Path,
    target: Target,
    folder: Path,
    say: Callable[[str], None] = print,
    fetch: Fetch | None = None,
) -> Collected:
    """Bring every wheel that a target needs into a folder.

    What lies there already is taken as it is, so that an interrupted run goes on.

    Args:
        project: the folder with pyproject.toml and constraints.txt.
        target: the computer that will install them.
        folder: where the wheels go.
        say: told what is being done.
        fetch: brings wheels into a folder; pip, if left out.

    Raises:
        InputError: if a package that is needed has no wheel for this target.
    """
    fetch = fetch or pip_download
    pins, (needed, liked) = pins_of(project), requirements_of(project)
    collected = Collected()
    _follow(needed, pins, target, folder, say, fetch, collected)
    for line in liked:
        trial = Collected(dict(collected.wheels))
        try:
            _follow([line], pins, target, folder, say, fetch, trial)
        except InputError:
            name = Requirement(line).name
            collected.left_out.append(
                f"{name} has no wheel for {target.words}; the course does without it."
            )
        else:
            collected.wheels = trial.wheels
    return collected


def _follow(
    lines: Iterable[str],
    pins: dict[str, str],
    target: Target,
    folder: Path,
    say: Callable[[str], None],
    fetch: Fetch,
    collected: Collected,
) -> None:
    """Collect some requirements and all that they require in turn."""
    waiting = [Requirement(line) for line in lines]
    waiting = [one for one in waiting if target.holds(one.marker)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted: dict[str, SpecifierSet] = {}
        for one in waiting:
            name = canonicalize_name(one.name)
            if name not in collected.wheels:
                pin = f"=={pins[name]}" if name in pins else ""
                limit = SpecifierSet(pin) if pin else one.specifier
                wanted[name] = wanted.get(name, SpecifierSet()) & limit
        _bring(wanted, target, folder, say, fetch, collected)
        following = []
        for one in waiting:
            name = canonicalize_name(one.name)
            key = (name, frozenset(one.extras))
            if key in seen:
                continue
            seen.add(key)
            for requirement in required_by(collected.wheels[name]):
                if target.holds(requirement.marker, sorted(one.extras)):
                    following.append(requirement)
        waiting = following


def _bring(
    wanted: dict[str, SpecifierSet],
    target: Target,
    folder: Path,
    say: Callable[[str], None],
    fetch: Fetch,
    collected: Collected,
) -> None:
    """Find the wheels in the folder, and fetch those that are missing."""
    missing = []
    for name, limit in wanted.items():
        path = target.best(name, limit, folder)
        if path is None:
            missing.append(name)
        else:
            collected.wheels[name] = path
    if missing:
        say(f"{target.words}: fetching {', '.join(missing)}")
    # torch alone: it is by far the largest, and has an index of its own
    groups = [[name] for name in missing if name == "torch"]
    others = [name for name in missing if name != "torch"]
    groups += [others[i : i + AT_ONCE] for i in range(0, len(others), AT_ONCE)]
    for group in groups:
        lines = [f"{name}{wanted[name]}" for name in group]
        if not _arrive(lines, target, folder, fetch) and len(group) > 1:
            for line in lines:
                _arrive([line], target, folder, fetch)
        for name in group:
            path = target.best(name, wanted[name], folder)
            if path is None:
                raise InputError(
                    f"There is no wheel of {name}{wanted[name]} for {target.words} "
                    "to be had; check the network connection, or choose other systems "
                    "or versions of Python. What has arrived stays, and the same "
                    "command goes on."
                )
            collected.wheels[name] = path


def _arrive(lines: Sequence[str], target: Target, folder: Path, fetch: Fetch) -> bool:
    """Fetch wheels into a place of their own and move whole ones into the folder."""
    part = folder / PART
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    extra: list[str] = []
    if target.system.startswith("linux") and lines[0].startswith("torch=="):
        # PyTorch's builds without CUDA: 200 MB in place of several gigabytes
        extra = ["--index-url", TORCH_CPU_INDEX, "--retries", "0", "--timeout", "10"]
    is_done = fetch(lines, target, part, extra)
    if extra and not is_done:
        is_done = fetch(lines, target, part, [])
    for path in part.glob("*.whl"):
        if is_whole(path):
            path.replace(folder / path.name)
    shutil.rmtree(part, ignore_errors=True)
    return is_done


def pip_download(
    lines: Sequence[str], target: Target, folder: Path, extra: Sequence[str]
) -> bool:
    """Fetch wheels with pip; where there is none, build one that runs everywhere.

    Args:
        lines: requirements, such as "numpy==2.4.6".
        target: the computer that they are for.
        folder: where they go.
        extra: more options for pip.

    Returns:
        Whether all of them are there.
    """
    pip = [sys.executable, "-m", "pip"]
    quiet = ["--no-deps", "--quiet", "--disable-pip-version-check", "--no-input"]
    command = [*pip, "download", *quiet, *target.pip_options(), "--dest", str(folder)]
    if _succeeds([*command, *extra, *lines]):
        return True
    if extra or len(lines) > 1:
        return False
    # A package of nothing but Python may be published without a wheel.
    if not _succeeds([*pip, "wheel", *quiet, "--wheel-dir", str(folder), *lines]):
        return False
    for path in folder.glob("*.whl"):
        if not path.name.endswith("-none-any.whl"):
            path.unlink()
    return any(folder.glob("*.whl"))


def _succeeds(command: Sequence[str]) -> bool:
    """Run a command without its output and return whether it succeeded."""
    done = subprocess.run(command, capture_output=True, check=False)
    return done.returncode == 0


def is_whole(wheel: Path) -> bool:
    """Return whether every file of a wheel can be read; its sums are looked at."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def required_by(wheel: Path) -> list[Requirement]:
    """Return what a wheel says that it requires.

    Raises:
        InputError: if it says nothing that can be read.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            (name,) = [
                n
                for n in archive.namelist()
                if re.fullmatch(r"[^/]+\.dist-info/METADATA", n)
            ]
            text = archive.read(name).decode("utf-8", "replace")
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{wheel} is damaged; delete it and run the same command again."
        ) from error
    told = email.parser.HeaderParser().parsestr(text)
    return [Requirement(line) for line in told.get_all("Requires-Dist") or []]
