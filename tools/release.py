"""Build a release and try it as a stranger would.

    python tools/release.py build           dist/: wheel and source distribution
    python tools/release.py try FILE        install one of them and use it

`build` makes the source distribution of this folder, and the wheel of what the source
distribution holds, so that neither takes what only lies about here. Both are looked
through: lessons, solutions, data, weights and widgets have to be inside, and tests,
scripts and leftovers must not be in the wheel.

`try` takes either. It makes an empty environment, with a home of its own, installs the
file with the pinned versions, asks the doctor, composes, opens the lessons with
`deepcomposer lab` and runs the first of them. With `--borrow` nothing is downloaded:
what the course needs comes from the environment that this runs in.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from started_lab import started_lab  # noqa: E402

PACKAGE = "deepcomposer_edu"
MAX_WHEEL_MB = 60  # weights, tunes and tables are 40
# Folders and endings of files that nobody needs who has installed the wheel.
JUNK_FOLDERS = {"tests", "benchmarks", "tools", "make", "node_modules", "__pycache__"}
JUNK_FOLDERS |= {".ipynb_checkpoints", ".pytest_cache", "my_work"}
JUNK_ENDINGS = {".pyc", ".map", ".log", ".tmp", ".part", ".pkl", ".pt", ".pth"}


# --- what has to be inside -----------------------------------------------------------


def wanted_in_wheel(root: Path = ROOT) -> dict[str, str]:
    """Return what a wheel must hold: the place in it, and the place in the course.

    Lessons and solutions, the paths through them, every file of data that the manifest
    names, the widgets' bundles, and all that lies in the package's own folder.
    """
    folders = {
        "lessons": ("lessons", ["*.ipynb", "??/*.ipynb"]),
        "solutions": ("solutions", ["*.ipynb"]),
        "docs/paths": ("docs/paths", ["*.md"]),
        "widgets": ("widgets", ["*.py", "static/*.js", "static/*.css", "licences/*"]),
        "": (PACKAGE, ["**/*"]),
    }
    found = {}
    for inside, (outside, patterns) in folders.items():
        for pattern in patterns:
            for path in (root / outside).glob(pattern):
                if path.is_file() and "__pycache__" not in path.parts:
                    place = path.relative_to(root / outside)
                    name = PurePosixPath(PACKAGE, inside, place.as_posix())
                    found[str(name)] = path.relative_to(root).as_posix()
    manifest = json.loads((root / "data" / "manifest.json").read_text("utf-8"))
    for row in manifest:
        found[f"{PACKAGE}/data/{row['path']}"] = f"data/{row['path']}"
    found[f"{PACKAGE}/data/manifest.json"] = "data/manifest.json"
    return found


def faults_of_wheel(names: Iterable[str], root: Path = ROOT) -> list[str]:
    """Return what is wrong with what a wheel holds: one sentence each.

    Args:
        names: the places of its files, with "/".
        root: the folder of the course.
    """
    names = set(names)
    wrong = [
        f"The wheel has no {name} ({place} here)."
        for name, place in sorted(wanted_in_wheel(root).items())
        if name not in names
    ]
    for name in sorted(names):
        place = PurePosixPath(name)
        is_junk = JUNK_FOLDERS & set(place.parts[:-1]) or place.suffix in JUNK_ENDINGS
        is_ours = place.parts[0] == PACKAGE or place.parts[0].endswith(".dist-info")
        if is_junk or not is_ours:
            wrong.append(f"The wheel has {name}, which nobody needs who installs it.")
    return wrong


def faults_of_sdist(names: Iterable[str], tracked: Iterable[str]) -> list[str]:
    """Return which files of the course a source distribution lacks.

    Args:
        names: the places of its files, without the folder around them.
        tracked: the files of the course; what git alone reads may be missing.
    """
    missing = sorted(set(tracked) - set(names) - {".gitattributes"})
    return [f"The source distribution has no {name}." for name in missing]


def tracked_files(root: Path = ROOT) -> list[str]:
    """Return the files that git keeps and that are there."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    )
    return [name for name in done.stdout.split("\0") if name and (root / name).exists()]


# --- building ------------------------------------------------------------------------


def built(kind: str, source: Path, out: Path) -> Path:
    """Build "sdist" or "wheel" of a folder with the setuptools that is here.

    Raises:
        SystemExit: if it cannot be built, after what setuptools said.
    """
    code = "import sys; from setuptools import build_meta\n"
    code += f"print(build_meta.build_{kind}(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(out)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n{done.stderr}\nThe {kind} could not be built.")
    return out / done.stdout.split()[-1]


def build(out: Path) -> list[str]:
    """Build both and look through them; return what is wrong with them."""
    out.mkdir(parents=True, exist_ok=True)
    sdist = built("sdist", ROOT, out)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(sdist) as archive:
            names = [name.partition("/")[2] for name in archive.getnames()]
            archive.extractall(folder, filter="data")
        (inside,) = Path(folder).iterdir()
        wheel = built("wheel", inside, out)
    wrong = faults_of_sdist(names, tracked_files())
    with zipfile.ZipFile(wheel) as archive:
        wrong += faults_of_wheel(archive.namelist())
    for path in (sdist, wheel):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    if wheel.stat().st_size > MAX_WHEEL_MB * 1e6:
        wrong.append(f"The wheel is larger than {MAX_WHEEL_MB} MB.")
    return wrong


# --- trying --------------------------------------------------------------------------


@contextlib.contextmanager
def empty_environment(borrows: bool) -> Iterator[tuple[Path, Path, dict[str, str]]]:
    """Yield a folder, the Python of an empty environment in it, and its settings."""
    with tempfile.TemporaryDirectory(prefix="deepcomposer-release-") as name:
        folder = Path(name)
        builder = venv.EnvBuilder(with_pip=True)
        builder.create(folder / "env")
        python = Path(builder.ensure_directories(folder / "env").env_exe)
        settings = settings_of(python, folder / "home")
        if borrows:
            settings |= borrowed(python)
        yield folder, python, settings


def settings_of(python: Path, home: Path) -> dict[str, str]:
    """Return the environment of somebody who has nothing but this Python."""
    home.mkdir()
    ours = ("PYTHON", "DEEPCOMPOSER", "JUPYTER")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    # a download may use what pip has fetched before
    cache = kept.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    return kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "PATH": os.pathsep.join([str(python.parent), kept.get("PATH", os.defpath)]),
        "PIP_CACHE_DIR": kept.get("PIP_CACHE_DIR", f"{cache}/pip"),
        "PYTHONSAFEPATH": "1",  # what lies in the folder that this runs in is not read
        "COURSE_QUICK": "1",
    }


def borrowed(python: Path) -> dict[str, str]:
    """Let an empty environment use the packages of this one; return what they need."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    there = subprocess.check_output([str(python), "-c", ask], text=True).strip()
    here = sysconfig.get_path("purelib")
    (Path(there) / "borrowed.pth").write_text(f"{here}\n", encoding="utf-8")
    # an old setuptools that came with the Python would stand before the one from here
    old = [str(python), "-m", "pip", "uninstall", "-qy", "setuptools"]
    subprocess.run(old, capture_output=True, check=False)
    share = Path(sys.prefix) / "share" / "jupyter"
    return {
        "JUPYTER_PATH": str(share),
        "JUPYTERLAB_DIR": str(share / "lab"),
        "JUPYTER_CONFIG_PATH": str(Path(sys.prefix) / "etc" / "jupyter"),
    }


def install(file: Path, python: Path, settings: dict[str, str], borrows: bool) -> None:
    """Install a wheel or a source distribution.

    Raises:
        SystemExit: if pip fails.
    """
    command = [str(python), "-m", "pip", "install", "-q", str(file)]
    if borrows:
        command += ["--no-deps", "--no-index", "--no-build-isolation"]
    else:
        command += ["-c", str(ROOT / "constraints.txt")]
    if subprocess.run(command, env=settings, check=False).returncode:
        sys.exit(f"pip could not install {file.name}.")


def lessons_served(python: Path, work: Path, settings: dict[str, str]) -> set[str]:
    """Open the lessons with `deepcomposer lab`; return the notebooks it shows."""
    arguments = ("lab", "--folder", str(work))
    with started_lab(PACKAGE, *arguments, python=python, env=settings) as lab:
        address = f"{lab.url}/api/contents?token={lab.token}"
        with urllib.request.urlopen(address, timeout=30) as answer:
            rows = json.load(answer)["content"]
    return {row["name"] for row in rows if row["name"].endswith(".ipynb")}


def try_out(file: Path, borrows: bool) -> list[str]:
    """Install a file in an empty environment and use it; return what went wrong."""
    wrong: list[str] = []
    with empty_environment(borrows) as (folder, python, settings):
        began = time.monotonic()
        install(file, python, settings, borrows)
        print(f"installed {file.name} in {time.monotonic() - began:.0f} s", flush=True)
        work, first = folder / "work", "00_first_sound.ipynb"

        def run(what: str, *command: str) -> None:
            began = time.monotonic()
            done = subprocess.run(
                [str(python), "-m", *command],
                cwd=folder,
                env=settings,
                capture_output=True,
                text=True,
                check=False,
            )
            print(f"{what}: {time.monotonic() - began:.0f} s", flush=True)
            if done.returncode:
                said = (done.stdout + done.stderr)[-2000:]
                wrong.append(f"{file.name}: {what} failed:\n{said}")

        run("the doctor", f"{PACKAGE}.doctor")
        run("a tune harmonised", PACKAGE, "compose", "ode-to-joy", "-o", "out")
        served = lessons_served(python, work, settings)
        lessons = {path.name for path in (ROOT / "lessons").glob("*.ipynb")}
        if served != lessons:
            wrong.append(f"{file.name}: the lab shows {sorted(served)}.")
        print(f"the lab: {len(served)} lessons", flush=True)
        run("the first lesson", "pytest", "-qx", "--nbval-lax", str(work / first))
    return wrong


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="build both and look through them")
    building.add_argument("--out", type=Path, default=ROOT / "dist")
    trying = commands.add_parser("try", help="install one and use it")
    trying.add_argument("file", type=Path, help="a wheel or a source distribution")
    trying.add_argument("--borrow", action="store_true", help="download nothing")
    given = parser.parse_args(arguments)
    if given.command == "build":
        wrong = build(given.out.resolve())
    else:
        wrong = try_out(given.file.resolve(), given.borrow)
    print("\n".join(wrong) or "All is well.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
