"""`deepcomposer export`: what it writes, what it says, and how it stops."""

import json
import signal
import subprocess
import sys

import pytest

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.compose import compose
from deepcomposer_edu.music.files import read_score
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track

TUNE = Score.from_notes([(4 * i, 60 + i, 4) for i in range(8)], title="Scale")


@pytest.fixture(name="tune")
def tune_fixture(tmp_path):
    path = tmp_path / "tune.mid"
    write_midi(TUNE, path)
    return path


@pytest.fixture(name="composition")
def composition_fixture(tmp_path):
    return compose(TUNE, "random").save(tmp_path / "made", "json")["json"]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_music_file_becomes_notation(tune, tmp_path, capsys):
    assert (
        main(["export", str(tune), "-o", f"{tmp_path}/out", "--parts", "musicxml"]) == 0
    )
    notes = read_score(tmp_path / "out" / "tune.musicxml").notes
    assert [n.pitch for n in notes] == [n.pitch for n in TUNE.notes]
    assert "tune.musicxml" in capsys.readouterr().out


def test_other_instruments_and_timbres_of_a_network_can_be_asked_for(
    composition, tune, tmp_path, capsys
):
    to = tmp_path / "raw"
    asked = ["--instruments", "oboe, wavenet:organ", "--parts", "mid,json"]
    assert main(["export", str(composition), "-o", str(to), *asked]) == 0
    tracks = read_score(to / "composition.mid").tracks
    assert [track.program for track in tracks] == [68, 19, 19, 19]
    record = json.loads((to / "composition.json").read_text("utf-8"))
    assert record["raw"]["timbres"] == ["", *["wavenet:organ"] * 3]
    wrong = ["-o", str(to), "--parts=mid", "--instruments=wavenet:kazoo"]
    assert main(["export", str(tune), *wrong]) == 2
    assert "has not learned 'kazoo'" in capsys.readouterr().err.replace("\n", " ")


def test_a_composition_is_exported_as_it_was_made_not_composed_again(
    composition, tmp_path
):
    assert main(["export", str(composition), "-o", f"{tmp_path}/o", "--parts=mid"]) == 0
    recorded = json.loads(composition.read_text("utf-8"))["result"]["score"]
    read = read_score(tmp_path / "o" / "composition.mid")
    assert [len(track.notes) for track in read.tracks] == [
        len(track["notes"]) for track in recorded["tracks"]
    ]


def test_a_composition_keeps_its_history(composition, tmp_path):
    out = tmp_path / "out"
    assert (
        main(["export", str(composition.parent), "-o", str(out), "--parts=json"]) == 0
    )
    assert json.loads((out / "composition.json").read_text("utf-8")) == json.loads(
        composition.read_text("utf-8")
    )


def test_a_shipped_tune_can_be_exported_under_another_name(tmp_path):
    arguments = ["export", "ode-to-joy", "-o", str(tmp_path), "--parts=mid"]
    assert main([*arguments, "--name", "joy"]) == 0
    assert names(tmp_path) == ["joy.mid"]


def test_what_is_exported_is_named_with_its_size(tune, tmp_path, capsys):
    main(["export", str(tune), "-o", f"{tmp_path}/out", "--parts=mid,png"])
    said = capsys.readouterr().out
    assert "tune.png" in said
    assert "kB" in said


def test_the_bar_says_what_is_being_done(tune, tmp_path, capsys):
    main(["export", str(tune), "-o", f"{tmp_path}/out", "--parts=mp3"])
    assert "playing the music" in capsys.readouterr().err


def test_a_changed_composition_is_refused(composition, tmp_path, capsys):
    record = json.loads(composition.read_text("utf-8"))
    record["result"]["score"]["tracks"][0]["notes"][0][1] += 1
    composition.write_text(json.dumps(record), "utf-8")
    assert main(["export", str(composition), "-o", f"{tmp_path}/out"]) == 2
    assert "not those that it was saved with" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_json_of_a_music_file_is_refused(tune, tmp_path, capsys):
    assert main(["export", str(tune), "-o", f"{tmp_path}/out", "--parts=json"]) == 2
    assert "how a composition was made" in capsys.readouterr().err


def test_a_file_is_never_written_over_itself(tune, tmp_path, capsys):
    before = tune.read_bytes()
    assert main(["export", str(tune), "-o", str(tmp_path), "--parts=mid"]) == 2
    assert "written over" in capsys.readouterr().err
    assert tune.read_bytes() == before


def test_beside_its_source_everything_else_is_written(composition):
    before = composition.read_bytes()
    folder = composition.parent
    assert main(["export", str(composition), "-o", str(folder), "--parts=mid,png"]) == 0
    assert names(folder) == ["composition.json", "composition.mid", "composition.png"]
    assert composition.read_bytes() == before


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a/b"])
def test_impossible_names_are_refused(tune, tmp_path, capsys, name):
    code = main(
        ["export", str(tune), "-o", str(tmp_path), "--parts=png", "--name", name]
    )
    if name:
        assert code == 2
        assert "cannot be called" in capsys.readouterr().err
    else:  # as if it had not been given
        assert code == 0
    assert not (tmp_path.parent / "up.png").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals to other processes")
def test_ctrl_c_stops_and_leaves_nothing(tmp_path):
    notes = tuple(Note(step, 48 + step % 24, 4) for step in range(0, 16_000, 2))
    source = tmp_path / "long.mid"
    write_midi(Score((Track(notes),)), source)
    process = subprocess.Popen(
        [sys.executable, "-m", "deepcomposer_edu", "export", str(source)]
        + ["-o", str(tmp_path / "out"), "--parts", "wav,mp3,mp4"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    said = b""
    while said.count(b"%") < 5:  # the bar is moving
        letter = process.stderr.read(1)
        assert letter, said
        said += letter
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=300)
    assert process.returncode == 130
    assert b"nothing was written" in rest
    assert names(tmp_path) == ["long.mid"]
