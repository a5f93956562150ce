"""What must hold for every exercise of every lesson."""

import ast
import importlib.util
import re
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from deepcomposer_edu.course import check, hint, pick
from deepcomposer_edu.course.exercises import chapter_of, chapters, exercises, resolve

HERE = Path(__file__).parent
SOLUTIONS = HERE.parent.parent / "solutions"
JUDGE = re.compile(r'course\.pick\("([\d.]+)", (\w+)\)')
sys.path.insert(0, str(HERE.parent.parent / "tools"))
import lesson_parts as parts  # noqa: E402

EVERY = [exercise for chapter in chapters() for exercise in exercises(chapter)]
every_exercise = pytest.mark.parametrize("exercise", EVERY, ids=lambda e: e.number)


def made_from(text, exercise):
    """Run an exercise cell as the notebook would and return its function."""
    module = resolve(exercise.function.rpartition(".")[0])
    owner = module if hasattr(module, "__file__") else sys.modules[module.__module__]
    names = dict(vars(owner))
    exec(text, names)
    return names[exercise.name]


def wrong_answers(chapter):
    (path,) = HERE.glob(f"test_{chapter}_*.py")
    spec = importlib.util.spec_from_file_location(f"wrong_{chapter}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.WRONG_ANSWERS


@cache
def solved(chapter):
    """Return the functions of a solution notebook, by the number of their exercise.

    Of the notebook nothing but imports and exercises is run, so that a name is missing
    here if it would be there. All other cells are those of the blank lesson, which is
    run in full, with the package's functions in the place of these.
    """
    (path,) = SOLUTIONS.glob(f"{chapter}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    codes = [cell.source for cell in cells if cell.cell_type == "code"]
    names, found = {}, {}
    for code, next_code in pairwise(codes):
        imports = [
            node
            for node in ast.parse(code).body
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        exec(compile(ast.Module(imports, []), path.name, "exec"), names)
        if judge := JUDGE.search(next_code):
            exec(code, names)
            found[judge[1]] = names[judge[2]]
    return found


@every_exercise
def test_the_solution_passes_in_its_notebook(exercise):
    solution = solved(chapter_of(exercise.number))[exercise.number]
    verdict = check(exercise.number, solution)
    n_checks = len(exercise.checks)
    assert str(verdict) == (
        f"Exercise {exercise.number} passed: {n_checks} of {n_checks} checks."
    )


@every_exercise
def test_the_blank_is_not_done_yet(exercise):
    blank = made_from(parts.blank_text(exercise.function), exercise)
    verdict = check(exercise.number, blank)
    assert verdict.status == "not done"
    assert "is not done yet" in verdict.message


@every_exercise
def test_a_blank_never_blocks_the_lesson(exercise):
    blank = made_from(parts.blank_text(exercise.function), exercise)
    assert pick(exercise.number, blank) is exercise.answer


@every_exercise
def test_the_blank_holds_nothing_of_the_body(exercise):
    blank = parts.blank_text(exercise.function)
    assert blank.endswith('"""\n    raise NotImplementedError')


@pytest.mark.parametrize(
    "exercise", [e for e in EVERY if e.start], ids=lambda e: e.number
)
def test_a_faulty_start_is_refused_and_never_blocks_the_lesson(exercise):
    start = resolve(exercise.start)
    text = parts.begun_text(exercise)
    assert "raise NotImplementedError" not in text
    assert parts.body_length(exercise.start) <= 12
    names = vars(sys.modules[start.__module__]) | vars(
        sys.modules[exercise.answer.__module__]
    )
    names = dict(names)
    exec(text, names)
    verdict = check(exercise.number, names[exercise.name])
    assert verdict.status == "refused"
    assert "stopped with" not in verdict.message
    assert pick(exercise.number, names[exercise.name]) is exercise.answer


@every_exercise
def test_an_exercise_has_at_most_twelve_lines(exercise):
    assert 1 <= parts.body_length(exercise.function) <= 12


@every_exercise
def test_three_hints_that_are_not_the_answer(exercise):
    hints = [hint(exercise.number, level) for level in (1, 2, 3)]
    blank, whole = parts.blank_text, parts.code_text
    shown = set(blank(exercise.function).splitlines())
    body = [line for line in whole(exercise.function).splitlines() if line not in shown]
    for line in body:
        if len(line.strip()) > 12:
            assert not any(line.strip() in text for text in hints)
    assert "?" in hints[0]


@every_exercise
def test_two_to_four_wrong_answers_are_kept(exercise):
    kept = wrong_answers(chapter_of(exercise.number))
    n_wrong = sum(number == exercise.number for number, _, _ in kept)
    assert 2 <= n_wrong <= 4


@every_exercise
@pytest.mark.parametrize("odd", [None, 0, "", [], object(), float("nan"), {}, [[1]]])
def test_an_odd_answer_is_refused_in_a_sentence(exercise, odd):
    parameters = exercise.answer.__code__.co_varnames[
        : exercise.answer.__code__.co_argcount
    ]
    source = f"lambda {', '.join(parameters)}: odd"
    verdict = check(exercise.number, eval(source, {"odd": odd}))
    assert verdict.status == "refused"
    assert verdict.message.startswith(f"Exercise {exercise.number}")
    assert "Traceback" not in verdict.message


@every_exercise
def test_the_courses_own_function_is_not_taken_for_an_answer(exercise):
    verdict = check(exercise.number, exercise.answer)
    assert verdict.status == "course's own"
    assert not verdict.passed
