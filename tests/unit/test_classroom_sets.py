"""Student, solution, instructor and nbgrader sets, all from the one source."""

import importlib.util
import json
import re
from pathlib import Path

import nbformat
import pytest

from deepcomposer_edu.classroom import assignments, notes
from deepcomposer_edu.classroom.course_folder import course_folder, read_notebook
from deepcomposer_edu.classroom.exercise_cells import exercise_places
from deepcomposer_edu.classroom.sets import LIST_NAME, build_sets
from deepcomposer_edu.classroom.wrong_answers import wrong_answers
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.course.exercises import exercises, find_exercise
from deepcomposer_edu.course.quizzing import quiz
from deepcomposer_edu.errors import InputError

ROOT = Path(__file__).resolve().parent.parent.parent
COURSE = course_folder()
FIRST, LAST = "01_music_as_numbers", "13_is_it_good"
GRADED = [name for name in COURSE.names() if notes.has_exercises(name)]


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    """The sets of two lessons with exercises, one without, and a workbook."""
    folder = tmp_path_factory.mktemp("sets")
    wanted = ["00", "1", LAST, "artist_mode"]
    return build_sets(COURSE, folder, wanted, say=lambda _: None)


def texts(folder, place):
    return [cell.source for cell in read_notebook(folder / place).cells]


def notes_of(folder, name):
    book = read_notebook(folder / f"instructor/{name}.ipynb")
    return [
        cell.source for cell in book.cells if notes.TAG in cell.metadata.get("tags", [])
    ]


# --- what is built -------------------------------------------------------------------


def test_each_lesson_is_in_the_sets_it_belongs_to(sets):
    books = {path for path in sets.written if path.endswith(".ipynb")}
    assert books == {
        *(f"student/{n}.ipynb" for n in ("00_first_sound", FIRST, LAST, "artist_mode")),
        *(f"student/{code}/00_first_sound.ipynb" for code in ("ja", "ko")),
        *(f"{kind}/{n}.ipynb" for kind in ("solution", "instructor")
          for n in ("00_first_sound", FIRST, LAST)),
        *(f"nbgrader/source/{n}/{n}.ipynb" for n in (FIRST, LAST)),
    }  # fmt: skip
    assert {"README.md", "nbgrader/nbgrader_config.py"} <= set(sets.written)


def test_learners_get_the_course_s_own_lessons(sets):
    for kind, place in (("student", "lessons"), ("solution", "solutions")):
        built = texts(sets.folder, f"{kind}/{FIRST}.ipynb")
        assert built == texts(ROOT, f"{place}/{FIRST}.ipynb")


def test_the_same_source_builds_the_same_bytes(sets, tmp_path):
    build_sets(COURSE, tmp_path, ["1"], say=lambda _: None)
    for path in tmp_path.rglob("*.ipynb"):
        same = sets.folder / path.relative_to(tmp_path)
        assert path.read_bytes() == same.read_bytes()


def test_what_a_teacher_changed_stays(tmp_path):
    def build():
        return build_sets(COURSE, tmp_path, ["1"], ["student"], say=lambda _: None)

    build()
    place = f"student/{FIRST}.ipynb"
    (tmp_path / place).write_text("mine")
    again = build()
    assert again.kept == [place]
    assert again.written == []
    assert (tmp_path / place).read_text() == "mine"
    (tmp_path / place).unlink()
    assert build().written == [place]


@pytest.mark.parametrize("text", ["", "[]", '{"files": 3}'])
def test_a_lost_list_overwrites_nothing_that_was_changed(tmp_path, text):
    build_sets(COURSE, tmp_path, ["1"], ["student"], say=lambda _: None)
    (tmp_path / f"student/{FIRST}.ipynb").write_text("mine")
    (tmp_path / LIST_NAME).write_text(text)
    again = build_sets(COURSE, tmp_path, ["1"], ["student"], say=lambda _: None)
    assert again.kept == [f"student/{FIRST}.ipynb"]


# --- the teacher's copy --------------------------------------------------------------


def test_every_exercise_has_a_note_with_its_hints_and_its_minutes(sets):
    together = "\n".join(notes_of(sets.folder, FIRST))
    for exercise in exercises("01"):
        head = f"{notes.MARK}: exercise {exercise.number}, {exercise.title}"
        assert head in together
        assert all(text in together for text in exercise.hints)
        assert f"{exercise.minutes} minutes" in together


def test_a_note_holds_the_very_sentence_that_a_learner_gets(sets):
    (note,) = (n for n in notes_of(sets.folder, FIRST) if "exercise 1.1," in n)
    assert "def octave_from_zero(pitch):" in note
    assert "> Exercise 1.1: note_name(60): expected 'C4', got 'C5'." in note


@pytest.mark.parametrize("name", [FIRST, "06_gan_game", LAST])
def test_every_exercise_has_typical_wrong_answers_with_their_code(name):
    found = wrong_answers(COURSE.wrong_answers_path(name))
    assert {answer.number for answer in found} == {
        exercise.number for exercise in exercises(name[:2])
    }
    for answer in found:
        assert answer.code.startswith("def ")
        assert answer.message.startswith(f"Exercise {answer.number}: ")


def test_a_helper_of_several_wrong_answers_is_shown_once():
    found = wrong_answers(COURSE.wrong_answers_path(FIRST))
    of_one = [answer for answer in found if answer.number == "1.3"]
    assert sum("def filled(" in "".join(answer.helpers) for answer in of_one) > 1
    note = notes.exercise_note(find_exercise("1.3"), of_one)
    assert note.count("def filled(") == 1


def test_the_plan_counts_the_minutes_of_the_headings(sets):
    plan = notes_of(sets.folder, FIRST)[0]
    rows = re.findall(r"^\| (\d+):(\d\d) \| .* \| (.*) \| (.*) \|$", plan, re.MULTILINE)
    clock = 0
    for hours, minutes, words, _ in rows:
        assert int(hours) * 60 + int(minutes) == clock
        clock += int(re.search(r"\d+", words).group())
    assert f"All of it: {clock // 60}:{clock % 60:02d} h" in plan
    assert [inside for *_, inside in rows if inside][:2] == ["1.1, 1.2", "1.3, 1.4"]


def test_the_plan_collects_what_is_to_be_guessed(sets):
    plan = notes_of(sets.folder, FIRST)[0]
    assert "- in how many cells do their piano rolls differ?" in plan


def test_the_quiz_has_its_right_answers_in_the_order_that_learners_see(sets):
    key = notes_of(sets.folder, FIRST)[-1]
    questions = quiz("01")
    for number, question in enumerate(questions.questions, start=1):
        letter, right = re.search(
            rf"^1\. {re.escape(question.text)} \*\*(\w)\) (.*)\*\*", key, re.MULTILINE
        ).groups()
        assert questions.answer(number, letter).startswith("Right")
        assert right in [answer.text for answer in question.answers]


def test_a_copy_without_the_tests_says_that_wrong_answers_are_missing():
    assert wrong_answers(Path("nowhere/test_01_x.py")) == []
    note = notes.exercise_note(find_exercise("1.1"), [])
    assert "no typical wrong answers" in note


def test_a_damaged_file_of_wrong_answers_is_one_sentence(tmp_path):
    path = tmp_path / "test_01_x.py"
    path.write_text("WRONG_ANSWERS = 1 / 0")
    with pytest.raises(InputError, match="ZeroDivisionError") as caught:
        wrong_answers(path)
    assert "get the course again" in str(caught.value)


# --- assignments ---------------------------------------------------------------------


@pytest.mark.parametrize("name", GRADED)
def test_every_exercise_is_an_assignment_of_nbgrader_s_own_kind(name, require):
    require(importlib.util.find_spec("nbgrader"), "nbgrader is not installed")
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.preprocessors import ClearSolutions

    book = assignments.assignment(COURSE, name)
    MetadataValidator().validate_nb(book)
    nbformat.validate(book)
    marks = [c.metadata.nbgrader for c in book.cells if "nbgrader" in c.metadata]
    assert len({mark["grade_id"] for mark in marks}) == len(marks)
    solved = {place.number: place for place in exercise_places(COURSE.solution(name))}
    assert sum(mark["grade"] for mark in marks) == len(solved)
    assert all(mark["locked"] for mark in marks if not mark["solution"])
    filled = {
        c.metadata.nbgrader["grade_id"]: c.source
        for c in book.cells
        if "nbgrader" in c.metadata
    }
    ClearSolutions().preprocess(book, {})
    for cell in book.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            number = cell.metadata.nbgrader["grade_id"][len("answer-") :].replace(
                "-", "."
            )
            start = filled[cell.metadata.nbgrader["grade_id"]]
            body = start.partition(assignments.BEGIN)[2].partition(assignments.END)[0]
            assert body.strip()
            assert body not in cell.source
            assert "raise NotImplementedError" in cell.source
            has_faulty_body = assignments.MEND in cell.source
            assert has_faulty_body == bool(find_exercise(number).start)


def test_harder_exercises_are_worth_more():
    assert [assignments.points_of(n) for n in ("1.1", "1.3", "1.4")] == [1, 2, 3]
    book = assignments.assignment(COURSE, FIRST)
    numbers = [exercise.number for exercise in exercises("01")]
    total = sum(assignments.points_of(number) for number in numbers)
    assert assignments.total_points(book) == total


def test_hints_of_an_assignment_do_not_say_where_the_solution_is():
    book = assignments.assignment(COURSE, FIRST)
    together = "\n".join(cell.source for cell in book.cells)
    assert "<summary>Hint 3: the shape</summary>" in together
    assert "<summary>Solution</summary>" not in together


# --- the command ---------------------------------------------------------------------


def test_the_command_builds_and_says_where_to_begin(tmp_path, capsys):
    code = main(["classroom", "build", str(tmp_path / "s"), "--lessons", "00, 01"])
    assert code == 0
    told = json.loads((tmp_path / "s" / LIST_NAME).read_text())
    assert f"nbgrader/source/{FIRST}/{FIRST}.ipynb" in told["files"]
    assert "Begin with README.md" in capsys.readouterr().out
    read_me = (tmp_path / "s/README.md").read_text("utf-8")
    assert f"nbgrader autograde {FIRST}" in read_me
    assert "00_first_sound, 01_music_as_numbers" in read_me


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--lessons", "77"], "There is no lesson '77'"),
        (["--sets", "pupil"], "There is no set 'pupil'"),
        (["--sets", ","], "There is no set"),
        (["--course", "."], "holds no lessons"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert main(["classroom", "build", "s", *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not (tmp_path / "s").exists()


def test_a_damaged_lesson_is_named(tmp_path):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons/01_x.ipynb").write_text("{ broken")
    with pytest.raises(InputError, match=r"01_x\.ipynb is no notebook"):
        build_sets(course_folder(tmp_path), tmp_path / "s", say=lambda _: None)
