"""Check an answer, go on with the right one, ask for a hint."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from deepcomposer_edu.course.exercises import Exercise, find_exercise
from deepcomposer_edu.course.learner import Learner, NotDoneYet, Refusal
from deepcomposer_edu.course.progress_log import record
from deepcomposer_edu.course.values import describe
from deepcomposer_edu.course.verdict import (
    COURSE_OWN,
    NOT_DONE,
    PASSED,
    REFUSED,
    Verdict,
)
from deepcomposer_edu.errors import InputError


def check(number: str, learner_function: Callable) -> Verdict:
    """Return one sentence about the learner's function.

    The checks go from coarse to fine and stop at the first that finds something.

    Args:
        number: the exercise, such as "1.2".
        learner_function: what the learner wrote.

    Returns:
        A verdict that shows itself: passed; not yet right, with what was expected, what
        came and the likely cause; or not done yet.

    Raises:
        InputError: if there is no exercise with this number.
    """
    verdict = judge(number, learner_function)
    if verdict.status != COURSE_OWN:
        record("check", number, verdict.number, verdict.status, verdict.message)
    return verdict


def judge(number: str, function: Callable) -> Verdict:
    """Return what `check` says, without noting it as something a learner did.

    Raises:
        InputError: if there is no exercise with this number.
    """
    exercise = find_exercise(number)
    return Verdict(exercise.number, *_judge(exercise, function))


def _judge(exercise: Exercise, function: object) -> tuple[str, str]:
    number, name = exercise.number, exercise.name
    again = f"run the cell that begins with `def {name}` and then this one"
    if function is exercise.answer:
        return COURSE_OWN, (
            f"Exercise {number}: `{name}` is the course's own function at the moment. "
            f"To check yours, {again}."
        )
    if not inspect.isroutine(function):
        return REFUSED, (
            f"Exercise {number}: expected your function `{name}`, got "
            f"{describe(function)}. Give its name without brackets."
        )
    learner = Learner(function, exercise.answer)
    n_passed = 0
    try:
        learner.expect_signature()
        for run_check in exercise.checks:
            run_check(learner)
            n_passed += 1
    except NotDoneYet:
        return NOT_DONE, (
            f"Exercise {number} is not done yet: write your lines in place of "
            f"`raise NotImplementedError`, {again}."
        )
    except Refusal as refusal:
        return REFUSED, f"Exercise {number}: {refusal}"
    except Exception as error:  # the answer is so odd that the check itself stumbled
        return REFUSED, (
            f"Exercise {number}: {learner.call} returned something that the check "
            f"cannot read ({type(error).__name__}). Compare it with the example in "
            "the docstring."
        )
    total = len(exercise.checks)
    return PASSED, f"Exercise {number} passed: {n_passed} of {total} checks."


def pick(number: str, learner_function: Callable) -> Callable:
    """Return the function that the lesson goes on with, and say which it is.

    Args:
        number: the exercise, such as "1.2".
        learner_function: what the learner wrote.

    Returns:
        The learner's function if it passes its check, else the course's own.

    Raises:
        InputError: if there is no exercise with this number.
    """
    exercise = find_exercise(number)
    if judge(number, learner_function).passed:  # `check` has noted it already
        print(f"From here on the lesson uses your {exercise.name}.")
        return learner_function
    print(f"From here on the lesson uses the course's own {exercise.name}.")
    return exercise.answer


def hint(number: str, level: int = 1) -> str:
    """Return a hint: level 1 is a question, 2 the idea, 3 the shape of the answer.

    Raises:
        InputError: if there is no such exercise or level.
    """
    exercise = find_exercise(number)
    if level not in (1, 2, 3):
        raise InputError(f"There is no hint {level!r}; choose 1, 2 or 3.")
    record("hint", number, exercise.number, "asked", f"hint {level}")
    return exercise.hints[level - 1]
