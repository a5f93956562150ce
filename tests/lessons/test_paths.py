"""The three paths: their minutes are the lessons' own, and a learner finds them."""

import re
import sys
from pathlib import Path

import pytest

from deepcomposer_edu.course import copies

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import paths  # noqa: E402

PAGES = sorted((ROOT / "docs" / "paths").glob("*.md"))
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def test_there_are_the_three_paths():
    assert [page.stem for page in PAGES] == ["artist", "full", "half_day"]


@every_page
def test_the_minutes_and_the_title_are_those_of_the_lessons(page):
    text = page.read_text("utf-8")
    assert len(paths.ROW.findall(text)) >= 5
    assert paths.built(text) == text


@every_page
def test_every_link_leads_to_a_lesson_or_a_path(page):
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).is_file()


def test_the_whole_course_is_every_lesson_in_order():
    text = (ROOT / "docs" / "paths" / "full.md").read_text("utf-8")
    named = [row[1] for row in paths.ROW.findall(text)]
    assert named == [path.stem for path in sorted((ROOT / "lessons").glob("[01]*"))]


def test_a_section_that_is_not_there_is_named():
    with pytest.raises(LookupError, match="has no section 'Tea'"):
        paths.row_minutes("00_first_sound", "Tea")


def test_a_wrong_minute_is_put_right():
    text = "# P: long\n\n| [00](../../lessons/00_first_sound.ipynb) | Quiz | 99 |\n"
    minutes = paths.section_minutes("00_first_sound", "Quiz")
    assert f"| Quiz | {minutes} |" in paths.built(text)
    assert paths.built(text).startswith("# P: about 0")


def test_the_learner_has_the_paths_beside_the_lessons(tmp_path):
    copies.sync_lessons(ROOT / "lessons", tmp_path)
    copies.place_paths(ROOT / "docs" / "paths", tmp_path)
    for page in sorted((tmp_path / "paths").glob("*.md")):
        targets = re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))
        assert targets and all((page.parent / name).is_file() for name in targets)
    (tmp_path / "paths" / "full.md").write_text("old")
    copies.place_paths(ROOT / "docs" / "paths", tmp_path)
    assert "about" in (tmp_path / "paths" / "full.md").read_text("utf-8")
