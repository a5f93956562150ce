"""Making and checking .venv, the environment that holds everything the course needs.

Only the standard library is imported: this runs before anything is installed.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from inside_venv import ROOT, VENV, ask_python
from installing import install
from pip_words import NEEDED_GIGABYTES, SetupError, explain_failure

# Raise it when the steps below change in a way that an old .venv has to follow.
SETUP_VERSION = 1
# What must be importable before the set-up counts as done.
PROOF_OF_LIFE = "import av, jupyterlab, numpy, scipy.signal, torch, deepcomposer_edu"
# Imported once, so that it is compiled for all who share this .venv: the seats of a
# class may not write into it.
OFTEN_USED = (
    "import anywidget, ipykernel.kernelapp, jupyterlab.labapp, matplotlib.pyplot"
)
# Built once from the scores that install with music21, then read from the cache.
PREPARE_DATA = "from deepcomposer_edu.corpora import chorales; chorales.load_chorales()"


def fingerprint(python_version: str, root: Path = ROOT) -> str:
    """Return a hash of everything that decides what .venv should hold.

    Args:
        python_version: of the Python inside .venv, such as "3.11".
        root: the folder with pyproject.toml and constraints.txt.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    told = {
        "setup": SETUP_VERSION,
        "python": python_version,
        "root": str(root),  # an editable install points to the folder it was made in
        "project": project["project"],
        "build": project["build-system"],
        "setuptools": project["tool"]["setuptools"],
        "constraints": (root / "constraints.txt").read_text("utf-8").splitlines(),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def read_stamp(venv: Path = VENV) -> dict:
    """Return what the last finished set-up wrote down; empty if none finished."""
    try:
        stamp = json.loads((venv / "course.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(stamp: dict, venv: Path = VENV) -> None:
    """Write down that the set-up is finished: all of it or nothing."""
    unfinished = venv / "course.json.part"
    unfinished.write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(venv / "course.json")


def is_ready(stamp: dict, wanted: str, extras: set[str]) -> bool:
    """Say whether a finished set-up covers what is wanted now."""
    settled = set(stamp.get("extras", [])) | set(stamp.get("unavailable", []))
    return stamp.get("fingerprint") == wanted and extras <= settled


def make_venv() -> None:
    """Make .venv anew; whatever lay there is removed first."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise SetupError(
            "The environment in .venv is damaged and this Python lives in it: run "
            "`deactivate`, or open a new terminal, then run the same command again."
        )
    if VENV.exists():
        print("-- Removing the unfinished or damaged .venv")
        shutil.rmtree(VENV)
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GIGABYTES:
        raise SetupError(
            f"Only {free:.1f} GB are free on this disk and the course needs about "
            f"{NEEDED_GIGABYTES} GB: free some, then run the same command again."
        )
    print("-- Making .venv")
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        output = made.stdout + made.stderr
        if "ensurepip" in output:
            raise SetupError(
                "This Python cannot make environments: on Debian or Ubuntu run "
                "`sudo apt install python3-venv`, then the same command again."
            )
        raise SetupError(explain_failure(output))


def set_up(extras: set[str], thorough: bool = False) -> None:
    """Bring .venv to what this version of the course needs.

    A finished set-up is recognised by its stamp in well under a second. An interrupted
    one goes on with what is there; a damaged one is made anew.

    Args:
        extras: names from pyproject.toml's optional dependencies.
        thorough: load the large packages even if the stamp says that all is well.

    Raises:
        SetupError: one sentence on what stopped it.
    """
    stamp = read_stamp()
    version_code = "import sys; print('{}.{}'.format(*sys.version_info[:2]))"
    version = ask_python(version_code)
    if version and is_ready(stamp, fingerprint(version), extras):
        proof = PROOF_OF_LIFE if thorough else "import deepcomposer_edu"
        if ask_python(proof) is not None:
            return
        version = None
    started = time.monotonic()
    print("Setting the course up in .venv (a few minutes the first time)", flush=True)
    if version is None or ask_python("import pip") is None:
        make_venv()
        version = ask_python(version_code)
        if version is None:
            raise SetupError("The new .venv does not run: reinstall Python and retry.")
    for left_over in ("course.json", "course.log"):
        (VENV / left_over).unlink(missing_ok=True)
    extras = extras | set(stamp.get("extras", []))
    unavailable = install(extras)
    print("-- Trying the installed packages")
    if ask_python(PROOF_OF_LIFE) is None:
        make_venv()  # packages cut off half-way: once more, from nothing
        unavailable = install(extras)
        if ask_python(PROOF_OF_LIFE) is None:
            raise SetupError(
                "The packages are installed but do not load: run "
                "`python course.py doctor` to see which."
            )
    ask_python(OFTEN_USED)
    print("-- Preparing Bach's chorales", flush=True)
    if ask_python(PREPARE_DATA) is None:
        print("   not now; lesson 08 does it when it needs them")
    write_stamp(
        {
            "fingerprint": fingerprint(version),
            "extras": sorted(extras - set(unavailable)),
            "unavailable": unavailable,
        }
    )
    print(f"-- Ready after {time.monotonic() - started:.0f} s", flush=True)
