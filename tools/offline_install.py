"""Installs the course from the folder this file lies in: a USB stick, a shared folder.

    python install.py            into the folder deepcomposer-edu of your home
    python install.py FOLDER     somewhere else
    python install.py --check    look whether the bundle is whole, install nothing

`deepcomposer classroom bundle` puts this file there under the name install.py. It needs
Python and its standard library, and never the network. An interrupted installation goes
on with the same command; what you have written in my_work is never touched.
"""

import sys

# Before anything that an older Python could not import, so that it can say so.
if sys.version_info < (3, 11):  # noqa: UP036 - whoever is told this has an older one
    sys.exit(
        "This course needs Python 3.11 or newer, and this is Python {}.{}. Install a "
        "newer one (there may be one in the folder python beside this file), then "
        "start again.".format(*sys.version_info[:2])
    )

import argparse
import hashlib
import json
import os
import platform
import shlex
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
NEEDED_GIGABYTES = 3
# What a wheel's name says of the system it is for.
SIGNS = {"linux": "linux", "darwin": "macosx", "win32": "win"}


class BundleError(Exception):
    """Something is wrong with the bundle; the message says what to do."""


def read_list(bundle):
    """Return what the bundle should hold."""
    try:
        told = json.loads((bundle / "bundle.json").read_text("utf-8"))
        files = told["files"]
        for place, facts in files.items():
            parts = place.split("/")
            is_inside = not {"", ".", ".."} & set(parts) and ":" not in place
            if not is_inside or "\\" in place or len(str(facts["sha256"])) != 64:
                raise ValueError(place)
        told["targets"] = [
            (str(t["system"]), str(t["python"])) for t in told["targets"]
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BundleError(
            f"{bundle / 'bundle.json'} is missing or damaged: copy the bundle again."
        ) from None
    return told


def this_system():
    """Return the bundle's name for the system that this is, or None."""
    machine = platform.machine().lower()
    if sys.platform == "win32" and machine in ("amd64", "x86_64"):
        return "windows"
    if sys.platform == "darwin" and machine == "arm64":
        return "macos"
    if sys.platform.startswith("linux"):
        return {"x86_64": "linux", "aarch64": "linux-arm"}.get(machine)
    return None


def refuse_foreign(targets):
    """Say so if the bundle holds nothing for this system and this Python."""
    python = "{}.{}".format(*sys.version_info[:2])
    if (this_system(), python) in targets:
        return
    there = "; ".join(f"{name} with Python {version}" for name, version in targets)
    raise BundleError(
        f"This is Python {python} on {platform.system()} ({platform.machine()}), and "
        f"the bundle holds packages for: {there}. Start install.py with a Python it "
        "has packages for, or ask for a bundle for this one."
    )


def is_for_here(place):
    """Say whether a file of the bundle is used on this system."""
    if not place.startswith("wheels/"):
        return True
    tag = place.rpartition("-")[2]  # such as win_amd64.whl
    return tag.startswith("any") or SIGNS.get(sys.platform, "") in tag.split("_")[0]


def sum_of(path):
    """Return the SHA-256 of a file, as hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def damaged(bundle, files):
    """Return which files are missing or differ from what was bundled."""
    found = []
    for place, facts in files.items():
        path = bundle / place
        try:
            if path.stat().st_size != facts["bytes"] or sum_of(path) != facts["sha256"]:
                found.append(place)
        except OSError:
            found.append(place)
    return found


def refuse_damaged(bundle, files):
    """Say so if a file is not what it was when it was bundled."""
    bad = damaged(bundle, files)
    if bad:
        more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
        raise BundleError(
            f"{bad[0]}{more} of this bundle is missing or damaged: copy the bundle "
            "again, or make it again with the same command, which mends it."
        )


def copy_course(bundle, files, home):
    """Copy the course into its folder, one whole file after the other."""
    for place in files:
        if not place.startswith("course/"):
            continue
        target = home / place.removeprefix("course/")
        if target.is_file() and sum_of(target) == files[place]["sha256"]:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name[:60]}.part")
        shutil.copyfile(bundle / place, part)
        part.replace(target)


def settings(bundle):
    """Return the environment in which pip looks into the bundle and nowhere else."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    return kept | {
        "PIP_NO_INDEX": "1",
        # as an address: pip would cut a path at its spaces
        "PIP_FIND_LINKS": (bundle / "wheels").as_uri(),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def write_starter(home):
    """Write what opens the lessons with a double click; return its name."""
    if sys.platform == "win32":
        name = "start.bat"
        run = f'pushd "%~dp0"\r\n"{sys.executable}" course.py lab\r\npause\r\n'
        text = f"@echo off\r\n{run}"
    else:
        name = "start.command"
        run = f"exec {shlex.quote(sys.executable)} course.py lab"
        text = f'#!/bin/sh\ncd "$(dirname "$0")" || exit 2\n{run}\n'
    path = home / name
    path.write_bytes(text.encode())
    path.chmod(0o755)
    return name


def install(bundle, home):
    """Check the bundle, copy the course, set it up; return the exit status."""
    told = read_list(bundle)
    refuse_foreign(told["targets"])
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free / 1e9
    if free < NEEDED_GIGABYTES and not (home / ".venv").exists():
        raise BundleError(
            f"Only {free:.1f} GB are free on the disk of {home}, and the course needs "
            f"about {NEEDED_GIGABYTES}: free some, or give another folder."
        )
    files = {p: facts for p, facts in told["files"].items() if is_for_here(p)}
    total = sum(facts["bytes"] for facts in files.values()) / 1e6
    print(f"-- Checking {len(files)} files, {total:.0f} MB", flush=True)
    refuse_damaged(bundle, files)
    print(f"-- Copying the course to {home}", flush=True)
    copy_course(bundle, files, home)
    done = subprocess.run(
        [sys.executable, str(home / "course.py"), "setup"],
        cwd=home,
        env=settings(bundle),
        check=False,
    )
    if done.returncode == 0:
        print(f"Installed. In {home} open {write_starter(home)}, or run there:")
        print(f"    {Path(sys.executable).name} course.py lab")
    return done.returncode


def main(arguments=None):
    """Install, or look whether the bundle is whole; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="install.py", description="Installs DeepComposer EDU without a network."
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path.home() / "deepcomposer-edu",
        help="where to (the folder deepcomposer-edu of your home)",
    )
    parser.add_argument("--check", action="store_true", help="look, install nothing")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.check:
            files = read_list(HERE)["files"]
            refuse_damaged(HERE, files)
            print(f"All {len(files)} files of the bundle are as they should be.")
            return 0
        return install(HERE, chosen.folder.expanduser().resolve())
    except BundleError as problem:
        print(problem, file=sys.stderr)
    except OSError as problem:
        print(
            f"{problem.filename or 'A file'} could not be read or written: "
            f"{problem.strerror}; check the disk and your permissions.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on where it stopped.", file=sys.stderr)
        return 130
    return 2


if __name__ == "__main__":
    sys.exit(main())
