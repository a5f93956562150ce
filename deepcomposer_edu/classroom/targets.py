"""The computers of a class: systems, Python versions, and the wheels that fit them."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import (
    InvalidWheelFilename,
    canonicalize_name,
    parse_wheel_filename,
)

from deepcomposer_edu.errors import InputError

OLDEST_PYTHON = (3, 11)
# The oldest systems that the largest packages still have wheels for, newest tag first.
_GLIBC = (28, 27, 26, 24, 17, 12, 5)


def _linux(machine: str) -> tuple[str, ...]:
    """Return the platform tags of a Linux with glibc 2.28 or newer."""
    old = [f"{n}_{machine}" for n in ("manylinux2014", "manylinux2010", "manylinux1")]
    new = [f"manylinux_2_{minor}_{machine}" for minor in _GLIBC]
    return (*new, *old, f"linux_{machine}")


@dataclass(frozen=True)
class System:
    """An operating system on one kind of processor.

    Args:
        title: its name for people.
        platforms: the platform tags of wheels that it takes, best first.
        markers: what a requirement's marker may ask about.
    """

    title: str
    platforms: tuple[str, ...]
    markers: tuple[tuple[str, str], ...]


def _markers(sys_platform: str, system: str, os_name: str, machine: str) -> tuple:
    """Return what a marker may ask about a system."""
    return (
        ("sys_platform", sys_platform),
        ("platform_system", system),
        ("os_name", os_name),
        ("platform_machine", machine),
        ("implementation_name", "cpython"),
        ("platform_python_implementation", "CPython"),
        ("platform_release", ""),
        ("platform_version", ""),
    )


SYSTEMS = {
    "linux": System(
        "Linux (Intel, AMD)",
        _linux("x86_64"),
        _markers("linux", "Linux", "posix", "x86_64"),
    ),
    "linux-arm": System(
        "Linux (ARM)",
        _linux("aarch64"),
        _markers("linux", "Linux", "posix", "aarch64"),
    ),
    "windows": System(
        "Windows (Intel, AMD)",
        ("win_amd64",),
        _markers("win32", "Windows", "nt", "AMD64"),
    ),
    "macos": System(
        "macOS 14 or newer (Apple's own processors)",
        tuple(
            f"macosx_{major}_0_{machine}"
            for major in (14, 13, 12, 11)
            for machine in ("arm64", "universal2")
        )
        + tuple(f"macosx_10_{minor}_universal2" for minor in range(16, 3, -1)),
        _markers("darwin", "Darwin", "posix", "arm64"),
    ),
}


@dataclass(frozen=True)
class Target:
    """One system with one version of Python.

    Args:
        system: a name of SYSTEMS.
        python: such as "3.11".

    Raises:
        InputError: if there is no such system, or the course needs a newer Python.
    """

    system: str
    python: str

    def __post_init__(self) -> None:
        if self.system not in SYSTEMS:
            raise InputError(
                f"There is no system {self.system!r}; choose from "
                f"{', '.join(SYSTEMS)}. (PyTorch has left Macs with Intel processors.)"
            )
        parts = self.python.split(".")
        if len(parts) != 2 or not all(p.isdecimal() for p in parts):
            raise InputError(
                f"{self.python!r} is no version of Python; give it as 3.11 or 3.12."
            )
        if self.version < OLDEST_PYTHON:
            raise InputError(
                f"Python {self.python} is too old for the course; choose 3.11 or newer."
            )

    @property
    def version(self) -> tuple[int, int]:
        """The version as numbers."""
        major, minor = self.python.split(".")
        return int(major), int(minor)

    @property
    def words(self) -> str:
        """The target for people."""
        return f"{SYSTEMS[self.system].title}, Python {self.python}"

    @cached_property
    def tags(self) -> frozenset[Tag]:
        """The tags of wheels that run on it."""
        platforms = SYSTEMS[self.system].platforms
        own = cpython_tags(self.version, platforms=platforms)
        abi = f"cp{self.version[0]}{self.version[1]}"
        others = compatible_tags(self.version, interpreter=abi, platforms=platforms)
        return frozenset(own) | frozenset(others)

    def holds(self, marker: Marker | None, extras: Sequence[str] = ()) -> bool:
        """Return whether a requirement counts on this target, in any of its releases.

        Args:
            marker: what stands after the semicolon; None: it always counts.
            extras: the extras that are wanted of the package that requires it.
        """
        if marker is None:
            return True
        facts = dict(SYSTEMS[self.system].markers) | {"python_version": self.python}
        return any(
            marker.evaluate(facts | {"python_full_version": full, "extra": extra})
            for full in (f"{self.python}.0", f"{self.python}.99")
            for extra in ("", *extras)
        )

    def best(self, name: str, wanted: SpecifierSet, folder: Path) -> Path | None:
        """Return the newest wheel of a package in a folder that fits, or None."""
        found = []
        for path in folder.glob("*.whl"):
            try:
                project, version, build, tags = parse_wheel_filename(path.name)
            except InvalidWheelFilename:
                continue
            is_it = project == canonicalize_name(name) and bool(tags & self.tags)
            if is_it and wanted.contains(version, prereleases=True):
                found.append((version, build, path))
        return max(found)[2] if found else None

    def pip_options(self) -> list[str]:
        """Return what pip must be told to fetch for this target, from any computer."""
        abi = f"cp{self.version[0]}{self.version[1]}"
        options = ["--only-binary", ":all:", "--python-version", self.python]
        options += ["--implementation", "cp", "--abi", abi, "--abi", "abi3"]
        options += ["--abi", "none"]
        for tag in SYSTEMS[self.system].platforms:
            options += ["--platform", tag]
        return options


def this_python() -> str:
    """Return the version of the Python that runs, such as "3.11"."""
    return "{}.{}".format(*sys.version_info[:2])


def this_system() -> str:
    """Return the name in SYSTEMS of the computer that runs; "linux" if it has none."""
    facts = {
        "sys_platform": sys.platform,
        "platform_machine": platform.machine(),
    }
    for name, system in SYSTEMS.items():
        if facts.items() <= dict(system.markers).items():
            return name
    return "linux"
