"""What an exercise is, and where each one is found.

An exercise is a function of the package. Everything else about it — title, difficulty,
hints, checks — stands in `checks/chNN.py`, once; the lesson builder, the checks and the
tests all read it from there. Exercise 1.2 is the second of lesson 01.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from deepcomposer_edu.errors import InputError

DIFFICULTIES = ("easy", "medium", "hard")
N_HINTS = 3


@dataclass(frozen=True)
class Exercise:
    """One exercise: which function it asks for and how an answer is judged.

    Args:
        number: lesson and place in it, such as "1.2".
        function: dotted path of the package function (or method) that is the answer,
            such as "deepcomposer_edu.music.score.note_name".
        title: what to do, in a few words ("Name a note").
        difficulty: "easy", "medium" or "hard".
        minutes: how long most people need.
        needed_later: where the answer is used again, as the end of "Used again ...";
            "" when it is not.
        hints: three texts: a question, the idea, the shape of the answer. Never the
            answer itself.
        checks: functions that take a `Learner` (see checking.py), from coarse to
            fine; each returns nothing when all is well and refuses otherwise. The
            first line of a check's docstring says what it looks at.
        start: dotted path of a faulty function with the same parameters, whose body
            the learner is given to mend; "" for an empty body.

    Raises:
        InputError: if difficulty, hints or checks are not as described.
    """

    number: str
    function: str
    title: str
    difficulty: str
    minutes: int
    hints: tuple[str, str, str]
    checks: tuple[Callable, ...]
    needed_later: str = ""
    start: str = ""

    def __post_init__(self) -> None:
        if self.difficulty not in DIFFICULTIES:
            raise InputError(
                f"Exercise {self.number} has difficulty {self.difficulty!r}, but it "
                f"must be one of {', '.join(DIFFICULTIES)}."
            )
        if len(self.hints) != N_HINTS or not self.checks:
            raise InputError(
                f"Exercise {self.number} has {len(self.hints)} hints and "
                f"{len(self.checks)} checks, but it needs three hints and a check."
            )

    @property
    def name(self) -> str:
        """The function's own name, without its path."""
        return self.function.rpartition(".")[2]

    @property
    def answer(self) -> Callable:
        """The course's own function."""
        return resolve(self.function)


def resolve(path: str) -> object:
    """Return the object at a dotted path: a module, a function, a class, a method.

    Raises:
        InputError: if nothing of the package lies there.
    """
    parts = path.split(".")
    for n_parts in range(len(parts), 0, -1):
        module_name = ".".join(parts[:n_parts])
        try:
            found = import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name and module_name.startswith(error.name):
                continue  # a class or function, not a module
            raise
        for attribute in parts[n_parts:]:
            if not hasattr(found, attribute):
                raise InputError(f"There is no {attribute!r} in {module_name}.")
            found = getattr(found, attribute)
        return found
    raise InputError(f"There is no module for {path!r}.")


def chapter_of(number: str) -> str:
    """Return the two digits of the lesson an exercise or a lesson name belongs to.

    >>> chapter_of("1.2"), chapter_of("08_harmonise"), chapter_of("0")
    ('01', '08', '00')
    """
    return str(number).partition(".")[0].partition("_")[0].zfill(2)


def chapters() -> tuple[str, ...]:
    """Return the lessons that have exercises, such as ("01", "08")."""
    package = import_module("deepcomposer_edu.course.checks")
    names = [module.name for module in iter_modules(package.__path__)]
    return tuple(sorted(name[2:] for name in names if re.fullmatch(r"ch\d\d", name)))


def exercises(chapter: str) -> tuple[Exercise, ...]:
    """Return the exercises of a lesson in order; none is a lesson without exercises."""
    if chapter not in chapters():
        return ()
    module = import_module(f"deepcomposer_edu.course.checks.ch{chapter}")
    return module.EXERCISES


def find_exercise(number: str) -> Exercise:
    """Return the exercise with this number.

    Raises:
        InputError: if there is none.
    """
    of_lesson = exercises(chapter_of(number))
    for exercise in of_lesson:
        if exercise.number == str(number):
            return exercise
    known = ", ".join(exercise.number for exercise in of_lesson) or "none"
    raise InputError(
        f"There is no exercise {number!r}; lesson {chapter_of(number)} has: {known}."
    )
