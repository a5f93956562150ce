"""The benchmarks: which there are, and running some of them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

from inside_venv import ROOT, run_inside

FOLDER = ROOT / "benchmarks"
# The machine and the versions, above what the benchmarks print.
MACHINE = (
    "import os, platform, sys, numpy, torch\n"
    "print(f'{platform.platform()}, {os.cpu_count()} cores, Python '\n"
    "      f'{platform.python_version()}, torch {torch.__version__}, '\n"
    "      f'numpy {numpy.__version__}', flush=True)"
)


def benchmarks() -> dict[str, str]:
    """Return each benchmark's name and the first line of what it says of itself.

    What its own words do not tell how to start is a part of another one.
    """
    found = {}
    for script in sorted(FOLDER.glob("*.py")):
        words = ast.get_docstring(ast.parse(script.read_text("utf-8"))) or ""
        if f"python benchmarks/{script.name}" in words:
            found[script.stem] = words.splitlines()[0]
    return found


def run_benchmarks(names: list[str], prepare: Callable[[], object]) -> int:
    """Run the benchmarks of these names one after another; list all if none is given.

    Args:
        names: such as "synth".
        prepare: called before the first one runs.

    Returns:
        The exit status: 2 for a name that is none, else that of the first that failed.
    """
    known = benchmarks()
    unknown = [name for name in names if name not in known]
    if unknown:
        print(
            f"There is no benchmark {unknown[0]!r}; python course.py bench lists them."
        )
        return 2
    if not names:
        for name, words in known.items():
            print(f"{name:<20} {words}")
        print("\nRun some of them: python course.py bench NAME [NAME ...]")
        return 0
    prepare()
    run_inside(["-c", MACHINE])
    worst = 0
    for name in names:
        print(f"-- {name}: {known[name]}", flush=True)
        worst = worst or run_inside([str(Path("benchmarks") / f"{name}.py")])
    return worst
