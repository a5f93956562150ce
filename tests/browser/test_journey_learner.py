"""A learner on their own: works, is told what is wrong, stops, comes back, is done."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.course.progress import read_progress

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = "Learner 1"
SIGNATURE = "def note_name(pitch: int) -> str:\n"
WRONG = SIGNATURE + 'return f"{NOTE_NAMES[pitch % 12]}{pitch // 12}"'
RIGHT = SIGNATURE + 'return f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}"'


@pytest.fixture
def open_lesson(lab_page, tmp_path):
    """Return a function that opens a lesson, with progress in a file of this test."""
    place = f"import os; os.environ['DEEPCOMPOSER_PROGRESS'] = {str(tmp_path / 'p')!r}"

    def opened(name):
        book = nbformat.read(ROOT / "lessons" / name, as_version=4)
        book.cells.insert(0, nbformat.v4.new_code_cell(place))
        path = tmp_path / Path(name).name
        nbformat.write(book, path)
        page = lab_page(path)
        page.sources = [c.source for c in book.cells if c.cell_type == "code"]
        return page

    return opened


def index_of(lesson, words):
    """Return the number of the code cell in which these words stand."""
    (found,) = [i for i, text in enumerate(lesson.sources) if words in text]
    return found


def write_answer(lesson, index, text):
    """Type an answer over what stands in a cell, as a learner does."""
    editor = lesson.cell(index).locator(".cm-content")
    editor.scroll_into_view_if_needed()
    editor.click()
    lesson.page.keyboard.press("Control+a")
    # the editor indents by itself after a colon, and closes brackets and quotes
    lesson.page.keyboard.insert_text(text.replace("\n", "\n    "))
    lesson.run(index)


def test_the_first_sound_in_korean(open_lesson, tmp_path):
    lesson = open_lesson("ko/00_first_sound.ipynb")
    for words in ("import os", "course.setup", "load_tune(", "course.quiz"):
        lesson.run(index_of(lesson, words))
    assert lesson.output(index_of(lesson, "course.setup")).startswith("준비됐어요: ")
    sound = lesson.page.get_by_label("Ode to Joy")
    expect(sound).to_have_js_property("paused", True)  # nothing starts by itself

    # the quiz answers in the learner's language, and counts for the lesson
    lesson.page.get_by_text("가장 낮은 성부", exact=True).click()
    reason = lesson.page.get_by_role("status").filter(has_text="조금 아쉬워요")
    expect(reason).to_contain_text("베이스는 신경망의 것이에요")
    lesson.page.get_by_text("가장 높은 성부", exact=True).click()
    expect(lesson.page.get_by_text("5문항 중 1개를 맞혔어요")).to_be_visible()
    (done,) = [one for one in read_progress(tmp_path / "p").lessons() if one.is_begun]
    assert (done.lesson.number, done.n_right) == ("00", 1)
    assert lesson.errors == []


def test_from_a_first_answer_to_a_certificate(open_lesson, tmp_path, new_context):
    lesson = open_lesson("01_music_as_numbers.ipynb")
    start = index_of(lesson, "course.setup")
    answer, judge = index_of(lesson, "def note_name"), index_of(lesson, '"1.1"')
    for index in (0, start, answer, judge):
        lesson.run(index)
    verdict = lesson.cell(judge).locator(".jp-OutputArea")
    expect(verdict).to_contain_text("Exercise 1.1 is not done yet")

    # a wrong answer is told what is wrong with it
    write_answer(lesson, answer, WRONG)
    lesson.run(judge)
    expect(verdict).to_contain_text("expected 'C4', got 'C5'")

    # hints stand below the exercise, and open one by one
    folds = lesson.page.locator(".jp-RenderedMarkdown summary:visible")
    hint = folds.filter(has_text="Hint 1").first
    hint.scroll_into_view_if_needed()
    hint.click()
    shown = lesson.page.locator(".jp-RenderedMarkdown details[open]").first
    expect(shown).to_contain_text("Twelve pitches make an octave")

    write_answer(lesson, answer, RIGHT)
    lesson.run(judge)
    expect(verdict).to_contain_text("Exercise 1.1 passed")
    expect(verdict).to_contain_text("the lesson uses your note_name")

    # stops in the middle, comes back: the lesson says where
    lesson.restart_kernel()
    lesson.run(0)
    lesson.run(start)
    said = lesson.output(start)
    assert "Welcome back: 1 of 6 exercises passed" in said
    assert "go on with exercise 1.2" in said

    progress = read_progress(tmp_path / "p")
    assert progress.n_damaged == 0
    assert progress.where() == ("01", "1.2")

    # a certificate from what this computer saw, as a page that needs nothing else
    page_path = tmp_path / "certificate.html"
    given = ["--file", str(tmp_path / "p"), "--certificate", str(page_path)]
    assert main(["progress", *given, "--name", f"{NAME} <script>x()</script>"]) == 0
    page = new_context().new_page()
    outside = []
    page.on("request", lambda request: outside.append(request.url))
    page.goto(page_path.as_uri())
    expect(page.locator("body")).to_contain_text(NAME)
    expect(page.locator("body")).to_contain_text("Music as numbers")
    assert page.locator("script", has_text="x()").count() == 0
    assert [url for url in outside if not url.startswith(("file:", "data:"))] == []
    rows = [json.loads(line) for line in (tmp_path / "p").read_text().splitlines()]
    states = [row["state"] for row in rows if row["kind"] == "check"]
    assert list(dict.fromkeys(states)) == ["not done", "refused", "passed"]
    assert lesson.errors == []
