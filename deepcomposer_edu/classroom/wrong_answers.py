"""The typical wrong answers that the course keeps, and what each learner is told.

They stand in `tests/exercises/`, where a test sees to it that each is refused by name.
Here each is checked once more, so that a teacher reads the very sentence that a learner
gets.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from deepcomposer_edu.course.checking import judge
from deepcomposer_edu.errors import InputError

LISTED = "WRONG_ANSWERS"


@dataclass(frozen=True)
class WrongAnswer:
    """One wrong answer.

    Args:
        number: the exercise, such as "1.2".
        title: the mistake in a few words, from the function's name.
        code: the function's text.
        helpers: the texts of the file's own functions that it calls.
        message: what the learner is told.
    """

    number: str
    title: str
    code: str
    helpers: tuple[str, ...]
    message: str


def wrong_answers(path: Path) -> list[WrongAnswer]:
    """Return the wrong answers that a test file keeps, in its order.

    Args:
        path: such as `tests/exercises/test_01_music_as_numbers.py`.

    Returns:
        None of them if there is no such file: a copy of the course need not have it.

    Raises:
        InputError: if the file cannot be read as the course's own can.
    """
    if not path.is_file():
        return []
    try:
        with _found(path.parent), _found(path.parent.parent):
            module = _loaded(path)
        listed = getattr(module, LISTED)
        texts = _texts(path.read_text(encoding="utf-8"))
        return [
            WrongAnswer(
                number,
                wrong.__name__.replace("_", " "),
                texts.get(wrong.__name__, ""),
                _called(wrong.__name__, texts),
                judge(number, wrong).message,
            )
            for number, wrong, _words in listed
        ]
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"{path} holds no wrong answers that can be read "
            f"({type(error).__name__}: {error}); get the course again."
        ) from error


def _loaded(path: Path) -> ModuleType:
    """Return a file as a module, under a name that nothing else has."""
    spec = spec_from_file_location(f"wrong_answers_{path.stem}", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def _found(folder: Path) -> Iterator[None]:
    """Let modules of a folder be imported for a while."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _texts(source: str) -> dict[str, str]:
    """Return the text of each function of a file, by name."""
    lines = source.splitlines()
    return {
        node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }


def _called(name: str, texts: dict[str, str]) -> tuple[str, ...]:
    """Return the texts of the file's functions that one of them calls."""
    nodes = ast.walk(ast.parse(texts.get(name, "")))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    return tuple(texts[one] for one in texts if one in used and one != name)
