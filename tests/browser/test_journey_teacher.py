"""A teacher: the sets and slips of the week before, the class, who is stuck, the vote.

One hub runs for all of it, with two learners in JupyterLab. What the class plays with
meanwhile (the game of lesson 06, the time machine of 08, the studio) has tests of its
own, and so have the stick for rooms without a network and grading with nbgrader.
"""

from __future__ import annotations

import re

import nbformat
import pytest
from browser.class_hub import (
    MILLISECONDS,
    class_hub_fixture,  # noqa: F401 - a fixture
)
from playwright.sync_api import expect

from deepcomposer_edu.classroom.class_progress import now_utc
from deepcomposer_edu.cli.main import main

# Hub, proxy and two places start in turn: minutes where many programs share the cores.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.data,
    pytest.mark.timeout(1500),
]

LESSON = "01_music_as_numbers.ipynb"
SIGNATURE = "def note_name(pitch: int) -> str:\n"
WRONG = SIGNATURE + '    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12}"'
RIGHT = SIGNATURE + '    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}"'
# What a learner runs: something too large, where it runs, what is in the folder.
CODE = """\
import os, pathlib
import numpy as np
try:
    print(np.ones(5 * 2**30, dtype="int8").nbytes)
except MemoryError:
    print("too large")
print(len(os.sched_getaffinity(0)), os.environ["OMP_NUM_THREADS"])
print(pathlib.Path.cwd() / "00_first_sound.ipynb" in pathlib.Path.cwd().iterdir())
"""


def slip_of(page, name):
    """Return username and password as they stand on a printed slip."""
    slip = page.locator("li", has=page.get_by_role("heading", name=name, exact=True))
    return [slip.locator("code").nth(place).inner_text() for place in (1, 2)]


def index_of(lesson, words):
    """Return the number of the code cell in which these words stand."""
    texts = lesson.page.evaluate(
        """() => jupyterapp.shell.currentWidget.content.widgets
            .map(cell => cell.model)
            .filter(model => model.type === "code")
            .map(model => model.sharedModel.getSource())"""
    )
    (found,) = [i for i, text in enumerate(texts) if words in text]
    return found


def answer(lesson, text, times=1):
    """Write an answer over exercise 1.1 and have it checked; return the verdict."""
    place, judge = index_of(lesson, "def note_name"), index_of(lesson, '"1.1"')
    lesson.page.evaluate(
        """([index, text]) => {
            const cells = jupyterapp.shell.currentWidget.content.widgets;
            const codes = cells.filter(cell => cell.model.type === "code");
            codes[index].model.sharedModel.setSource(text);
        }""",
        [place, text],
    )
    for _ in range(times):
        lesson.run(place)
        lesson.run(judge)
    return lesson.cell(judge).locator(".jp-OutputArea")


def ran(lesson, code):
    """Run code in a lesson's kernel, in no cell; return what it printed."""
    return lesson.page.evaluate(
        """async code => {
            const panel = jupyterapp.shell.currentWidget;
            const kernel = panel.sessionContext.session.kernel;
            const future = kernel.requestExecute({ code });
            let said = "";
            future.onIOPub = message => {
                said += message.content.text || message.content.evalue || "";
            };
            await future.done;
            return said;
        }""",
        code,
    )


def states_of(found):
    """Return the state of each learner of a class, by name."""
    return [one.state(now_utc()) for one in found.learners]


def dashboard(class_hub, page, tmp_path):
    """Return a function that makes the dashboard anew and shows it."""
    out, folder = tmp_path / "dashboard.html", str(class_hub.folder.progress)

    def show():
        assert main(["classroom", "dashboard", folder, "-o", str(out)]) == 0
        page.goto(out.as_uri())

    return show


def vote(page, path, is_real, player, where):
    """Judge every round of a listening test in the same way, and save the result."""
    page.goto(path.as_uri())
    n_rounds = page.locator(".dc-mark").count()
    key = "1" if is_real else "2"
    page.get_by_role("button", name="Play the piece").click()
    expect(page.locator(".dc-seek")).not_to_have_value("0")  # it plays
    for number in range(n_rounds):
        page.keyboard.press(key)
        marks = page.locator(".dc-mark[aria-label*='you said']")
        expect(marks).to_have_count(number + 1)
        page.keyboard.press("n")
    expect(page.locator(".dc-status")).to_contain_text("You were right in")
    page.get_by_label("A name for the file, if you like").fill(player)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the result as a file").click()
    download.value.save_as(where / f"{len(list(where.iterdir()))}.json")
    said = page.locator(".dc-status").inner_text()
    return int(re.search(r"right in (\d+) of", said)[1])


def test_the_week_before(tmp_path):
    sets = tmp_path / "sets"
    given = ["classroom", "build", str(sets), "--lessons", "01", "--sets"]
    assert main([*given, "student,solution,instructor"]) == 0
    found = {path.parent.name: path for path in sets.rglob("01_*.ipynb")}
    assert len(found) == 3
    texts = {
        name: "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
        for name, path in found.items()
    }
    blanks = [name for name, text in texts.items() if "raise NotImpl" in text]
    assert len(blanks) == 1  # learners get blanks, and nobody else
    solved = "pitch // 12 - 1"
    assert solved not in texts[blanks[0]]
    assert sum(solved in text for text in texts.values()) == 2


def test_the_day_from_the_slips_to_the_leaderboard(class_hub, tmp_path, new_context):
    class_hub.forget()
    teacher = new_context(ignore_https_errors=True).new_page()
    teacher.goto((class_hub.folder.root / "slips.html").as_uri())
    slips = {name: slip_of(teacher, name) for name in ("Ada", "Bo <i>")}

    # each learner takes a seat with what stands on the slip
    ada = new_context(ignore_https_errors=True).new_page()
    bo = new_context(ignore_https_errors=True).new_page()
    for page, name in ((ada, "Ada"), (bo, "Bo <i>")):
        login, code = slips[name]
        class_hub.log_in(page, login, code)
        page.wait_for_url("**/hub/home", timeout=MILLISECONDS)
        class_hub.start_place(page, login)
    assert [slips["Ada"][0], slips["Bo <i>"][0]] == ["ada", "bo-i"]

    # both work in lesson 01; one of them gets stuck
    lessons = {}
    for page, login in ((ada, "ada"), (bo, "bo-i")):
        lessons[login] = class_hub.open_lesson(page, login, LESSON)
        lessons[login].run(index_of(lessons[login], "course.setup"))
    assert ada.evaluate("isSecureContext && 'requestMIDIAccess' in navigator")
    said = ran(lessons["ada"], CODE).split("\n")[:3]
    assert said == ["too large", "1 1", "True"]  # in her limits, with her copies
    refused = answer(lessons["ada"], WRONG, times=3)
    expect(refused).to_contain_text("expected 'C4', got 'C5'")
    passed = answer(lessons["bo-i"], RIGHT)
    expect(passed).to_contain_text("Exercise 1.1 passed")

    # the teacher sees who, where and why, beside a file that is none
    (class_hub.folder.share("ada") / "torn.jsonl").write_bytes(b"\xff\xfe{[[[\n")
    show_dashboard = dashboard(class_hub, teacher, tmp_path)
    states = ["stuck", "working"]
    class_hub.until(lambda found: states_of(found) == states)
    show_dashboard()
    expect(teacher.locator(".help")).to_contain_text("Ada at exercise 1.1")
    expect(teacher.locator(".help")).to_contain_text("expected 'C4', got 'C5'")
    expect(teacher.locator("tr.working")).to_contain_text("Bo <i>")
    expect(teacher.locator("tr.working")).to_contain_text("1/6")
    expect(teacher.get_by_text("torn.jsonl holds no progress")).to_be_visible()
    assert teacher.locator("i").count() == 0  # a name is text

    # goes there, and it helps
    expect(answer(lessons["ada"], RIGHT)).to_contain_text("Exercise 1.1 passed")
    class_hub.until(lambda found: states_of(found) == ["working", "working"])
    show_dashboard()
    expect(teacher.get_by_text("Nobody, as far as these files say")).to_be_visible()

    # Bach or bot: the whole class votes on one page, and the wall shows who hears it
    page, results = tmp_path / "vote.html", tmp_path / "results"
    results.mkdir()
    given = ["--rounds", "3", "--bars", "1", "--bot", "random", "--no-judges"]
    assert main(["bach-or-bot", "--out", str(page), *given]) == 0
    rights = {
        "Ada": vote(ada, page, True, "Ada", results),
        "Bo <i>": vote(bo, page, False, "Bo <i>", results),
    }
    assert sum(rights.values()) == 3  # what one takes for Bach the other does not
    board = tmp_path / "board.html"
    assert main(["bach-or-bot", "pool", str(results), "--page", str(board)]) == 0
    teacher.goto(board.as_uri())
    first, second = sorted(rights, key=rights.get, reverse=True)
    rows = teacher.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text(f"1{first}{rights[first]} of 3")
    expect(rows.nth(1)).to_contain_text(f"2{second}{rights[second]} of 3")
    assert [lesson.errors for lesson in lessons.values()] == [[], []]
    assert [lesson.external for lesson in lessons.values()] == [[], []]


def test_seats_are_closed_to_each_other_and_open_to_the_teacher(class_hub, new_context):
    ada = new_context(ignore_https_errors=True).new_page()
    bo = new_context(ignore_https_errors=True).new_page()
    # a wrong code, then the right one as people type it
    class_hub.log_in(ada, "ada", "wrong")
    expect(ada.locator(".login_error")).to_be_visible(timeout=MILLISECONDS)
    typed = class_hub.code("ada").upper()
    class_hub.log_in(ada, "ada", f"{typed[:4]} {typed[4:]}")
    ada.wait_for_url("**/hub/home", timeout=MILLISECONDS)
    class_hub.log_in(bo, "bo-i", class_hub.code("bo-i"))
    bo.wait_for_url("**/hub/home", timeout=MILLISECONDS)
    class_hub.start_place(bo, "bo-i")
    class_hub.start_place(ada, "ada")

    # Bo has copies of his own, and Ada's are closed to him
    def visit(path):
        # what is answered, without waiting for what the page would load
        address = f"{class_hub.url}{path}"
        return bo.goto(address, timeout=MILLISECONDS, wait_until="commit").status

    assert (class_hub.folder.home("bo-i") / "my_work" / "studio.ipynb").is_file()
    assert visit("/user/bo-i/lab") == 200
    assert visit("/user/ada/lab") == 403
    assert visit("/user/ada/files/studio.ipynb") == 403

    # the teacher may look at a learner's notebook
    teacher = new_context(ignore_https_errors=True).new_page()
    class_hub.log_in(teacher, "teacher", class_hub.code("teacher"))
    teacher.wait_for_url("**/hub/home", timeout=MILLISECONDS)
    answered = teacher.goto(
        f"{class_hub.url}/user/ada/lab", timeout=MILLISECONDS, wait_until="commit"
    )
    if "/oauth2/authorize" in teacher.url:  # the hub asks once whether that is meant
        teacher.get_by_role("button", name="Authorize").click(timeout=MILLISECONDS)
        teacher.wait_for_url(
            "**/user/ada/lab*", timeout=MILLISECONDS, wait_until="commit"
        )
    else:
        assert answered.status == 200

    # the folders themselves: nothing private is open to other accounts
    home = class_hub.folder.home("ada")
    assert (home / "my_work" / "00_first_sound.ipynb").is_file()
    for closed in (home, class_hub.folder.private, class_hub.folder.share("ada")):
        assert closed.stat().st_mode & 0o077 == 0
