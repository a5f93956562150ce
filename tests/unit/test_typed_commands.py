"""Every command that a document or a lesson names can be typed as it stands."""

import re
from pathlib import Path

import pytest
from typed_commands import commands_in, parse

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(ROOT / "docs").rglob("*.md"),
]
LESSONS = sorted((ROOT / "solutions").glob("*.py"))


@pytest.mark.parametrize("path", sorted(DOCUMENTS), ids=lambda path: path.stem)
def test_what_a_document_says_can_be_typed(path):
    for words in commands_in(path.read_text("utf-8")):
        parse(words)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_what_a_lesson_says_can_be_typed(path):
    text = re.sub(r"^# ?", "", path.read_text("utf-8"), flags=re.MULTILINE)
    for words in commands_in(text):
        parse(words)


def test_commands_are_found_in_a_line_a_fold_and_a_sentence():
    text = (
        "Type `deepcomposer\ncompose --help` first, then `deepcomposer compose`.\n\n"
        "    deepcomposer replay a  # again\n\n"
        "```\n.venv/bin/deepcomposer train wgan --out b \\\n    --steps 5\n```\n"
    )
    found = [" ".join(words) for words in commands_in(text)]
    assert found == ["compose --help", "train wgan --out b --steps 5", "replay a"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["train", "wgan", "--recipe", "small"], "Missing parameter: out"),
        (["classroom", "bilud", "spring"], "No such command: bilud"),
        (["bach-or-bot", "--round", "3"], "No such option: --round"),
    ],
)
def test_a_command_that_cannot_be_typed_is_found(words, problem):
    with pytest.raises(Exception, match=problem):
        parse(words)
