"""Coming back to a lesson: where it stopped the last time."""

from __future__ import annotations

from deepcomposer_edu.course.catalogue import N_QUESTIONS
from deepcomposer_edu.course.exercises import chapter_of
from deepcomposer_edu.course.progress import LessonProgress, read_progress
from deepcomposer_edu.course.progress_log import progress_path, record
from deepcomposer_edu.course.translating import ENGLISH, said
from deepcomposer_edu.errors import InputError


def open_lesson(number: str, language: str = ENGLISH) -> str:
    """Write down that a lesson was opened; return where it stopped, as a line.

    Args:
        number: of the lesson, such as "07".
        language: what it is said in, such as "ko".

    Returns:
        One line with its end, or "" for a lesson in which nothing was done yet.
    """
    words = ""
    if progress_path() is not None:
        try:
            done = read_progress().lessons()
        except InputError:  # a damaged file is no reason to stop a lesson
            done = ()
        for one in done:
            if one.lesson.number == chapter_of(number):
                words = stopped_words(one, language)
    record("lesson", number, "", "opened")
    return words


def stopped_words(one: LessonProgress, language: str = ENGLISH) -> str:
    """Return where a learner stopped in a lesson, as a line; "" if it is untouched."""
    if not (one.passed or one.answers or one.n_tries):
        return ""
    done = said("{n} of {total} exercises passed", language)
    done = done.format(n=len(one.passed), total=len(one.lesson.tasks))
    quiz = said("{n} of {total} questions right", language)
    quiz = quiz.format(n=one.n_right, total=N_QUESTIONS)
    parts = ([done] if one.lesson.tasks else []) + ([quiz] if one.answers else [])
    task = one.next_task
    if one.is_done:
        on = said("the lesson is done", language)
    elif task:
        on = said("go on with exercise {number}, {title}", language)
        on = on.format(number=task.number, title=task.title)
    else:
        on = said("the quiz at the end is left", language)
    words = said("Welcome back: {parts}; {on}.", language)
    return words.format(parts=", ".join(parts), on=on) + "\n"
