"""Write constraints.txt: the version of every package that .venv has been tested with.

    .venv/bin/python tools/constraints.py

Walks from the project's dependencies and extras through everything they need, and pins
what is installed. Run it after a change of versions, with all tests passing.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "deepcomposer-edu"
# The build needs it, and torch on newer Pythons.
ALWAYS = ["setuptools"]
# Every pin must install on it, not only on the Python that runs this.
OLDEST_PYTHON = "3.11.0"
HEADER = """\
# The versions that the course is tested with; written by tools/constraints.py.
# pyproject.toml says which versions are allowed.
"""


def needed_by(name: str, extras: set[str]) -> list[Requirement]:
    """Return what an installed package needs here, with these extras of its own."""
    chosen = []
    for line in distribution(name).requires or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(
            marker.evaluate({"extra": extra}) for extra in {"", *extras}
        ):
            chosen.append(requirement)
    return chosen


def pinned() -> dict[str, str]:
    """Return name and version of everything that the project pulls in."""
    extras = set(distribution(PROJECT).metadata.get_all("Provides-Extra") or [])
    versions: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    to_visit = [(PROJECT, frozenset(extras))]
    to_visit += [(name, frozenset()) for name in ALWAYS]
    while to_visit:
        name, wanted = to_visit.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            version = distribution(name).version
        except PackageNotFoundError:
            print(f"not installed here, not pinned: {name}")
            continue
        if name != PROJECT:
            # "2.13.0+cpu" is one build of 2.13.0, and every build will do
            versions[name] = version.split("+")[0]
        for requirement in needed_by(name, set(wanted)):
            dependency = canonicalize_name(requirement.name)
            to_visit.append((dependency, frozenset(requirement.extras)))
    return versions


def too_new_for(python: str, names: list[str]) -> list[str]:
    """Return which installed packages refuse a version of Python."""
    limits = {
        name: distribution(name).metadata.get("Requires-Python") for name in names
    }
    return [
        f"{name} needs Python {limit}"
        for name, limit in limits.items()
        if limit and not SpecifierSet(limit).contains(python)
    ]


def main() -> None:
    """Write the file and say how many packages it pins."""
    versions = pinned()
    refusing = too_new_for(OLDEST_PYTHON, list(versions))
    if refusing:
        raise SystemExit(f"install older versions first: {'; '.join(refusing)}")
    lines = [f"{name}=={version}\n" for name, version in sorted(versions.items())]
    (ROOT / "constraints.txt").write_text(HEADER + "".join(lines), encoding="utf-8")
    print(f"constraints.txt pins {len(lines)} packages")


if __name__ == "__main__":
    main()
