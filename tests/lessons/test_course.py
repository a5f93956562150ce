"""What a lesson asks of the course: check, pick, hint, show, quiz, set-up."""

import numpy as np
import pytest

from deepcomposer_edu import course
from deepcomposer_edu.course import exercises as exercises_module
from deepcomposer_edu.course.exercises import Exercise, chapter_of, resolve
from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.course.quizzing import Answer, Question, Quiz
from deepcomposer_edu.course.values import describe
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import NOTE_NAMES, note_name


def right_name(pitch):
    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}"


def doubled(values):
    """Stand for a package function that a check compares with."""
    return values * 2


def is_doubled(learner):
    """The values are doubled."""
    values = np.arange(4.0)
    learner.expect_close(learner(values), values * 2, cause="Multiply by 2.")


@pytest.fixture
def verdict_on(monkeypatch):
    """Check a function against an exercise made for the test."""

    def verdict(function, *checks):
        exercise = Exercise(
            "9.1",
            f"{__name__}.doubled",
            "Double",
            "easy",
            1,
            ("a?", "b", "c"),
            checks or (is_doubled,),
        )
        monkeypatch.setattr(
            "deepcomposer_edu.course.checking.find_exercise", lambda _: exercise
        )
        monkeypatch.setattr(Exercise, "answer", property(lambda _: doubled))
        return course.check("9.1", function)

    return verdict


def test_a_right_answer_passes_in_one_sentence():
    assert str(course.check("1.1", right_name)) == "Exercise 1.1 passed: 5 of 5 checks."


def test_a_verdict_shows_a_word_and_not_only_a_colour():
    assert "<b>Right.</b>" in course.check("1.1", right_name)._repr_html_()


def test_a_function_that_changes_its_input_is_refused(verdict_on):
    def in_place(values):
        values *= 2
        return values.copy()

    assert "changed the input" in verdict_on(in_place).message


def test_a_function_that_changes_a_score_in_a_list_is_refused(verdict_on):
    def sorts(values):
        values.sort()
        return list(values)

    def unsorted_input(learner):
        learner([3, 1, 2])

    assert "changed the input" in verdict_on(sorts, unsorted_input).message


def test_a_function_without_return_is_told_so(verdict_on):
    def nothing(values):
        values * 2

    assert "Without `return`" in verdict_on(nothing).message


def test_a_function_that_prints_is_told_to_return(verdict_on, capsys):
    def prints(values):
        print(values * 2)

    assert "prints its answer" in verdict_on(prints).message
    assert capsys.readouterr().out == ""


def test_an_error_is_a_sentence_with_its_line(verdict_on):
    def divides(values):
        return values / len([]) if len([]) else 1 // len([])

    message = verdict_on(divides).message
    assert "ZeroDivisionError at the line `return values / len([])" in message
    assert "Traceback" not in message


def test_leaving_python_is_refused_and_not_obeyed(verdict_on):
    def leaves(values):
        raise SystemExit

    assert "stopped with SystemExit" in verdict_on(leaves).message


def test_other_parameters_are_named(verdict_on):
    def other(numbers):
        return numbers * 2

    assert "expected the parameters (values), got (numbers)" in (
        verdict_on(other).message
    )


def test_something_that_is_no_function_is_refused():
    verdict = course.check("1.1", "C4")
    assert verdict.status == "refused"
    assert "without brackets" in verdict.message


def test_the_first_difference_is_named_by_its_axes(verdict_on):
    def off_by_one(values):
        out = values * 2
        out[1, 2] += 1
        return out

    def rows(learner):
        values = np.ones((2, 3))
        learner.expect_equal(
            learner(values), values * 2, "Look again.", axes=("voice", "step")
        )

    message = verdict_on(off_by_one, rows).message
    assert "at voice 1, step 2: expected 2, got 3" in message


def test_swapped_axes_are_named(verdict_on):
    def turned(values):
        return values.T * 2

    def shape(learner):
        learner.expect_shape(learner(np.ones((2, 3))), (2, 3))

    message = verdict_on(turned, shape).message
    assert "expected (2, 3), got (3, 2). The last two axes look swapped." in message


def test_a_check_that_stumbles_still_gives_a_sentence(verdict_on):
    def stumbles(learner):
        raise ValueError("the check did not foresee this")

    verdict = verdict_on(lambda values: values, stumbles)
    assert verdict.status == "refused"
    assert "cannot read" in verdict.message


def test_pick_takes_a_right_answer(capsys):
    assert course.pick("1.1", right_name) is right_name
    assert "uses your note_name" in capsys.readouterr().out


def test_pick_takes_the_courses_own_for_a_wrong_answer(capsys):
    assert course.pick("1.1", str) is note_name
    assert "the course's own note_name" in capsys.readouterr().out


def test_an_unknown_exercise_is_named_with_those_there_are():
    with pytest.raises(InputError, match=r"no exercise '1.99'.*1\.1"):
        course.check("1.99", right_name)


def test_an_unknown_hint_is_refused():
    with pytest.raises(InputError, match="choose 1, 2 or 3"):
        course.hint("1.1", 4)


def test_a_lesson_without_exercises_has_none():
    assert exercises_module.exercises("00") == ()


@pytest.mark.parametrize(
    ("name", "chapter"), [("1.2", "01"), ("08_harmonise", "08"), ("0", "00")]
)
def test_chapters_have_two_digits(name, chapter):
    assert chapter_of(name) == chapter


def test_a_method_is_found_by_its_path():
    assert resolve("deepcomposer_edu.music.score.Score.seconds_at").__name__ == (
        "seconds_at"
    )


def test_a_wrong_path_is_an_input_error():
    with pytest.raises(InputError, match="nowhere"):
        resolve("deepcomposer_edu.music.score.nowhere")


def test_show_gives_the_source_and_its_place():
    source = course.show(note_name)
    assert source.code.startswith("def note_name(pitch: int) -> str:")
    assert source.place.startswith("deepcomposer_edu/music/score.py, line ")


def test_show_refuses_what_has_no_source():
    with pytest.raises(InputError, match="without brackets"):
        course.show(60)


QUESTION = Question("2 + 2?", (Answer("4", "Yes.", is_right=True), Answer("5", "No.")))


def test_a_quiz_says_why_an_answer_is_wrong():
    quiz = Quiz("99", (QUESTION,))
    assert quiz.answer(1, "b") == "Not quite: No."
    assert quiz.n_right == 0
    assert quiz.answer(1, "A ") == "Right: Yes."
    assert quiz.n_right == 1


@pytest.mark.parametrize(
    ("question", "letter"), [(2, "a"), (1, "c"), (1, "ab"), (0, "a")]
)
def test_a_quiz_refuses_what_it_does_not_have(question, letter):
    with pytest.raises(InputError, match="choose"):
        Quiz("99", (QUESTION,)).answer(question, letter)


def test_a_quiz_is_text_where_there_are_no_widgets():
    assert "1. 2 + 2?" in repr(Quiz("99", (QUESTION,)))


def test_a_quiz_shows_its_reason_when_an_answer_is_chosen():
    box = Quiz("99", (QUESTION,)).widget()
    _, buttons, why = box.children[0].children
    buttons.value = "b"
    assert "Not quite: No." in why.value
    assert "0 of 1 right" in box.children[1].value


def test_a_quiz_shows_itself_as_a_widget_with_a_text():
    bundle = Quiz("99", (QUESTION,))._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "1. 2 + 2?" in data["text/plain"]


@pytest.mark.parametrize("n_right", [0, 2])
def test_a_question_has_exactly_one_right_answer(n_right):
    answers = tuple(Answer(str(i), "Why.", is_right=i < n_right) for i in range(3))
    with pytest.raises(InputError, match="right answers"):
        Question("How many?", answers)


def test_a_lesson_without_a_quiz_is_named():
    with pytest.raises(InputError, match="no quiz"):
        course.quiz("98")


def test_setup_prints_one_line(capsys):
    course.setup(seed=3)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert "seed 3" in out


def test_amounts_are_small_in_quick_mode(monkeypatch):
    monkeypatch.setenv("COURSE_QUICK", "1")
    assert course.amount(200, quick=2) == 2
    monkeypatch.setenv("COURSE_QUICK", "0")
    assert course.amount(200, quick=2) == 200


def test_my_music_lies_beside_the_notebook(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_QUICK", raising=False)
    monkeypatch.chdir(tmp_path)
    assert course.my_music() == tmp_path / "my_music"
    assert course.my_music().is_dir()


def test_quick_mode_leaves_no_files_beside_the_notebook(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_QUICK", "1")
    monkeypatch.chdir(tmp_path)
    course.my_music()
    assert list(tmp_path.iterdir()) == []


def test_large_arrays_are_described_by_shape():
    assert describe(np.zeros((4, 32))) == "ndarray of shape (4, 32)"


def test_drawing_from_a_random_generator_is_no_change_of_the_input(verdict_on):
    def draws(values):
        return values["rng"].random()

    def with_generator(learner):
        learner({"rng": np.random.default_rng(0)})

    assert verdict_on(draws, with_generator).passed


def test_a_description_holds_no_address():
    assert describe(object()) == "an object"


def test_a_learner_is_called_like_the_function():
    assert Learner(right_name, note_name)(60) == "C4"
