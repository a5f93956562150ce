"""What every lesson sets up: seeds, quick mode, where the learner's files go."""

from __future__ import annotations

import atexit
import os
import platform
import random
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

import deepcomposer_edu
from deepcomposer_edu.course.translating import (
    ENGLISH,
    checked_language,
    languages,
    said,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import make_folder


def is_quick() -> bool:
    """Return whether the lesson runs in quick mode (COURSE_QUICK=1), as in tests."""
    return os.environ.get("COURSE_QUICK", "") not in ("", "0")


def amount(full: int, quick: int) -> int:
    """Return `full`, or `quick` in quick mode: for steps to train, seeds to try.

    >>> amount(200, quick=200)
    200
    """
    return quick if is_quick() else full


def steps(full: int, quick: int) -> int:
    """Return how many steps a lesson's training takes: `full`, or fewer where this
    computer is slow (`course.speed`), or `quick` in quick mode.

    Args:
        full: on a computer such as the lesson's minutes were measured on, and on any
            that is not much slower.
        quick: in tests; there are never fewer than that.
    """  # noqa: D205
    if is_quick():
        return quick
    from deepcomposer_edu.course.speed import SIZES, training_size

    return max(quick, full // SIZES[training_size()])


def setup(seed: int = 0, lesson: str = "", language: str = ENGLISH) -> None:
    """Seed everything and print one line about where the lesson runs.

    torch is seeded when the lesson has imported it, and it is said if this computer
    trains so slowly that trainings take fewer steps; it is timed for that once a day.
    From then on an `InputError` shows as its sentence alone, without a traceback. Who
    comes back to a lesson is told where to go on.

    Args:
        seed: for Python, numpy's old interface and torch.
        lesson: its number, such as "07"; "" for a notebook that is no lesson.
        language: what it is said in, such as "ko".

    Raises:
        InputError: if the course does not speak that language.
    """
    checked_language(language)
    torch = sys.modules.get("torch")
    size = "full" if torch is None or is_quick() else _training_size()
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - for libraries that still use it
    parts = [
        f"DeepComposer EDU {deepcomposer_edu.__version__}",
        f"Python {platform.python_version()}",
    ]
    if torch is not None:
        torch.manual_seed(seed)
        device = "GPU" if torch.cuda.is_available() else "CPU"
        words = said("torch {version} on the {device}", language)
        parts.append(words.format(version=torch.__version__, device=device))
    parts.append(said("seed {seed}", language).format(seed=seed))
    if is_quick():
        parts.append(said("quick mode", language))
    _show_input_errors_as_sentences()
    print(said("Ready: {parts}.", language).format(parts=", ".join(parts)))
    if size != "full":
        print(_shorter(size, language))
    if lesson:
        from deepcomposer_edu.course.resuming import open_lesson

        print(open_lesson(lesson, language), end="")


def _show_input_errors_as_sentences() -> None:
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return

    def one_sentence(shell, kind, error, trace, tb_offset=None):  # noqa: ARG001
        lines = [f"{kind.__name__}: {error}"]
        shell._showtraceback(kind, error, lines)
        return lines

    shell.set_custom_exc((InputError,), one_sentence)


def _shorter(size: str, language: str) -> str:
    """Return what a learner is told where trainings are shorter."""
    if size == "half":
        words = said(
            "Here trainings take half of their steps, to save time; networks learn "
            "less.",
            language,
        )
    else:
        words = said(
            "Here trainings take a quarter of their steps, to save time; networks "
            "learn less.",
            language,
        )
    if os.environ.get("COURSE_SIZE"):  # somebody has decided it for everybody
        return words
    way = said("For all steps: course.choose_size('full').", language)
    return f"{words} {way}"


def _training_size() -> str:
    from deepcomposer_edu.course.speed import training_size

    return training_size()


@cache
def _temporary_folder() -> Path:
    """Return (and make) a folder that is gone when Python ends."""
    folder = tempfile.mkdtemp(prefix="my_music_")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def my_music() -> Path:
    """Return (and make) the folder for what the learner makes: `my_music`, beside
    the notebook. In quick mode it is a temporary folder.

    A lesson in another language lies in a folder of that language; its music goes where
    that of the lesson in English goes.
    """  # noqa: D205
    here = Path.cwd()
    if here.name in languages() and any(
        (here.parent / path.name).is_file() for path in here.glob("*.ipynb")
    ):
        here = here.parent
    folder = _temporary_folder() if is_quick() else here / "my_music"
    return make_folder(folder)
