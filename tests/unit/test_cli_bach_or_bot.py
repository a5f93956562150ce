"""The command line: a page with a listening test, a class pooled, a judge of clicks."""

from __future__ import annotations

from functools import partial

import pytest

from deepcomposer_edu.compose.blind.result import Answer, Result

pytestmark = pytest.mark.data


@pytest.fixture
def run(run, tmp_path, monkeypatch):
    """Return a function that runs a command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return partial(run, "bach-or-bot")


def test_a_page_is_written_and_the_machines_scores_are_told(run, tmp_path):
    code, out, _ = run(
        "-o", "page.html", "-n", 3, "--bars", 1, "--bot", "random", "--verdicts", "end"
    )
    assert code == 0
    assert "Rule grade: right in" in out
    assert "Written: page.html" in out
    assert '"verdicts": "end"' in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "There is no name for the page"),
        (["-o", "page.txt"], "must end in .html"),
        (["-o", "p.html", "--verdicts", "x"], '"each" round or at the "end"'),
        (["-o", "p.html", "-n", "0"], "a test has 1 to 60"),
        (["-o", "p.html", "--bot", "me"], "only wgan, transformer, random"),
        (["-o", "p.html", "--model", "nowhere"], "nowhere"),
        (["pool"], "--help"),
        (["pool", "missing.json"], "missing.json could not be read"),
        (["clicks", "missing.json"], "None of the files"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, arguments, words, tmp_path):
    code, out, error = run(*arguments)
    assert (code, out) == (2, "")
    assert words in error
    assert len(error.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_class_is_pooled_and_its_clicks_learned_from(run, tmp_path):
    for player in range(3):
        answers = [
            Answer(
                i % 2 == 0, i % 4 < 2, f"piece {i}", {}, {"triads": float(i % 4 < 2)}
            )
            for i in range(12)
        ]
        Result(tuple(answers), test="t").save(tmp_path / f"{player}.json")
    (tmp_path / "broken.json").write_text("{")
    code, out, _ = run("pool", ".")
    assert code == 0
    assert "3 listeners judged 36 rounds." in out
    assert "broken.json is no result" in out
    code, out, _ = run("clicks", "0.json", "1.json", "broken.json")
    assert code == 0
    assert "More triads: taken for real more often" in out
    assert "broken.json is no result" in out
