"""Five questions at the end of a lesson, with a reason for every answer."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from html import escape
from importlib import import_module

from deepcomposer_edu.course.as_widget import AsWidget
from deepcomposer_edu.course.catalogue import find_lesson
from deepcomposer_edu.course.exercises import chapter_of
from deepcomposer_edu.course.progress_log import record
from deepcomposer_edu.course.translating import (
    ENGLISH,
    checked_language,
    lesson_path,
    read_blocks,
    said,
    text_key,
    unwrapped,
)
from deepcomposer_edu.errors import InputError

LETTERS = "abcdef"


@dataclass(frozen=True)
class Answer:
    """One answer of a question.

    Args:
        text: the answer.
        why: why it is right or wrong, in a sentence; shown once it is chosen.
        is_right: whether it is the right one.
    """

    text: str
    why: str
    is_right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with two to six answers, exactly one of them right.

    Raises:
        InputError: if not exactly one answer is right, or an answer has no reason.
    """

    text: str
    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        n_right = sum(answer.is_right for answer in self.answers)
        if n_right != 1 or not 2 <= len(self.answers) <= len(LETTERS):
            raise InputError(
                f"The question {self.text!r} has {n_right} right answers of "
                f"{len(self.answers)}, but it needs one of two to six."
            )
        if not all(answer.why for answer in self.answers):
            raise InputError(f"An answer of {self.text!r} does not say why.")


class Quiz(AsWidget):
    """A quiz that shows itself as buttons, or as text where there are no widgets.

    Args:
        chapter: the lesson, such as "01".
        questions: its questions.
        language: of the questions, such as "ko".
    """

    def __init__(
        self,
        chapter: str,
        questions: tuple[Question, ...],
        language: str = ENGLISH,
    ) -> None:
        self.chapter = chapter
        self.language = language
        self.questions = questions
        self.given: dict[int, str] = {}

    def answer(self, question: int, letter: str) -> str:
        """Return whether an answer is right, and why.

        Args:
            question: its number, from 1.
            letter: "a", "b", ...

        Raises:
            InputError: if there is no such question or answer.
        """
        if not 1 <= question <= len(self.questions):
            raise InputError(
                f"There is no question {question}; choose 1 to {len(self.questions)}."
            )
        answers = self.questions[question - 1].answers
        letter = str(letter).strip().lower()
        if letter not in LETTERS[: len(answers)] or len(letter) != 1:
            raise InputError(
                f"Question {question} has no answer {letter!r}; choose "
                f"a to {LETTERS[len(answers) - 1]}."
            )
        self.given[question] = letter
        chosen = answers[LETTERS.index(letter)]
        verdict = "Right: {why}" if chosen.is_right else "Not quite: {why}"
        sentence = said(verdict, self.language).format(why=chosen.why)
        state = "right" if chosen.is_right else "wrong"
        record("quiz", self.chapter, f"q{question}", state, sentence)
        return sentence

    @property
    def n_right(self) -> int:
        """How many of the answers given last are right."""
        return sum(
            self.questions[i - 1].answers[LETTERS.index(letter)].is_right
            for i, letter in self.given.items()
        )

    def __repr__(self) -> str:
        lines = []
        for i, question in enumerate(self.questions, start=1):
            lines.append(f"{i}. {question.text}")
            pairs = zip(LETTERS, question.answers, strict=False)
            lines += [f"   {letter}) {answer.text}" for letter, answer in pairs]
        lines.append(
            said('Answer with, for example, quiz.answer(1, "a").', self.language)
        )
        return "\n".join(lines)

    def widget(self) -> object:
        """Return the quiz as an ipywidgets box: choose an answer, read why."""
        import ipywidgets

        score = ipywidgets.HTML(self._score_text())
        boxes = [
            self._question_widget(i, question, score)
            for i, question in enumerate(self.questions, start=1)
        ]
        return ipywidgets.VBox([*boxes, score])

    def _question_widget(self, i: int, question: Question, score: object) -> object:
        import ipywidgets

        # Choosing with the arrow keys or the mouse is the same event.
        buttons = ipywidgets.RadioButtons(
            options=[
                (answer.text, letter)
                for letter, answer in zip(LETTERS, question.answers, strict=False)
            ],
            index=None,
            layout={"width": "auto"},
        )
        why = ipywidgets.HTML()

        def show_why(change: dict) -> None:
            if change["new"] is not None:
                sentence = self.answer(i, change["new"])
                why.value = f"<p role='status'><b>{escape(sentence)}</b></p>"
                score.value = self._score_text()

        buttons.observe(show_why, names="value")
        title = ipywidgets.HTML(f"<p><b>{i}. {escape(question.text)}</b></p>")
        return ipywidgets.VBox([title, buttons, why])

    def _score_text(self) -> str:
        words = said("{n} of {total} right so far.", self.language)
        return f"<p>{words.format(n=self.n_right, total=len(self.questions))}</p>"


def quiz(lesson: str, language: str = ENGLISH) -> Quiz:
    """Return the quiz of a lesson; as the last line of a cell it shows itself.

    Args:
        lesson: its number, such as "01".
        language: such as "ko"; a question that is not translated stays English.

    Raises:
        InputError: if the lesson has no quiz, or the course not that language.
    """
    checked_language(language)
    chapter = chapter_of(lesson)
    questions = [
        shuffled(in_language(question, chapter, language), order=question.text)
        for question in questions_of(chapter)
    ]
    return Quiz(chapter, tuple(questions), language)


def questions_of(chapter: str) -> tuple[Question, ...]:
    """Return a lesson's questions in English, as they were written.

    Raises:
        InputError: if the lesson has no quiz.
    """
    try:
        module = import_module(f"deepcomposer_edu.course.quizzes.ch{chapter}")
    except ModuleNotFoundError as error:
        raise InputError(f"Lesson {chapter!r} has no quiz.") from error
    return module.QUESTIONS


def shuffled(question: Question, order: str) -> Question:
    """Return a question with its answers in an order that is always the same.

    Who writes a quiz may put the right answer first.

    Args:
        question: as it was written.
        order: the English question, so that b) is the same answer in all languages.
    """
    answers = list(question.answers)
    random.Random(order).shuffle(answers)
    return replace(question, answers=tuple(answers))


def as_written(question: Question) -> str:
    """Return a question as it stands in a file of translations.

    >>> answers = Answer("Yes", "so.", is_right=True), Answer("No", "x.")
    >>> print(as_written(Question("Up?", answers)))
    Up?
    <BLANKLINE>
    - Yes
      so.
    - No
      x.
    """
    answers = [f"- {answer.text}\n  {answer.why}" for answer in question.answers]
    return question.text + "\n\n" + "\n".join(answers)


def in_language(question: Question, chapter: str, language: str) -> Question:
    """Return a question in a language; in English where that has no translation of it.

    Args:
        question: in English, as it was written.
        chapter: its lesson.
        language: such as "ko".

    Raises:
        InputError: if the translation has another number of answers.
    """
    path = lesson_path(find_lesson(chapter).name, language)
    if not path.is_file():
        return question
    key = text_key(as_written(question))
    texts = [block.text for block in read_blocks(path) if block.key == key]
    if not texts:
        return question
    asked, *answers = re.split(r"^- ", texts[0], flags=re.MULTILINE)
    if len(answers) != len(question.answers):
        raise InputError(
            f"{path.name} has {len(answers)} answers to {question.text!r}, but there "
            f"are {len(question.answers)}; write each as `- answer`, and why below it."
        )
    pieces = [answer.partition("\n") for answer in answers]
    translated = tuple(
        replace(old, text=text.strip(), why=_one_line(why))
        for old, (text, _, why) in zip(question.answers, pieces, strict=True)
    )
    return Question(_one_line(asked), translated)


def _one_line(text: str) -> str:
    return " ".join(unwrapped(text).split())
