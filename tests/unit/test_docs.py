"""What the documents say is there, is there."""

import json
import re
from pathlib import Path

import pytest

from deepcomposer_edu.course.catalogue import lessons

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "data").glob("*.md")),
    *sorted((ROOT / "benchmarks").glob("*.md")),
]
# How many rows of each kind the five sources give.
ROWS = {"0-T": 6, "0-S": 10, "1-T": 9, "1-S": 6, "2-T": 5, "2-S": 7}
ROWS |= {"3-T": 13, "3-S": 7, "4-T": 10, "4-S": 8}
PATHS = re.compile(
    r"`((?:deepcomposer_edu|widgets|data|solutions|lessons|tests|tools|docs|benchmarks)"
    r"/[\w./-]*)`"
)


def coverage_rows():
    text = (ROOT / "docs" / "coverage.md").read_text("utf-8")
    return re.findall(
        r"^\| (\d-[ST]\d+) \| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE
    )


def test_every_row_of_the_plan_is_listed_once():
    expected = [
        f"{kind}{number + 1}" for kind, n in ROWS.items() for number in range(n)
    ]
    assert sorted(row[0] for row in coverage_rows()) == sorted(expected)


@pytest.mark.parametrize("row", coverage_rows(), ids=lambda row: row[0])
def test_a_row_that_works_names_where_and_a_later_one_when(row):
    _, _, state, where = row
    assert state in {"works", "first form", "later"}
    if state == "later":
        assert re.search(r"lessons? \d\d|studio|later models", where)
    else:
        assert PATHS.search(where)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_exists(document):
    text = document.read_text("utf-8")
    named = [name for name in PATHS.findall(text) if "NN" not in name]
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(document):
    text = document.read_text("utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    missing = [
        target
        for target in targets
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_nothing_of_one_machine_stands_in_a_document(document):
    text = document.read_text("utf-8")
    assert not re.search(r"/(home|root|tmp|work|Users)/\w", text)


def test_every_lesson_is_in_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    notebooks = sorted((ROOT / "lessons").glob("*.ipynb"))
    assert notebooks
    for notebook in notebooks:
        assert f"lessons/{notebook.name}" in readme


def test_the_readme_states_the_minutes_of_the_lessons():
    readme = (ROOT / "README.md").read_text("utf-8")
    for lesson in lessons():
        row = re.search(rf"\(lessons/{lesson.name}\.ipynb\).*\| (\d+) \|", readme)
        assert row and int(row[1]) == lesson.minutes, lesson.name


def test_lessons_hold_no_output_but_the_one_that_is_compared():
    for path in sorted((ROOT / "lessons").glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell.get("outputs"):
                assert "".join(cell["source"]).startswith("# NBVAL_CHECK_OUTPUT")
