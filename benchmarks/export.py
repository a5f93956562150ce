"""How long does the export of ten minutes of music take, and how much memory?

    python benchmarks/export.py              # about two minutes

Four voices and drums at 120 quarters a minute, 300 bars. Each row is a process of its
own, so that its memory is its own. "silence" is the longest time between two reports
of progress, "stop" the time from an interrupt half way until everything is cleaned up.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deepcomposer_edu.compose.export.saving import PARTS, save_score
from deepcomposer_edu.music.score import Note, Score, Track

N_BARS = 300  # ten minutes
BAND = (
    ("Melody", 73, 65, 85),
    ("Guitar", 27, 52, 72),
    ("Piano", 0, 48, 67),
    ("Bass", 33, 30, 48),
)


def piece() -> Score:
    """Return ten minutes of random notes for a band."""
    dice = random.Random(0)
    n_steps = 16 * N_BARS
    tracks = []
    for name, program, low, high in BAND:
        notes, step = [], 0
        while step < n_steps:
            length = min(dice.choice([2, 2, 4, 4, 8]), n_steps - step)
            notes.append(Note(step, dice.randint(low, high), length))
            step += length
        tracks.append(Track(tuple(notes), name, program))
    beat = [
        Note(step, (36, 42, 38, 42)[step // 2 % 4], 1) for step in range(0, n_steps, 2)
    ]
    tracks.append(Track(tuple(beat), "Drums", is_drum=True))
    return Score(tuple(tracks), tempo=120, title="Ten minutes")


class HaltedError(Exception):
    """Raised half way, as Ctrl-C would be."""


def export(parts: str, stop_at: float) -> dict[str, float]:
    """Export in this process and return what was measured."""
    score, reports = piece(), [time.perf_counter()]
    stopped = 0.0

    def progress(share: float, _: str) -> None:
        nonlocal stopped
        reports.append(time.perf_counter())
        if share >= stop_at:
            stopped = time.perf_counter()
            raise HaltedError

    with tempfile.TemporaryDirectory() as folder:
        wall, processor = time.perf_counter(), time.process_time()
        try:
            paths = save_score(score, folder, parts, progress, provenance="{}")
            size = sum(path.stat().st_size for path in paths.values())
        except HaltedError:
            size = sum(path.stat().st_size for path in Path(folder).rglob("*"))
        done = time.perf_counter()
    gaps = [b - a for a, b in zip(reports, [*reports[1:], done], strict=True)]
    return {
        "wall": done - wall,
        "processor": time.process_time() - processor,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10,
        "size": size / 1e6,
        "silence": max(gaps),
        "reports": len(reports) - 1,
        "stop": done - stopped if stopped else 0.0,
    }


def measured(parts: str, stop_at: float = 2.0) -> dict[str, float]:
    """Return what a process of its own measured."""
    command = [sys.executable, __file__, parts, str(stop_at)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def main() -> None:
    """Print a row for each part, for all together, and for an interrupt."""
    score = piece()
    print(f"{len(score.notes)} notes, {score.seconds / 60:.0f} minutes")
    print("part           s  processor s  memory MB  size MB  silence s  reports")
    for part in (*PARTS, "all"):
        row = measured(part)
        print(
            f"{part:<9}{row['wall']:7.1f}{row['processor']:13.1f}{row['memory']:11.0f}"
            f"{row['size']:9.1f}{row['silence']:11.1f}{row['reports']:9.0f}"
        )
    row = measured("all", stop_at=0.5)
    print(
        f"stopped half way: clean after {row['stop']:.1f} s, {row['size']:.0f} MB left"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(export(sys.argv[1], float(sys.argv[2]))))
    else:
        main()
