"""Wrong answers that learners bring to lesson 01, each refused by name."""

import pytest

from deepcomposer_edu.course import check
from deepcomposer_edu.music.score import NOTE_NAMES


def octave_from_zero(pitch):
    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12}"


def fractional_octave(pitch):
    return f"{NOTE_NAMES[pitch % 12]}{pitch / 12 - 1}"


def letters_from_a(pitch):
    names = NOTE_NAMES[9:] + NOTE_NAMES[:9]
    return f"{names[pitch % 12]}{pitch // 12 - 1}"


def prints_the_name(pitch):
    print(f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}")


def straight_line(pitch):
    return 440 * (1 + (pitch - 69) / 12)


def doubles_each_semitone(pitch):
    return 440.0 * 2 ** (pitch - 69)


def upside_down(pitch):
    return 440 * 2 ** ((69 - pitch) / 12)


def whole_octaves_only(pitch):
    return 440.0 * 2.0 ** ((pitch - 69) // 12)


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("1.1", octave_from_zero, "Octave -1 begins at pitch 0"),
    ("1.1", fractional_octave, "`//` gives whole octaves"),
    ("1.1", letters_from_a, "begin with C, not with A"),
    ("1.1", prints_the_name, "prints its answer"),
    ("1.2", straight_line, "straight line"),
    ("1.2", doubles_each_semitone, "doubles at every semitone"),
    ("1.2", upside_down, "Higher pitches swing faster"),
    ("1.2", whole_octaves_only, "cuts the fraction"),
]


@pytest.mark.parametrize(
    ("number", "wrong", "words"),
    WRONG_ANSWERS,
    ids=[f"{number}-{wrong.__name__}" for number, wrong, _ in WRONG_ANSWERS],
)
def test_a_wrong_answer_is_refused_with_its_mistake(number, wrong, words):
    verdict = check(number, wrong)
    assert verdict.status == "refused"
    assert words in verdict.message
