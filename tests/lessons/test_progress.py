"""Progress: written down without getting in the way, read without believing it."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import jupytext
import pytest
from full_disk import needs_file_limits
from hypothesis import given, settings
from hypothesis import strategies as st

from deepcomposer_edu import course, lab
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.course import progress_log
from deepcomposer_edu.course.catalogue import find_lesson, lessons
from deepcomposer_edu.course.certificate import certificate_page
from deepcomposer_edu.course.exercises import chapters, exercises
from deepcomposer_edu.course.progress import parse_progress, read_progress
from deepcomposer_edu.course.progress_log import (
    append_line,
    flush_shared,
    record,
    share_progress,
    shared_path,
)
from deepcomposer_edu.course.progress_page import progress_page
from deepcomposer_edu.course.resuming import open_lesson
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import NOTE_NAMES
from deepcomposer_edu.web_page import write_page

ROOT = Path(__file__).resolve().parent.parent.parent


def right_name(pitch):
    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}"


def not_done(pitch):
    raise NotImplementedError


@pytest.fixture(name="file")
def file_fixture(tmp_path, monkeypatch):
    """Give the file that progress goes to."""
    path = tmp_path / "kept" / "progress.jsonl"
    monkeypatch.setenv("DEEPCOMPOSER_PROGRESS", str(path))
    monkeypatch.delenv("DEEPCOMPOSER_SHARE", raising=False)
    monkeypatch.setattr(progress_log, "_said", set())
    return path


def line(item="1.1", state="passed", kind="check", lesson=None, at=0, **more):
    row = {
        "at": datetime.fromtimestamp(1_760_000_000 + at, UTC).strftime(
            "%Y-%m-%dT%H:%M:%SZ"
        ),
        "kind": kind,
        "lesson": lesson or item.partition(".")[0].zfill(2),
        "item": item,
        "state": state,
        "note": "",
        "version": 1,
    }
    return json.dumps(row | more)


def of(*lines):
    return parse_progress("\n".join(lines))


def all_of(number):
    """Return the lines of a lesson in which everything is done."""
    found = [line(task.number) for task in find_lesson(number).tasks]
    return found + [
        line(f"q{i}", "right", "quiz", find_lesson(number).number) for i in range(1, 6)
    ]


# Written down


def test_checks_hints_and_answers_are_written_down(file):
    course.setup(lesson="01")
    course.check("1.1", not_done)
    course.check("1.1", lambda pitch: f"{pitch}")
    course.check("1.1", right_name)
    course.hint("1.2", 1)
    course.quiz("01").answer(2, "a")
    rows = [json.loads(text) for text in file.read_text("utf-8").splitlines()]
    told = [(row["kind"], row["item"], row["state"]) for row in rows]
    assert told[:5] == [
        ("lesson", "", "opened"),
        ("check", "1.1", "not done"),
        ("check", "1.1", "refused"),
        ("check", "1.1", "passed"),
        ("hint", "1.2", "asked"),
    ]
    assert told[5][:2] == ("quiz", "q2") and told[5][2] in ("right", "wrong")
    assert {row["lesson"] for row in rows} == {"01"}
    assert rows[3]["note"] == "Exercise 1.1 passed: 5 of 5 checks."


def test_a_try_counts_once_though_the_cell_picks_too(file):
    course.check("1.1", right_name)
    course.pick("1.1", right_name)
    course.check("1.1", exercises("01")[0].answer)
    # the course's own function is nobody's try
    assert len(file.read_text("utf-8").splitlines()) == 1


def test_a_note_keeps_200_characters_and_any_text(file):
    record("check", "01", "1.1", "refused", "\ud800" + "ä" * 300)
    (row,) = [json.loads(text) for text in file.read_text("utf-8").splitlines()]
    assert len(row["note"]) == 200
    assert len(read_progress(file).records) == 1


@pytest.mark.parametrize("setting", ["off", "OFF"])
def test_off_writes_nothing(file, monkeypatch, setting):
    monkeypatch.setenv("DEEPCOMPOSER_PROGRESS", setting)
    record("check", "01", "1.1", "passed")
    assert not file.exists() and not (Path.cwd() / setting).exists()


def test_quick_mode_and_solutions_write_nothing_unasked(file, tmp_path, monkeypatch):
    monkeypatch.delenv("DEEPCOMPOSER_PROGRESS")
    assert progress_log.progress_path() is None
    monkeypatch.delenv("COURSE_QUICK")
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path))
    assert progress_log.progress_path() == tmp_path / "progress.jsonl"
    (tmp_path / "solutions").mkdir()
    monkeypatch.chdir(tmp_path / "solutions")
    assert progress_log.progress_path() is None


def test_a_torn_line_is_ended_before_the_next_one(file):
    file.parent.mkdir()
    file.write_text('{"at": "2026-')
    record("check", "01", "1.1", "passed")
    found = read_progress(file)
    assert (len(found.records), found.n_damaged) == (1, 1)


def test_a_lesson_goes_on_where_nothing_can_be_written(file, capsys):
    file.mkdir(parents=True)  # a folder where the file should be
    assert course.check("1.1", right_name).passed
    assert course.check("1.1", right_name).passed
    said = capsys.readouterr().err
    assert said.count("Your progress is not kept") == 1
    assert "The lesson goes on." in said
    assert open_lesson("01") == ""


FULL = """
import resource, signal
from deepcomposer_edu.course.progress_log import record
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
for i in range(20):
    record("check", "01", "1.1", "refused", "x" * 190)
"""


@needs_file_limits
def test_a_full_disk_is_one_sentence_and_spoils_no_line_before(file):
    run = subprocess.run(
        [sys.executable, "-c", FULL], capture_output=True, text=True, check=True
    )
    assert run.stderr.count("\n") == 1 and "could not be written" in run.stderr
    found = read_progress(file)
    assert len(found.records) >= 5 and found.n_damaged <= 1


WRITER = """
import sys
from deepcomposer_edu.course.progress_log import record
for i in range(200):
    record("check", "01", "1.1", "refused", sys.argv[1] * 190)
"""


def test_two_kernels_at_once_lose_no_line(file):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name]) for name in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    found = read_progress(file)
    assert (len(found.records), found.n_damaged) == (400, 0)


# Read


def test_no_file_is_no_progress(file):
    found = read_progress()
    assert found.records == () and found.where() == ("00", "")
    assert repr(found).endswith("Begin with lesson 00, First sound.")


@pytest.mark.parametrize(
    "damaged",
    [
        "{",
        "[1]",
        "null",
        '"text"',
        "[" * 5000,
        line(version=2),
        line(kind="money"),
        line(state="opened"),
        line(lesson="1"),
        line(lesson="٠١"),
        line(item="1.1; rm"),
        line(item="1.1\n"),
        line(at=0) .replace("2025", "0001"),
        line().replace('"passed"', "7"),
    ],
)  # fmt: skip
def test_a_line_that_says_nothing_is_counted(damaged):
    found = of(damaged, line())
    assert (len(found.records), found.n_damaged) == (1, 1)


@settings(max_examples=30)
@given(st.text())
def test_any_text_is_read_and_shown(text):
    found = parse_progress(text)
    assert repr(found) and progress_page(found)


def test_notes_and_names_cannot_steer_a_terminal():
    learner = '{"kind": "learner", "name": "A\\u001b[2J\\u202eB", "version": 1}'
    found = of(learner, line(note="x\u001b[2J"))
    assert found.name == "A [2J B" and found.records[0].note == "x [2J"


def test_a_huge_file_and_a_folder_are_refused(tmp_path):
    with (tmp_path / "huge.jsonl").open("wb") as file:
        file.truncate(30_000_000)
    with pytest.raises(InputError, match="30,000,000 bytes"):
        read_progress(tmp_path / "huge.jsonl")
    with pytest.raises(InputError, match="is no file"):
        read_progress(tmp_path)


def test_tries_count_up_to_the_first_pass():
    found = of(
        line(state="not done", at=1),
        line(state="refused", at=2),
        line(state="refused", at=3),
        line(state="passed", at=4),
        line(state="refused", at=5),
        line(state="passed", at=6),
        line(kind="hint", state="asked", at=7),
    )
    one = found.lessons()[1]
    assert (one.passed, one.tries("1.1"), one.n_hints) == (("1.1",), 3, 1)
    assert (one.last - one.first).seconds == 6


def test_of_a_question_the_last_answer_counts():
    found = of(
        *(line("q1", s, "quiz", "03", at=i) for i, s in enumerate(("wrong", "right"))),
        *(line("q2", s, "quiz", "03", at=i) for i, s in enumerate(("right", "wrong"))),
    )
    assert found.lessons()[3].n_right == 1


def test_where_is_after_the_last_exercise_passed():
    assert of(line("7.1"), line("7.2")).where() == ("07", "7.3")
    assert of(line("7.6")).where() == ("07", "7.1")  # the first was left out


def test_where_is_the_quiz_and_then_the_next_lesson():
    tasks = [line(task.number) for task in find_lesson("1").tasks]
    assert of(*tasks).where() == ("01", "quiz")
    assert of(*tasks).where_words.endswith("Music as numbers: its quiz.")
    assert of(*all_of("1")).where() == ("02", "")
    everything = [row for one in lessons() for row in all_of(one.number)]
    assert of(*everything).where() == (lessons()[-1].number, "")


def test_who_comes_back_is_told_where_to_go_on(file, capsys):
    course.setup(lesson="01")
    assert "Welcome back" not in capsys.readouterr().out
    course.check("1.1", right_name)
    course.setup(lesson="01")
    assert (
        "Welcome back: 1 of 6 exercises passed; go on with exercise 1.2"
        in capsys.readouterr().out
    )
    file.write_text("\n".join(all_of("01")))
    assert open_lesson("01").endswith("the lesson is done.\n")


# Shown


def test_the_table_of_a_notebook_has_the_lessons_that_were_begun():
    table = of(line("3.1"))._repr_html_()
    assert "03 Embeddings by ear" in table and "04" not in table
    assert "exercise 3.2" in table


def test_the_page_needs_nothing_from_outside_and_escapes_names():
    learner = '{"kind": "learner", "name": "<script>alert(1)</script>", "version": 1}'
    page = progress_page(of(learner, line("3.1"), "torn"))
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "could not be read: 1" in page


def test_years_of_learning_are_drawn_in_weeks():
    page = progress_page(of(line("3.1"), line("3.2", at=200 * 86_400)))
    assert "week by week" in page and page.count("<rect") == 29


def test_a_certificate_says_what_was_done_and_that_it_is_no_exam():
    page = certificate_page(of(*all_of("3")), "Learner <1>")
    assert "Learner &lt;1&gt;" in page and "is no exam" in page
    assert "6 of 6 exercises, 5 of 5 questions" in page
    assert "has taken part" in page
    everything = [row for one in lessons() for row in all_of(one.number)]
    assert "the whole course" in certificate_page(of(*everything), "Learner 1")


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_certificate_needs_a_name_that_fits(name):
    with pytest.raises(InputError, match="1 to 60 fit"):
        certificate_page(of(line()), name)


def test_nothing_passed_is_nothing_certified():
    with pytest.raises(InputError, match="nothing to certify"):
        certificate_page(of(line(state="refused")), "Learner 1")


def test_a_page_has_the_name_of_a_page(tmp_path):
    with pytest.raises(InputError, match=r"must end in .html"):
        write_page(tmp_path / "page.pdf", "")


# Shared


def test_each_line_goes_to_the_teachers_folder_too(file, tmp_path, monkeypatch):
    record("check", "01", "1.1", "refused")  # before the folder was known
    monkeypatch.setenv("DEEPCOMPOSER_SHARE", str(tmp_path / "class"))
    monkeypatch.setenv("DEEPCOMPOSER_LEARNER", "Learner 1")
    for state in ("refused", "refused", "passed"):
        record("check", "01", "1.1", state)
    assert flush_shared(60)
    shared = read_progress(shared_path(tmp_path / "class", "Learner 1"))
    assert shared.name == "Learner 1"
    assert shared.records == read_progress(file).records


def test_a_teachers_folder_that_is_away_stops_no_lesson(file, tmp_path, monkeypatch):
    (tmp_path / "class").write_text("a file where the folder should be")
    monkeypatch.setenv("DEEPCOMPOSER_SHARE", str(tmp_path / "class"))
    assert course.check("1.1", right_name).passed
    assert flush_shared(60)
    assert len(read_progress(file).records) == 1


def test_sharing_all_at_once_ends_a_torn_line(file, tmp_path):
    append_line(file, line())
    with file.open("a") as kept:
        kept.write('{"torn')
    target = share_progress(tmp_path / "class", "Learner 1")
    append_line(target, line("1.2"))
    shared = read_progress(target)
    assert (len(shared.records), shared.n_damaged) == (2, 1)


@given(st.text(max_size=80), st.text(max_size=80))
def test_two_learners_never_share_a_file_and_none_leaves_the_folder(one, other):
    paths = [shared_path("class", name) for name in (one, other)]
    assert all(path.parent == Path("class") and len(path.name) < 80 for path in paths)
    assert (paths[0] == paths[1]) == (one == other)


@pytest.mark.parametrize("name", ["../../etc", "CON", "con", "a/b", ".", "", "a b"])
def test_a_learners_name_is_made_a_safe_file_name(name):
    assert shared_path("class", name).name.rpartition("-")[0]


# The catalogue


def test_the_catalogue_lists_each_lesson_with_its_own_title_and_minutes():
    sources = sorted((ROOT / "solutions").glob("[0-9][0-9]_*.py"))
    assert [path.stem for path in sources] == [lesson.name for lesson in lessons()]
    for path, lesson in zip(sources, lessons(), strict=True):
        first = jupytext.read(path, fmt="py:percent").cells[0].source
        assert first.startswith(f"# {lesson.number} {lesson.title}\n")
        assert f"*{lesson.minutes} minutes" in first


def test_the_catalogue_lists_the_exercises_that_are_checked():
    assert chapters() == tuple(one.number for one in lessons() if one.tasks)
    for lesson in lessons():
        assert [(t.number, t.title, t.difficulty, t.minutes) for t in lesson.tasks] == [
            (e.number, e.title, e.difficulty, e.minutes)
            for e in exercises(lesson.number)
        ]


def test_each_lesson_tells_the_set_up_its_number():
    for path in sorted((ROOT / "solutions").glob("[0-9][0-9]_*.py")):
        call = f'course.setup(seed=0, lesson="{path.stem[:2]}")'
        assert call in path.read_text("utf-8")


def test_a_lesson_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="choose one from 00 to"):
        find_lesson("99")


# The doors


def test_the_command_says_all_and_writes_the_pages(file, tmp_path, capsys):
    file.parent.mkdir()
    file.write_text("\n".join(["torn", *all_of("01"), line("2.1")]) + "\n")
    assert main(["progress"]) == 0
    said = capsys.readouterr().out
    assert "Go on with lesson 02, Tokens: exercise 2.2" in said
    assert "could not be read: 1" in said
    page, paper = tmp_path / "p.html", tmp_path / "c.html"
    pages = ["--page", str(page), "--certificate", str(paper), "--name", "Learner 1"]
    assert main(["progress", *pages, "--share", str(tmp_path / "class")]) == 0
    assert "<b>7</b><span>of " in page.read_text("utf-8")
    assert "Learner 1" in paper.read_text("utf-8")
    shared = read_progress(shared_path(tmp_path / "class", "Learner 1"))
    assert (shared.name, len(shared.records)) == ("Learner 1", 12)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--certificate", "c.html"], "needs a name"),
        (["--file", "nowhere.jsonl"], "does not exist"),
        (["--page", "page.txt"], "must end in .html"),
    ],
)
def test_the_command_refuses_in_a_sentence(file, capsys, options, words):
    assert main(["progress", *options]) == 2
    assert words in capsys.readouterr().err


def test_the_lab_opens_where_one_stopped(file, tmp_path, monkeypatch, capsys):
    pages = []

    def command(work, port, opens_browser, page):
        pages.append(page)
        return [sys.executable, "-c", "pass"]

    monkeypatch.setattr(lab, "lab_command", command)
    monkeypatch.setattr(lab, "write_quiet_settings", lambda _: None)
    monkeypatch.setattr(lab.os, "name", "no posix")  # a process of its own
    work = f"--work={tmp_path / 'work'}"
    assert lab.main([work]) == 0
    record("check", "07", "7.2", "passed")
    assert lab.main([work, "--resume"]) == 0
    assert pages == ["/lab/tree/00_first_sound.ipynb", "/lab/tree/07_wgan_gp.ipynb"]
    said = capsys.readouterr().out
    assert "-- Begin with lesson 00" in said and "exercise 7.3" in said
