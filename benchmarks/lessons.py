"""What the lessons ask of a computer and of a reader, beside what they say.

    python benchmarks/lessons.py               # every lesson in full: half an hour
    python benchmarks/lessons.py 00 01 02      # some of them
    python benchmarks/lessons.py --reading     # only what can be counted: seconds

Computing: a solution runs from top to bottom in full mode in a kernel of its own with
one thread, and the table shows the processor seconds of that kernel and of what it
started. Reading cannot be measured by a program, so it is counted: the minutes of the
exercises as the course states them, and the rest at `WORDS_A_MINUTE` and
`LINES_A_MINUTE`, both assumed. Whoever listens twice, or thinks, takes longer.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from deepcomposer_edu.course.exercises import chapter_of, exercises

ROOT = Path(__file__).resolve().parent.parent
WORDS_A_MINUTE, LINES_A_MINUTE = 150, 6
USAGE = (
    "import resource as _r\n"
    "print(sum(_r.getrusage(who).ru_utime + _r.getrusage(who).ru_stime\n"
    "          for who in (_r.RUSAGE_SELF, _r.RUSAGE_CHILDREN)))"
)


def solution(number: str) -> Path:
    """Return the solution notebook of a lesson, such as "07".

    Raises:
        SystemExit: if there is not exactly one.
    """
    found = sorted((ROOT / "solutions").glob(f"{number}_*.ipynb"))
    if len(found) != 1:
        raise SystemExit(f"There is no lesson {number!r}; give two digits, such as 07.")
    return found[0]


def stated(book: nbformat.NotebookNode) -> tuple[int, int]:
    """Return the minutes of the first cell, and of all sections but Go further."""
    texts = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    total = int(re.search(r"\*(\d+)\s+minutes", texts[0])[1])
    sections = re.findall(r"^## (.+?) \(.*?(\d+) minutes?\)$", "\n".join(texts), re.M)
    parts = [int(n) for name, n in sections if name != "Go further"]
    return total, sum(parts)


def counted(path: Path) -> float:
    """Return the minutes of reading and of exercises of the blank lesson."""
    lesson = nbformat.read(ROOT / "lessons" / path.name, as_version=4)
    prose, code = "", ""
    for cell in lesson.cells:
        if cell.cell_type == "markdown":
            parts = cell.source.split("```")  # text, code, text ...
            prose += " ".join(parts[::2]) + "\n"
            code += "\n".join(parts[1::2]) + "\n"
        else:
            code += cell.source + "\n"
    n_words = len(re.findall(r"\w+", prose))
    n_lines = len([line for line in code.splitlines() if line.strip()])
    of_exercises = sum(x.minutes for x in exercises(chapter_of(path.stem)))
    return n_words / WORDS_A_MINUTE + n_lines / LINES_A_MINUTE + of_exercises


def computing(book: nbformat.NotebookNode) -> tuple[float, float]:
    """Return the processor seconds and the seconds by the clock of a full run."""
    from nbclient import NotebookClient

    book.cells.append(nbformat.v4.new_code_cell(USAGE))
    env = {k: v for k, v in os.environ.items() if k != "COURSE_QUICK"}
    env["COURSE_SIZE"] = "full"  # however busy this computer is
    env |= {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        env["DEEPCOMPOSER_WORK"] = folder
        client = NotebookClient(
            book, timeout=3600, kernel_name="python3", store_widget_state=False
        )
        client.execute(cwd=folder, env=env)
    used = float(book.cells[-1].outputs[0].text)
    return used, time.perf_counter() - began


def main() -> None:
    """Measure the lessons that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", metavar="NN", help="default: all")
    parser.add_argument("--reading", action="store_true", help="run nothing")
    choices = parser.parse_args()
    found = sorted((ROOT / "solutions").glob("[0-9][0-9]_*.ipynb"))
    numbers = choices.numbers or [path.stem[:2] for path in found]
    print("lesson  says  sections  counted   processor s   clock s")
    for number in numbers:
        path = solution(number)
        book = nbformat.read(path, as_version=4)
        says, sections = stated(book)
        line = f"{number:6s}{says:6d}{sections:10d}{counted(path):9.0f}"
        if not choices.reading:
            used, clock = computing(book)
            line += f"{used:14.0f}{clock:10.0f}"
        print(line)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
