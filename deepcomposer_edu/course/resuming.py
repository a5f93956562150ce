"""Coming back to a lesson: where it stopped the last time."""

from __future__ import annotations

from deepcomposer_edu.course.catalogue import N_QUESTIONS
from deepcomposer_edu.course.exercises import chapter_of
from deepcomposer_edu.course.progress import LessonProgress, read_progress
from deepcomposer_edu.course.progress_log import progress_path, record
from deepcomposer_edu.errors import InputError


def open_lesson(number: str) -> str:
    """Write down that a lesson was opened; return where it stopped, as a line.

    Args:
        number: of the lesson, such as "07".

    Returns:
        One line with its end, or "" for a lesson in which nothing was done yet.
    """
    said = ""
    if progress_path() is not None:
        try:
            done = read_progress().lessons()
        except InputError:  # a damaged file is no reason to stop a lesson
            done = ()
        for one in done:
            if one.lesson.number == chapter_of(number):
                said = stopped_words(one)
    record("lesson", number, "", "opened")
    return said


def stopped_words(one: LessonProgress) -> str:
    """Return where a learner stopped in a lesson, as a line; "" if it is untouched."""
    if not (one.passed or one.answers or one.n_tries):
        return ""
    done = f"{len(one.passed)} of {len(one.lesson.tasks)} exercises passed"
    quiz = f"{one.n_right} of {N_QUESTIONS} questions right"
    parts = ([done] if one.lesson.tasks else []) + ([quiz] if one.answers else [])
    task = one.next_task
    if one.is_done:
        on = "the lesson is done"
    elif task:
        on = f"go on with exercise {task.number}, {task.title}"
    else:
        on = "the quiz at the end is left"
    return f"Welcome back: {', '.join(parts)}; {on}.\n"
