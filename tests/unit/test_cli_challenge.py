"""`deepcomposer arrange` and `deepcomposer challenge new, use, check`."""

import json

import pytest

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.workspace import Workspace
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.compose import compose, replay


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a harmonised tune, as `deepcomposer compose` writes it."""
    folder = tmp_path_factory.mktemp("made")
    compose("old-hundredth", technique="random").save(folder, parts=["json"])
    return folder


def test_arrange_writes_a_minute_that_can_be_made_again(made, tmp_path, capsys):
    out = tmp_path / "minute"
    options = ["--instruments", "A=oboe; B=church organ", "--parts", "mid,json"]
    assert main(["arrange", str(made), "-o", str(out), *options]) == 0
    assert "60.0 seconds" in capsys.readouterr().out
    assert (out / "composition.mid").is_file()
    again = replay(out)
    assert {track.program for track in again.score.tracks} == {68, 19}


def test_arrange_takes_a_team_mates_section(made, tmp_path):
    out = tmp_path / "team"
    options = ["--section", f"b={made}", "--parts", "json", "--form", "ABA"]
    assert main(["arrange", str(made), "-o", str(out), *options]) == 0
    assert list(replay(out).provenance["materials"]) == ["B"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--seconds", "5"], "from 10 to 600"),
        (["--form", "A1"], "letters"),
        (["--section", "B"], "LETTER=MUSIC"),
        (["--ending", "bang"], "cadence"),
        (["--parts", "gif"], "parts to write"),
    ],
)
def test_arrange_says_what_is_wrong(made, tmp_path, capsys, options, words):
    assert main(["arrange", str(made), "-o", str(tmp_path / "x"), *options]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_from_new_to_check(made, tmp_path, capsys):
    folder, page = tmp_path / "my_minute", tmp_path / "report.html"
    assert main(["challenge", "new", str(folder), "--title", "To space"]) == 0
    assert "Say who composed it." in capsys.readouterr().out
    assert (folder / "BRIEF.md").is_file()
    assert main(["challenge", "check", str(folder)]) == 2
    assert "no music" in capsys.readouterr().err
    work = Workspace(folder)
    work.save(replay(made), parts=("mid",))
    work.save_card(Card(title="To space", composers=("Learner 1",)))
    assert main(["challenge", "check", str(folder), "--all", "--page", str(page)]) == 1
    told = capsys.readouterr().out
    assert "SHUT GAN and AR-CNN" in told
    assert "SHUT length" in told
    assert "of 40 points" in told
    assert "Parallel fifths" in told
    assert "costs most" in told
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_check_prints_json_of_a_composition_without_a_workspace(made, capsys):
    code = main(["challenge", "check", str(made), "--json", "--no-replay"])
    report = json.loads(capsys.readouterr().out)
    assert code == 1
    assert report["passed"] is False
    assert len(report["criteria"]) == 4
    assert {g["name"] for g in report["gates"] if g["passed"] is None} >= {"replay"}


def test_new_does_not_write_over_a_workspace(tmp_path, capsys):
    folder = str(tmp_path / "w")
    assert main(["challenge", "new", folder]) == 0
    assert main(["challenge", "new", folder]) == 2
    assert "already" in capsys.readouterr().err


def test_a_title_that_is_too_long_is_refused_before_anything_is_written(tmp_path):
    folder = tmp_path / "w"
    assert main(["challenge", "new", str(folder), "--title", "x" * 99]) == 2
    assert not folder.exists()
