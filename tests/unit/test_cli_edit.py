"""`deepcomposer edit`: what it says, what it writes, what it refuses."""

import json

import pytest

from deepcomposer_edu.compose import compose
from deepcomposer_edu.compose.techniques.edit_record import recorded_edits
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.music.midi import read_midi

pytestmark = pytest.mark.usefixtures("weights")

QUICK = ("--iterations", "2")


@pytest.fixture(scope="module")
def choir(weights, tmp_path_factory):
    """A composition in four voices, in a folder."""
    folder = tmp_path_factory.mktemp("choir")
    compose("ode-to-joy-off-tune", "random").save(folder, "mid,json")
    return folder


def test_every_edit_is_told_in_a_sentence_and_recorded(run, choir, tmp_path):
    wanted = ("--mode", "inpaint", "--bars", "5-6", "--voices", "alto bass")
    code, out, err = run(
        "edit", choir / "composition.json", "-o", tmp_path, *wanted, *QUICK, "--told", 0
    )
    assert (code, err) == (0, "")
    record = json.loads((tmp_path / "composition.json").read_text("utf-8"))
    told = recorded_edits(record).sentences()
    assert [line[2:] for line in out.splitlines() if line.startswith("  Pass")] == told
    assert all("bar 5" in s or "bar 6" in s for s in told)
    assert all("the alto" in s or "the bass" in s for s in told)
    before, after = (
        read_midi(folder / "composition.mid").tracks for folder in (choir, tmp_path)
    )
    for k in (0, 2):
        assert before[k].notes == after[k].notes
    assert before[1].notes != after[1].notes
    assert f"Written to {tmp_path}" in out


def test_only_so_many_edits_are_printed(run, tmp_path):
    code, out, _ = run("edit", "ode-to-joy", "-o", tmp_path, *QUICK, "--told", 3)
    assert code == 0
    assert sum(line.startswith("  Pass") for line in out.splitlines()) == 3
    assert "more; --told 0 prints them all" in out
    top = read_midi(tmp_path / "composition.mid").tracks[0]
    assert top.notes == load_tune("ode-to-joy").tracks[0].notes


def test_a_film_shows_the_edits(run, tmp_path):
    film = tmp_path / "edits.gif"
    options = ("--mode", "inpaint", "--bars", "1", "--film", film)
    code, out, err = run("edit", "sakura", "-o", tmp_path / "out", *options, *QUICK)
    assert (code, err) == (0, "")
    assert film.read_bytes()[:6] == b"GIF89a"
    assert f"Written: {film}" in out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--mode", "mend"), "harmonise or vary or repair or inpaint or continue"),
        (("--bars", "99"), "this piece has bars 1 to 16"),
        (("--keep", "bass"), "is no note; write voice, bar and beat"),
        (("--voices", "viola"), "is no voice"),
        (("--iterations", "many"), "1 to 512"),
        (("--told", "-1"), "0 (for all) or more"),
        (("--film", "edits.avi"), "must end in .mp4 or .gif"),
        (("--parts", "ogg"), "ogg"),
        (("--model", "nobody"), "There is no genre 'nobody'"),
        (("--max-added", "-3"), "0 to 1000"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_writes_nothing(
    run, tmp_path, options, words
):
    code, _, err = run("edit", "ode-to-joy", "-o", tmp_path / "out", *options)
    assert code == 2
    assert words in err
    assert err.startswith("deepcomposer: ")
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "out").exists()
