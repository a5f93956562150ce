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
PATHS = re.compile(
    r"`((?:deepcomposer_edu|widgets|data|solutions|lessons|tests|tools|docs|benchmarks)"
    r"/[\w./-]*)`"
)


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


def sections_of_results():
    """Return the text of each section of RESULTS.md by what a link to it says."""
    text = (ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    slugs = [re.sub(r"[^\w\- ]", "", title.lower()) for title in parts[::2]]
    return {s.replace(" ", "-"): t for s, t in zip(slugs, parts[1::2], strict=True)}


def test_the_readmes_figures_stand_in_the_results_that_they_link_to():
    sections = sections_of_results()
    readme = (ROOT / "README.md").read_text("utf-8")
    place = r"benchmarks/RESULTS\.md#([\w-]+)\)"
    rows = re.findall(rf"^\| .+? \| (.+) \| \[.+\]\({place}", readme, re.MULTILINE)
    said = re.findall(rf"\[([^]]+)\]\({place}", readme)
    assert len(rows) >= 6
    for words, slug in [*rows, *said]:
        for figure in re.findall(r"\d[\d,]*\.?\d*(?![\d.])", words):
            found = re.search(
                rf"(?<![\d.,]){re.escape(figure)}(?!\.?\d)", sections[slug]
            )
            assert found, f"{figure} is not in the section {slug} of RESULTS.md"


def test_lessons_hold_no_output_but_the_one_that_is_compared():
    for path in sorted((ROOT / "lessons").glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell.get("outputs"):
                assert "".join(cell["source"]).startswith("# NBVAL_CHECK_OUTPUT")
