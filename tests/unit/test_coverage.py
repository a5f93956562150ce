"""Every row of docs/coverage.md says where it lives and names tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

from deepcomposer_edu.course.catalogue import lessons

ROOT = Path(__file__).resolve().parent.parent.parent
# How many rows of each kind the five sources give.
ROWS = {"0-T": 6, "0-S": 10, "1-T": 9, "1-S": 6, "2-T": 5, "2-S": 7}
ROWS |= {"3-T": 13, "3-S": 7, "4-T": 10, "4-S": 8}
# What else the plan asks for: features, what was better elsewhere, the rubric.
MORE = {"4b-": 27, "4d-": 4, "4e-": 9, "9-": 9}
STATES = {"works", "first form", "not there"}
FOLDERS = "deepcomposer_edu|widgets|data|solutions|lessons|tests|tools|docs|benchmarks"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*|[\w.]+\.(?:py|txt|toml))`")
LESSON = re.compile(r"`solutions/(\w+)\.py` \(([^)]+)\)")


@cache
def table_rows():
    """Return the rows of all tables with five columns: id, row, state, where, proof."""
    text = (ROOT / "docs" / "coverage.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith("| ") and line.count(" | ") == 4
    ]
    return [row for row in rows if row[0] != "id"]


@cache
def sentences_in(path):
    """Return the names of the tests in a file, without the `test_` before each."""
    found = ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
    names = [node.name for node in found if isinstance(node, ast.FunctionDef)]
    return {name.removeprefix("test_") for name in names if name.startswith("test_")}


def proofs(cell):
    """Yield (sentence, file) for each test that a cell names."""
    for part in re.findall(r"(?:^|\); )(.+? \(`[^`]+`)", cell):
        sentences, path = part.removesuffix("`").rsplit(" (`", 1)
        for sentence in sentences.split("; "):
            yield sentence, path


def is_a_test(sentence, path):
    """Return whether a sentence of the last column names something that is tested."""
    if sentence == "said":
        return path == "tests/lessons/test_taught.py"
    if sentence.startswith("exercise"):
        known = {task.number for lesson in lessons() for task in lesson.tasks}
        numbers = set(re.findall(r"\d+\.\d+", sentence))
        return numbers and numbers <= known and path.endswith("test_every_exercise.py")
    return sentence.replace(" ", "_") in sentences_in(path)


def test_every_row_of_the_plan_is_listed_once():
    expected = [
        f"{kind}{number + 1}"
        for kind, n in (ROWS | MORE).items()
        for number in range(n)
    ]
    kinds = re.compile("|".join(ROWS | MORE))
    listed = [row[0] for row in table_rows() if kinds.match(row[0])]
    assert sorted(listed) == sorted(expected)


def test_a_row_says_where_it_lives():
    strange = []
    for row, _, state, where, _ in table_rows():
        named = PATH.findall(where)
        says = named or state == "not there" or "there is no" in where
        if state not in STATES or not says:
            strange.append(row)
        strange += [(row, name) for name in named if not (ROOT / name).exists()]
    assert strange == []


def test_the_sections_that_a_row_names_stand_in_the_lesson():
    missing = []
    for row in table_rows():
        for lesson, sections in LESSON.findall(row[3]):
            text = (ROOT / "solutions" / f"{lesson}.py").read_text("utf-8")
            for section in sections.split(", "):
                heading = rf"# ##+ {re.escape(section)}(?!\w)"
                if section[0].isupper() and not re.search(heading, text):
                    missing.append((row[0], section))
    assert missing == []


def test_a_row_that_works_names_tests_that_exist():
    strange = []
    for row, _, state, _, proof in table_rows():
        named = list(proofs(proof))
        strange += [(row, *pair) for pair in named if not is_a_test(*pair)]
        if state == "works" and not named:
            strange.append(row)
    assert strange == []


def test_a_test_that_does_not_exist_would_be_noticed():
    cell = (
        "exercise 6.4 (`tests/exercises/test_every_exercise.py`); a; b (`tests/c.py`)"
    )
    assert [sentence for sentence, _ in proofs(cell)] == ["exercise 6.4", "a", "b"]
    assert not is_a_test("nobody wrote this", "tests/unit/test_coverage.py")
    assert not is_a_test("exercise 6.99", "tests/exercises/test_every_exercise.py")
