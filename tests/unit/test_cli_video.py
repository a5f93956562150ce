"""`deepcomposer video` of a piece that was edited."""

import json

import av
import pytest

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.compose import compose
from deepcomposer_edu.music.score import Score

TUNE = Score.from_notes([(4 * i, 72 + i % 5, 4) for i in range(4)], tempo=240)


@pytest.fixture(scope="module")
def folder(weights, tmp_path_factory):
    made = compose(TUNE, "ar-cnn", mode="harmonise", iterations=1)
    place = tmp_path_factory.mktemp("made")
    made.save(place, "json")
    return place


def test_the_edits_of_a_composition_become_a_film(
    folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert main(["video", str(folder)]) == 0
    assert "edits.mp4" in capsys.readouterr().out
    with av.open("edits.mp4") as file:
        assert {stream.type for stream in file.streams} == {"video", "audio"}


def test_or_a_gif(folder, tmp_path):
    out = tmp_path / "edits.gif"
    assert main(["video", str(folder / "composition.json"), "-o", str(out)]) == 0
    assert out.read_bytes()[:6] == b"GIF89a"


def test_a_piece_that_was_not_edited_is_refused(weights, tmp_path, capsys):
    compose(TUNE, seed=1).save(tmp_path, "json")
    assert main(["video", str(tmp_path), "-o", str(tmp_path / "a.mp4")]) == 2
    assert "ar-cnn" in capsys.readouterr().err
    assert not (tmp_path / "a.mp4").exists()


def test_a_damaged_record_is_refused_in_one_sentence(folder, tmp_path, capsys):
    record = json.loads((folder / "composition.json").read_text("utf-8"))
    record["edits"]["rows"] = record["edits"]["rows"][1:]
    (tmp_path / "composition.json").write_text(json.dumps(record), "utf-8")
    assert main(["video", str(tmp_path), "-o", str(tmp_path / "a.mp4")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "a.mp4").exists()
