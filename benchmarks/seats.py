"""What a seat costs: memory and processor time of lessons, one seat and several.

    python benchmarks/seats.py                       lessons 00 and 08, 1, 2 and 4 seats
    python benchmarks/seats.py --lessons 06 --seats 1 8

Each seat is a kernel that runs a lesson from top to bottom in quick mode, one thread
each, as under `deepcomposer classroom hub`. Printed are, for a seat: the most memory
its kernel held, and its processor seconds; for all together: the most memory they held
with what they share counted once. A JupyterLab server, which every seat has beside its
kernel, is measured by itself. Processor seconds grow a little on a busy computer.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1 << 20
SAMPLE_SECONDS = 0.5
START_SECONDS = 120


@dataclass
class Cost:
    """What one kernel took: its peak in MB, its processor seconds."""

    peak: float
    cpu: float


def peak_of(pid: int) -> float:
    """Return the most memory that a process has held so far, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell a process's peak; run it on Linux")


def run_lesson(lesson: Path, folder: Path, pids: list[int], costs: list[Cost]) -> None:
    """Run a lesson in a kernel of its own and note what it took."""
    import nbformat
    import psutil
    from nbclient import NotebookClient

    book = nbformat.read(lesson, as_version=4)
    client = NotebookClient(
        book,
        timeout=None,
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
    )
    with client.setup_kernel():
        pid = client.km.provisioner.process.pid
        pids.append(pid)
        for index, cell in enumerate(book.cells):
            client.execute_cell(cell, index)
        times = psutil.Process(pid).cpu_times()
        costs.append(Cost(peak_of(pid), times.user + times.system))


def shared_memory_of(pids: list[int]) -> float:
    """Return what processes hold together, in MB; shared pages count once."""
    import psutil

    total = 0
    for pid in list(pids):
        try:
            total += psutil.Process(pid).memory_full_info().pss
        except psutil.Error:  # it has ended meanwhile
            continue
    return total / MEGABYTE


def measure(number: str, n_seats: int) -> tuple[list[Cost], float]:
    """Return each seat's cost, and the most that all held together, in MB."""
    lesson = next((ROOT / "lessons").glob(f"{number}_*.ipynb"))
    costs: list[Cost] = []
    pids: list[int] = []
    with TemporaryDirectory() as folder:
        threads = [
            threading.Thread(
                target=run_lesson, args=(lesson, Path(folder), pids, costs)
            )
            for _ in range(n_seats)
        ]
        for thread in threads:
            thread.start()
        most = 0.0
        while any(thread.is_alive() for thread in threads):
            most = max(most, shared_memory_of(pids))
            time.sleep(SAMPLE_SECONDS)
    if len(costs) != n_seats:
        raise SystemExit(f"{n_seats - len(costs)} of {n_seats} seats failed")
    return costs, most


def server_memory() -> float:
    """Return the memory of a JupyterLab server that has answered once, in MB."""
    import urllib.request

    sys.path.insert(0, str(ROOT / "tests"))
    from started_lab import started_lab

    with TemporaryDirectory() as folder:
        options = ["--allow-root", f"--ServerApp.root_dir={folder}"]
        with started_lab("jupyterlab", *options) as lab:
            address = f"{lab.url}/lab?token={lab.token}"
            with urllib.request.urlopen(address, timeout=START_SECONDS):
                pass
            asked = ["pgrep", "-f", lab.url.rpartition(":")[2]]
            found = subprocess.run(asked, capture_output=True, text=True, check=True)
            return max(peak_of(int(pid)) for pid in found.stdout.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lessons", nargs="+", default=["00", "08"])
    parser.add_argument("--seats", nargs="+", type=int, default=[1, 2, 4])
    chosen = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ |= {"COURSE_QUICK": "1", "MPLBACKEND": "Agg"}
    os.environ["DEEPCOMPOSER_PROGRESS"] = "off"
    print(f"JupyterLab server: {server_memory():.0f} MB", flush=True)
    print("lesson  seats  MB each (most)  CPU s each (mean)  MB together (most)")
    for number in chosen.lessons:
        for n_seats in chosen.seats:
            costs, together = measure(number, n_seats)
            peak = max(cost.peak for cost in costs)
            cpu = sum(cost.cpu for cost in costs) / n_seats
            print(
                f"{number:>6}  {n_seats:>5}  {peak:>14.0f}  {cpu:>17.1f}  "
                f"{together:>18.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
