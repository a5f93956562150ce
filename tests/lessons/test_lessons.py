"""The notebooks are what their sources say, and the lessons keep the house's rules."""

import sys
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from deepcomposer_edu.course.exercises import find_exercise

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import lesson_notebooks  # noqa: E402
import lesson_parts as parts  # noqa: E402
import lesson_rules as rules  # noqa: E402
from lesson_new import begin  # noqa: E402

import lessons  # noqa: E402

SOURCES = lessons.sources([])
every_lesson = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)

TITLE = "# %% [markdown]\n# # 01 A lesson\n\n"


@pytest.fixture
def write(tmp_path):
    """Write a lesson source below a title and return its path."""

    def written(text, name="01_topic"):
        (tmp_path / "solutions").mkdir(exist_ok=True)
        path = tmp_path / "solutions" / f"{name}.py"
        path.write_text(TITLE + text, encoding="utf-8")
        return path

    return written


def code_cells(source, kind):
    cells = lessons.notebook(source, kind).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def broken_rules(source):
    books = {kind: lessons.notebook(source, kind) for kind in lessons.KINDS}
    return "\n".join(rules.broken(source, books))


@every_lesson
def test_the_notebooks_are_up_to_date_and_keep_the_rules(source):
    assert lessons.problems(source) == []


@every_lesson
def test_the_blank_lesson_holds_no_answer(source):
    blank = "\n".join(code_cells(source, "lesson"))
    for cell in jupytext.read(source, fmt="py:percent").cells:
        if "exercise" in cell.metadata:
            exercise = find_exercise(cell.metadata["exercise"])
            assert parts.begun_text(exercise) in blank
            assert parts.code_text(exercise.function) not in blank


def outputs_of(cell):
    """Return what a cell keeps: its printed text, however it came, and its values."""
    printed = "".join(output.get("text", "") for output in cell.outputs)
    return printed, [output.data for output in cell.outputs if "data" in output]


@every_lesson
def test_a_solution_differs_from_its_lesson_in_the_exercises_alone(source):
    blank, filled = (
        [
            (cell.source, outputs_of(cell))
            for cell in nbformat.read(lessons.target(source, kind), 4).cells
            if cell.cell_type == "code"
        ]
        for kind in lessons.KINDS
    )
    assert len(blank) == len(filled)
    judges = {i for i, (code, _) in enumerate(filled) if "course.pick(" in code}
    differ = {i for i, cell in enumerate(filled) if cell != blank[i]}
    assert differ <= judges | {i - 1 for i in judges}
    assert not judges or differ


@every_lesson
def test_the_source_runs_as_python_without_the_builder(source):
    compile(source.read_text(encoding="utf-8"), source.name, "exec")


@every_lesson
@pytest.mark.parametrize("kind", lessons.KINDS)
def test_cell_ids_differ(source, kind):
    ids = [cell.id for cell in lessons.notebook(source, kind).cells]
    assert len(ids) == len(set(ids))


def test_minutes_that_do_not_add_up_are_named(write):
    text = "# %% [markdown]\n# *{} minutes.*\n\n# ## One (10 minutes)\n#\n# ## Two (9 "
    text += "minutes)\n#\n# ## Go further (60 minutes)\n"
    for said, is_right in ((20, True), (30, False)):
        path = write("")
        path.write_text(text.format(said), encoding="utf-8")
        named = f"it says {said} minutes, but its sections add up to 19." in "\n".join(
            lessons.problems(path)
        )
        assert named is not is_right


def test_only_words_changed_so_nothing_is_run(write, monkeypatch):
    text = "# %%\n# NBVAL_CHECK_OUTPUT\nprint(1)\n\n# %% [markdown]\n# {}\n"
    lessons.build(write(text.format("one")))
    ran = []
    monkeypatch.setattr(lessons, "run", ran.append)
    path = write(text.format("two"))
    lessons.build(path, words_only=True)
    book = nbformat.read(lessons.target(path, "lesson"), as_version=4)
    assert book.cells[-1].source == "two"
    assert book.cells[1].outputs[0].text == "1\n"
    assert ran == []
    lessons.build(write(text.replace("print(1)", "print(2)").format("two")), True)
    assert len(ran) == 2  # other code: both are run


def test_the_same_source_gives_the_same_bytes(write):
    source = write("# %%\nprint(1)\n\n# %%\nprint(1)\n")
    first = lesson_notebooks.text_of(lessons.notebook(source, "lesson"))
    assert first == lesson_notebooks.text_of(lessons.notebook(source, "lesson"))


def test_a_cell_keeps_its_id_when_another_is_put_before_it(write):
    before = lessons.notebook(write("# %%\nprint(1)\n"), "lesson").cells[-1].id
    source = write("# %%\nprint(0)\n\n# %%\nprint(1)\n")
    assert lessons.notebook(source, "lesson").cells[-1].id == before


EXERCISE = '# %% exercise="1.1"\nfrom deepcomposer_edu.music.score import note_name\n'


def test_an_exercise_is_blank_in_the_lesson_and_filled_in_the_solution(write):
    source = write(EXERCISE)
    blank, judge = code_cells(source, "lesson")
    filled, _ = code_cells(source, "solution")
    assert blank.startswith("def note_name(pitch: int) -> str:")
    assert blank.endswith('"""\n    raise NotImplementedError')
    assert "NOTE_NAMES[" in filled
    assert 'course.pick("1.1", note_name)' in judge


def test_an_exercise_has_its_facts_and_its_hints_in_folds(write):
    cells = lessons.notebook(write(EXERCISE), "lesson").cells
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert "*Easy · 5 minutes · used again in every lesson.*" in texts[1]
    assert texts[2].count("<details>") == 4


def test_an_exercise_cell_with_another_function_is_refused(write):
    wrong = EXERCISE.replace("note_name", "frequency")
    problem = "\n".join(lessons.problems(write(wrong)))
    assert "the exercise asks for deepcomposer_edu.music.score.note_name" in problem


def test_an_exercise_cell_with_other_code_is_refused(write):
    problem = "\n".join(lessons.problems(write('# %% exercise="1.1"\nprint(1)\n')))
    assert "may hold only lines of the form" in problem


def test_shown_code_is_copied_from_the_package(write):
    text = '# %% tags=["show"]\nfrom deepcomposer_edu.music.score import note_name\n'
    cells = lessons.notebook(write(text), "lesson").cells
    assert "`deepcomposer_edu/music/score.py`" in cells[1].source
    assert "```python\ndef note_name(pitch: int) -> str:" in cells[1].source
    assert cells[2].source == "from deepcomposer_edu.music.score import note_name"


def test_a_cell_can_stand_in_one_notebook_only(write):
    source = write('# %% only="solution"\nprint(1)\n')
    assert code_cells(source, "lesson") == []
    assert code_cells(source, "solution") == ["print(1)"]


def test_running_keeps_the_output_of_checked_cells_only(write):
    source = write("# %%\nprint(1)\n\n# %%\n# NBVAL_CHECK_OUTPUT\nprint(2)\n")
    book = lessons.notebook(source, "lesson")
    lesson_notebooks.run(book)
    first, second = book.cells[1:]
    assert first.outputs == []
    assert second.outputs[0].text == "2\n"


def test_a_notebook_that_differs_from_its_source_is_named(write):
    source = write("# %%\nprint(1)\n")
    lessons.build(source)
    write("# %%\nprint(2)\n")
    found = "\n".join(lessons.problems(source))
    assert "lessons/01_topic.ipynb differs from 01_topic.py" in found
    assert "solutions/01_topic.ipynb differs from 01_topic.py" in found


def test_an_output_in_an_unmarked_cell_is_named(write):
    source = write("# %%\nprint(1)\n")
    lessons.build(source)
    path = lessons.target(source, "lesson")
    book = nbformat.read(path, as_version=4)
    book.cells[1].outputs = [nbformat.v4.new_output("stream", text="1\n")]
    nbformat.write(book, path)
    assert "hold outputs" in "\n".join(lessons.problems(source))


def test_a_missing_notebook_is_named(write):
    found = "\n".join(lessons.problems(write("# %%\nprint(1)\n")))
    assert "lessons/01_topic.ipynb is missing" in found


def test_a_name_that_no_cell_imports_is_named(write):
    found = broken_rules(write("# %%\ndef f(x):\n    return np.zeros(x)\n"))
    assert "uses `np`, which no earlier cell imports" in found


def test_the_exercise_is_told_which_import_it_misses(write):
    found = broken_rules(write(EXERCISE))
    assert "uses `NOTE_NAMES`" in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# %% [markdown]\n# ## Scales\n", "does not end with (N minutes)"),
        ("# %% [markdown]\n# You simply run it.\n", "say it without `simply`"),
        ("# %%\nimport matplotlib.pyplot as plt\n", "no drawing code"),
        ("# %%\nprint(1)\n", "there is no section `quiz`"),
    ],
)
def test_a_broken_rule_is_named(write, text, words):
    assert words in broken_rules(write(text))


def test_a_lesson_without_its_title_is_named(tmp_path):
    path = tmp_path / "01_topic.py"
    path.write_text("# %%\nprint(1)\n", encoding="utf-8")
    assert "the first cell is not the title" in broken_rules(path)


def test_a_new_lesson_has_its_four_files_and_builds(tmp_path):
    written = begin(tmp_path, "01_again", "Again")
    names = [path.relative_to(tmp_path).as_posix() for path in written]
    assert names == [
        "solutions/01_again.py",
        "deepcomposer_edu/course/checks/ch01.py",
        "deepcomposer_edu/course/quizzes/ch01.py",
        "tests/exercises/test_01_again.py",
    ]
    for path in written:
        compile(path.read_text(encoding="utf-8"), path.name, "exec")
    assert len(lessons.notebook(written[0], "lesson").cells) > 12


def test_a_new_lesson_never_writes_over_an_old_one(tmp_path):
    begin(tmp_path, "01_again", "Again")
    with pytest.raises(SystemExit, match="exists already"):
        begin(tmp_path, "01_again", "Again")


def test_a_lesson_name_without_its_number_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="looks like 02_tokens"):
        begin(tmp_path, "tokens", "Tokens")


@every_lesson
def test_a_lesson_has_five_questions(source):
    from deepcomposer_edu.course import quiz

    assert len(quiz(source.stem).questions) == 5


@every_lesson
def test_the_right_answer_does_not_always_stand_in_one_place(source):
    from deepcomposer_edu.course import quiz

    places = [
        [answer.is_right for answer in question.answers].index(True)
        for question in quiz(source.stem).questions
    ]
    assert len(set(places)) > 1


def test_in_a_lesson_an_input_error_is_one_sentence(write):
    source = write(
        "# %%\nfrom deepcomposer_edu import course\n\ncourse.setup()\n\n"
        '# %%\ncourse.check("1.99", print)\n'
    )
    book = lessons.notebook(source, "lesson")
    with pytest.raises(CellExecutionError):
        lesson_notebooks.run(book)
    (error,) = book.cells[2].outputs
    assert error.traceback == [f"InputError: {error.evalue}"]
    assert error.evalue.startswith("There is no exercise '1.99'; lesson 01 has: 1.1")
