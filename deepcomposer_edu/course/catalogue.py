"""The lessons in order, and what their exercises are called; read without torch.

Title, difficulty and minutes of an exercise stand in `checks/chNN.py`, once; here they
are read as text, since a table of progress should not have to load every lesson's
checks. A test compares the lessons' titles and minutes with the lessons themselves.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deepcomposer_edu.course.exercises import chapter_of
from deepcomposer_edu.errors import InputError

N_QUESTIONS = 5
_CHECKS = Path(__file__).resolve().parent / "checks"
_LESSONS = (
    ("00_first_sound", "First sound", 30),
    ("01_music_as_numbers", "Music as numbers", 120),
    ("02_tokens", "Tokens", 145),
    ("03_embeddings", "Embeddings by ear", 135),
    ("04_ai_writer", "AI writer, AI composer", 145),
    ("05_layers_and_norms", "Linear layers and normalization", 150),
    ("06_gan_game", "GAN, the game", 165),
    ("07_wgan_gp", "WGAN-GP", 165),
    ("08_harmonise_like_bach", "Harmonise like Bach", 200),
    ("09_edit_like_bach", "Edit like Bach", 190),
    ("10_attention", "Attention and the Transformer", 170),
    ("11_wavenet", "WaveNet", 180),
    ("12_sounds_into_codes", "Sounds into codes", 175),
    ("13_is_it_good", "Is it good?", 165),
    ("14_one_minute_to_space", "One minute to space", 240),
)


@dataclass(frozen=True)
class Task:
    """What is known of an exercise without loading its checks.

    Args:
        number: such as "1.2".
        title: what to do, in a few words.
        difficulty: "easy", "medium" or "hard".
        minutes: how long most people need.
    """

    number: str
    title: str
    difficulty: str
    minutes: int


@dataclass(frozen=True)
class Lesson:
    """A lesson of the course.

    Args:
        number: two digits, such as "07".
        name: of its notebook, without `.ipynb`.
        title: without its number.
        minutes: to read and do, as the lesson itself says.
        tasks: its exercises, in order.
    """

    number: str
    name: str
    title: str
    minutes: int
    tasks: tuple[Task, ...]


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return the lessons of the course, in order."""
    return tuple(
        Lesson(name[:2], name, title, minutes, _tasks(name[:2]))
        for name, title, minutes in _LESSONS
    )


def find_lesson(number: str) -> Lesson:
    """Return the lesson with this number, such as "7", "07" or "07_wgan_gp".

    Raises:
        InputError: if there is none.
    """
    wanted = chapter_of(number)
    for lesson in lessons():
        if lesson.number == wanted:
            return lesson
    last = lessons()[-1].number
    raise InputError(f"There is no lesson {number!r}; choose one from 00 to {last}.")


def _tasks(chapter: str) -> tuple[Task, ...]:
    """Return the exercises of a lesson as its checks list them; none if it has none."""
    path = _CHECKS / f"ch{chapter}.py"
    if not path.is_file():
        return ()
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Exercise":
            facts = {
                word.arg: ast.literal_eval(word.value)
                for word in node.keywords
                if word.arg in Task.__dataclass_fields__
            }
            found.append(Task(**facts))
    return tuple(sorted(found, key=lambda task: int(task.number.partition(".")[2])))
