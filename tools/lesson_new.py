"""Begin a lesson: its source, checks, quiz and test, in the house's form."""

from __future__ import annotations

import re
import sys
from pathlib import Path

LESSON = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # {number} {title}
#
# PROMISE: one sentence, what you will hear at the end.
#
# *NN minutes to read and do, NN seconds of computing on a laptop. Needed first: lesson
# 01.*

# %% [markdown]
# ## What you will be able to do
#
# - VERB what, three or four of these; the lesson ends on the same verbs

# %% [markdown]
# ## Set-up (1 minute)

# %%
from deepcomposer_edu import course
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.music.score import NOTE_NAMES

course.setup(seed=0, lesson="{number}")

# %% [markdown]
# ## Listen first (2 minutes)
#
# Play the finished result from shipped weights before any theory.

# %%
course.play(load_tune("ode-to-joy"))

# %% [markdown]
# ## FIRST IDEA (15 minutes)
#
# Why it matters in music, in at most 150 words. Then the smallest example that can be
# printed, a picture, the formula with every symbol named as in the code, the code.

# %% tags=["show"]
from deepcomposer_edu.music.score import note_name

# %% [markdown]
# **Guess before you run:** QUESTION?

# %%
note_name(60)

# %% [markdown]
# What to do now, and why: the text before the exercise is yours. The builder writes the
# heading, the function, the check and the hints in place of the next cell. Its function
# and its number come from `course/checks/ch{number}.py`.

# %% exercise="{exercise}.1"
from deepcomposer_edu.music.score import note_name

# %% [markdown]
# ## Play with it (5 minutes)

# %% [markdown]
# ## Quiz (5 minutes)

# %%
quiz = course.quiz("{number}")
quiz

# %% [markdown]
# ## Go further (as long as you like, from 10 minutes)
#
# - ONE THING to change and hear

# %% [markdown]
# ## What you learned
#
# - VERB what, the same verbs as above
#
# ## References
#
# - Author, year. Title.
"""

CHECKS = '''\
"""The exercises of lesson {number}: {title}."""

from deepcomposer_edu.course.exercises import Exercise
from deepcomposer_edu.course.learner import Learner


def hand_worked_case(learner: Learner) -> None:
    """Middle C, worked by hand."""
    got = learner(60)
    learner.expect_type(got, str)
    learner.expect_equal(
        got, "C4", known=[("C5", "Octave 0 begins at pitch 12, so subtract 1.")]
    )


EXERCISES = (
    Exercise(
        number="{exercise}.1",
        function="deepcomposer_edu.music.score.note_name",
        title="TITLE",
        difficulty="easy",
        minutes=5,
        needed_later="",
        hints=(
            "A question that points at what matters?",
            "The idea, in a sentence.",
            "The shape of the answer: which steps, in which order. Not the answer.",
        ),
        checks=(hand_worked_case,),
    ),
)
'''

QUIZ = '''\
"""The quiz of lesson {number}: {title}."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = tuple(
    Question(
        f"QUESTION {{i}}?",
        (
            Answer("RIGHT", "Because ...", is_right=True),
            Answer("WRONG", "No: ..."),
        ),
    )
    for i in range(1, 6)
)
'''

TEST = '''\
"""Wrong answers that learners bring to lesson {number}, each refused by name."""

from refusals import refuses

from deepcomposer_edu.music.score import NOTE_NAMES


def one_octave_high(pitch):
    return f"{{NOTE_NAMES[pitch % 12]}}{{pitch // 12}}"


def one_octave_low(pitch):
    return f"{{NOTE_NAMES[pitch % 12]}}{{pitch // 12 - 2}}"


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("{exercise}.1", one_octave_high, "subtract 1"),
    ("{exercise}.1", one_octave_low, "C4"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
'''


def begin(root: Path, name: str, title: str) -> list[Path]:
    """Write the four files of a new lesson and return them.

    Args:
        root: the project's root.
        name: two digits and a topic, such as "02_tokens".
        title: such as "Tokens".
    """
    if not re.fullmatch(r"\d\d_[a-z0-9_]+", name):
        sys.exit(f"{name!r} is no lesson name; it looks like 02_tokens.")
    number = name[:2]
    course = root / "deepcomposer_edu" / "course"
    files = {
        root / "solutions" / f"{name}.py": LESSON,
        course / "checks" / f"ch{number}.py": CHECKS,
        course / "quizzes" / f"ch{number}.py": QUIZ,
        root / "tests" / "exercises" / f"test_{name}.py": TEST,
    }
    taken = [path for path in files if path.exists()]
    if taken:
        sys.exit(f"{taken[0].relative_to(root)} exists already; nothing was written.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        filled = text.format(number=number, title=title, exercise=int(number))
        path.write_text(filled, encoding="utf-8")
    return list(files)
