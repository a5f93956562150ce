"""The command line: keep, models, listen, and composing with bands and own networks."""

import json
import shutil
from pathlib import Path

import pytest
from tiny_run import write_tiny_run

from deepcomposer_edu.music.midi import read_midi

pytestmark = pytest.mark.usefixtures("weights")


@pytest.fixture
def run(run, tmp_path, monkeypatch):
    """Return a function that runs a command in a work folder of its own."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)
    return run


@pytest.fixture
def trained(tmp_path):
    return write_tiny_run(tmp_path / "runs" / "mine")


QUICK = ("--parts", "mid,json")


def test_a_run_is_kept_listed_composed_with_and_forgotten(run, trained):
    code, out, _ = run("keep", "runs/mine", "first-try", "--step", 10)
    assert code == 0
    assert "Kept as first-try: a kept model of the run mine, 10 steps." in out
    code, out, _ = run("models")
    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()][-2:] == [
        ["first-try", "kept"],
        ["mine@20", "run"],
    ]
    code, out, _ = run("compose", "ode-to-joy", "-o", "out", "-g", "first-try", *QUICK)
    assert code == 0
    assert "with wgan (first-try)" in out
    assert run("models", "--remove", "first-try")[0] == 0
    assert "first-try" not in run("models")[1]


def test_a_band_plays_over_a_network_of_ones_own(run, trained):
    code, out, _ = run(
        *("compose", "ode-to-joy", "-o", "out", "--genre", "jazz"),
        *("--model", "mine@10", "--param", "swing=0.6", *QUICK),
    )
    assert code == 0
    assert "alto sax, acoustic grand piano, acoustic bass, drums" in out
    assert "by rules written by hand" in out
    names = [track.name for track in read_midi("out/composition.mid").tracks]
    assert names == ["Melody", "Piano", "Bass", "Drums"]


def test_a_replay_without_the_run_says_what_is_missing(run, trained):
    run("compose", "ode-to-joy", "-o", "out", "--genre", "runs/mine@10", *QUICK)
    assert run("replay", "out")[0] == 0
    shutil.rmtree(trained)
    code, _, error = run("replay", "out")
    assert code == 2
    assert "from step 10 of the run mine), which is not on this computer" in error


def test_listening_says_what_changed_and_writes_it(run):
    run("compose", "ode-to-joy", "-o", "out", *QUICK)
    code, out, _ = run("listen", "out", "-n", 1, "--semitones", -4, "-o", "changed")
    assert code == 0
    assert out.startswith("When B4 in bar 1, beat 1 becomes G4, ")
    assert "  Bass: " in out
    record = json.loads(Path("changed/composition.json").read_text("utf-8"))
    assert record["result"]["score"]["tracks"][0]["notes"][0][1] == 67


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("keep", "nothing", "name"), "no model or run 'nothing'"),
        (("keep", "runs/mine", "My Name"), "small letters"),
        (("keep", "runs/mine", "name", "--step", 7), "it has 10, 20"),
        (("models", "--remove", "nothing"), "no model or run 'nothing'"),
        (("listen", "missing", "-n", 1, "--semitones", 1), "does not exist"),
        (("compose", "ode-to-joy", "-o", "o", "-g", "polka"), "There is no genre"),
        (("compose", "ode-to-joy", "-o", "o", "-g", "runs/x"), "no model or run"),
        (("compose", "ode-to-joy", "-o", "o", "-p", "model=x"), "option of its own"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(run, trained, arguments, words):
    code, out, error = run(*arguments)
    assert (code, out) == (2, "")
    assert words in error.replace("\n", " ")


def test_a_note_to_listen_at_is_counted_from_one(run):
    run("compose", "ode-to-joy", "-o", "out", "-t", "random", *QUICK)
    code, _, error = run("listen", "out", "-n", 0, "--semitones", 1)
    assert code == 2
    assert "numbers" in error
    assert "does not listen" in run("listen", "out", "-n", 1, "--to", 72)[1]


def test_the_help_names_genres_and_what_their_bands_are(run):
    out = run("compose", "--help")[1]
    for words in ("jazz:", "swing=0.66", "the bands' styles are rules"):
        assert words in out
