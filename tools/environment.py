"""Making and checking .venv, the environment that holds everything the course needs.

Only the standard library is imported: this runs before anything is installed.
"""

import collections
import hashlib
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
import tomllib
import urllib.request
from collections.abc import Callable
from pathlib import Path

from pip_words import (
    NEEDED_GIGABYTES,
    Progress,
    SetupError,
    explain_failure,
    lines_of,
    short_form,
)

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "constraints.txt"
PYPROJECT = ROOT / "pyproject.toml"
# PyTorch's builds without CUDA: 200 MB in place of several gigabytes.
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
INDEX_TIMEOUT_SECONDS = 5
# Raise it when the steps below change in a way that an old .venv has to follow.
SETUP_VERSION = 1
# Extras that the course does without where they cannot be installed, and how it does.
OPTIONAL = {
    "midi": "no MIDI ports through Python on this system; the browser has its own",
    "tokens": "no MidiTok on this system; lesson 02 does without it",
    "fast": "no numba on this system; WaveNet plays the same, but slowly",
}
# What must be importable before the set-up counts as done.
PROOF_OF_LIFE = "import av, jupyterlab, numpy, scipy.signal, torch, deepcomposer_edu"
# Imported once, so that it is compiled for all who share this .venv: the seats of a
# class may not write into it.
OFTEN_USED = (
    "import anywidget, ipykernel.kernelapp, jupyterlab.labapp, matplotlib.pyplot"
)
# Built once from the scores that install with music21, then read from the cache.
PREPARE_DATA = "from deepcomposer_edu.corpora import chorales; chorales.load_chorales()"


def venv_python(venv: Path = VENV) -> Path:
    """Return where a virtual environment keeps its Python on this system."""
    if os.name == "nt":
        return venv / "Scripts" / "python.exe"
    return venv / "bin" / "python"


def child_environment() -> dict[str, str]:
    """Return the environment for programs that run inside .venv.

    Settings that would pull in another Python's packages, install somewhere else than
    into .venv, or have every program compile every package again, are left out.
    """
    dropped = {"PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"}
    dropped |= {"PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
    environment = {k: v for k, v in os.environ.items() if k not in dropped}
    return environment | {
        "PIP_USER": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "JUPYTER_PREFER_ENV_PATH": "1",  # .venv's kernel before the user's own
        "VIRTUAL_ENV": str(VENV),
        "PATH": os.pathsep.join(
            [str(venv_python().parent), os.environ.get("PATH", os.defpath)]
        ),
    }


def ask_python(code: str, venv: Path = VENV) -> str | None:
    """Return what .venv's Python prints for a line of code, or None if it fails."""
    try:
        answer = subprocess.run(
            [str(venv_python(venv)), "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=child_environment(),
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()


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


def has_nvidia_gpu(
    root: Path = Path("/"),
    which: Callable[[str], str | None] = shutil.which,
) -> bool:
    """Say whether an NVIDIA driver is present on this Linux machine."""
    signs = [
        "proc/driver/nvidia/version",
        "dev/nvidia0",
        "usr/lib/wsl/lib/nvidia-smi",
    ]
    return which("nvidia-smi") is not None or any((root / s).exists() for s in signs)


def pinned_version(name: str, constraints: str) -> str:
    """Return the version that constraints.txt pins for a package."""
    found = re.search(rf"^{re.escape(name)}==(\S+)$", constraints, flags=re.MULTILINE)
    if found is None:
        raise SetupError(f"constraints.txt does not pin {name}: restore the file.")
    return found.group(1)


def answers_within(url: str, seconds: float) -> bool:
    """Say whether a web address answers in time, a hanging name server included."""
    answered: queue.Queue[bool] = queue.Queue()

    def ask() -> None:
        try:
            with urllib.request.urlopen(url, timeout=seconds):
                answered.put(True)
        except (OSError, ValueError):
            answered.put(False)

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answered.get(timeout=seconds)
    except queue.Empty:
        return False


def n_installed() -> int:
    """Return how many packages .venv holds by now."""
    places = (
        "lib/python*/site-packages",
        "Lib/site-packages",
    )  # lib64 is a link to lib
    return sum(1 for place in places for _ in VENV.glob(f"{place}/*.dist-info"))


def pip_install(*arguments: str) -> None:
    """Install into .venv with progress.

    Nothing is compiled here: of all these modules the course uses a few, and each is
    compiled when it is first used.

    Raises:
        SetupError: one sentence on why it failed; the whole output of pip is in
            .venv/course.log.
    """
    command = [str(venv_python()), "-m", "pip", "install", "--no-compile"]
    command += ["--progress-bar", "off"]
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    progress, n_found, n_before, n_to_install = Progress(), 0, 0, 0
    kept: collections.deque[str] = collections.deque(maxlen=400)
    try:
        with (VENV / "course.log").open("a", encoding="utf-8") as log:
            for line in lines_of(process):
                if line is None and n_to_install:
                    done = min(n_installed() - n_before, n_to_install)
                    progress.show(f"installed {done} of {n_to_install} packages")
                if line is None:
                    continue
                log.write(line)
                kept.append(line)
                if line.startswith("Installing collected packages:"):
                    n_before, n_to_install = n_installed(), line.count(",") + 1
                    progress.show(f"installing {n_to_install} packages")
                elif text := short_form(line):
                    n_found += line.strip().startswith("Collecting")
                    progress.show(f"{text}, {n_found} packages so far")
        return_code = process.wait()
    finally:
        progress.close()
        if process.poll() is None:
            process.terminate()
            process.wait()
    if return_code != 0:
        raise SetupError(explain_failure("".join(kept)))


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


def install_torch_without_cuda() -> None:
    """Install PyTorch's CPU build from its own index, where that makes sense.

    Elsewhere, or where the index cannot be reached, nothing happens here and the plain
    installation that follows brings the platform's usual build.
    """
    if not sys.platform.startswith("linux") or has_nvidia_gpu():
        return
    if os.environ.get("PIP_NO_INDEX"):  # from a stick, where the right one lies
        return
    pinned = pinned_version("torch", CONSTRAINTS.read_text("utf-8"))
    there = ask_python("import importlib.metadata as m; print(m.version('torch'))")
    if there is not None and there.split("+")[0] == pinned:
        return
    if not answers_within(f"{TORCH_CPU_INDEX}/torch/", INDEX_TIMEOUT_SECONDS):
        print("-- PyTorch's index of small builds cannot be reached: the usual build")
        return
    print(f"-- Installing torch {pinned} without CUDA (no NVIDIA GPU here)")
    try:
        # What torch needs comes with the rest, from the usual place.
        pip_install("--no-deps", "--index-url", TORCH_CPU_INDEX, f"torch=={pinned}")
    except SetupError as problem:
        print(f"   not from there ({problem}); the usual build follows")


def install(extras: set[str]) -> list[str]:
    """Install the course with its extras; return the optional ones that are missing."""
    install_torch_without_cuda()
    needed = ",".join(sorted(extras - set(OPTIONAL)))
    print("-- Installing the course" + (f" with the extra {needed}" if needed else ""))
    target = f".[{needed}]" if needed else "."
    pip_install("-c", CONSTRAINTS.name, "-e", target)
    project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
    missing = []
    for extra in sorted(extras & set(OPTIONAL)):
        wanted = project["optional-dependencies"][extra]
        try:
            # A wheel or nothing: building it would need a compiler.
            pip_install("-c", CONSTRAINTS.name, "--only-binary", ":all:", *wanted)
        except SetupError:
            print(f"   {OPTIONAL[extra]}")
            missing.append(extra)
    return missing


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


def run_inside(arguments: list[str], environment: dict[str, str] | None = None) -> int:
    """Run .venv's Python in the foreground and return its exit status."""
    process = subprocess.Popen(
        [str(venv_python()), *arguments],
        cwd=ROOT,
        env=child_environment() | (environment or {}),
    )
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the child heard it too and ends in its own way


def become(arguments: list[str]) -> int:
    """Go on as .venv's Python: in this very process where the system can do that."""
    if os.name == "posix":
        os.chdir(ROOT)
        sys.stdout.flush()
        python = str(venv_python())
        os.execve(python, [python, *arguments], child_environment())
    return run_inside(arguments)
