"""What does a newcomer wait for? Whole processes, from the start to what they make.

    python benchmarks/process.py                       # all parts: a quarter of an hour
    python benchmarks/process.py compose import lab    # some of them: three minutes

install  a clone of this folder, `course.py setup` in it, the first composition: from
         nothing to the first sound. pip may take packages from its own cache, so the
         network counts only where a package was not there yet.
compose  `deepcomposer compose`, cold and warm, and with each technique
import   what it takes to start Python, the package and the command line
lab      JupyterLab by the course's own command, until its page answers; with --browser
         also until the first lesson stands in Chromium
train    `deepcomposer train`, a few steps of every kind, for the memory it takes

Cold: the files of the environment and of the course are dropped from memory before, so
they come from the disk (MB read says how many did; the memory of the disk itself is not
dropped, nor what another process is using). Warm: the median of `--times` runs after
one that does not count. Memory is the most that the largest of a command's processes
held, for JupyterLab that of its server. Linux only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
TUNE = "old-hundredth"
WAIT_SECONDS = 180
TECHNIQUES = ("random", "wgan", "melody-rnn", "transformer", "ar-cnn")
IMPORTS = {
    "python alone": "pass",
    "deepcomposer_edu": "import deepcomposer_edu",
    "and its course": "from deepcomposer_edu import course",
    "and composing": "from deepcomposer_edu.compose import compose",
    "torch alone": "import torch",
    "numpy alone": "import numpy",
    "all widgets": "import deepcomposer_edu.widgets",
}
TRAINED = (
    *("wgan", "ar-cnn", "transformer", "melody-rnn", "writer"),
    *("wavenet", "nsynth", "ada"),
)


@dataclass(frozen=True)
class Spent:
    """What a command took: seconds by the clock and of the processor, MB, MB read."""

    clock: float
    cpu: float
    peak: float
    read: float

    def row(self, name: str) -> str:
        """Return a line of a table."""
        return (
            f"{name:<34}{self.clock:9.2f}{self.cpu:9.2f}{self.peak:9.0f}"
            f"{self.read:9.0f}"
        )


HEAD = f"{'':34}{'clock s':>9}{'CPU s':>9}{'peak MB':>9}{'MB read':>9}"


# A process begins as a copy of the one that starts it, and the system counts that one's
# memory as its own: so it is started by a Python that holds next to nothing.
LAUNCHER = """
import os, sys, time
begin = time.perf_counter()
child = os.posix_spawnp(
    sys.argv[1], sys.argv[1:], os.environ,
    file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
)
_, status, usage = os.wait4(child, 0)
print(
    os.waitstatus_to_exitcode(status), time.perf_counter() - begin,
    usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024,
    usage.ru_inblock * 512 / 1e6,
)
"""


def spent(command: Sequence[str], cwd: Path | None = None, **settings: str) -> Spent:
    """Run a command to its end and return what it took.

    Raises:
        SystemExit: if the command fails.
    """
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCHER, *command],
        cwd=cwd,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    code, *figures = map(float, done.stdout.split())
    if code:
        raise SystemExit(f"{' '.join(command)} ended with {code:.0f}")
    return Spent(*figures)


def median(found: Sequence[Spent]) -> Spent:
    """Return the median of each figure."""
    columns = zip(*((s.clock, s.cpu, s.peak, s.read) for s in found), strict=True)
    return Spent(*map(statistics.median, columns))


def forget(folders: Iterable[Path]) -> None:
    """Drop the files of folders from the system's memory, where nobody uses them."""
    os.sync()  # what has not reached the disk yet would stay
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                try:
                    handle = os.open(path, os.O_RDONLY)
                except OSError:
                    continue
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(handle)


def everything() -> list[Path]:
    """Return the folders whose files a command of the course reads."""
    from deepcomposer_edu.paths import cache_dir

    python = Path(sys.base_prefix) / "lib" / f"python3.{sys.version_info.minor}"
    parts = [ROOT / name for name in ("deepcomposer_edu", "widgets/static", "data")]
    return [Path(sys.prefix), python, *parts, cache_dir()]


def cold_and_warm(name: str, action: Callable[[], Spent], n_times: int) -> None:
    """Print what an action takes cold, then warm."""
    forget(everything())
    print(action().row(f"{name}, cold"), flush=True)
    action()
    print(
        median([action() for _ in range(n_times)]).row(f"{name}, warm"),
        flush=True,
    )


def deepcomposer(*arguments: str) -> list[str]:
    """Return a command of the course."""
    return [sys.executable, "-m", "deepcomposer_edu", *arguments]


# --- the parts ------------------------------------------------------------------------


def time_compose(options: argparse.Namespace) -> None:
    """Print what `deepcomposer compose` takes."""
    with TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")

        def compose(*arguments: str) -> Spent:
            return spent(deepcomposer("compose", TUNE, "-o", out, *arguments))

        print(f"\ndeepcomposer compose {TUNE}\n{HEAD}")
        cold_and_warm("all its files", compose, options.times)
        for technique in TECHNIQUES:
            found = compose("-t", technique, "--parts", "mid,json")
            print(found.row(f"{technique}, notes only"), flush=True)


def time_imports(options: argparse.Namespace) -> None:
    """Print what it takes until something is imported."""
    print(f"\npython -c ...\n{HEAD}")
    for name, code in IMPORTS.items():
        found = [spent([sys.executable, "-c", code]) for _ in range(options.times + 1)]
        print(median(found[1:]).row(name), flush=True)
    cold_and_warm(
        "deepcomposer --help", lambda: spent(deepcomposer("--help")), options.times
    )


def time_lab(options: argparse.Namespace) -> None:
    """Print how long JupyterLab takes until its page answers."""
    print(f"\npython -m deepcomposer_edu.lab\n{HEAD}")
    with TemporaryDirectory() as folder:
        os.environ["DEEPCOMPOSER_WORK"] = folder  # lessons are copied there
        cold_and_warm("its page answers", lab_answers, options.times)
        if options.browser:
            print(lab_answers(is_shown=True).row("lesson 00 in Chromium"), flush=True)


def lab_answers(is_shown: bool = False) -> Spent:
    """Start JupyterLab and return what it took until its page answered.

    Args:
        is_shown: wait until the first lesson stands in a browser.
    """
    import urllib.request

    import psutil

    sys.path.insert(0, str(ROOT / "tests"))
    from seats import peak_of
    from started_lab import started_lab

    begin = time.perf_counter()
    with started_lab("deepcomposer_edu.lab") as lab:
        address = f"{lab.url}/lab?token={lab.token}"
        with urllib.request.urlopen(address, timeout=WAIT_SECONDS) as page:
            page.read()
        if is_shown:
            first = next((ROOT / "lessons").glob("00_*.ipynb")).name
            show_lesson(f"{lab.url}/lab/tree/{first}?token={lab.token}")
        clock = time.perf_counter() - begin
        first = psutil.Process(lab.pid)
        servers = [first, *first.children(recursive=True)]
        times = [process.cpu_times() for process in servers]
        return Spent(
            clock,
            sum(t.user + t.system for t in times),
            max(peak_of(process.pid) for process in servers),
            sum(process.io_counters().read_bytes for process in servers) / 1e6,
        )


def show_lesson(address: str) -> None:
    """Wait until a notebook stands in Chromium."""
    from browser.chromium import CHROMIUM_OPTIONS, find_chromium
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_OPTIONS
        )
        page = browser.new_page()
        page.goto(address)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(
            timeout=1000 * WAIT_SECONDS
        )
        browser.close()


def time_training(options: argparse.Namespace) -> None:
    """Print what the first steps of each training take."""
    print(f"\ndeepcomposer train ... --steps {options.steps}, one thread\n{HEAD}")
    jobs = {name: [name] for name in TRAINED}
    jobs["wgan, original size"] = ["wgan", "--recipe", "original"]
    with TemporaryDirectory() as folder:
        for number, (name, arguments) in enumerate(jobs.items()):
            run = str(Path(folder) / str(number))
            command = deepcomposer("train", *arguments, "--out", run)
            steps = ["--steps", str(options.steps)]
            found = spent([*command, *steps], OMP_NUM_THREADS="1")
            print(found.row(name), flush=True)


def time_install(options: argparse.Namespace) -> None:  # noqa: ARG001 - as the others
    """Print how long it takes from nothing to the first sound."""
    python = getattr(sys, "_base_executable", sys.executable)
    print(f"\nfrom nothing to the first sound\n{HEAD}")
    with TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        new = {  # nothing that was built before; pip keeps its own cache
            "DEEPCOMPOSER_CACHE": str(Path(folder) / "cache"),
            "MPLCONFIGDIR": str(Path(folder) / "matplotlib"),
            "DEEPCOMPOSER_WORK": str(Path(folder) / "work"),
        }
        steps = {
            "git clone": ["git", "clone", "-q", str(ROOT), str(course)],
            "python course.py setup": [python, str(course / "course.py"), "setup"],
            "deepcomposer compose": [
                str(course / ".venv" / "bin" / "deepcomposer"),
                *("compose", TUNE, "-o", str(Path(folder) / "out")),
            ],
        }
        total = 0.0
        for name, command in steps.items():
            found = spent(command, Path(folder), **new)
            total += found.clock
            print(found.row(name), flush=True)
        sound = Path(folder) / "out" / "composition.wav"
        size = sound.stat().st_size / 1e6
        print(f"{'all of it':<34}{total:9.2f}   {size:.1f} MB of sound")


PARTS = {
    "import": time_imports,
    "compose": time_compose,
    "lab": time_lab,
    "train": time_training,
    "install": time_install,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--times", type=int, default=5, help="warm runs (5)")
    parser.add_argument("--steps", type=int, default=10, help="of training (10)")
    parser.add_argument("--browser", action="store_true", help="show a lesson, too")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody's usual setting
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part is {min(unknown)!r}; the parts: {', '.join(PARTS)}")
    for name in options.parts or PARTS:
        PARTS[name](options)


if __name__ == "__main__":
    main()
