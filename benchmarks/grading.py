"""Every assignment graded by nbgrader itself, right answers and wrong ones.

    python benchmarks/grading.py               # every lesson: a quarter of an hour
    python benchmarks/grading.py 01 07         # some of them

The assignments are those that `deepcomposer classroom build` writes. nbgrader makes
each one's release copy; four learners hand it in and nbgrader grades them, in quick
mode, one thread:

    right   the course's own solutions: all points
    odd     a typical wrong answer (`tests/exercises/`) in exercises 1, 3, 5 ..., the
            solution in the others: exactly those lose their points
    even    the same in exercises 2, 4, 6 ...
    empty   as it was handed out: no points

So each exercise is wrong once while its neighbours are right, and each notebook has to
run to its end. Printed are the points of each learner, cells that ended in an error
(none may), and the processor seconds of the slowest learner. The command fails if any
point is not where it belongs, and says which. It needs the extra `classroom`.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from deepcomposer_edu.classroom.assignments import CONFIG_NAME
from deepcomposer_edu.classroom.course_folder import (
    CourseFolder,
    course_folder,
    notebook_text,
    read_notebook,
)
from deepcomposer_edu.classroom.exercise_cells import exercise_places
from deepcomposer_edu.classroom.sets import build_sets
from deepcomposer_edu.classroom.wrong_answers import wrong_answers

TESTS = Path(__file__).resolve().parent.parent / "tests"
IMPORT = """\
import sys

sys.path[:0] = {paths!r}
from {module} import {wrong} as {name}
"""


@dataclass
class Exercise:
    """One exercise of an assignment: its number, right answer, wrong answer."""

    number: str
    right: str
    wrong: str

    @property
    def grade_id(self) -> str:
        """What nbgrader's marks call it."""
        return self.number.replace(".", "-")


@dataclass
class Graded:
    """What one learner got: points by exercise, cells in error, seconds."""

    points: dict[str, float]
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0


def exercises_of(course: CourseFolder, name: str) -> list[Exercise]:
    """Return a lesson's exercises, each with a wrong answer that is refused.

    Raises:
        SystemExit: if the tests keep no wrong answer for one of them.
    """
    filled, path = course.solution(name), course.wrong_answers_path(name)
    wrongs = {one.number: one for one in reversed(wrong_answers(path))}
    found = []
    for place in exercise_places(filled):
        if place.number not in wrongs:
            raise SystemExit(f"{path} keeps no wrong answer for {place.number}.")
        text = IMPORT.format(
            paths=[str(TESTS), str(TESTS / "exercises")],
            module=path.stem,
            wrong=wrongs[place.number].title.replace(" ", "_"),
            name=place.name,
        )
        found.append(Exercise(place.number, filled.cells[place.answer].source, text))
    return found


def hand_in(folder: Path, name: str, who: str, answers: dict[str, str]) -> None:
    """Write answers, by grade id, into what was handed out, and hand it in."""
    book = read_notebook(folder / f"release/{name}/{name}.ipynb")
    for cell in book.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = answers.get(grade_id.removeprefix("answer-"), cell.source)
    path = folder / f"submitted/{who}/{name}/{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(notebook_text(book), encoding="utf-8")


def errors_in(path: Path) -> list[str]:
    """Return the last line of each cell of a graded notebook that ended in an error."""
    cells = [cell for cell in read_notebook(path).cells if cell.cell_type == "code"]
    return [
        f"{cell.source.strip().splitlines()[-1][:60]}: {one.ename}: {one.evalue[:120]}"
        for cell in cells
        for one in cell.outputs
        if one.output_type == "error"
    ]


def processor_seconds() -> float:
    """Return what this process and the kernels that have ended took so far."""
    asked = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(who) for who in asked]
    return sum(one.ru_utime + one.ru_stime for one in used)


def grade(grader: object, folder: Path, name: str, who: str) -> Graded:
    """Have nbgrader grade one learner's notebook."""
    from nbgrader.api import Gradebook

    began = processor_seconds()
    done = grader.autograde(name, who)
    seconds = processor_seconds() - began
    if not done["success"]:
        raise SystemExit(f"nbgrader could not grade {name} of {who}: {done['log']}")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        (notebook,) = book.find_submission(name, who).notebooks
        points = {
            one.cell.name.removeprefix("check-"): one.score for one in notebook.grades
        }
    graded = folder / f"autograded/{who}/{name}/{name}.ipynb"
    return Graded(points, errors_in(graded), seconds)


def grade_lesson(
    grader: object, course: CourseFolder, folder: Path, name: str
) -> tuple[dict[str, float], dict[str, Graded], list[str]]:
    """Return the possible points, each learner's, and what is not as it should be."""
    from nbgrader.api import Gradebook

    made = grader.generate_assignment(name)
    if not made["success"]:
        raise SystemExit(f"nbgrader could not make {name}: {made['log']}")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        (notebook,) = book.find_assignment(name).notebooks
        possible = {
            one.name.removeprefix("check-"): one.max_score
            for one in notebook.grade_cells
        }
    tasks = exercises_of(course, name)
    is_wrong: dict[str, Callable[[int], bool]] = {
        "right": lambda _: False,
        "odd": lambda place: place % 2 == 0,  # places count from 0, exercises from 1
        "even": lambda place: place % 2 == 1,
    }
    found, problems = {}, []
    for who in (*is_wrong, "empty"):
        answers, expected = {}, dict.fromkeys(possible, 0.0)
        if who != "empty":
            for place, one in enumerate(tasks):
                wrong = is_wrong[who](place)
                answers[one.grade_id] = one.wrong if wrong else one.right
                expected[one.grade_id] = 0.0 if wrong else possible[one.grade_id]
        hand_in(folder, name, who, answers)
        found[who] = grade(grader, folder, name, who)
        problems += [
            f"{name}, {who}: {key} has {found[who].points[key]:g}, not {points:g}"
            for key, points in expected.items()
            if found[who].points[key] != points
        ]
        problems += [f"{name}, {who}: {error}" for error in found[who].errors]
    return possible, found, problems


def main() -> None:
    """Grade the lessons that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", metavar="NN", help="default: all")
    chosen = parser.parse_args()
    from nbgrader.apps import NbGraderAPI
    from sqlalchemy.exc import SAWarning
    from traitlets.config import PyFileConfigLoader

    warnings.simplefilter("ignore", SAWarning)  # nbgrader's own way with its database
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = "1"
    programs = str(Path(sys.executable).parent)
    os.environ["PATH"] = programs + os.pathsep + os.environ["PATH"]
    course, problems = course_folder(), []
    with TemporaryDirectory() as place:
        built = build_sets(
            course, Path(place), chosen.numbers, ["nbgrader"], say=lambda _: None
        )
        folder = Path(place) / "nbgrader"
        config = PyFileConfigLoader(CONFIG_NAME, path=str(folder)).load_config()
        config.CourseDirectory.root = str(folder)
        config.Application.log_level = "ERROR"
        grader = NbGraderAPI(config=config)
        print("lesson  exercises  points   right  odd  even  empty  errors  CPU s")
        for name in sorted(built.points):
            possible, found, wrong = grade_lesson(grader, course, folder, name)
            sums = {who: sum(one.points.values()) for who, one in found.items()}
            print(
                f"{name[:2]:6}  {len(possible):9}  {sum(possible.values()):6g}  "
                f"{sums['right']:6g}  {sums['odd']:3g}  {sums['even']:4g}  "
                f"{sums['empty']:5g}  "
                f"{sum(len(one.errors) for one in found.values()):6}  "
                f"{max(one.seconds for one in found.values()):5.0f}",
                flush=True,
            )
            problems += wrong
            for sentence in wrong:
                print(f"  ! {sentence}", flush=True)
    if problems:
        raise SystemExit(f"{len(problems)} things are not as they should be.")
    print("Every point is where it belongs.")


if __name__ == "__main__":
    main()
