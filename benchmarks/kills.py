"""What does kill -9 destroy? Processes are killed at random moments, and looked after.

    python benchmarks/kills.py                        # 50 kills of each work, long
    python benchmarks/kills.py --kills 3 --only training,notebook

Each work is done again and again by a process of its own, which is killed at a moment
drawn from the seed, anywhere in the time that the work takes when it is left alone.
After every kill it is looked whether all that can be seen is whole, and how much of
what was finished is gone; after the last, whether the work comes to the same end as one
that was never killed. Anything else stops the benchmark with an error. Needs `fork`,
which Windows has not.

- training: a tiny WGAN, a checkpoint after each step; it goes on after each kill.
- writer: a tiny LSTM, a checkpoint every 5 steps; the same.
- export: MIDI, WAV, MP3, piano roll and provenance, saved over an earlier composition.
- submit: the worked example, checked, replayed and packed over an earlier zip.
- notebook: JupyterLab's own saving of a lesson of half a megabyte.
- progress: the lines that lessons write about a learner.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")

import argparse
import importlib
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from killed_training import Training, WriterTraining
from killed_work import Export, Notebook, Progress, Submit, Work

WORKS: dict[str, type[Work]] = {
    "training": Training,
    "writer": WriterTraining,
    "export": Export,
    "submit": Submit,
    "notebook": Notebook,
    "progress": Progress,
}
MOST_TURNS = 8  # times as many as kills, in case the work ends before it is killed


def in_a_child(
    work: Work, act: Callable[[], object], seconds: float | None = None
) -> None:
    """Let a fork act, and kill it after some seconds; `work` is told how it went.

    Args:
        work: what is done.
        act: one of its functions.
        seconds: from the beginning of the work; None: it is not killed.

    Raises:
        SystemExit: if it failed.
    """
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        os.close(reads)
        code = 1
        try:
            work.tell = lambda what: os.write(writes, f"{what}\n".encode())
            act()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writes)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reads, "rb") as told:
        work.told = told.read().decode().splitlines()
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise SystemExit("The work failed by itself; see above.")
    work.ended = not os.WIFSIGNALED(status)


def kill_often(work: Work, n_kills: int, chance: random.Random) -> tuple[float, int]:
    """Kill a work `n_kills` times, look after each, and let it end once.

    Returns:
        The seconds that it takes when left alone, and the most that one kill lost.
    """
    for module in work.modules:  # so that kills fall into the work itself
        importlib.import_module(module)
    in_a_child(work, work.alone)
    work.after_alone()
    began = time.monotonic()
    in_a_child(work, work.act)
    seconds = time.monotonic() - began
    lost, killed = work.look(), 0
    for _ in range(MOST_TURNS * n_kills):
        in_a_child(work, work.act, chance.uniform(0, seconds))
        lost = max(lost, work.look())
        killed += not work.ended
        print(f"\r{killed} kills", end="", file=sys.stderr)
        if killed == n_kills:
            break
    else:
        raise SystemExit(f"Only {killed} of {n_kills} kills came before the end.")
    in_a_child(work, work.act)
    work.look()
    print("\r", end="", file=sys.stderr)
    return seconds, lost


def main() -> None:
    """Kill each work, and print a row of a table for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50, help="of each work")
    parser.add_argument("--only", default=",".join(WORKS), help="with commas")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    print("| work | kills | alone, s | damaged | most lost by one kill | at the end |")
    print("|---|---|---|---|---|---|")
    for name in chosen.only.split(","):
        chance = random.Random(f"{chosen.seed} {name}")
        with tempfile.TemporaryDirectory() as folder:
            work = WORKS[name](Path(folder))
            seconds, lost = kill_often(work, chosen.kills, chance)
        print(
            f"| {name} | {chosen.kills} | {seconds:.1f} | 0 | {lost} "
            f"{work.lost_words} | {work.end_words} |",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
