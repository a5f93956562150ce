"""A teacher: builds the sets, looks who is stuck, goes there, looks again."""

from __future__ import annotations

import nbformat
import pytest
from playwright.sync_api import expect

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.course import check
from deepcomposer_edu.course.progress_log import flush_shared
from deepcomposer_edu.music.score import frequency, note_name

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def answered(monkeypatch, tmp_path, name, number, function):
    """Check an answer on a learner's computer, from which progress is shared."""
    monkeypatch.setenv("DEEPCOMPOSER_PROGRESS", str(tmp_path / f"{name}.jsonl"))
    monkeypatch.setenv("DEEPCOMPOSER_SHARE", str(tmp_path / "class"))
    monkeypatch.setenv("DEEPCOMPOSER_LEARNER", name)
    (tmp_path / "class").mkdir(exist_ok=True)
    verdict = check(number, function)
    assert flush_shared(60)  # it is copied in the background
    return verdict


def in_hertz_wrongly(pitch: float) -> float:
    return 440 * (pitch - 69) / 12


def named(pitch: int) -> str:
    return note_name(pitch)


def in_hertz(pitch: float) -> float:
    return frequency(pitch)


@pytest.fixture
def shown(tmp_path, new_context):
    """Return a function that makes the dashboard anew and shows it."""
    page = new_context().new_page()

    def show():
        out = tmp_path / "dashboard.html"
        given = ["classroom", "dashboard", str(tmp_path / "class"), "-o", str(out)]
        assert main(given) == 0
        page.goto(out.as_uri())
        return page

    return show


def test_from_the_sets_to_nobody_stuck(tmp_path, monkeypatch, shown):
    # the week before: one folder for learners, one with what to say
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
    answer = "pitch // 12 - 1"
    assert answer not in texts[blanks[0]]
    assert sum(answer in text for text in texts.values()) == 2

    # the day itself: two learners work, one of them gets stuck
    for _ in range(4):
        said = answered(monkeypatch, tmp_path, "Learner 2", "1.2", in_hertz_wrongly)
    assert said.status == "refused"
    name = "Learner 1 <img src=x onerror=alert(1)>"
    assert answered(monkeypatch, tmp_path, name, "1.1", named).passed
    (tmp_path / "class" / "broken.jsonl").write_bytes(b"\xff\xfe{[[[\n")

    page = shown()
    alerts = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    stuck = page.locator(".help")
    expect(stuck).to_contain_text("Learner 2")
    expect(stuck).to_contain_text("1.2")
    expect(page.locator("body")).to_contain_text("onerror")  # as text
    assert page.locator("img").count() == 0

    # somebody went there
    assert answered(monkeypatch, tmp_path, "Learner 2", "1.2", in_hertz).passed
    page = shown()
    expect(page.get_by_text("Nobody, as far as these files say")).to_be_visible()
    assert alerts == []
