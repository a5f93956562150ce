"""What a teacher's copy of a lesson has more than the solution.

Nothing here is written twice: minutes, hints and checks come from the exercises, wrong
answers from the tests that refuse them, the plan from the lesson's own headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import nbformat

from deepcomposer_edu.classroom.assignments import points_of, points_words
from deepcomposer_edu.classroom.course_folder import CourseFolder
from deepcomposer_edu.classroom.exercise_cells import exercise_places
from deepcomposer_edu.classroom.wrong_answers import WrongAnswer, wrong_answers
from deepcomposer_edu.course.exercises import Exercise, exercises, find_exercise
from deepcomposer_edu.course.quizzing import LETTERS, quiz
from deepcomposer_edu.errors import InputError

MARK = "For the teacher"  # every note begins with it
TAG = "teacher"
_SECTION = re.compile(r"^## (.+) \(([^()]*minutes?)\)$", re.MULTILINE)
_GUESS = re.compile(r"\*\*Guess[^*]*\*\*:? ?(.+?)(?=\n\n|\n#|\Z)", re.DOTALL)
# A line of typical wrong code is shown as it is, so a fence must be longer than any.
FENCE = "````"


def teachers_copy(course: CourseFolder, name: str) -> nbformat.NotebookNode:
    """Return the filled lesson with notes: a plan, each exercise, the quiz.

    Args:
        course: where the lesson lies.
        name: of the lesson, such as "07_wgan_gp".

    Raises:
        InputError: if the lesson cannot be read.
    """
    book = course.solution(name)
    places = {place.check: place for place in exercise_places(book)}
    wrong = wrong_answers(course.wrong_answers_path(name))
    quiz_text = _quiz_note(name)
    cells = []
    for index, cell in enumerate(book.cells):
        cells.append(cell)
        if index == 0:
            cells.append(_note(plan(book), f"{name}-plan"))
        elif index in places:
            number = places[index].number
            of_this = [answer for answer in wrong if answer.number == number]
            cells.append(_note(exercise_note(find_exercise(number), of_this), number))
        elif cell.cell_type == "code" and "course.quiz(" in cell.source and quiz_text:
            cells.append(_note(quiz_text, f"{name}-quiz"))
    book.cells = cells
    return book


def _note(text: str, key: str) -> nbformat.NotebookNode:
    """Return a markdown cell that is marked as a note."""
    cell_id = "note-" + re.sub(r"[^\w-]", "-", key)
    return nbformat.v4.new_markdown_cell(text, id=cell_id, metadata={"tags": [TAG]})


def plan(book: nbformat.NotebookNode) -> str:
    """Return a lesson's sections with a clock, its exercises, and what to ask.

    Args:
        book: a lesson of the course; its headings say how many minutes they take.
    """
    rows, clock, guesses = [], 0, []
    numbers = {place.check: place.number for place in exercise_places(book)}
    for index, cell in enumerate(book.cells):
        if cell.cell_type == "markdown":
            for title, words in _SECTION.findall(cell.source):
                minutes = int(re.search(r"\d+", words).group())
                rows.append([clock_words(clock), title, words, []])
                clock += minutes
            guesses += [" ".join(g.split()) for g in _GUESS.findall(cell.source)]
        elif index in numbers and rows:
            rows[-1][3].append(numbers[index])
    lines = [f"### {MARK}: the plan", ""]
    lines += ["| from | section | time | exercises |", "|---|---|---|---|"]
    for start, title, words, inside in rows:
        lines.append(f"| {start} | {title} | {words} | {', '.join(inside)} |")
    lines += ["", f"All of it: {clock_words(clock)} h for one learner without breaks."]
    if guesses:
        lines += ["", "Ask the class before anybody runs the cell:", ""]
        lines += [f"- {guess}" for guess in guesses]
    return "\n".join(lines)


def clock_words(minutes: int) -> str:
    """Return minutes as a clock shows them.

    >>> clock_words(0), clock_words(95)
    ('0:00', '1:35')
    """
    return f"{minutes // 60}:{minutes % 60:02d}"


def exercise_note(exercise: Exercise, wrong: Sequence[WrongAnswer]) -> str:
    """Return what to say about an exercise, and what to expect.

    Args:
        exercise: the exercise.
        wrong: typical wrong answers to it; may be empty.
    """
    facts = [
        exercise.difficulty,
        f"{exercise.minutes} minutes",
        points_words(points_of(exercise.number)) + " if it is graded",
    ]
    later = exercise.needed_later
    facts.append(f"used again {later}" if later else "not needed later")
    question, idea, shape = exercise.hints
    lines = [
        f"### {MARK}: exercise {exercise.number}, {exercise.title}",
        "",
        f"*{' · '.join(facts)}.* Nobody has to wait for it: without an answer the "
        "lesson goes on with the course's own function.",
        "",
        "**What to say** to somebody who is stuck, one step at a time:",
        "",
        f"1. Ask: {question}",
        f"2. Then the idea: {idea}",
        f"3. Then the shape, never the answer: {shape}",
        "",
        "**What the check looks at**, in this order; it stops at the first that finds "
        "something:",
        "",
    ]
    lines += [f"1. {first_line(check.__doc__)}" for check in exercise.checks]
    return "\n".join(lines + _wrong_lines(wrong))


def _wrong_lines(wrong: Sequence[WrongAnswer]) -> list[str]:
    """Return the lines about typical wrong answers."""
    if not wrong:
        return ["", "The course keeps no typical wrong answers to it in this folder."]
    lines = ["", "**Typical wrong answers**, and what the learner is told:"]
    shown: set[str] = set()
    for answer in wrong:
        code = "\n\n\n".join([h for h in answer.helpers if h not in shown])
        code = f"{code}\n\n\n{answer.code}".strip("\n")
        shown.update(answer.helpers)
        lines += ["", f"*{answer.title[:1].upper()}{answer.title[1:]}.*", ""]
        lines += [f"{FENCE}python", *code.splitlines(), FENCE, ""]
        lines += [f"> {line}" for line in answer.message.splitlines()]
    return lines


def first_line(docstring: str | None) -> str:
    """Return the first line of a docstring, which says what a check looks at."""
    return (docstring or "").strip().partition("\n")[0]


def _quiz_note(name: str) -> str:
    """Return the answers of a lesson's quiz, "" if it has none."""
    if not name[:2].isdigit():
        return ""
    try:
        questions = quiz(name).questions
    except InputError:
        return ""
    lines = [f"### {MARK}: the answers of the quiz", ""]
    for question in questions:
        pairs = list(zip(LETTERS, question.answers, strict=False))
        letter, right = next((k, a) for k, a in pairs if a.is_right)
        lines += [f"1. {question.text} **{letter}) {right.text}** {right.why}"]
    return "\n".join(lines)


def has_exercises(name: str) -> bool:
    """Return whether a lesson asks for anything, so that it can be graded."""
    return name[:2].isdigit() and bool(exercises(name[:2]))
