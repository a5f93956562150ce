"""Planted faults: are they found at the right beat, and what does a fix cost?

Run `python benchmarks/faults.py`, three minutes on one core. Each test chorale gets
faults of each kind, one at a time, planted by `music/planted_faults.py`. A fault counts
as found if a mark that the untouched piece lacks stands in one of its beats, in one of
its voices; "by name" asks for the right kind, too. What is marked in untouched Bach is
printed beside: a finder that marks everything would find everything.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

import numpy as np

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.models.fixes import find_fix
from deepcomposer_edu.models.wrong_notes import teacher_marks
from deepcomposer_edu.music.faults import BEAT, Fault, find_faults
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.planted_faults import PLANTED, Planted, plant
from deepcomposer_edu.music.shares import wilson_interval

BAR = 16


def keys(faults: list[Fault]) -> set[tuple]:
    return {(fault.step, fault.voices, fault.name) for fault in faults}


def new_marks(planted: Planted, old: set[tuple]) -> list[Fault]:
    """Return the marks of a planted fault's beats that were not there before."""
    first, last = planted.steps[0] // BEAT, (planted.steps[1] - 1) // BEAT
    return [
        mark
        for mark in teacher_marks(planted.grid)
        if not keys([mark]) <= old
        and first <= mark.step // BEAT <= last
        and set(mark.voices) & set(planted.voices)
    ]


def found(pieces: list[Grid], n_seeds: int, n_fixed: int) -> None:
    """Print how many faults of each kind are found, and how many can be mended."""
    print("planted           n   found                by name   mended   seconds a fix")
    old = [keys(teacher_marks(grid)) for grid in pieces]
    shares, total = [], Counter()
    for name in PLANTED:
        n, hits, named, tried, fixed, spent = 0, 0, 0, 0, 0, 0.0
        for seed in range(n_seeds):
            for i, grid in enumerate(pieces):
                planted = plant(grid, name, seed * len(pieces) + i)
                if planted is None:
                    continue
                marks = new_marks(planted, old[i])
                n += 1
                hits += bool(marks)
                named += any(mark.name == name for mark in marks)
                if marks and tried < n_fixed:
                    start = time.process_time()
                    tried += 1
                    fixed += find_fix(planted.grid, marks[0]) is not None
                    spent += time.process_time() - start
        low, high = wilson_interval(hits, n)
        shares.append(hits / n)
        total.update(n=n, hits=hits, tried=tried, fixed=fixed)
        print(
            f"{name:16}{n:4}{hits / n:8.1%} ({low:.0%} to {high:.0%}){named / n:12.1%}"
            f"{fixed / max(tried, 1):9.1%}{spent / max(tried, 1):12.2f}",
            flush=True,
        )
    low, high = wilson_interval(total["hits"], total["n"])
    print(
        f"all together    {total['n']:4}{total['hits'] / total['n']:8.1%} "
        f"({low:.0%} to {high:.0%}), mended {total['fixed'] / total['tried']:.1%}; "
        f"mean of the kinds {np.mean(shares):.1%}"
    )


def false_alarms(pieces: list[Grid]) -> None:
    """Print what is marked in untouched Bach, in marks a bar."""
    n_bars = sum(grid.n_steps for grid in pieces) / BAR
    marks = [mark for grid in pieces for mark in teacher_marks(grid)]
    rules = sum(len(find_faults(grid)) for grid in pieces)
    counts = Counter(mark.name for mark in marks)
    told = ", ".join(f"{name} {n / n_bars:.3f}" for name, n in counts.most_common())
    print(
        f"untouched, {len(pieces)} pieces of {n_bars:.0f} bars: "
        f"{len(marks) / n_bars:.2f} marks a bar ({rules / n_bars:.2f} by the rules, "
        f"{(len(marks) - rules) / n_bars:.2f} wrong notes)\n  {told}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=2, help="faults of a kind a piece")
    parser.add_argument("--fixes", type=int, default=40, help="fixes tried of a kind")
    options = parser.parse_args()
    pieces = [chorale.grid for chorale in load_chorales("test")]
    false_alarms(pieces)
    found(pieces, options.seeds, options.fixes)


if __name__ == "__main__":
    main()
