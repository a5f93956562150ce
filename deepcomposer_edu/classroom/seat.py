"""What runs when a learner's place starts: limits first, lessons, then JupyterLab.

    python -m deepcomposer_edu.classroom.seat --memory-gb 2 --cores 0,1 -- COMMAND...

DEEPCOMPOSER_WORK names the learner's folder. Servers and clusters that set limits
themselves leave the options out (docs/hub.md).

It runs as the learner, never as the hub: whatever a learner may have put into their own
folder, links for example, can do no more than the learner could do without it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from deepcomposer_edu.course.copies import NOTES_NAME, sync_lessons
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.lab import place_studio
from deepcomposer_edu.paths import cache_dir, course_root

LESSONS = course_root() / "lessons"
LARGEST_FILE = 2 << 30  # a learner's program that fills the disk stops here


def limit_memory(gigabytes: float) -> None:
    """Let no program of this seat take more memory than this, each for itself.

    A lesson that wants more gets a MemoryError and its kernel goes on. Linux counts
    what a program takes for itself; where the system knows no such limit, none is set.
    """
    import resource

    most = int(gigabytes * (1 << 30))
    for kind, limit in (("RLIMIT_DATA", most), ("RLIMIT_FSIZE", LARGEST_FILE)):
        with suppress(AttributeError, OSError, ValueError):
            resource.setrlimit(getattr(resource, kind), (limit, limit))


def keep_to_cores(cores: list[int]) -> None:
    """Run on these processor cores alone, and say so to what counts cores itself."""
    if hasattr(os, "sched_setaffinity"):
        with suppress(OSError):  # a core that has gone: run wherever there is one
            os.sched_setaffinity(0, cores)
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = str(len(cores))


def lay_out(work: Path) -> str:
    """Put lessons and studio into a folder; return the notebook to show first.

    What cannot be written is said in the log, and the seat starts all the same.
    """
    is_first_time = not (work / NOTES_NAME).exists()
    try:
        work.mkdir(parents=True, exist_ok=True)
        for sentence in sync_lessons(LESSONS, work):
            print(f"-- {sentence}", flush=True)
        place_studio(work)
    except (InputError, OSError) as problem:
        print(f"-- Lessons not laid out: {problem}", file=sys.stderr, flush=True)
    first = next(iter(sorted(work.glob("*.ipynb"))), None)
    return first.name if is_first_time and first else ""


def bring_font_list(cache: Path, home: Path) -> None:
    """Copy matplotlib's list of fonts, which takes seconds to make, from the cache."""
    target = home / ".matplotlib"
    os.environ["MPLCONFIGDIR"] = str(target)
    if not target.exists():
        with suppress(OSError):
            shutil.copytree(cache / "matplotlib", target)


def main(arguments: list[str] | None = None) -> int:
    """Set limits, lay the lessons out, and become the command."""
    parser = argparse.ArgumentParser(prog="python -m deepcomposer_edu.classroom.seat")
    parser.add_argument("--memory-gb", type=float, help="if the system has no limit")
    parser.add_argument("--cores", help="numbers with commas; all if left out")
    given = sys.argv[1:] if arguments is None else arguments
    end = given.index("--")  # what follows is JupyterHub's own
    chosen, command = parser.parse_args(given[:end]), given[end + 1 :]
    os.umask(0o077)
    if chosen.memory_gb:
        limit_memory(chosen.memory_gb)
    if chosen.cores:
        keep_to_cores([int(core) for core in chosen.cores.split(",")])
    work = Path(os.environ["DEEPCOMPOSER_WORK"])
    bring_font_list(cache_dir(), work.parent)
    shown = lay_out(work)
    os.environ["JUPYTERHUB_DEFAULT_URL"] = f"/lab/tree/{shown}" if shown else "/lab"
    os.execvp(command[0], command)
    return 0


if __name__ == "__main__":
    sys.exit(main())
