"""What a seat costs: memory and processor time of lessons, one seat and several.

    python benchmarks/seats.py                       lessons 00 and 08, up to 16 seats
    python benchmarks/seats.py --lessons 06 --seats 1 8
    python benchmarks/seats.py --seats 1 2 4 8 16 24 32 40 --lessons 00

Each seat is a kernel that runs a lesson from top to bottom in quick mode, one thread
each, as under `deepcomposer classroom hub`. Printed are, for a seat: the most memory
its kernel held, and its processor seconds; for all together: the most memory they held
with what they share counted once. A JupyterLab server, which every seat has beside its
kernel, is measured by itself. Processor seconds grow a little on a busy computer.

A number of seats that would take more than the free memory is left out, and said. At
the end a line is drawn through what was measured (least squares), with a server added
for each seat: what it says of 40 seats and of so many gigabytes is not measured where
no row above has as many seats.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1 << 20
SAMPLE_SECONDS = 0.5
CLASS = 40  # seats that the line is asked for
GIGABYTES = (8, 16, 24, 32, 64)  # computers that the line is asked for
KEPT_FREE = 0.15  # share of the free memory that no seat may take
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


def line_through(found: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Return the line of least squares through (seats, MB): MB at 0, MB for each seat.

    One point alone gives a line through 0.

    >>> line_through([(1, 400.0), (2, 700.0), (3, 1000.0)])
    (100.0, 300.0)
    """
    n = len(found)
    mean_x, mean_y = (sum(column) / n for column in zip(*found, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in found)
    if not spread:
        return 0.0, mean_y / mean_x
    slope = sum((x - mean_x) * (y - mean_y) for x, y in found) / spread
    return mean_y - slope * mean_x, slope


def has_room(found: Sequence[tuple[int, float]], n_seats: int) -> bool:
    """Say whether so many seats fit into the free memory, by those measured so far."""
    import psutil

    if not found:
        return True
    base, each = line_through(found)
    free = psutil.virtual_memory().available / MEGABYTE
    wanted = base + each * n_seats
    if wanted < (1 - KEPT_FREE) * free:
        return True
    print(
        f"{n_seats} seats are left out: about {wanted:.0f} MB of {free:.0f} free ones"
    )
    return False


def tell_line(number: str, found: Sequence[tuple[int, float]], server: float) -> None:
    """Print what the line through the measured seats says of a class."""
    base, each = line_through(found)
    seats = ", ".join(str(n) for n, _ in found)
    print(f"lesson {number}, a line through {seats} seats: {base:.0f} MB and", end="")
    print(f" {each:.0f} MB a seat; with a server each {each + server:.0f} MB a seat")
    whole = base + CLASS * (each + server)
    places = (
        f"{gigabytes} GiB: {int((1024 * gigabytes - base) / (each + server))}"
        for gigabytes in GIGABYTES
    )
    print(f"  by that line {CLASS} seats take {whole / 1024:.1f} GiB; seats in", end="")
    print(f" {', '.join(places)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lessons", nargs="+", default=["00", "08"])
    parser.add_argument("--seats", nargs="+", type=int, default=[1, 2, 4, 8, 16])
    chosen = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ |= {"COURSE_QUICK": "1", "MPLBACKEND": "Agg"}
    os.environ["DEEPCOMPOSER_PROGRESS"] = "off"
    server = server_memory()
    print(f"JupyterLab server: {server:.0f} MB", flush=True)
    print("lesson  seats  MB each (most)  CPU s each (mean)  MB together (most)")
    for number in chosen.lessons:
        found: list[tuple[int, float]] = []
        for n_seats in sorted(chosen.seats):
            if not has_room(found, n_seats):
                break
            costs, together = measure(number, n_seats)
            found.append((n_seats, together))
            peak = max(cost.peak for cost in costs)
            cpu = sum(cost.cpu for cost in costs) / n_seats
            print(
                f"{number:>6}  {n_seats:>5}  {peak:>14.0f}  {cpu:>17.1f}  "
                f"{together:>18.0f}",
                flush=True,
            )
        tell_line(number, found, server)


if __name__ == "__main__":
    main()
