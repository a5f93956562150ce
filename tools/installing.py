"""Installing into .venv with pip: with progress, and one sentence when it fails.

Only the standard library is imported: this runs before anything is installed.
"""

import collections
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import tomllib
import urllib.request
from collections.abc import Callable
from pathlib import Path

from inside_venv import ROOT, VENV, ask_python, child_environment, venv_python
from pip_words import Progress, SetupError, explain_failure, lines_of, short_form

CONSTRAINTS = ROOT / "constraints.txt"
PYPROJECT = ROOT / "pyproject.toml"
# PyTorch's builds without CUDA: 200 MB in place of several gigabytes.
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
INDEX_TIMEOUT_SECONDS = 5
# Extras that the course does without where they cannot be installed, and how it does.
OPTIONAL = {
    "midi": "no MIDI ports through Python on this system; the browser has its own",
    "tokens": "no MidiTok on this system; lesson 02 does without it",
    "fast": "no numba on this system; WaveNet plays the same, but slowly",
}


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
